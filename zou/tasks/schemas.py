"""Payloads of tasks, their types and statuses, automations and custom actions."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from zou.platform.db.payload import Computed, Fixed, NoIds, RelatedIds, RowSchema, column_field
from zou.tasks.models import CustomAction, StatusAutomation, Task, TaskStatus, TaskType


class TaskTypeSchema(RowSchema):
    """A step of the pipeline."""

    class Meta(RowSchema.Meta):
        model = TaskType


class TaskStatusSchema(RowSchema):
    """A state that a task can be in."""

    class Meta(RowSchema.Meta):
        model = TaskStatus


class TaskSchema(RowSchema):
    """A task; the full form has who is assigned."""

    class Meta(RowSchema.Meta):
        model = Task

    assignees = RelatedIds()


class ClientTaskSchema(TaskSchema):
    """A task as clients see it: all its keys, without how the studio works on it (contract/rules/serialisation.md §5)."""

    assignees = NoIds()
    assigner_id = Fixed("null")
    completion_rate = Fixed("0")
    difficulty = Fixed("null")
    done_date = Fixed("null")
    due_date = Fixed("null")
    duration = Fixed("0")
    end_date = Fixed("null")
    estimation = Fixed("0")
    last_comment_date = Fixed("null")
    nb_assets_ready = Fixed("0")
    nb_drawings = Fixed("0")
    priority = Fixed("0")
    real_start_date = Fixed("null")
    retake_count = Fixed("0")
    start_date = Fixed("null")


class StatusAutomationSchema(RowSchema):
    """What happens when a task takes a status."""

    class Meta(RowSchema.Meta):
        model = StatusAutomation


class CustomActionSchema(RowSchema):
    """A link to an outside tool."""

    class Meta(RowSchema.Meta):
        model = CustomAction


def of_status(column):
    return linked(TaskStatus, "task_status_id", column)


def of_task_type(column):
    return linked(TaskType, "task_type_id", column)


def linked(model, key, column):
    """A key with a column of a linked row."""

    def expression(source):
        target = aliased(model)
        value = sa.select(getattr(target, column)).where(target.id == getattr(source, key))
        return value.correlate(sa.inspect(source).selectable).scalar_subquery()

    return Computed(expression, described=column_field(model.__table__.columns[column]).described | {"nullable": True})


class NewTaskSchema(TaskSchema):
    """A task that was just made, with the names of its status and type."""

    task_status_name = of_status("name")
    task_status_short_name = of_status("short_name")
    task_status_color = of_status("color")
    task_type_name = of_task_type("name")
    task_type_color = of_task_type("color")
    task_type_priority = of_task_type("priority")
