"""What the routes of productions answer, where it is not the rows of a schema."""

from zou.people.schemas import PersonClientSchema, PersonMinimalSchema, PersonSafeSchema
from zou.platform.http.shapes import ANY, FLAG, ID, TEXT, WHOLE, by, keys, many, maybe, named, one_of, row
from zou.productions.schemas import ProjectSchema

DESCRIPTORS = many(
    named(
        "DescriptorOfProject",
        "A custom column in the settings of its production.",
        keys(
            id=ID,
            name=TEXT,
            field_name=TEXT,
            data_type=maybe(TEXT),
            choices=ANY,
            for_client=FLAG,
            entity_type=maybe(TEXT),
            task_type_id=maybe(ID),
            position=maybe(WHOLE),
            departments=many(ID),
        ),
    )
)
SETTINGS = {
    "descriptors": DESCRIPTORS,
    "task_type_links": by(
        keys(priority=maybe(WHOLE), hd_bitrate_compression=maybe(WHOLE), ld_bitrate_compression=maybe(WHOLE), is_client_visible=maybe(FLAG))
    ),
    "task_types_priority": by(maybe(WHOLE)),
    "task_statuses_link": by(keys(priority=maybe(WHOLE), roles_for_board=ANY, is_client_allowed=maybe(FLAG))),
}
"""Settings by the id of the task type or status."""

OPEN_PROJECT = named(
    "OpenProject", "A production with its settings.", row(ProjectSchema, {"first_episode_id": ID}, relations=True, **SETTINGS)
)
WHOLE_PROJECT = row(ProjectSchema, {"first_episode_id": ID}, relations=True, **SETTINGS, project_status_name=maybe(TEXT))
PROJECT = one_of(WHOLE_PROJECT, row(ProjectSchema, project_status_name=maybe(TEXT)))
"""A production with its settings, or its columns alone."""
NEW_PROJECT = row(ProjectSchema, {"first_episode_id": ID}, relations=True)
CHANGED_PROJECT = row(ProjectSchema, {"first_episode_id": ID})
PROJECTS = many(row(ProjectSchema, {"project_status_name": TEXT, "descriptors": DESCRIPTORS}))

TEAM = many(
    one_of(
        *[row(schema, relations=True, project_role=maybe(TEXT)) for schema in (PersonSafeSchema, PersonMinimalSchema, PersonClientSchema)]
    )
)
TEAM_MEMBER = keys(project_id=ID, person_id=ID, role=maybe(TEXT))

ACCOUNT_KEYS = {"id": ID, "email": TEXT, "full_name": TEXT, "preview_open_until": maybe(TEXT)}
PREVIEW_ACCOUNT = maybe(keys(**ACCOUNT_KEYS))
NEW_PREVIEW_ACCOUNT = keys(**ACCOUNT_KEYS, password=TEXT)

IDS = many(ID)
HELD_NAME = keys(id=ID, name=TEXT)
HELD_BACKGROUND = keys(id=ID, name=TEXT, is_default=maybe(FLAG))


def held_row(resource):
    """A row that a template holds."""
    return resource.held_shape


def held_rows(resource):
    """The rows that a template holds."""
    return many(resource.held_shape)
