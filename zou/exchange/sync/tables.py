"""What is synchronised: kinds of rows, the routes that list them there, and the order in which they can be written here.

The contract leaves out statuses of concepts, edits, scenes and folders of concepts, so that what uses them is refused; here they come
along.
"""

from zou.entities.models import EntityType
from zou.exchange.services.kitsu import KINDS, Kind
from zou.people.models import Department, Organisation, Person, Studio
from zou.planning.models import DayOff
from zou.platform.events.models import ApiEvent
from zou.productions.models import ProjectStatus
from zou.tasks.models import CustomAction, StatusAutomation, TaskStatus, TaskType
from zou.workspace.models import SearchFilter, SearchFilterGroup

ENTITIES = KINDS["entities"]

SHARED = {
    "studios": Kind("studio", Studio),
    "departments": Kind("department", Department),
    "task-types": Kind("task-type", TaskType),
    "task-status": Kind("task-status", TaskStatus),
    "status-automations": Kind("status-automation", StatusAutomation),
    "custom-actions": Kind("custom-action", CustomAction),
    "organisations": Kind("organisation", Organisation),
    "project-status": Kind("project-status", ProjectStatus),
    "entity-types": Kind("asset-type", EntityType, replaced=("task_types",)),
    "persons": Kind("person", Person, replaced=("departments",)),
    "projects": KINDS["projects"],
}
"""{part of the route: kind}, parents first."""

OF_PROJECT = {
    "episodes": ENTITIES,
    "sequences": ENTITIES,
    "scenes": ENTITIES,
    "assets": ENTITIES,
    "shots": ENTITIES,
    "edits": ENTITIES,
    "concept-folders": ENTITIES,
    "concepts": ENTITIES,
    "tasks": KINDS["tasks"],
    "preview-files": KINDS["preview-files"],
    "time-spents": KINDS["time-spents"],
    "playlists/all": KINDS["playlists"],
    "build-jobs": KINDS["build-jobs"],
    "comments": KINDS["comments"],
    "attachment-files": KINDS["attachment-files"],
    "metadata-descriptors": KINDS["metadata-descriptors"],
    "schedule-items": KINDS["schedule-items"],
    "subscriptions": KINDS["subscriptions"],
    "notifications": KINDS["notifications"],
    "entity-links": KINDS["entity-links"],
    "news": KINDS["news"],
    "milestones": KINDS["milestones"],
}
PAGED = {"tasks", "preview-files", "playlists/all", "comments", "notifications", "news"}
WITH_MAIN_PREVIEW = ("assets", "shots", "edits", "concepts")
OURS_ONLY = {"concept-folders"}  # a source of the contract's own server has no such route

OF_STUDIO = {
    "search-filter-groups": Kind("search-filter-group", SearchFilterGroup),
    "search-filters": Kind("search-filter", SearchFilter),
}
DAY_OFFS = Kind("day-off", DayOff)
EVENTS = Kind("event", ApiEvent)

CHANGED = {
    **{kind.event: (path, kind) for path, kind in SHARED.items()},
    **{kind.event: (path, kind) for path, kind in KINDS.items() if path not in ("projects", "entities")},
    **{name: (f"{name}s", ENTITIES) for name in ("episode", "sequence", "asset", "shot", "concept", "scene", "edit")},
}
"""{what the names of events begin with: (part of the route of the single row, kind)}"""
LATE = {
    **CHANGED,
    "entity-type": CHANGED["asset-type"],
    "entity": ("entities", ENTITIES),
    "day-off": ("day-offs", DAY_OFFS),
    "event": ("events", EVENTS),
    "search-filter": ("search-filters", OF_STUDIO["search-filters"]),
    "search-filter-group": ("search-filter-groups", OF_STUDIO["search-filter-groups"]),
}
"""The same for the log of events, which holds more names."""
