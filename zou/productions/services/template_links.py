"""What a template holds for new productions: task types, statuses, asset types, automations, backgrounds. Rules: projects.md §6.2."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from zou.people.models import ROLES
from zou.people.rules import table
from zou.platform.db.payload import is_uuid
from zou.platform.db.types import utcnow
from zou.platform.errors import Invalid
from zou.productions.models import ProjectTemplateTaskStatusLink, ProjectTemplateTaskTypeLink
from zou.productions.services.links import check_bitrates
from zou.productions.services.templates import tell

FAMILIES = {
    "task_type": (ProjectTemplateTaskTypeLink.__table__, "task_type", "Task type"),
    "task_status": (ProjectTemplateTaskStatusLink.__table__, "task_status", "Task status"),
    "asset_type": ("project_template_asset_type_link", "entity_type", "Asset type"),
    "status_automation": ("project_template_status_automation_link", "status_automation", "Status automation"),
    "preview_background_file": ("project_template_preview_background_file_link", "preview_background_file", "Preview background file"),
}
"""{name: (table of the links, table of what is linked, its name in messages)}"""


def links_of(family):
    """The table of the links of a family."""
    links = FAMILIES[family][0]
    return table(links) if isinstance(links, str) else links


def link(tx, template, family, id, values=None):
    """Let a template hold a row; returns its id. Raises Invalid for one that does not exist. Emits project-template:update.

    `values`: what to write on the link, new or not.
    """
    _, target, label = FAMILIES[family]
    if not is_uuid(id):
        raise Invalid(f"{family}_id is required and must be a valid UUID", shape="bare")
    if not tx.scalar(sa.select(sa.exists().where(table(target).c.id == id))):
        raise Invalid(f"{label} {id} does not exist", shape="bare")
    put(tx, template, family, id, values or {})
    tell(tx, template)
    return id


def put(tx, template, family, id, values):
    """Insert a link or change it, in one statement."""
    links, key = links_of(family), f"{family}_id"
    statement = insert(links).values(project_template_id=template.id, **{key: id}, **values)
    if values:
        changes = {**values, "updated_at": utcnow()}
        statement = statement.on_conflict_do_update(index_elements=["project_template_id", key], set_=changes)
    else:
        statement = statement.on_conflict_do_nothing()
    tx.execute(statement)


def link_task_type(tx, template, body):
    """Let a template hold a task type; of one that it holds, what is not null is changed. Emits project-template:update."""
    id = body["task_type_id"]
    mine = sa.select(ProjectTemplateTaskTypeLink).where(ProjectTemplateTaskTypeLink.project_template_id == template.id)
    found = tx.scalar(mine.where(ProjectTemplateTaskTypeLink.task_type_id == id)) if is_uuid(id) else None
    try:
        check_bitrates(template, body, found)
    except Invalid as error:
        error.shape = "bare"
        raise
    values = {key: value for key, value in body.items() if key != "task_type_id" and value is not None}
    return link(tx, template, "task_type", body["task_type_id"], values)


def link_task_status(tx, template, body):
    """Let a template hold a task status; of one that it holds, what was sent is changed. Emits project-template:update."""
    roles = body["roles_for_board"]
    if not all(role in ROLES for role in roles):
        raise Invalid("Wrong value for roles_for_board.", shape="bare")
    values = {"roles_for_board": roles} if roles else {}
    if body["priority"] is not None:
        values["priority"] = body["priority"]
    if "is_client_allowed" in body:
        values["is_client_allowed"] = body["is_client_allowed"]
    return link(tx, template, "task_status", body["task_status_id"], values)


def unlink(tx, template, family, id):
    """Let a template no longer hold a row; nothing happens for one that it does not hold. Emits project-template:update."""
    links = links_of(family)
    if is_uuid(id):
        tx.execute(sa.delete(links).where(links.c.project_template_id == template.id, links.c[f"{family}_id"] == id))
        if family == "preview_background_file" and str(template.default_preview_background_file_id) == id.lower():
            template.default_preview_background_file_id = None
    tell(tx, template)


def reorder(tx, template, family, ids):
    """Give what a template holds the priorities 1, 2, ... of their places in `ids`; what is not held yet is added.

    Raises Invalid for ids of nothing. Emits project-template:update for each.
    """
    for place, id in enumerate(ids, start=1):
        link(tx, template, family, id, {"priority": place})
