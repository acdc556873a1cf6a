"""Payloads of tasks, their types and statuses, automations and custom actions."""

from zou.platform.db.payload import Fixed, NoIds, RelatedIds, RowSchema
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
