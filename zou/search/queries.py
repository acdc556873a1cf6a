"""Finding entities and persons by what is written about them, as far as the reader may read it. Rules: contract/rules/search.md §4.

Each word of the query must be part of a document, or of one comment on a task: what is found by its comments follows what is found by its
own words. Common words are found in the order of names, rare ones by their trigrams: PostgreSQL
chooses by its statistics. Rows are judged by the rules of their lists; a vendor finds nothing by metadata that they may not see.
"""

from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from zou.comments.models import Comment
from zou.comments.rules import reads_comment
from zou.entities.models import Entity, EntityType
from zou.entities.queries.criteria import Viewer, masked_data
from zou.entities.schemas import AssetRowSchema, ShotRowSchema
from zou.people.models import Person
from zou.people.rules import has_role, is_listed, table
from zou.people.schemas import PersonClientSchema, PersonMinimalSchema, PersonSafeSchema
from zou.platform.db.projection import aggregate, select_list
from zou.platform.rules import as_sql
from zou.productions.models import Project, ProjectPersonLink, ProjectStatus
from zou.productions.queries.lists import OPEN_NAMES
from zou.search.models import comments, documents, fold
from zou.search.services import TECHNICAL
from zou.tasks.models import Task

ESCAPE = str.maketrans({"\\": r"\\", "%": r"\%"})
NO_LIST, NO_TERMS = sa.text("'[]'::json"), sa.text("'[]'::jsonb")
MOST_COMMENTS = 100  # that one search looks at, newest first: a word that all of them hold tells nothing apart
KINDS = {"assets": "Asset", "shots": "Shot"}


@dataclass(frozen=True)
class Search:
    """What is asked: who asks, the words, in which productions (see `scope`), and which of the results."""

    actor: object
    query: str
    open_to_all: tuple = ()
    as_vendor: tuple = ()
    limit: int = 3
    offset: int = 0
    words: list = field(init=False)

    def __post_init__(self):
        plain = self.query.replace("_", " ").replace("-", " ").translate(ESCAPE)
        object.__setattr__(self, "words", [fold(word) for word in plain.split()])

    @property
    def productions(self):
        return (*self.open_to_all, *self.as_vendor)

    def patterns(self):
        return [sa.literal("%", sa.Text) + word + sa.literal("%", sa.Text) for word in self.words]

    def in_text(self, text):
        """Condition: each word is part of a folded text."""
        return sa.and_(*[text.like(pattern, escape="\\") for pattern in self.patterns()])

    def any_in(self, text):
        """Condition: a word is part of a folded text."""
        return sa.or_(*[text.like(pattern, escape="\\") for pattern in self.patterns()])


def results(search, kind, similar=False):
    """Select of one text: the rows found of an index. `similar`: those whose words are spelled nearly like the query."""
    if kind == "persons":
        return persons(search, similar)
    viewer = viewer_of(search)
    return entities(search, kind, viewer, page(own_words(search, kind, viewer, similar), search))


def by_comments(search, kind):
    """Select of one text: the assets or shots that only their comments are about, as far as the reader may read those."""
    viewer = viewer_of(search)
    recent = sa.select(comments.c.id).where(search.in_text(comments.c.content), comments.c.project_id.in_(search.productions))
    if search.as_vendor:
        mine = table("task_person_link").alias("mine")
        theirs = sa.select(mine.c.task_id).where(mine.c.person_id == search.actor.id)
        recent = recent.where(sa.or_(comments.c.project_id.in_(search.open_to_all), comments.c.task_id.in_(theirs)))
    recent = recent.order_by(comments.c.created_at.desc()).limit(MOST_COMMENTS)
    # An array, of which PostgreSQL expects few: it then looks the rows up instead of reading whole tables.
    in_recent = Comment.id == sa.any_(sa.func.array(recent.scalar_subquery()))
    about = sa.select(documents.c.id, documents.c.name).distinct().select_from(Comment).where(in_recent)
    about = about.join(Task, Task.id == Comment.object_id).join(Entity, Entity.id == Task.entity_id)
    about = about.join(documents, documents.c.id == Entity.id)
    about = about.where(documents.c.kind == kind, as_sql(reads_comment.clause(Comment, search.actor)))
    about = about.where(readable(search, kind, viewer, similar=True), sa.not_(search.in_text(documents.c.content)))
    return entities(search, kind, viewer, page(about, search), sa.text("""'["comment"]'::jsonb"""))


def number(search, kind):
    """Select: how many assets or shots are found by their own words."""
    return sa.select(sa.func.count()).select_from(own_words(search, kind, viewer_of(search)).subquery("own"))


def viewer_of(search):
    """The reader of entities, with a vendor's eyes where they search as one."""
    return Viewer(search.actor, None if search.as_vendor else "user")


def own_words(search, kind, viewer, similar=False):
    """Ids and names of the assets or shots whose documents hold the words."""
    chosen = sa.select(documents.c.id, documents.c.name).select_from(documents).join(Entity, Entity.id == documents.c.id)
    return chosen.where(*found(search, kind, similar), readable(search, kind, viewer, similar))


def found(search, kind, similar):
    """Conditions over `documents`."""
    near = documents.c.name.op("%>")(fold(search.query))
    return [documents.c.kind == kind, near if similar else search.in_text(documents.c.content)]


def page(statement, search):
    """The part of the results that is asked for, by name."""
    return statement.order_by(documents.c.name, documents.c.id).limit(search.limit).offset(search.offset)


def persons(search, similar):
    """Select of one text: persons."""
    schema = PersonSafeSchema if search.actor.is_admin else PersonClientSchema if search.actor.role == "client" else PersonMinimalSchema
    terms = sa.func.json_build_array("name").label("matched_terms")
    rows = sa.select(*select_list(schema, Person, relations=not search.actor.is_admin), terms)
    visible = [Person.active.is_(True), as_sql(is_listed.clause(Person, search.actor))]
    rows = rows.select_from(documents).join(Person, Person.id == documents.c.id).where(*found(search, "persons", similar), *visible)
    return aggregate(page(rows, search))


def entities(search, kind, viewer, chosen, more_terms=NO_TERMS):
    """Select of one text: assets or shots. `chosen`: select of their ids and names; `more_terms`: what else the words were found in."""
    chosen = chosen.cte("chosen").prefix_with("MATERIALIZED")
    is_shot, preview = kind == "shots", table("preview_file").alias("shown")
    parent, episode = aliased(Entity), aliased(Entity)
    data = masked_data(KINDS[kind], viewer)
    schema = ShotRowSchema if is_shot else AssetRowSchema
    columns = [data.label("data") if column.key == "data" else column for column in select_list(schema, Entity, relations=False)]
    columns += [
        Project.name.label("project_name"),
        (parent if is_shot else EntityType).name.label("sequence_name" if is_shot else "asset_type_name"),
    ]
    columns += [
        preview.c.extension.label("preview_file_extension"),
        matched_terms(search, data, chosen.c.name, is_shot).op("||")(more_terms).label("matched_terms"),
    ]
    rows = (
        sa.select(*columns)
        .select_from(chosen)
        .join(Entity, Entity.id == chosen.c.id)
        .join(EntityType, EntityType.id == Entity.entity_type_id)
        .join(Project, Project.id == Entity.project_id)
        .outerjoin(preview, preview.c.id == Entity.preview_file_id)
        .outerjoin(parent, parent.id == Entity.parent_id)
        .outerjoin(episode, sa.and_(episode.id == parent.parent_id, Project.production_type == "tvshow"))
        .order_by(chosen.c.name, chosen.c.id)
    )
    if not is_shot:
        return aggregate(rows)
    row = rows.add_columns(episode.id.label("episode_id"), episode.name.label("episode")).subquery("r")
    whole = sa.func.to_jsonb(sa.literal_column("r"))
    item = sa.case((row.c.episode_id.is_(None), whole - "episode_id" - "episode"), else_=whole)
    return sa.select(sa.cast(sa.func.coalesce(sa.func.json_agg(item), NO_LIST), sa.Text)).select_from(row)


def scope(tx, actor, project_id=None):
    """(productions, productions that they are a vendor on) which the actor searches: open ones, or the one that is named if it is.

    It is asked first, so that PostgreSQL knows how many rows it must look through: with subqueries in their place it reads all of them.
    """
    opened = Project.project_status_id.in_(sa.select(ProjectStatus.id).where(ProjectStatus.name.in_(OPEN_NAMES)))
    asked = [opened] if project_id is None else [opened, Project.id == project_id]
    if actor.is_admin:
        return tuple(tx.scalars(sa.select(Project.id).where(*asked))), ()
    link = ProjectPersonLink.__table__
    role = has_role(actor, "vendor")(link)
    mine = sa.select(Project.id, role).join(link, link.c.project_id == Project.id).where(link.c.person_id == actor.id, *asked)
    found = tx.execute(mine).all()
    return tuple(id for id, is_vendor in found if not is_vendor), tuple(id for id, is_vendor in found if is_vendor)


def readable(search, kind, viewer, similar):
    """Condition over `Entity`: in a production of the search; on those of a vendor, with work of theirs, and found by what they may see."""
    everything = Entity.project_id.in_(search.open_to_all)
    if not search.as_vendor:
        return everything
    task, link = table("task").alias("work"), table("task_person_link").alias("assignation")
    theirs = sa.select(task.c.entity_id).join(link, link.c.task_id == task.c.id).where(link.c.person_id == search.actor.id)
    by_name = search.in_text(documents.c.name)
    seen = sa.true() if similar else sa.or_(by_name, search.in_text(visible_text(kind, viewer)))
    return sa.or_(everything, sa.and_(Entity.project_id.in_(search.as_vendor), Entity.id.in_(theirs), seen))


def values_of(data, is_shot):
    """The metadata of an entity as rows of `key` and `value`."""
    pairs = sa.func.jsonb_each_text(sa.case((sa.func.jsonb_typeof(data) == "object", data))).table_valued("key", "value")
    return pairs, [pairs.c.key.not_in(TECHNICAL)] if is_shot else []


def visible_text(kind, viewer):
    """The folded text of an entity without the metadata that a vendor may not see."""
    pairs, conditions = values_of(masked_data(KINDS[kind], viewer), kind == "shots")
    values = sa.select(sa.func.string_agg(pairs.c.value, "\n")).select_from(pairs).where(*conditions)
    return fold(sa.func.concat_ws("\n", documents.c.name, Entity.description, values.scalar_subquery()))


def matched_terms(search, data, name, is_shot):
    """JSON list of what the words were found in: `name`, `description`, keys of the metadata."""
    pairs, conditions = values_of(data, is_shot)
    keys = sa.select(sa.func.jsonb_agg(pairs.c.key)).select_from(pairs).where(search.any_in(fold(pairs.c.value)), *conditions)
    parts = [
        sa.case((search.any_in(name), sa.text("""'["name"]'::jsonb""")), else_=NO_TERMS),
        sa.case((search.any_in(fold(Entity.description)), sa.text("""'["description"]'::jsonb""")), else_=NO_TERMS),
        sa.func.coalesce(keys.scalar_subquery(), NO_TERMS),
    ]
    return parts[0].op("||")(parts[1]).op("||")(parts[2])


def first_assets(tx, query, limit=3):
    """[(name, id)] of the first assets by name, of any production, that hold the words of a query; none without words."""
    search = Search(None, query)
    if not search.words:
        return []
    chosen = sa.select(Entity.name, Entity.id).join(documents, documents.c.id == Entity.id)
    chosen = chosen.where(*found(search, "assets", similar=False))
    return tx.execute(chosen.order_by(documents.c.name, documents.c.id).limit(limit)).all()
