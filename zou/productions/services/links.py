"""What a production uses: task types, statuses, asset types, automations, backgrounds. Rules: contract/rules/projects.md §5."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from zou import config
from zou.people.rules import table
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Invalid, NotFound
from zou.productions.models import ProjectTaskStatusLink, ProjectTaskTypeLink
from zou.productions.services.team import tell

FAMILIES = {
    "asset_type": ("project_asset_type_link", "entity_type", "EntityType"),
    "task_status": ("project_task_status_link", "task_status", "TaskStatus"),
    "status_automation": ("project_status_automation_link", "status_automation", "StatusAutomation"),
    "preview_background_file": ("project_preview_background_file_link", "preview_background_file", "PreviewBackgroundFile"),
}
"""{name: (table of the links, table of what is linked, its name in messages)}"""

BITRATES = ("hd_bitrate_compression", "ld_bitrate_compression")


def link(tx, project, family, id):
    """Let a production use a row. Raises Invalid for an unknown one. Emits project:update when it did not use it yet."""
    _, target, label = FAMILIES[family]
    rows = table(target)
    if not is_uuid(id) or not tx.scalar(sa.select(sa.exists().where(rows.c.id == id))):
        raise Invalid(f"{label} with id {id} not found")
    if insert_link(tx, project, family, [id]):
        tell(tx, project.id)


def insert_link(tx, project, family, ids):
    """Link rows that exist; returns how many were not linked."""
    if family == "task_status":
        known = tx.scalars(sa.select(ProjectTaskStatusLink.task_status_id).where(ProjectTaskStatusLink.project_id == project.id))
        new = set(map(str, ids)) - set(map(str, known))
        tx.add_all(ProjectTaskStatusLink(project_id=project.id, task_status_id=id) for id in new)
        tx.flush()
        return len(new)
    links = table(FAMILIES[family][0])
    values = [{"project_id": project.id, f"{family}_id": id} for id in dict.fromkeys(ids)]
    return tx.execute(insert(links).values(values).on_conflict_do_nothing()).rowcount if values else 0


def unlink(tx, project, family, id):
    """Let a production no longer use a row; nothing happens for one that it does not use."""
    links = ProjectTaskTypeLink.__table__ if family == "task_type" else table(FAMILIES[family][0])
    if is_uuid(id):
        tx.execute(sa.delete(links).where(links.c.project_id == project.id, links.c[f"{family}_id"] == id))
    tell(tx, project.id)


def link_task_type(tx, project, body):
    """Let a production use a task type, or change its settings there. Raises Invalid for an unknown one and for impossible bitrates."""
    id = body["task_type_id"]
    if not is_uuid(id) or not tx.scalar(sa.select(sa.exists().where(table("task_type").c.id == id))):
        raise Invalid("task_type_id is required and must be a valid UUID")
    found = task_type_link(tx, project, id)
    check_bitrates(project, body, found)
    if found is None:
        visible = {} if body["is_client_visible"] is None else {"is_client_visible": body["is_client_visible"]}
        tx.add(
            ProjectTaskTypeLink(
                project_id=project.id, task_type_id=id, priority=body["priority"],
                hd_bitrate_compression=body["hd_bitrate_compression"], ld_bitrate_compression=body["ld_bitrate_compression"], **visible,
            )
        )  # fmt: skip
    else:
        if body["hd_bitrate_compression"] is not None or body["ld_bitrate_compression"] is not None:
            found.hd_bitrate_compression, found.ld_bitrate_compression = body["hd_bitrate_compression"], body["ld_bitrate_compression"]
        if body["is_client_visible"] is not None:
            found.is_client_visible = body["is_client_visible"]
    tx.flush()
    tell(tx, project.id)


def task_type_link(tx, project, id):
    """The link of a production to a task type, or None."""
    return tx.scalar(
        sa.select(ProjectTaskTypeLink).where(ProjectTaskTypeLink.project_id == project.id, ProjectTaskTypeLink.task_type_id == id)
    )


def check_bitrates(owner, body, link=None):
    """Refuse bitrates out of bounds, and a low one above the high one that holds: sent, the owner's, or the studio's.

    `owner`: the production or template; `link`: what is stored; a bitrate that stays as it is passes.
    """
    most = config.value("MOVIE_HIGHDEF_BITRATE")
    changed = {key: body[key] for key in BITRATES if body[key] is not None and body[key] != getattr(link, key, None)}
    for rate in changed.values():
        if not 1 <= rate <= most:
            raise Invalid(f"Invalid bitrate {rate}. Expected an integer number of Mbit/s between 1 and {most}.")
    low = changed.get("ld_bitrate_compression")
    effective = min(body["hd_bitrate_compression"] or owner.hd_bitrate_compression or most, most)
    if low is not None and low > effective:
        raise Invalid(f"The low definition bitrate ({low}) cannot exceed the high definition one ({effective}).")


def allow_clients(tx, project, task_status_id, allowed):
    """Say whether clients may set a status on a production. Raises NotFound for a status that it does not use."""
    found = None
    if is_uuid(task_status_id):
        rows = sa.select(ProjectTaskStatusLink).where(ProjectTaskStatusLink.project_id == project.id)
        found = tx.scalar(rows.where(ProjectTaskStatusLink.task_status_id == task_status_id))
    if found is None:
        raise NotFound()
    found.is_client_allowed = allowed if allowed is not None else sa.null()
    tx.flush()
    tell(tx, project.id)
    return found


def add_batch(tx, project, body):
    """Add task types, statuses and asset types at once; unknown ids are skipped. `replace_task_types` removes the other task types."""
    wanted = [(entry["task_type_id"].lower(), entry) for entry in body["task_types"] if is_uuid(entry["task_type_id"])]
    known = set(existing(tx, "task_type", [id for id, _ in wanted]))
    for id, entry in wanted:
        given = {key: entry[key] for key in ("priority", "is_client_visible") if entry[key] is not None}
        found = task_type_link(tx, project, id)
        if found is not None:
            for key, value in given.items():
                setattr(found, key, value)
        elif id in known:
            tx.add(ProjectTaskTypeLink(project_id=project.id, task_type_id=id, **{"priority": None, **given}))
    tx.flush()
    if body["replace_task_types"]:
        rows = ProjectTaskTypeLink.__table__
        tx.execute(sa.delete(rows).where(rows.c.project_id == project.id, rows.c.task_type_id.not_in([id for id, _ in wanted])))
    insert_link(tx, project, "task_status", existing(tx, "task_status", body["task_status_ids"]))
    insert_link(tx, project, "asset_type", existing(tx, "entity_type", body["asset_type_ids"]))
    tell(tx, project.id)


def existing(tx, name, ids):
    """The ids among these that name rows of a table, as text."""
    rows = table(name)
    ids = [id.lower() for id in ids if is_uuid(id)]
    return [str(id) for id in tx.scalars(sa.select(rows.c.id).where(rows.c.id.in_(ids)))] if ids else []
