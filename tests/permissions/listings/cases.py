"""Which listings are asked for: every GET route that answers JSON, NDJSON or CSV, about rows that the person may read and others."""

from dataclasses import dataclass

from tests.permissions.cast import PARAMETER, PLAIN
from zou.platform.http.declare import public
from zou.platform.http.permissions import lines
from zou.platform.rules import NoRow

READABLE = ("application/json", "text/csv")
OF_PROJECT = ["project_id={project_id}"]
FORMS = ["", "&compact=true", "&stream=true"]
QUERIES = {
    **{f"/data/{kind}": OF_PROJECT for kind in ("assets/all", "edits", "episodes", "sequences", "shots", "scenes/all", "concepts")},
    "/data/assets": ["episode_id={episode_id}", ""],
    **{f"/data/{kind}/with-tasks": OF_PROJECT for kind in ("edits", "episodes", "sequences", "scenes", "concepts")},
    **{f"/data/{kind}/with-tasks": [f"project_id={{project_id}}{form}" for form in FORMS] + ["episode_id={episode_id}"]
       for kind in ("assets", "shots")},
    "/data/tasks": ["relations=true", "page=1&relations=true"],
    "/data/entities": ["relations=true", "page=1"],
    "/data/production-schedule-versions": OF_PROJECT,
    "/data/production-schedule-version-task-links": OF_PROJECT,
    "/data/events/last": [*OF_PROJECT, ""],
    "/data/persons/task-dates": OF_PROJECT,
    "/data/projects/<project_id>/notifications": ["page=1"],
    "/data/user/time-spents": ["start_date=2026-03-01&end_date=2026-03-31"],
    "/data/time-spents": [*OF_PROJECT, ""],
}  # fmt: skip
"""What is asked of a route; `{name}`: an id of the production at hand. Without a line here a generic list is asked for its full form."""


FEW_PLACES = {
    "vendor who left": ("worked",),
    "supervisor of modeling": ("worked", "idle"),
    "manager who is a client here": ("worked", "idle"),
}
"""Who is not asked about everything, since another one's answers tell the same."""


@dataclass(frozen=True)
class Case:
    """One question: about the rows of a production that the vendors work on (`worked`), do not (`idle`), or of another production."""

    path: str  # of the route
    url: str
    place: str

    def __str__(self):
        return f"GET {self.url}"


def listings(app):
    """The paths of routes that may list something."""
    found = []
    for line in lines(app):
        is_item = getattr(line.resource, "crud", None) is not None and "<instance_id>" in line.path
        is_data = line.path.startswith(("/data/", "/export/", "/actions/", "/import/"))
        if line.verb == "GET" and is_data and not is_item and line.route.rule is not public and line.route.content in READABLE:
            found.append(line)
    return found


def cases(studio, who):
    """The questions that a person asks."""
    here, there = studio.productions["here"], studio.productions["there"]
    places = {
        "worked": values(studio, here, who, False),
        "idle": values(studio, here, who, True),
        "there": values(studio, there, who, False),
    }
    found = {}
    for line in listings(studio.app):
        if line.route.rule.clause(NoRow(), who.actor) is False:
            continue  # refused whatever the row, as test_every_route proves
        for place in FEW_PLACES.get(who.name, places):
            ids = places[place]
            for query in queries(line):
                url = PARAMETER.sub(lambda match, ids=ids: ids[match.group(2)], line.path) + (f"?{query.format(**ids)}" if query else "")
                found.setdefault(url, Case(line.path, url, place))
    return list(found.values())


def queries(line):
    if line.path in QUERIES:
        return QUERIES[line.path]
    return ["relations=true"] if getattr(line.resource, "crud", None) is not None else [""]


def values(studio, place, who, idle):
    """{parameter of a path: text} about a production."""
    common = studio.common
    rows = {name: row for name, row in vars(place).items() if name.endswith("_id")}
    rows |= {
        "entity_id": place.asset_id, "task_id": place.worked, "person_id": place.resident, "temporal_entity_id": place.shot_id,
        "asset_type_id": common.kinds["Props"], "task_type_id": common.task_types["Props", "modeling"],
        "output_type_id": common.output_type, "department_id": common.modeling, "playlist_id": place.playlists[0],
        "comment_id": place.comment, "software_id": common.software, "hardware_item_id": common.hardware,
    }  # fmt: skip
    if idle:
        rows |= {
            "asset_id": place.idle_asset, "entity_id": place.idle_asset, "shot_id": place.idle_shot, "temporal_entity_id": place.idle_shot,
            "sequence_id": place.idle_sequence, "episode_id": place.idle_episode, "edit_id": place.idle_edit, "task_id": place.idle,
            "person_id": who.person, "playlist_id": place.playlists[1], "asset_instance_id": place.instances[1],
            "task_type_id": common.task_types["Shot", "modeling"],
        }  # fmt: skip
    ids = {name: str(row.id) for name, row in rows.items()}
    for table, name in (("chat_message", "chat_message_id"), ("build_job", "build_job_id"), ("attachment_file", "attachment_file_id"),
                        ("news", "news_id"), ("notification", "notification_id"), ("search_filter_group", "filter_group_id"),
                        ("search_filter", "filter_id"), ("preview_file", "preview_file_id"), ("data_import_error", "error_id"),
                        ("status_automation", "status_automation_id"), ("project_template", "project_template_id")):  # fmt: skip
        ids[name] = first_of(studio, table, place, who, idle)
    return {**ids, **PLAIN, "file_id": first_of(studio, "working_file", place, who, idle)}


def first_of(studio, table, place, who, idle):
    """The id of a row of a table, about the production and the chosen entity or task if the table tells."""
    found = [id for id, row in studio.rows.items() if row.__tablename__ == table]
    about = [id for id in found if studio.projects.get(id) == place.project_id.id]
    return (about or found)[-1 if idle else 0]
