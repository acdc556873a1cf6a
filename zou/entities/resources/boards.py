"""Boards: entities with their tasks. Rules: contract/rules/entities.md §11."""

import orjson
import sqlalchemy as sa
from flask import request

from zou.entities.answers import board
from zou.entities.models import Entity
from zou.entities.queries import boards
from zou.entities.queries.boards import BOARDS, CONCEPT
from zou.entities.queries.criteria import Viewer, check_ids, in_episode, of_my_projects, viewer_of
from zou.entities.queries.kinds import is_kind
from zou.entities.resources.base import EntityListing
from zou.entities.rules import asks_about_project
from zou.people.rules import anyone, not_vendor, works_on
from zou.platform.db.copying import copied, copied_list
from zou.platform.db.prepared import prepared
from zou.platform.errors import Denied
from zou.platform.http import asks, permission, returns
from zou.platform.http.etag import not_modified, stamped
from zou.platform.http.resource import respond, sent
from zou.platform.http.shapes import FLAG, ID, TEXT
from zou.productions.queries.versions import validator

IDS = ("id", "project_id", "episode_id")


class BoardResource(EntityListing):
    """A board of one kind."""

    words = ("all",)  # what `episode_id` may be instead of an id
    chosen_by = (*IDS, "assigned_to")  # the parameters that narrow it

    @permission(anyone, then=asks_about_project)
    @asks(id=ID, project_id=ID, episode_id=TEXT, assigned_to=TEXT, compact=FLAG, stream=FLAG)
    @returns(board, also=("application/x-ndjson",))
    def get(self):
        """Entities with their tasks: plain JSON, positional rows (`compact=true`), or a line a row (`stream=true`)."""
        sent = request.args.to_dict()
        check_ids(sent, IDS, self.words)
        arguments = {key: value for key, value in sent.items() if key in self.chosen_by}
        word = arguments.pop("episode_id") if arguments.get("episode_id") in self.words else None
        viewer, _ = self.scope(arguments)
        tag = None
        if arguments.get("project_id") and BOARDS[self.kind].fields is not CONCEPT:  # concepts show the states of their previews
            asked = sorted(arguments.items()), word, request.args.get("compact"), request.args.get("stream")
            departments = sorted(map(str, self.actor.department_ids))
            tag = validator(self.tx, arguments["project_id"], self.kind, self.actor.id, viewer.role, departments, asked)
            unchanged = not_modified(tag)
            if unchanged is not None:
                return unchanged
        compact, stream = (request.args.get(name) == "true" and bool(BOARDS[self.kind].header) for name in ("compact", "stream"))
        made = board(self.actor, arguments, place=type(self), word=word, role=viewer.role, compact=compact, stream=stream)
        response = self.body(made, compact, stream)
        return stamped(response, tag) if tag else response

    def conditions(self, viewer, arguments, word):
        """Which entities the board shows: those of the query string that the viewer sees."""
        of_mine = [] if viewer.role else of_my_projects(viewer.actor)
        return [*of_mine, is_kind(self.kind), *self.chosen(arguments, word), *self.visible(viewer)]

    def chosen(self, arguments, word):
        """Conditions of the query string. `word`: what `episode_id` is instead of an id."""
        if "id" in arguments:
            yield Entity.id == arguments["id"]
        if "project_id" in arguments:
            yield Entity.project_id == arguments["project_id"]
        if "assigned_to" in arguments:
            yield works_on(Entity.id, self.actor)
        if "episode_id" in arguments:
            yield self.of_episode(arguments["episode_id"])
        elif word == "main":
            yield self.of_main()

    def of_episode(self, episode_id):
        return Entity.parent_id == episode_id

    def body(self, made, compact, stream):
        """The response of a board in the form that was asked for."""
        keys = BOARDS[self.kind]
        header = {"compact": compact, **({keys.header: keys.fields, "task_fields": keys.tasks} if compact else {})}
        if stream:
            lines = copied(self.tx, made.statement, orjson.dumps(header) + b"\n", values=made.values)
            return sent(lines, "application/x-ndjson")
        if compact:
            start = orjson.dumps(header)[:-1] + b',"rows":['
            return respond(copied(self.tx, made.statement, start, b",", b"]}", made.values))
        return respond(copied_list(self.tx, *made))


@prepared
def board(actor, arguments, *, place, word, role, compact, stream):
    """The rows of a board in the form that was asked for. `place`: the class of the resource; `role`: on the production, if it is one."""
    resource, viewer = place(), Viewer(actor, role)
    resource.actor = actor
    conditions = resource.conditions(viewer, arguments, word)
    rows = boards.statement(BOARDS[place.kind], viewer, conditions, "project_id" in arguments, compact)
    if stream:
        return boards.lines(rows, compact)
    return boards.compact_items(rows) if compact else rows


class AssetsWithTasksResource(BoardResource):
    """The board of assets."""

    kind, words, open_to_all = "Asset", ("all", "main"), True

    def scope(self, arguments):
        episode = arguments.get("episode_id")
        if "project_id" not in arguments and episode is not None:
            viewer_of(self.tx, self.actor, self.project_of(episode))
            return Viewer(self.actor), of_my_projects(self.actor)  # an episode may cast what another production shares with it
        return super().scope(arguments)

    def of_episode(self, episode_id):
        return in_episode(episode_id)

    def of_main(self):
        return Entity.source_id.is_(None)


class ShotsWithTasksResource(BoardResource):
    """The board of shots."""

    kind = "Shot"

    def of_episode(self, episode_id):
        sequences = sa.select(Entity.id).where(Entity.parent_id == episode_id)
        return Entity.parent_id.in_(sequences)


class EditsWithTasksResource(BoardResource):
    """The board of edits."""

    kind, words, chosen_by = "Edit", ("all", "main"), IDS

    def of_main(self):
        return Entity.parent_id.is_(None)


class GroupsWithTasksResource(BoardResource):
    """A board of what shots are grouped by: a vendor sees those that hold a shot or an asset of theirs."""

    chosen_by = ("project_id", "episode_id")

    def visible(self, viewer):
        return holding(viewer, self.kind)


class SequencesWithTasksResource(GroupsWithTasksResource):
    """The board of sequences."""

    kind = "Sequence"


class EpisodesWithTasksResource(GroupsWithTasksResource):
    """The board of episodes."""

    kind = "Episode"


class ScenesWithTasksResource(BoardResource):
    """The board of scenes; vendors have none."""

    kind, chosen_by = "Scene", ("project_id", "episode_id")

    def scope(self, arguments):
        viewer, conditions = super().scope(arguments)
        if viewer.vendor(Entity) is True or not not_vendor.clause(None, self.actor):
            raise Denied(rule=not_vendor)
        return viewer, conditions


def holding(viewer, kind):
    """Conditions: a vendor sees the sequences and episodes above what holds a task of theirs, and those with one of their own."""
    vendor = viewer.vendor(Entity)
    if vendor is False:
        return []
    child, grandchild = (sa.orm.aliased(Entity) for _ in range(2))
    working = works_on(child.id, viewer.actor)
    below = sa.exists().where(child.parent_id == Entity.id, working)
    clauses = [below, works_on(Entity.id, viewer.actor)]
    if kind == "Episode":
        clauses = [
            sa.exists().where(grandchild.parent_id == Entity.id, child.parent_id == grandchild.id, working),
            sa.exists().where(child.source_id == Entity.id, working),
            works_on(Entity.id, viewer.actor),
        ]
    allowed = sa.or_(*clauses)
    return [allowed if vendor is True else sa.or_(sa.not_(vendor), allowed)]
