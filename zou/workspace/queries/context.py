"""The read side of what the signed-in person sees."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from zou.entities.models import EntityType
from zou.entities.queries.kinds import is_asset_type
from zou.entities.schemas import AssetTypeSchema
from zou.inbox.queries.notifications import unread
from zou.people.models import Department, Person, Studio
from zou.people.rules import not_vendor, productions_of, table
from zou.people.schemas import (
    DepartmentSchema,
    PersonClientSchema,
    PersonMinimalRelationsSchema,
    PersonSafeSchema,
    StudioSchema,
    full_name,
)
from zou.platform.db.prepared import prepared
from zou.platform.db.projection import aggregate, json_list, json_row
from zou.platform.shared_settings import user_limit as shared_limit
from zou.previews.models import PreviewBackgroundFile
from zou.previews.schemas import PreviewBackgroundFileSchema
from zou.productions.models import Project, ProjectPersonLink, ProjectStatus
from zou.productions.queries.lists import mine, named_open, open_projects
from zou.productions.schemas import ProjectStatusSchema
from zou.tasks.models import CustomAction, StatusAutomation, TaskStatus, TaskType
from zou.tasks.schemas import CustomActionSchema, StatusAutomationSchema, TaskStatusSchema, TaskTypeSchema
from zou.workspace.models import SearchFilter, SearchFilterGroup
from zou.workspace.schemas import SearchFilterGroupSchema, SearchFilterSchema


def my_open_projects(actor):
    """Conditions: the production is open and the actor is in its team."""
    return [Project.project_status_id == named_open(), mine(actor)]


@prepared
def context(actor, *, user_limit):
    """Select of one text: all that a client reads right after login, as one statement. `user_limit`: that of this process's settings."""
    texts = {
        "projects": open_projects(actor, own=True),
        "project_roles": project_roles(actor),
        "persons": persons(actor),
        "asset_types": json_list(AssetTypeSchema, sa.select(EntityType).where(is_asset_type()), relations=True),
        "task_types": json_list(TaskTypeSchema, sa.select(TaskType)),
        "task_status": json_list(TaskStatusSchema, sa.select(TaskStatus)),
        "project_status": json_list(ProjectStatusSchema, sa.select(ProjectStatus)),
        "departments": json_list(DepartmentSchema, sa.select(Department)),
        "studios": json_list(StudioSchema, sa.select(Studio)),
        "custom_actions": json_list(CustomActionSchema, sa.select(CustomAction).where(not_vendor.clause(CustomAction, actor))),
        "status_automations": json_list(
            StatusAutomationSchema, sa.select(StatusAutomation).where(not_vendor.clause(StatusAutomation, actor))
        ),
        "notification_count": unread(actor),
        "plugins": plugins(),
        "preview_background_files": json_list(PreviewBackgroundFileSchema, sa.select(PreviewBackgroundFile)),
        "search_filters": grouped(SearchFilterSchema, SearchFilter, actor),
        "search_filter_groups": grouped(SearchFilterGroupSchema, SearchFilterGroup, actor),
    }
    if actor.is_admin:
        texts["user_limit"] = sa.select(sa.cast(shared_limit({"USER_LIMIT": user_limit}), sa.Text))
    parts = []
    for n, (key, statement) in enumerate(texts.items()):
        parts += [sa.literal_column(("'{" if n == 0 else "',") + f'"{key}":' + "'"), statement.scalar_subquery()]
    return sa.select(sa.func.concat(*parts, sa.literal_column("'}'")))


def project_roles(actor):
    """Select of one text: {production: role} of the teams that give the actor a role of their own."""
    link = ProjectPersonLink
    roles = sa.select(sa.func.json_object_agg(link.project_id, link.role)).where(link.person_id == actor.id, link.role.is_not(None))
    return sa.select(sa.cast(sa.func.coalesce(roles.scalar_subquery(), sa.text("'{}'::json")), sa.Text))


def plugins():
    """Select of one text: the plug-ins, as clients need them."""
    keys = ("id", "plugin_id", "name", "description", "version", "maintainer_name", "maintainer_email", "frontend_project_enabled",
            "frontend_studio_enabled", "icon")  # fmt: skip
    return aggregate(sa.select(*[table("plugin").c[key] for key in keys]))


def persons(actor):
    """Select of one text: the persons that the actor's role lets them see, without guests and preview accounts."""
    if actor.role == "client":
        link = ProjectPersonLink
        projects = sa.select(Project.id).where(*my_open_projects(actor))
        mates = sa.select(link.person_id).where(link.project_id.in_(projects))
        return json_list(PersonClientSchema, sa.select(Person).where(Person.id.in_(mates)).order_by(full_name(Person)))
    everybody = sa.select(Person).where(Person.is_guest.is_not(True), Person.preview_project_id.is_(None))
    schema = PersonSafeSchema if actor.role in ("admin", "manager") else PersonMinimalRelationsSchema
    return json_list(schema, everybody, relations=True)


@prepared
def searches(actor, *, schema, model):
    """`grouped`, kept for all who ask alike."""
    return grouped(schema, model, actor)


def grouped(schema, model, actor):
    """Select of one text: {list type: {production or "all": rows, newest first}} of the saved searches that the actor sees.

    One's own, and shared ones of productions that the actor is in (administrators: of all) or of none; productions are open ones. Those
    of a department are for its members and for managers. A list type whose folders are all for other departments is an empty object.
    """
    open_ones = sa.select(Project.id).where(Project.project_status_id == named_open())
    shared = model.is_shared
    if not actor.is_admin:
        shared = sa.and_(shared, sa.or_(model.project_id.is_(None), model.project_id.in_(productions_of(actor))))
    conditions = [sa.or_(model.person_id == actor.id, shared), sa.or_(model.project_id.is_(None), model.project_id.in_(open_ones))]
    ours = sa.literal(True)
    if actor.role not in ("admin", "manager"):
        ours = sa.or_(model.department_id.is_(None), model.department_id.in_(actor.department_ids))
    if model is SearchFilter:
        conditions.append(ours)
    project = sa.func.coalesce(sa.cast(model.project_id, sa.Text), "all")
    rows = sa.select(model.list_type, project.label("place"), json_row(schema, model).label("row"), model.created_at, ours.label("ours"))
    rows = rows.where(*conditions).subquery("s")
    newest_first = sa.func.json_agg(aggregate_order_by(rows.c.row, rows.c.created_at.desc())).filter(rows.c.ours).label("rows")
    by_place = sa.select(rows.c.list_type, rows.c.place, newest_first).group_by(rows.c.list_type, rows.c.place).subquery("p")
    places = sa.func.json_object_agg(by_place.c.place, by_place.c.rows).filter(by_place.c.rows.is_not(None))
    nothing = sa.text("'{}'::json")
    by_type = sa.select(by_place.c.list_type, sa.func.coalesce(places, nothing).label("places")).group_by(by_place.c.list_type)
    by_type = by_type.subquery("t")
    whole = sa.func.coalesce(sa.func.json_object_agg(by_type.c.list_type, by_type.c.places), nothing)
    return sa.select(sa.cast(whole, sa.Text)).select_from(by_type)
