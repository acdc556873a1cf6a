"""What the routes of tasks answer, where it is not the rows of a schema."""

from zou.entities.schemas import EntitySchema, EntityTypeSchema, PlainEntitySchema
from zou.people.schemas import PersonSafeSchema
from zou.platform.http.shapes import ANY, DAY, FLAG, ID, MOMENT, NUMBER, TEXT, WHOLE, by, keys, many, maybe, named, one_of, row
from zou.productions.schemas import ProjectSchema
from zou.tasks.schemas import TaskSchema, TaskStatusSchema, TaskTypeSchema

DETAILED_TASK = named(
    "DetailedTask",
    "A task with the names of what it is about.",
    row(
        TaskSchema,
        {"assignees": many(ID)},
        **dict.fromkeys(("project_name", "task_type_name", "task_status_name", "entity_type_name", "entity_name"), TEXT),
    ),
)
DETAILED = many(DETAILED_TASK)
DETAILED_OR_PLAIN = many(one_of(DETAILED_TASK, TaskSchema))
"""With names, or for a vendor without."""
WHOLE_TASK = row(
    TaskSchema,
    {"assigner": PersonSafeSchema, "sequence": EntitySchema, "episode": EntitySchema},
    relations=True,
    entity=PlainEntitySchema,
    entity_type=EntityTypeSchema,
    project=ProjectSchema,
    task_type=maybe(TaskTypeSchema),
    task_status=maybe(TaskStatusSchema),
    persons=many(PersonSafeSchema),
    is_subscribed=FLAG,
)
"""A task with all around it; `sequence`, `episode` and `assigner` are left out where there is none."""

PLACES = {
    "project_name": TEXT,
    "project_has_avatar": maybe(FLAG),
    "entity_name": TEXT,
    "entity_description": maybe(TEXT),
    "entity_data": ANY,
    "entity_preview_file_id": TEXT,
    "entity_source_id": TEXT,
    "entity_type_name": TEXT,
    "entity_canceled": maybe(FLAG),
    "sequence_name": maybe(TEXT),
    "episode_id": TEXT,
    "episode_name": maybe(TEXT),
    "task_type_for_entity": maybe(TEXT),
}
"""Where a task belongs; an id that is missing is empty."""

TO_DO = named(
    "TaskToDo",
    "A task with all that a to-do list shows of it.",
    row(
        TaskSchema,
        {"episode_ids": many(ID), "episode_names": many(TEXT)},
        relations=True,
        **PLACES,
        task_estimation=maybe(NUMBER),
        task_duration=maybe(NUMBER),
        task_start_date=maybe(MOMENT),
        task_due_date=maybe(MOMENT),
        task_type_name=TEXT,
        task_type_color=maybe(TEXT),
        task_status_name=TEXT,
        task_status_color=maybe(TEXT),
        task_status_short_name=maybe(TEXT),
        last_comment=keys({"text": maybe(TEXT), "date": MOMENT, "person_id": maybe(ID)}),
    ),
)
TO_DO_LIST = many(TO_DO)

OPEN_TASK = named(
    "OpenTask",
    "A task of an open production, with all that a list shows of it.",
    row(
        TaskSchema,
        relations=True,
        **PLACES,
        type_name=TEXT,
        type_color=maybe(TEXT),
        status_name=TEXT,
        status_color=maybe(TEXT),
        status_short_name=maybe(TEXT),
    ),
)
OPEN_TASKS = keys(
    data=many(OPEN_TASK),
    stats=keys(total=WHOLE, total_duration=NUMBER, total_estimation=NUMBER, status=many(keys(task_status_id=ID, amount=WHOLE))),
    limit=WHOLE,
    is_more=FLAG,
    page=WHOLE,
)
AMOUNTS = {"amount": WHOLE, "amount_done": WHOLE, "total_duration": NUMBER, "total_estimation": NUMBER}
PROJECT_AMOUNTS = by(
    keys(**AMOUNTS, task_types=many(keys(**AMOUNTS, project_id=ID, task_type_id=ID, task_status_id=ID))),
)
BURNDOWN = keys(
    total=WHOLE,
    total_estimation=NUMBER,
    start_date=maybe(DAY),
    end_date=maybe(DAY),
    done_by_day=many(keys(date=DAY, done=WHOLE, done_estimation=NUMBER)),
)
TASK_DATES = many(
    keys(person_id=ID, min_date=maybe(MOMENT), max_date=maybe(MOMENT), busy_periods=many(keys(start_date=TEXT, end_date=TEXT)))
)

COUNTS = {"count": WHOLE, "frames": WHOLE, "drawings": WHOLE}
STATES = dict.fromkeys(("done", "retake", "other"), keys(**COUNTS))
EPISODE_STATS = by(by(by(keys(name=TEXT, color=maybe(TEXT), **COUNTS))))
"""{episode id, or all: {task type id, or all: {status id: numbers}}}."""
RETAKE_STATS = by(by(keys(**STATES, max_retake_count=WHOLE, evolution=by(keys(**STATES)))))
"""{episode id, or all: {task type id, or all: numbers, and `evolution` by take}}."""

TEMPLATE_TASK_TYPES = many(
    row(TaskTypeSchema, hd_bitrate_compression=maybe(WHOLE), ld_bitrate_compression=maybe(WHOLE), is_client_visible=maybe(FLAG))
)
TEMPLATE_TASK_STATUSES = many(row(TaskStatusSchema, roles_for_board=many(TEXT), link_is_client_allowed=maybe(FLAG)))

IDS = many(ID)
