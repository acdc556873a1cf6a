"""Roles on productions, lists of productions, teams."""

import sqlalchemy as sa

from zou.people.models import Person
from zou.people.rules import has_role, member, productions_of
from zou.people.schemas import PersonClientSchema, PersonMinimalSchema, PersonSafeSchema
from zou.platform.db.payload import is_uuid
from zou.platform.db.prepared import prepared
from zou.platform.db.projection import aggregate, aggregate_values, select_list
from zou.platform.errors import Denied, NotFound
from zou.productions.models import Project, ProjectPersonLink, ProjectStatus
from zou.productions.queries.forms import descriptors, with_settings
from zou.productions.schemas import ProjectSchema

OPEN_NAMES = ("Active", "open", "Open")
"""Names of the status that count as open in the lists of administrators."""


def role_on(tx, actor, project_id):
    """The actor's effective role on a production. Raises NotFound without such a production, Denied outside its team."""
    if not is_uuid(project_id):
        raise NotFound()
    found = tx.execute(*place_of(actor.id, project_id)).first()
    if found is None:
        raise NotFound()
    if actor.is_admin:
        return "admin"
    if found.person_id is None:
        raise Denied(rule=member)
    return actor.role if found.role in (None, "admin") else found.role


@prepared
def place_of(person_id, project_id):
    """Select of (person_id, role) of a person in the team of a production: nulls outside it; no row without the production."""
    link = sa.and_(ProjectPersonLink.project_id == Project.id, ProjectPersonLink.person_id == person_id)
    columns = sa.select(ProjectPersonLink.person_id, ProjectPersonLink.role)
    return columns.select_from(Project).outerjoin(ProjectPersonLink, link).where(Project.id == project_id)


def named_open():
    """Scalar subquery: the id of the status that is named exactly `Open`."""
    return sa.select(ProjectStatus.id).where(ProjectStatus.name == "Open").scalar_subquery()


def mine(actor):
    """Condition: the actor is in the team of the production."""
    return Project.id.in_(sa.select(ProjectPersonLink.project_id).where(ProjectPersonLink.person_id == actor.id))


def managed_open_projects(actor):
    """Select of (id): open productions that the actor manages; all open ones for an administrator."""
    if actor.is_admin:
        return (
            sa.select(Project.id)
            .join(ProjectStatus, ProjectStatus.id == Project.project_status_id)
            .where(ProjectStatus.name.in_(OPEN_NAMES))
        )
    return productions_of(actor, has_role(actor, "manager"), is_open=True)


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


@prepared
def open_ones(actor, name, *, own=False):
    """`open_projects`, kept for all who ask alike."""
    return open_projects(actor, name, own)


def full_forms(actor, conditions, order=Project.name):
    """Select of one text: productions with their relations and settings."""
    return aggregate_values(sa.select(with_settings(Project, actor)).where(*conditions).order_by(order))


@prepared
def all_projects(actor, name=None):
    """Select of one text: all productions for an administrator, with their status and own custom columns; for others those they are in.

    `name`: the columns of at most one of that name; for administrators it is a pattern.
    """
    plain = select_list(ProjectSchema, Project, relations=False)
    if name is not None:
        match = Project.name.ilike(name) if actor.is_admin else sa.func.lower(Project.name) == sa.func.lower(name)
        rows = sa.select(*plain).where(match, *([] if actor.is_admin else [mine(actor)])).order_by(Project.created_at, Project.id).limit(1)
    elif actor.is_admin:
        columns = [*plain, ProjectStatus.name.label("project_status_name"), descriptors(Project, actor, kind="Project")]
        rows = sa.select(*columns).join(ProjectStatus, ProjectStatus.id == Project.project_status_id).order_by(Project.name)
    else:
        rows = sa.select(*plain).where(mine(actor))
    return aggregate(rows)


@prepared
def team(project_id, *, role):
    """Select of one text: the persons of a team in the form that this effective role sees, each with their `project_role`."""
    schema = PersonMinimalSchema
    if role in ("admin", "manager"):
        schema = PersonSafeSchema
    elif role == "client":
        schema = PersonClientSchema
    columns = [*select_list(schema, Person, relations=True), ProjectPersonLink.role.label("project_role")]
    rows = sa.select(*columns).join(ProjectPersonLink, ProjectPersonLink.person_id == Person.id)
    return aggregate(rows.where(ProjectPersonLink.project_id == project_id))
