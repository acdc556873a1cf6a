"""What the requests of `test_every_route` send, where a route judges more than the row that its path names.

`ABOUT`: the row of the world that the second question of a route (`then`) is about. `BY_HAND`: who is let in, by the names of
`cast.people_of`, where that depends on more than one row. Keys are "VERB path".
"""

from zou.chats.models import ChatMessage
from zou.comments.models import AttachmentFile, Comment
from zou.entities.models import Entity
from zou.inbox.models import News
from zou.people.models import Person
from zou.planning.models import DayOff, ProductionScheduleVersion, TimeSpent
from zou.playlists.models import Playlist
from zou.productions.models import MetadataDescriptor, Project
from zou.tasks.models import Task, TaskStatus

LEADERS = {"administrator", "manager in the team", "artist who manages here"}
SUPERVISORS = {"supervisor in the team", "supervisor of another department"}
STAFF = {"administrator", "manager in the team", "manager outside", "manager who is a client here", "supervisor outside"} | SUPERVISORS
MAKERS = LEADERS | SUPERVISORS | {"user in the team", "artist at work"}
LISTS = [
    "/data/assets", "/data/assets/all", "/data/assets/with-tasks", "/data/edits", "/data/edits/all", "/data/edits/with-tasks",
    "/data/episodes", "/data/episodes/with-tasks", "/data/sequences", "/data/sequences/with-tasks", "/data/shots", "/data/shots/all",
    "/data/shots/with-tasks", "/data/scenes/all", "/data/scenes/with-tasks", "/data/concepts", "/data/concepts/with-tasks",
]  # fmt: skip
HOURS = "/actions/tasks/<task_id>/time-spents/<date>/persons/<person_id>"
PERSON = "/data/persons/<person_id>"
COMMENT = "/data/tasks/<task_id>/comments/<comment_id>"
SOFTWARE = "/data/projects/<project_id>/task-types/<task_type_id>/softwares"

# The guest who wrote the comment is named in the body; tests/playlists/test_shared.py asks as guests.
NOT_ASKED = {"POST /shared/playlists/<token>/comments/<comment_id>/attachments"}

ESTIMATIONS = "task-types/<task_type_id>/estimations"
ABOUT = {
    f"POST /import/csv/projects/<project_id>/{ESTIMATIONS}": Task,
    f"POST /import/csv/projects/<project_id>/episodes/<episode_id>/{ESTIMATIONS}": Task,
    **{f"GET {path}": Project for path in LISTS},
    **{f"GET {PERSON}/day-offs{part}": DayOff for part in ("", "/<date>", "/month/<year>/<month>", "/week/<year>/<week>", "/year/<year>")},
    **{f"GET {PERSON}/{part}": "artist" for part in ("tasks", "done-tasks", "related-tasks/<task_type_id>")},
    f"POST {HOURS}": TimeSpent,
    f"DELETE {HOURS}": TimeSpent,
    f"POST {HOURS}/add": TimeSpent,
    f"POST {SOFTWARE}": Task,
    f"DELETE {SOFTWARE}/<software_id>": Task,
    "DELETE /data/entities/<entity_id>/chat/messages/<chat_message_id>": ChatMessage,
    "GET /data/attachment-files/<attachment_file_id>/file/<file_name>": AttachmentFile,
    "POST /actions/tasks/<task_id>/comments/<comment_id>/add-attachment": Comment,
    "POST /actions/tasks/<task_id>/comment": Task,
    "POST /actions/tasks/batch-comment": Task,
    f"DELETE {COMMENT}/attachments/<attachment_file_id>": Comment,
    f"DELETE {COMMENT}/reply/<reply_id>": Comment,
    "POST /actions/assets/share": Entity,
    "POST /actions/projects/<project_id>/delete-entities": Entity,
    "GET /data/episodes/<episode_id>/sequences": "episode",
    "POST /data/entities/guess-from-path": Project,
    "POST /data/entities/guess_from_path": Project,
    "POST /actions/user/tasks/subscribe": Task,
    "POST /actions/projects/<project_id>/task-types/<task_type_id>/set-shot-nb-frames": Project,
    "GET /data/projects/<project_id>/quotas/persons/<person_id>": Project,
    "GET /data/persons/task-dates": Project,
    "PUT /actions/tasks/set-main-preview": Task,
    "GET /data/projects/<project_id>/news/<news_id>": News,
    "GET /data/projects/<project_id>/playlists/<playlist_id>": Playlist,
    **{f"{verb} /data/projects/<project_id>/metadata-descriptors/<metadata_descriptor_id>": MetadataDescriptor for verb in
       ("GET", "PUT", "DELETE")},
    "POST /data/projects/<project_id>/metadata-descriptors": Project,
    "DELETE /actions/tasks/<task_id>/comments/<comment_id>/preview-files/<preview_file_id>": Comment,
}  # fmt: skip

BY_HAND = {
    # Vendors have neither concepts nor scenes, clients no concepts; in zou/entities that is asked after the production was found.
    **{f"GET /data/concepts{part}": MAKERS for part in ("", "/with-tasks")},
    **{f"GET /data/scenes/{part}": MAKERS | {"client in the team", "manager who is a client here"} for part in ("all", "with-tasks")},
    "DELETE /data/persons/<instance_id>": set(),  # nobody removes themselves, and the person is the administrator who asks
    "POST /data/production-schedule-version-task-links": LEADERS,
    # A person's hours: one's own, and supervisors' and managers' by their role in the studio, who then see those that they direct.
    **{f"GET {PERSON}/time-spents{part}": STAFF | {"artist at work"} for part in (
        "", "/<date>", "/day/<year>/<month>/<day>", "/month/<year>/<month>", "/week/<year>/<week>", "/year/<year>")},
    # Nobody names a production here, without which only administrators look at others.
    **{f"GET {PERSON}/quota-shots/{part}": {"administrator", "artist at work"} for part in (
        "day/<year>/<month>/<day>", "month/<year>/<month>", "week/<year>/<week>")},
    # The role in the studio counts first, then the one in the team.
    "GET /data/persons/task-dates": {"administrator", "manager in the team"} | SUPERVISORS,
    "GET /data/projects/<project_id>/quotas/persons/<person_id>": LEADERS | SUPERVISORS | {"artist at work"},
    "GET /data/events/last": LEADERS | {"manager who is a client here"},
    # Only who has a department of the task type's; the one assigned is an artist of no department.
    "PUT /actions/tasks/<task_id>/assign": LEADERS | {"supervisor in the team"},
    # In the thread of an administrator that clients do not read.
    f"POST {COMMENT}/reply": LEADERS | {"supervisor in the team", "client in the team", "manager who is a client here", "artist at work",
                                        "vendor at work"},
}  # fmt: skip


def about_project(world):
    return {"query_string": {"project_id": str(world[Project].id)}}


def about_task(world):
    return {"json": {"task_ids": [str(world[Task].id)]}}


def commenting(world):
    entry = {"task_id": str(world[Task].id), "task_status_id": str(world[TaskStatus].id), "text": "Fine."}
    return {"json": {"comments": [entry]}}


def guessing(world):
    return {"json": {"project_id": str(world[Project].id), "file_path": "/a/b", "sep": "/"}}


def versioned(world):
    version = str(world[ProductionScheduleVersion].id)
    return {"json": {"production_schedule_version_id": version, "task_id": str(world[Task].id)}}


OF_TASK = ("entity_id", "task_type_id", "project_id")
COLUMN = {"name": "Weather", "data_type": "string", "entity_type": "Asset"}

REQUESTS = {
    **{f"GET {path}": about_project for path in LISTS},
    **{f"GET /data/persons/time-spents/{part}": about_project for part in (
        "day-table/<year>/<month>", "month-table/<year>", "week-table/<year>", "year-table")},
    "GET /data/persons/task-dates": about_project,
    "GET /data/events/last": about_project,
    f"POST {HOURS}": lambda world: {"json": {"duration": 60}},
    f"POST {HOURS}/add": lambda world: {"json": {"duration": 60}},
    "PUT /actions/tasks/<task_id>/assign": lambda world: {"json": {"person_id": str(world["artist"].id)}},
    "POST /actions/tasks/batch-comment": commenting,
    "POST /actions/assets/share": lambda world: {"json": {"asset_ids": [str(world[Entity].id)], "is_shared": True}},
    "POST /actions/projects/<project_id>/delete-entities": lambda world: {"json": [str(world[Entity].id)]},
    "POST /data/entities/guess-from-path": guessing,
    "POST /data/entities/guess_from_path": guessing,
    "POST /actions/user/tasks/subscribe": about_task,
    "PUT /actions/tasks/set-main-preview": about_task,
    "POST /actions/projects/<project_id>/tasks/copy-client-comments": about_task,
    "POST /actions/tasks/<task_id>/comment": lambda world: {"json": {"task_status_id": str(world[TaskStatus].id), "comment": "Fine."}},
    "POST /data/tasks": lambda world: {"json": {key: str(getattr(world[Task], key)) for key in OF_TASK}},
    "POST /data/projects/<project_id>/metadata-descriptors": lambda world: {"json": COLUMN},
    "POST /data/production-schedule-version-task-links": versioned,
    f"POST {COMMENT}/reply": lambda world: {"json": {"text": "Yes."}},
    f"POST {SOFTWARE}": lambda world: {"json": {"software_id": str(world[Person].id)}},
}  # fmt: skip


def creation(crud, world):
    """The least that the creation of a row sends: its production."""
    return {"project_id": str(world[Project].id)} if "project_id" in crud.service.columns else {}


def request_of(line, world):
    """The request's further parts."""
    if line.key in REQUESTS:
        return REQUESTS[line.key](world)
    if line.verb == "GET":
        return {}
    crud = getattr(line.resource, "crud", None)
    return {"json": creation(crud, world) if crud is not None and line.verb == "POST" else {}}
