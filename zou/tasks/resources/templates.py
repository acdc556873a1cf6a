"""Task types, statuses and automations that templates of productions hold. Rules: contract/rules/projects.md §6.2."""

import sqlalchemy as sa

from zou.people.rules import manager
from zou.platform.db.projection import aggregate, select_list
from zou.platform.http import Json, permission, returns
from zou.productions.models import (
    ProjectTemplate,
    ProjectTemplateTaskStatusLink,
    ProjectTemplateTaskTypeLink,
    project_template_status_automation_link,
)
from zou.productions.resources.templates import TemplateTaskStatusesRoute, TemplateTaskTypesRoute, holding
from zou.tasks.answers import TEMPLATE_TASK_STATUSES, TEMPLATE_TASK_TYPES
from zou.tasks.models import StatusAutomation, TaskStatus, TaskType
from zou.tasks.schemas import StatusAutomationSchema, TaskStatusSchema, TaskTypeSchema


def in_order(model, schema, link, key, template, *columns):
    """Select of one text: rows that a template holds with the priority that they have there, sorted by it and by name."""
    own = [column for column in select_list(schema, model) if column.name != "priority"]
    rows = sa.select(*own, link.priority, *columns).join(link, getattr(link, key) == model.id)
    rows = rows.where(link.project_template_id == template.id)
    return aggregate(rows.order_by(sa.func.coalesce(link.priority, 0), model.name))


class TemplateTaskTypesResource(TemplateTaskTypesRoute):
    """Task types of a template."""

    @permission(manager, on=ProjectTemplate)
    @returns(TEMPLATE_TASK_TYPES)
    def get(self, template):
        """Task types that a template holds, in their order, with their settings there."""
        link = ProjectTemplateTaskTypeLink
        columns = (link.hd_bitrate_compression, link.ld_bitrate_compression, link.is_client_visible)
        return Json(self.tx.scalar(in_order(TaskType, TaskTypeSchema, link, "task_type_id", template, *columns)))


class TemplateTaskStatusesResource(TemplateTaskStatusesRoute):
    """Task statuses of a template."""

    @permission(manager, on=ProjectTemplate)
    @returns(TEMPLATE_TASK_STATUSES)
    def get(self, template):
        """Task statuses that a template holds, in their order, with their settings there."""
        link = ProjectTemplateTaskStatusLink
        roles = sa.func.coalesce(link.roles_for_board, sa.text("'{}'")).label("roles_for_board")
        columns = (roles, link.is_client_allowed.label("link_is_client_allowed"))
        return Json(self.tx.scalar(in_order(TaskStatus, TaskStatusSchema, link, "task_status_id", template, *columns)))


class TemplateAutomationsResource(holding("status_automation")):
    """Automations of a template."""

    held_shape = StatusAutomationSchema

    @permission(manager, on=ProjectTemplate)
    @returns(StatusAutomationSchema, many=True)
    def get(self, template):
        """Automations that a template holds."""
        link = project_template_status_automation_link.c
        held = sa.select(link.status_automation_id).where(link.project_template_id == template.id)
        return sa.select(StatusAutomation).where(StatusAutomation.id.in_(held))

    def row(self, template, id):
        """One of them."""
        return Json(self.project(StatusAutomationSchema, self.tx.get(StatusAutomation, id)))
