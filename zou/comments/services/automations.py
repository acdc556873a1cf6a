"""Which automations a new status of a task fires, and what those of assets do. Rules: contract/rules/comments.md §2.5."""

import sqlalchemy as sa

from zou.entities.models import Entity
from zou.entities.queries.kinds import TEMPORAL_KINDS
from zou.entities.services.readiness import refresh_shots_of
from zou.platform import events
from zou.platform.db import Base
from zou.productions.models import ProjectTaskTypeLink
from zou.tasks.models import StatusAutomation, TaskType


def fired(tx, task, kind):
    """The automations of a task's production that its status fires, but those that would go back in the pipeline.

    `kind`: name of the type of the task's entity.
    """
    linked = Base.metadata.tables["project_status_automation_link"]
    kinds = [kind.lower()] if kind in TEMPORAL_KINDS else [kind.lower(), "asset"]
    found = tx.scalars(
        sa.select(StatusAutomation)
        .join(linked, linked.c.status_automation_id == StatusAutomation.id)
        .where(
            linked.c.project_id == task.project_id, StatusAutomation.archived.isnot(True),
            StatusAutomation.in_task_type_id == task.task_type_id, StatusAutomation.in_task_status_id == task.task_status_id,
            sa.func.lower(StatusAutomation.entity_type).in_(kinds),
        )
        .order_by(StatusAutomation.created_at, StatusAutomation.id)
    ).all()  # fmt: skip
    places = pipeline(tx, task.project_id) if any(automation.out_field_type == "status" for automation in found) else {}
    return [automation for automation in found if goes_on(automation, places)]


def pipeline(tx, project_id):
    """{(task type id, kind of entity that it is for): its place in the production's pipeline}."""
    link = ProjectTaskTypeLink
    rows = sa.select(link.task_type_id, TaskType.for_entity, link.priority).join(TaskType, TaskType.id == link.task_type_id)
    return {(id, for_entity): place for id, for_entity, place in tx.execute(rows.where(link.project_id == project_id))}


def goes_on(automation, places):
    """Whether an automation leads onward in the pipeline; one that marks assets as ready always does."""
    if automation.out_field_type != "status":
        return automation.out_field_type == "ready_for"
    kind = automation.entity_type.capitalize()
    before, after = (places.get((id, kind)) or 0 for id in (automation.in_task_type_id, automation.out_task_type_id))
    return automation.out_task_status_id is not None and before <= after


def make_ready(tx, task, kind, task_type_id):
    """Mark the asset of a task as ready for a task type; nothing for other kinds of entities.

    Emits asset:update, twice as clients of the contract hear it, and as `refresh_shots_of`.
    """
    if kind in TEMPORAL_KINDS:
        return
    asset = tx.get(Entity, task.entity_id, with_for_update={"key_share": True})
    asset.ready_for = task_type_id
    tx.flush()
    for _ in range(2):
        events.emit(tx, "asset:update", {"asset_id": asset.id, "data": {"ready_for": task_type_id}}, asset.project_id)
    refresh_shots_of(tx, [asset.id])
