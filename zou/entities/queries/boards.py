"""Boards: entities of one kind with their tasks, as one statement that yields JSON. Keys: contract/rules/serialisation.md §3.

    statement(BOARDS["Shot"], viewer, entities)          -> select of the rows, one column a key
    lines(...) / compact_items(...)                      -> select of one text a row, for other forms than an array of objects

The entities are chosen first (`chosen`), their tasks are joined to them once and grouped by entity, the assignees grouped by task: the
cost is that of the rows answered, whatever else is in the database.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from zou.entities.models import Entity, EntityConceptLink, EntityLink, EntityType
from zou.entities.queries.criteria import masked_data
from zou.entities.queries.kinds import kind_of, type_named
from zou.people.rules import table
from zou.platform.rules import as_sql
from zou.productions.models import Project

EMPTY_LIST, EMPTY_OBJECT = sa.text("'[]'::json"), sa.text("'{}'::jsonb")
MOMENTS = {"due_date", "done_date", "end_date", "last_comment_date", "real_start_date", "start_date"}
NULL_FOR_CLIENTS = MOMENTS | {"difficulty", "assigner_id"}
ZERO_FOR_CLIENTS = {"duration", "estimation", "nb_assets_ready", "nb_drawings", "priority", "retake_count"}


def words(text):
    """The words of a text."""
    return tuple(text.split())


@dataclass(frozen=True)
class Board:
    """The keys of one kind's rows and of their tasks, in the order of the compact form."""

    kind: str
    fields: tuple
    tasks: tuple
    header: str = ""  # the compact form's name for `fields`; without it there is no compact form
    by_name: bool = False  # ordered by type and name


ASSET_TASK = words(
    "id due_date done_date duration entity_id estimation end_date is_subscribed last_comment_date last_preview_file_id priority"
    " real_start_date retake_count start_date difficulty task_status_id task_type_id assignees data"
)
SHOT_TASK = words(
    "id duration due_date end_date done_date entity_id estimation is_subscribed last_comment_date last_preview_file_id nb_assets_ready"
    " priority real_start_date retake_count start_date difficulty nb_drawings task_status_id task_type_id assignees data"
)
EDIT_TASK = words(
    "id duration due_date end_date entity_id estimation is_subscribed last_comment_date last_preview_file_id nb_assets_ready priority"
    " real_start_date retake_count start_date task_status_id task_type_id assignees data"
)
CONCEPT_TASK = tuple(key for key in EDIT_TASK if key != "last_preview_file_id")
LINKED_TASK = tuple(key for key in CONCEPT_TASK if key not in ("is_subscribed", "data")) + ("assigner_id",)

CONCEPT = words(
    "canceled data description entity_type_id fps frame_in frame_out id name nb_frames parent_id preview_file_id preview_file_status"
    " project_id project_name source_id nb_entities_out is_casting_standby tasks entity_concept_links type updated_at created_at created_by"
)
GROUP = words("id name status episode_id description frame_in frame_out fps preview_file_id canceled data tasks")

BOARDS = {
    board.kind: board
    for board in (
        Board(
            "Asset",
            words(
                "id name preview_file_id description asset_type_name asset_type_id canceled ready_for episode_id casting_episode_ids"
                " is_casting_standby is_shared data tasks"
            ),
            ASSET_TASK,
            "asset_fields",
            by_name=True,
        ),
        Board(
            "Shot",
            words(
                "canceled data description entity_type_id episode_id episode_name fps frame_in frame_out id name nb_frames parent_id"
                " preview_file_id project_id project_name sequence_id sequence_name source_id nb_entities_out is_casting_standby type tasks"
            ),
            SHOT_TASK,
            "shot_fields",
        ),
        Board(
            "Edit",
            words(
                "canceled data description entity_type_id episode_id episode_name id name parent_id preview_file_id project_id"
                " project_name source_id nb_entities_out tasks type"
            ),
            EDIT_TASK,
        ),
        Board("Concept", CONCEPT, CONCEPT_TASK),
        Board("Sequence", GROUP, ASSET_TASK),
        Board("Episode", GROUP, ASSET_TASK),
        Board("Scene", GROUP, ASSET_TASK),
        Board("Linked", tuple(key for key in CONCEPT if key != "preview_file_status"), LINKED_TASK),
    )
}


class Statement:
    """The statement of one board: joins only what its keys need."""

    def __init__(self, board, viewer, conditions, subscriptions):
        """`conditions`: over `Entity`, which entities; `subscriptions`: whether `is_subscribed` is looked up."""
        self.board, self.viewer, self.subscriptions = board, viewer, subscriptions
        self.chosen = sa.select(Entity).where(*conditions).cte("chosen").prefix_with("MATERIALIZED")
        self.entity = aliased(Entity, self.chosen)
        self.parent, self.grandparent = aliased(Entity), aliased(Entity)
        self.needs = set(board.fields)

    def rows(self, compact=False):
        """Select of the rows. With `compact` tasks are arrays."""
        statement = self.joined(sa.select(*[self.field(key, compact).label(key) for key in self.board.fields]))
        if self.board.by_name:
            statement = statement.order_by(EntityType.name, self.entity.name)
        return statement

    def joined(self, statement):
        entity, needs = self.entity, self.needs
        statement = statement.select_from(entity)
        if "asset_type_name" in needs:
            statement = statement.join(EntityType, EntityType.id == entity.entity_type_id)
        if "project_name" in needs:
            statement = statement.join(Project, Project.id == entity.project_id)
        if "sequence_id" in needs:
            statement = statement.join(self.parent, self.parent.id == entity.parent_id)
            statement = statement.outerjoin(self.grandparent, self.grandparent.id == self.parent.parent_id)
        elif "episode_name" in needs:
            statement = statement.outerjoin(self.parent, self.parent.id == entity.parent_id)
        if "casting_episode_ids" in needs:
            statement = statement.outerjoin(self.casting, self.casting.c.owner == entity.id)
        return statement.outerjoin(self.tasks, self.tasks.c.owner == entity.id)

    def field(self, key, compact):
        """The expression of one key."""
        entity, kind = self.entity, self.board.kind
        if key == "tasks":
            self.tasks = self.grouped_tasks(compact)
            return sa.func.coalesce(self.tasks.c.tasks, EMPTY_LIST)
        if key == "casting_episode_ids":
            self.casting = self.grouped_episodes()
            return sa.func.coalesce(self.casting.c.episodes, EMPTY_LIST)
        if key == "episode_id":
            return self.episode_id()
        simple = {
            "asset_type_id": lambda: entity.entity_type_id,
            "asset_type_name": lambda: EntityType.name,
            "created_at": lambda: seconds(entity.created_at),
            "data": lambda: sa.func.coalesce(masked_data(self.kind, self.viewer, entity), EMPTY_OBJECT),
            "entity_concept_links": self.concept_links,
            "episode_name": lambda: sa.func.coalesce(self.episode.name, ""),
            "preview_file_status": self.preview_status,
            "project_name": lambda: Project.name,
            "ready_for": lambda: text_or(entity.ready_for, "None"),
            "sequence_id": lambda: self.parent.id,
            "sequence_name": lambda: self.parent.name,
            "type": lambda: self.kind,
            "updated_at": lambda: seconds(entity.updated_at),
        }
        if key in simple:
            return simple[key]()
        if key in ("fps", "frame_in", "frame_out"):
            return entity.data[key]
        if key == "preview_file_id" and (kind == "Asset" or self.board.fields is GROUP):
            return text_or(entity.preview_file_id, "")
        return getattr(entity, key)

    @property
    def kind(self):
        """The kind of a row: that of the board, or on a board of several kinds its own."""
        return kind_of(self.entity) if self.board.kind == "Linked" else sa.literal(self.board.kind, sa.Text)

    @property
    def episode(self):
        return self.grandparent if "sequence_id" in self.needs else self.parent

    def episode_id(self):
        if self.board.kind == "Asset":
            return text_or(self.entity.source_id, "")
        if self.board.fields is GROUP:
            return text_or(self.entity.parent_id, "None")
        return self.episode.id

    def concept_links(self):
        link = aliased(EntityConceptLink)
        ids = sa.select(sa.func.json_agg(link.entity_out_id)).where(link.entity_in_id == self.entity.id).correlate(self.chosen)
        return sa.func.coalesce(ids.scalar_subquery(), EMPTY_LIST)

    def preview_status(self):
        preview = table("preview_file").alias("shown")
        return sa.select(preview.c.status).where(preview.c.id == self.entity.preview_file_id).correlate(self.chosen).scalar_subquery()

    def grouped_episodes(self):
        """Subquery: the episodes in which each chosen asset is cast, by name."""
        episode, chosen = aliased(Entity), self.chosen.alias("cast_asset")
        ids = sa.func.json_agg(aggregate_order_by(episode.id, episode.name))
        return (
            sa.select(EntityLink.entity_out_id.label("owner"), ids.label("episodes"))
            .join(chosen, chosen.c.id == EntityLink.entity_out_id)
            .join(episode, sa.and_(episode.id == EntityLink.entity_in_id, episode.entity_type_id == type_named("Episode")))
            .group_by(EntityLink.entity_out_id)
            .subquery("casting")
        )

    def grouped_tasks(self, compact):
        """Subquery: (owner, tasks) of the chosen entities."""
        task, link, chosen = table("task").alias("t"), table("task_person_link").alias("l"), self.chosen.alias("owner")
        vendor = self.viewer.vendor(chosen_columns(chosen))
        mine = sa.exists().where(link.c.task_id == task.c.id, link.c.person_id == self.viewer.actor.id)
        blank = self.viewer.client(chosen_columns(chosen))
        work = sa.select(task, as_sql(blank).label("blanked")).join(chosen, chosen.c.id == task.c.entity_id)
        if vendor is not False:
            work = work.where(mine if vendor is True else sa.or_(sa.not_(as_sql(vendor)), mine))
        work = work.cte("work").prefix_with("MATERIALIZED")
        people = (
            sa.select(link.c.task_id, sa.func.json_agg(link.c.person_id).label("ids"))
            .join(work, work.c.id == link.c.task_id)
            .group_by(link.c.task_id)
            .subquery("people")
        )
        rows = work.outerjoin(people, people.c.task_id == work.c.id)
        subscribed = sa.false()
        if self.subscriptions and "is_subscribed" in self.board.tasks:
            subscription = table("subscription").alias("s")
            own = sa.and_(subscription.c.task_id == work.c.id, subscription.c.person_id == self.viewer.actor.id)
            rows, subscribed = rows.outerjoin(subscription, own), subscription.c.id.is_not(None)
        columns = {key: task_column(key, work, people, subscribed, blank) for key in self.board.tasks}
        if compact:
            item = sa.func.json_build_array(*columns.values())
            return sa.select(work.c.entity_id.label("owner"), sa.func.json_agg(item).label("tasks")).select_from(rows).group_by(
                work.c.entity_id).subquery("tasks")  # fmt: skip
        item = sa.select(*[column.label(key) for key, column in columns.items()]).select_from(rows).subquery("k")
        grouped = sa.select(item.c.entity_id.label("owner"), sa.func.json_agg(sa.literal_column("k")).label("tasks"))
        return grouped.select_from(item).group_by(item.c.entity_id).subquery("tasks")


def task_column(key, work, people, subscribed, blank):
    """One key of a task. `blank`: False, True, or the row's own `blanked`."""
    if key == "is_subscribed":
        return subscribed
    value = sa.func.coalesce(people.c.ids, EMPTY_LIST) if key == "assignees" else work.c[key]
    if key in MOMENTS:
        value = seconds(value)
    elif key == "priority":
        value = sa.func.coalesce(value, 0)
    hidden = None
    if key == "assignees":
        hidden = sa.cast(EMPTY_LIST, sa.JSON)
    elif key in NULL_FOR_CLIENTS:
        hidden = sa.null()
    elif key in ZERO_FOR_CLIENTS:
        hidden = sa.literal_column("0")
    if hidden is None or blank is False:
        return value
    return sa.case((work.c.blanked, hidden), else_=value)


def chosen_columns(chosen):
    """The chosen entities as rules want a row: `project_key()` and `id`."""

    class Source:
        id = chosen.c.id

        @staticmethod
        def project_key():
            return chosen.c.project_id

        @staticmethod
        def entity_key():
            return chosen.c.id

    return Source


def seconds(column):
    """A moment in whole seconds."""
    return sa.func.date_trunc(sa.literal_column("'second'"), column)


def text_or(column, word):
    """A column as text, or a word when it is null: clients of this listing read that word."""
    return sa.func.coalesce(sa.cast(column, sa.Text), word)


def statement(board, viewer, conditions, subscriptions=False, compact=False):
    """Select of a board's rows."""
    return Statement(board, viewer, conditions, subscriptions).rows(compact)


def compact_items(rows):
    """Select of JSON arrays as text, one a row, in the order of the rows."""
    table_ = rows.subquery("r")
    return sa.select(sa.cast(sa.func.json_build_array(*table_.c), sa.Text).label("item")).select_from(table_)


def lines(rows, compact=False):
    """Select of lines of JSON, one a row, each with its end."""
    if compact:
        items = compact_items(rows).subquery("i")
        line = items.c.item
    else:
        items = rows.subquery("r")
        line = sa.cast(sa.func.row_to_json(sa.literal_column("r")), sa.Text)
    line = sa.func.replace(line, sa.literal_column(r"E'\n'"), "")  # json_agg breaks its lines; a break inside a text is escaped
    return sa.select(line.concat(sa.literal_column(r"E'\n'"))).select_from(items)
