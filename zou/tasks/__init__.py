"""Tasks: task types, statuses, tasks, assignment, automations."""

from zou.people.rules import admin, anyone, finds_task, manages, not_vendor, reads_as_client, reads_entity, supervises_or_manages
from zou.platform.http import Crud, Domain
from zou.tasks.models import CustomAction, StatusAutomation, Task, TaskStatus, TaskType
from zou.tasks.resources import ReorderTaskTypesResource, TasksResource, may_change_task
from zou.tasks.schemas import (
    ClientTaskSchema,
    CustomActionSchema,
    StatusAutomationSchema,
    TaskSchema,
    TaskStatusSchema,
    TaskTypeSchema,
)
from zou.tasks.services.rows import CustomActionRows, StatusAutomationRows, TaskRows, TaskStatusRows, TaskTypeRows

domain = Domain("tasks")
domain.crud(
    Crud(TaskType, TaskTypeSchema, "task-types", lists=anyone, reads=anyone, service=TaskTypeRows),
    Crud(TaskStatus, TaskStatusSchema, "task-status", lists=anyone, reads=anyone, service=TaskStatusRows),
    Crud(
        Task,
        TaskSchema,
        "tasks",
        lists=anyone,
        visible=admin | finds_task,
        reads=reads_entity,
        creates=supervises_or_manages,
        writes=may_change_task,
        removes=manages,
        service=TaskRows,
        views=((reads_as_client, ClientTaskSchema),),
        models_resource=TasksResource,
    ),
    Crud(StatusAutomation, StatusAutomationSchema, "status-automations", lists=not_vendor, service=StatusAutomationRows),
    Crud(CustomAction, CustomActionSchema, "custom-actions", lists=not_vendor, service=CustomActionRows),
)
domain.route("/actions/task-types/reorder", ReorderTaskTypesResource)
