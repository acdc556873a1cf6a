"""Tasks: task types, statuses, tasks, assignment, automations."""

from zou.people.rules import admin, anyone, finds_task, manages, not_vendor, reads_as_client, reads_entity, supervises_or_manages
from zou.platform.http import Crud, Domain
from zou.tasks.models import CustomAction, StatusAutomation, Task, TaskStatus, TaskType
from zou.tasks.resources import assignment, creation, deletion, episode_stats, lists, open_tasks, persons, templates
from zou.tasks.resources.rows import ReorderTaskTypesResource, TasksResource, may_change_task
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
for event in ("task:assign", "task:unassign"):  # clients do not know who works on a task
    domain.hears(event, Task, reads_entity & ~reads_as_client, for_staff=True, key="task_id")
domain.hears("custom_action", CustomAction, not_vendor).hears("status_automation", StatusAutomation, not_vendor)

domain.route("/actions/task-types/reorder", ReorderTaskTypesResource)

domain.route("/actions/projects/<project_id>/task-types/<task_type_id>/shots/create-tasks", creation.CreateShotTasksResource)
domain.route("/actions/projects/<project_id>/task-types/<task_type_id>/assets/create-tasks", creation.CreateAssetTasksResource)
domain.route("/actions/projects/<project_id>/task-types/<task_type_id>/edits/create-tasks", creation.CreateEditTasksResource)
domain.route("/actions/projects/<project_id>/task-types/<task_type_id>/concepts/create-tasks", creation.CreateConceptTasksResource)
domain.route("/actions/projects/<project_id>/task-types/<task_type_id>/create-tasks/<entity_type>", creation.CreateEntityTasksResource)
domain.route("/data/entities/<entity_id>/tasks", creation.EntityTasksCreationResource)
domain.route("/actions/projects/<project_id>/delete-tasks", deletion.DeleteTasksResource)
domain.route("/actions/projects/<project_id>/task-types/<task_type_id>/delete-tasks", deletion.DeleteTypeTasksResource)

domain.route("/actions/tasks/<task_id>/assign", assignment.AssignTaskResource)
domain.route("/actions/persons/<person_id>/assign", assignment.AssignTasksResource)
domain.route("/actions/tasks/clear-assignation", assignment.ClearAssignationResource)
domain.route("/actions/tasks/set-priority", assignment.SetPriorityResource)

for path, kind in {
    "assets/<asset_id>": "Asset", "shots/<shot_id>": "Shot", "scenes/<scene_id>": "Scene", "sequences/<sequence_id>": "Sequence",
    "episodes/<episode_id>": "Episode", "edits/<edit_id>": "Edit",
}.items():  # fmt: skip
    base = {"Scene": lists.SceneTasksResource, "Sequence": lists.SequenceTasksResource, "Episode": lists.EpisodeTasksResource}
    domain.route(f"/data/{path}/tasks", base.get(kind) or lists.of_kind(lists.EntityTasksResource, kind))
    domain.route(f"/data/{path}/task-types", lists.of_kind(lists.EntityTaskTypesResource, kind))
domain.route("/data/concepts/<concept_id>/tasks", lists.ConceptTasksResource)
domain.route("/data/concepts/<concept_id>/task-types", lists.ConceptTaskTypesResource)
domain.route("/data/sequences/<sequence_id>/shot-tasks", lists.SequenceShotTasksResource)
domain.route("/data/episodes/<episode_id>/shot-tasks", lists.EpisodeShotTasksResource)
domain.route("/data/episodes/<episode_id>/asset-tasks", lists.EpisodeAssetTasksResource)
domain.route("/data/episodes/<episode_id>/edit-tasks", lists.EpisodeEditTasksResource)
domain.route("/data/entities/<entity_id>/task-types/<task_type_id>/tasks", lists.EntityTypeTasksResource)
domain.route("/data/tasks/<task_id>/full", lists.FullTaskResource)

domain.route("/data/tasks/open-tasks", open_tasks.OpenTasksResource)
domain.route("/data/tasks/open-tasks/stats", open_tasks.OpenTasksStatsResource)
domain.route("/data/tasks/open-tasks/burndown", open_tasks.OpenTasksBurndownResource)
domain.route("/data/persons/<person_id>/tasks", persons.PersonTasksResource)
domain.route("/data/persons/<person_id>/done-tasks", persons.PersonDoneTasksResource)
domain.route("/data/persons/<person_id>/related-tasks/<task_type_id>", persons.PersonRelatedTasksResource)
domain.route("/data/persons/task-dates", persons.TaskDatesResource)

domain.route("/data/projects/<project_id>/tasks", lists.ProjectTasksResource)
domain.route("/data/projects/<project_id>/task-types", lists.ProjectTaskTypesResource)
domain.route("/data/projects/<project_id>/settings/task-status", lists.TaskStatusSettingsResource)
domain.route("/data/projects/<project_id>/settings/status-automations", lists.StatusAutomationSettingsResource)

domain.route("/data/projects/<project_id>/episodes/stats", episode_stats.EpisodeStatsResource)
domain.route("/data/projects/<project_id>/episodes/retake-stats", episode_stats.EpisodeRetakeStatsResource)
domain.route("/data/project-templates/<project_template_id>/task-types", templates.TemplateTaskTypesResource)
domain.route("/data/project-templates/<project_template_id>/task-statuses", templates.TemplateTaskStatusesResource)
domain.route("/data/project-templates/<project_template_id>/status-automations", templates.TemplateAutomationsResource)
