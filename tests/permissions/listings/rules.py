"""Which item stands for a row, and where the contract shows on a list what the item route keeps to administrators.

`ITEMS`: {table: function (studio, who, row) -> paths}: a row may be seen by whom all these paths answer. Tables that are not named have
generic routes, `/data/<path>/<id>`. The paragraphs are those of the contract's rules (see docs/permissions.md for ours).
"""

import re

from zou.app import domains

EVERYBODY, NOBODY = (), None


def generic_paths():
    """{table: path} of the generic routes."""
    return {crud.model.__tablename__: f"/data/{crud.path}/" for domain in domains() for crud in domain.cruds}


def entity(id):
    return f"/data/entities/{id}"


def task(row):
    return [f"/data/tasks/{row.task_id}"]


def of_project(*parts):
    return lambda studio, who, row: [f"/data/projects/{row.project_id}" + "".join(part.format(row=row) for part in parts)]


def own(paths):
    """The row of the person who asks, about something that they may read."""
    return lambda studio, who, row: paths(row) if row.person_id == who.person.id else NOBODY


def except_roles(paths, *roles):
    return lambda studio, who, row: NOBODY if role_on(studio, who, row.project_id) in roles else paths(row)


def role_on(studio, who, project_id):
    """The role of a person on a production, by the cast."""
    place = next(place for place in studio.productions.values() if place.project_id.id == project_id)
    return place.team.get(who.name) or who.person.role


def of_hours(studio, who, row):
    """Hours: one's own; else for who reads the task and is no client (permissions.md §5, Client)."""
    if row.person_id == who.person.id:
        return EVERYBODY
    project_id = studio.rows[str(row.task_id)].project_id
    return NOBODY if role_on(studio, who, project_id) == "client" else task(row)


def of_search(studio, who, row):
    """Saved searches: one's own, and those that are shared with the team (user.md)."""
    mine = row.person_id == who.person.id or row.is_shared
    return [f"/data/projects/{row.project_id}"] if mine else NOBODY


def of_chat_message(studio, who, row):
    return [f"/data/entities/{studio.rows[str(row.chat_id)].object_id}/chat/messages/{row.id}"]


def of_budget_entry(studio, who, row):
    budget = studio.rows[str(row.budget_id)]
    return [f"/data/projects/{budget.project_id}/budgets/{budget.id}/entries/{row.id}"]


def of_news(studio, who, row):
    return [f"/data/projects/{studio.rows[str(row.task_id)].project_id}/news/{row.id}"]


ITEMS = {
    "metadata_descriptor": of_project("/metadata-descriptors/{row.id}"),
    "news": of_news,
    "notification": own(task),
    "subscription": lambda studio, who, row: task(row),
    "search_filter": of_search,
    "search_filter_group": of_search,
    "chat": lambda studio, who, row: [f"/data/entities/{row.object_id}/chat"],
    "chat_message": of_chat_message,
    "budget": of_project("/budgets/{row.id}"),
    "budget_entry": of_budget_entry,
    "entity_link": lambda studio, who, row: [entity(row.entity_in_id), entity(row.entity_out_id)],
    "entity_version": lambda studio, who, row: [entity(row.entity_id)],
    "schedule_item": except_roles(lambda row: [f"/data/projects/{row.project_id}"], "vendor", "client"),
    "time_spent": of_hours,
    "build_job": lambda studio, who, row: [f"/data/playlists/{row.playlist_id}/jobs/{row.id}"],
    "playlist_share_link": lambda studio, who, row: [f"/data/playlists/{row.playlist_id}"],
    "api_event": of_project(),
    "desktop_login_log": own(lambda row: ()),
    "custom_action": lambda studio, who, row: NOBODY if who.actor.role == "vendor" else EVERYBODY,  # §3: listed for all but vendors
    "status_automation": lambda studio, who, row: NOBODY if who.actor.role == "vendor" else EVERYBODY,  # the same
    "project_task_type_link": of_project(),
    "project_task_status_link": of_project(),
    "project_template": lambda studio, who, row: [f"/data/project-templates/{row.id}"],
}

GROUPS = ("Episode", "Sequence", "ConceptFolder")
CRAFTS, UNDESCRIBED = ("modeling", "rigging"), ("Concept", "ConceptFolder")
EXCEPTIONS = [
    # (paths of routes, table or column of what is shown, why; with the paragraph of the contract)
    (
        r"/data/.*|/export/.*",
        r"entity\.name",
        lambda row, studio: row.entity_type_id in {studio.common.kinds[name].id for name in GROUPS},
        "what is above a row is named in it (serialisation.md §3)",
    ),
    (
        r"/data/persons/<person_id>/time-spents.*|/data/user/(tasks/<task_id>/)?time-spents.*",
        r".*",
        None,
        "one's own hours stay one's own, with the names of what was worked on (persons.md §3: admin or self, no scoping)",
    ),
    (
        r"/data/projects/<project_id>/day-offs",
        r"day_off",
        None,
        "a team knows when its members are off, not why (time-and-timesheets.md §4)",
    ),
    (r"/data/projects/<project_id>/team", r"person\..*", None, "persons of a team in the form of one's role there (permissions.md §5)"),
    (
        r"/data/projects/<project_id>/preview-account",
        r"person\..*",
        None,
        "managers of the production see its preview account (auth.md §13)",
    ),
    (r"/data/tasks/<task_id>/comments", r"comment", None, "one with previews is shown to clients without what it says (permissions.md §5)"),
    (r"/data/projects/<project_id>/playlists/<playlist_id>", r"build_job(\..*)?", None, "a playlist names its builds (playlists.md §2.3)"),
    (r"/data/user/context", r"plugin(\..*)?", None, "every client loads the plug-ins (user.md §2)"),
]


def is_masked(studio, who, row, column):
    """Whether a key of metadata is for departments of which a vendor is in none (permissions.md §5, Vendor)."""
    craft = column.removeprefix("data.")
    if column == craft or craft not in CRAFTS or row.entity_type_id in {studio.common.kinds[name].id for name in UNDESCRIBED}:
        return False
    return role_on(studio, who, row.project_id) == "vendor" and getattr(studio.common, craft).id not in who.actor.department_ids


def excepted(studio, path, what, row):
    """Whether the contract shows this on the list."""
    return any(
        re.fullmatch(paths, path) and re.fullmatch(shown, what) and (about is None or about(row, studio))
        for paths, shown, about, _ in EXCEPTIONS
    )
