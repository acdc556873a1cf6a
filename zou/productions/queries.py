"""The read side of productions: roles, open productions with their settings, teams."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from zou.people.models import Person
from zou.people.rules import is_client_of, is_vendor_of, table
from zou.people.schemas import PersonClientSchema, PersonMinimalSchema, PersonSafeSchema
from zou.platform.db.payload import is_uuid
from zou.platform.db.projection import aggregate, json_row, select_list
from zou.platform.errors import Denied, NotFound
from zou.platform.rules import as_sql
from zou.productions.models import (
    MetadataDescriptor,
    Project,
    ProjectPersonLink,
    ProjectStatus,
    ProjectTaskStatusLink,
    ProjectTaskTypeLink,
    department_metadata_descriptor_link,
)
from zou.productions.schemas import DescriptorSchema, ProjectSchema

OPEN_NAMES = ("Active", "open", "Open")
"""Names of the status that count as open in the lists of administrators."""

NOTHING = sa.cast(sa.literal("{}"), JSONB)


def role_on(tx, actor, project_id):
    """The actor's effective role on a production. Raises NotFound without such a production, Denied outside its team."""
    if not is_uuid(project_id):
        raise NotFound()
    link = sa.and_(ProjectPersonLink.project_id == Project.id, ProjectPersonLink.person_id == actor.id)
    found = tx.execute(
        sa.select(ProjectPersonLink.person_id, ProjectPersonLink.role).select_from(Project).outerjoin(ProjectPersonLink, link)
        .where(Project.id == project_id)
    ).first()  # fmt: skip
    if found is None:
        raise NotFound()
    if actor.is_admin:
        return "admin"
    if found.person_id is None:
        raise Denied()
    return actor.role if found.role in (None, "admin") else found.role


def named_open():
    """Scalar subquery: the id of the status that is named exactly `Open`."""
    return sa.select(ProjectStatus.id).where(ProjectStatus.name == "Open").scalar_subquery()


def mine(actor):
    """Condition: the actor is in the team of the production."""
    return Project.id.in_(sa.select(ProjectPersonLink.project_id).where(ProjectPersonLink.person_id == actor.id))


def open_projects(actor, name=None, own=False):
    """Select of one text: open productions in the form of contract/rules/projects.md §3.

    Administrators see all of them, others those they are in. `own`: the lists of /data/user, where only the name `Open` counts.
    """
    conditions = [] if name is None else [Project.name == name]
    if actor.is_admin and not own:
        conditions.append(Project.project_status_id.in_(sa.select(ProjectStatus.id).where(ProjectStatus.name.in_(OPEN_NAMES))))
    else:
        conditions.append(Project.project_status_id == named_open())
        if not actor.is_admin:
            conditions.append(mine(actor))
    return full_forms(actor, conditions)


def full_forms(actor, conditions, order=Project.name):
    """Select of one text: productions with their relations and settings."""
    columns = [*select_list(ProjectSchema, Project, relations=True), *settings(actor), first_episode().label("first_episode_id")]
    rows = sa.select(*columns).select_from(Project).where(*conditions).order_by(order).subquery("r")
    whole = sa.func.to_jsonb(sa.literal_column("r"))
    item = sa.case((rows.c.first_episode_id.is_(None), whole - "first_episode_id"), else_=whole)
    items = sa.func.coalesce(sa.func.jsonb_agg(item), sa.cast(sa.literal("[]"), JSONB))
    return sa.select(sa.cast(items, sa.Text)).select_from(rows)


def settings(actor):
    """What a production uses, with its settings: the labelled expressions beside the columns."""
    types, statuses = ProjectTaskTypeLink, ProjectTaskStatusLink
    type_link = sa.func.jsonb_build_object(
        "priority", types.priority, "hd_bitrate_compression", types.hd_bitrate_compression,
        "ld_bitrate_compression", types.ld_bitrate_compression, "is_client_visible", types.is_client_visible,
    )  # fmt: skip
    status_link = sa.func.jsonb_build_object(
        "priority", statuses.priority, "roles_for_board", statuses.roles_for_board, "is_client_allowed", statuses.is_client_allowed
    )
    return [
        descriptors(actor).label("descriptors"),
        mapped(types, types.task_type_id, type_link).label("task_type_links"),
        mapped(types, types.task_type_id, sa.func.to_jsonb(types.priority)).label("task_types_priority"),
        mapped(statuses, statuses.task_status_id, status_link).label("task_statuses_link"),
    ]


def mapped(link, key, value):
    """Scalar subquery: {key: value} of the links of a production."""
    pairs = sa.select(sa.func.jsonb_object_agg(key, value)).where(link.project_id == Project.id).correlate(Project)
    return sa.func.coalesce(pairs.scalar_subquery(), NOTHING)


def descriptors(actor, *conditions):
    """Scalar subquery: the custom columns of a production that the actor may see there."""
    item = json_row(DescriptorSchema, MetadataDescriptor, relations=True)
    chosen = sa.select(sa.func.json_agg(item)).where(MetadataDescriptor.project_id == Project.id, *conditions, *narrowed(actor))
    return sa.func.coalesce(chosen.correlate(Project).scalar_subquery(), sa.text("'[]'::json"))


def narrowed(actor):
    """Conditions: a client sees the columns for clients, a vendor those of their departments or of none, by the role on the production."""
    if actor.is_admin:
        return []
    link = department_metadata_descriptor_link
    owners = sa.exists().where(link.c.metadata_descriptor_id == MetadataDescriptor.id)
    ours = sa.or_(sa.not_(owners), owners.where(link.c.department_id.in_(actor.department_ids)))
    client, vendor = as_sql(is_client_of.clause(Project, actor)), as_sql(is_vendor_of.clause(Project, actor))
    return [sa.or_(sa.not_(client), MetadataDescriptor.for_client.is_(True)), sa.or_(sa.not_(vendor), ours)]


def first_episode():
    """Scalar subquery: of a series, the first running episode by name, else the first by name; null otherwise."""
    entity, kind = table("entity").alias("episode"), table("entity_type").alias("kind")
    is_episode = entity.c.entity_type_id == sa.select(kind.c.id).where(kind.c.name == "Episode").scalar_subquery()
    chosen = (
        sa.select(entity.c.id)
        .where(entity.c.project_id == Project.id, is_episode)
        .where(Project.production_type == "tvshow")
        .order_by(entity.c.status != "running", entity.c.name)
        .limit(1)
    )
    return chosen.correlate(Project).scalar_subquery()


def all_projects(actor, name=None):
    """Select of one text: all productions for an administrator, with their status and own custom columns; for others those they are in."""
    plain = select_list(ProjectSchema, Project, relations=False)
    if name is not None:
        match = Project.name.ilike(name) if actor.is_admin else sa.func.lower(Project.name) == name.lower()
        rows = sa.select(*plain).where(match, *([] if actor.is_admin else [mine(actor)]))
    elif actor.is_admin:
        own = descriptors(actor, MetadataDescriptor.entity_type == "Project").label("descriptors")
        columns = [*plain, ProjectStatus.name.label("project_status_name"), own]
        rows = sa.select(*columns).join(ProjectStatus, ProjectStatus.id == Project.project_status_id).order_by(Project.name)
    else:
        rows = sa.select(*plain).where(mine(actor))
    return aggregate(rows)


def team(project, role):
    """Select of one text: the persons of a team in the form that this effective role sees, each with their `project_role`."""
    schema = PersonMinimalSchema
    if role in ("admin", "manager"):
        schema = PersonSafeSchema
    elif role == "client":
        schema = PersonClientSchema
    columns = [*select_list(schema, Person, relations=True), ProjectPersonLink.role.label("project_role")]
    rows = sa.select(*columns).join(ProjectPersonLink, ProjectPersonLink.person_id == Person.id)
    return aggregate(rows.where(ProjectPersonLink.project_id == project.id))
