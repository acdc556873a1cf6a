"""HTTP of exports to spreadsheets. Rules: contract/rules/exports.md."""

import datetime as dt
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import current_app, request
from sqlalchemy.orm import aliased

from zou.entities.models import Entity
from zou.entities.queries.criteria import check_ids, in_episode, viewer_of
from zou.exchange.queries import castings, entities, playlists, studio
from zou.people.models import Person
from zou.people.rules import is_vendor_of, manager, member, works_on
from zou.platform.http import Resource, asks, permission, returns
from zou.platform.http.csv import csv_answer
from zou.platform.http.filters import flag
from zou.platform.http.shapes import FLAG, ID, TEXT
from zou.playlists.models import Playlist
from zou.playlists.rules import downloads_playlist
from zou.productions.models import Project

exports = member & ~is_vendor_of
"""Who takes the entities of a production away in a spreadsheet."""


Sequence = aliased(Entity)


class EntitiesCsvResource(Resource):
    """Entities of a production."""

    kind = None
    words = ("all",)  # what `episode_id` may be instead of an id
    takes_filters = True

    @permission(exports, on=Project)
    @asks(id=ID, episode_id=TEXT, assigned_to=TEXT)
    @returns(content="text/csv")
    def get(self, project):
        """Entities of a production with the state of their tasks; `id`, `episode_id` and `assigned_to` narrow them."""
        conditions = [Entity.project_id == project.id, *(self.chosen() if self.takes_filters else ())]
        viewer = viewer_of(self.tx, self.actor, str(project.id))
        rows = entities.table(self.tx, project, entities.SHEETS[self.kind], conditions, self.actor, viewer.role == "client")
        return csv_answer(rows, f"{project.name} {self.kind}s")

    def chosen(self):
        """Conditions of the query string."""
        arguments = request.args.to_dict()
        check_ids(arguments, ("id", "episode_id"), self.words)
        if "id" in arguments:
            yield Entity.id == arguments["id"]
        if "assigned_to" in arguments:
            yield works_on(Entity.id, self.actor)
        episode_id = arguments.get("episode_id")
        if episode_id is not None and episode_id != "all":
            yield self.of_episode(episode_id)


class AssetsCsvResource(EntitiesCsvResource):
    """Assets of a production."""

    kind, words = "Asset", ("all", "main")

    def of_episode(self, episode_id):
        return Entity.source_id.is_(None) if episode_id == "main" else in_episode(episode_id)


class ShotsCsvResource(EntitiesCsvResource):
    """Shots of a production."""

    kind, words = "Shot", ("all", "main")

    def of_episode(self, episode_id):
        """Every shot is of an episode; none is in the main pack."""
        return sa.false() if episode_id == "main" else Entity.parent_id.in_(sa.select(Sequence.id).where(Sequence.parent_id == episode_id))


class EditsCsvResource(EntitiesCsvResource):
    """Edits of a production."""

    kind, takes_filters = "Edit", False


class CastingCsvResource(Resource):
    """The castings of a production."""

    @permission(exports, on=Project)
    @asks(episode_id=TEXT, is_shot_casting=FLAG)
    @returns(content="text/csv")
    def get(self, project):
        """What is cast where: in assets, in shots (`is_shot_casting`), in episodes (`episode_id=all`) or in the main pack (`main`)."""
        episode_id = request.args.get("episode_id") or None
        check_ids({"episode_id": episode_id}, ("episode_id",), ("all", "main"))
        return csv_answer(castings.table(self.tx, project, episode_id, flag("is_shot_casting")), f"{project.name} casting")


class PlaylistCsvResource(Resource):
    """A playlist."""

    @permission(downloads_playlist, on=Playlist)
    @returns(content="text/csv")
    def get(self, playlist):
        """The entries of a playlist with the state of their tasks and the last comment."""
        project = self.tx.get(Project, playlist.project_id)
        is_client = viewer_of(self.tx, self.actor, str(project.id)).role == "client"
        rows = playlists.table(self.tx, project, playlist, self.actor, timezone_of(self), is_client)
        return csv_answer(rows, f"{project.name} playlist {playlist.name}")


def timezone_of(resource):
    """The time zone of who asks, else the studio's."""
    return str(resource.tx.get(Person, resource.actor.id).timezone or current_app.config["DEFAULT_TIMEZONE"])


class StudioCsvResource(Resource):
    """A list over all productions."""

    rows = None  # a function of `queries.studio`
    name = "export"

    @permission(manager)
    @returns(content="text/csv")
    def get(self):
        """The list, as far as the reader may see it."""
        return csv_answer(studio.table(self.tx, type(self).rows(self.actor)), self.file_name())

    def file_name(self):
        return self.name


class PersonsCsvResource(StudioCsvResource):
    """Persons of the studio."""

    rows, name = studio.persons, "people export"


class ProjectsCsvResource(StudioCsvResource):
    """Productions."""

    rows = studio.projects


class TaskTypesCsvResource(StudioCsvResource):
    """Types of tasks."""

    rows = studio.task_types


class TasksCsvResource(StudioCsvResource):
    """Tasks of open productions."""

    rows, name = studio.tasks, "tasks export"


class TimeSpentsCsvResource(StudioCsvResource):
    """Hours logged on open productions."""

    rows = studio.time_spents

    def file_name(self):
        """Named after today, where the reader is."""
        return f"{dt.datetime.now(ZoneInfo(timezone_of(self))).date()} open projects time spents export"
