"""Templates: what they hold, and how a production takes it over (contract/rules/projects.md §6)."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from zou.people.rules import table
from zou.platform import events
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Invalid, NotFound
from zou.platform.rows import Rows
from zou.productions.models import ProjectTemplate
from zou.productions.services import descriptors, settings

SETTINGS = (
    "fps",
    "ratio",
    "resolution",
    "production_type",
    "production_style",
    "max_retakes",
    "is_clients_isolated",
    "is_preview_download_allowed",
    "is_set_preview_automated",
    "is_publish_default_for_artists",
    "homepage",
    "hd_bitrate_compression",
    "ld_bitrate_compression",
    "is_client_stats_visible",
    "is_client_task_list_visible",
    "is_client_task_panel_visible",
    "is_single_preview_per_revision",
    "is_frame_in_numbering",
    "revision_padding",
)
"""Settings that a production takes over from its template."""

LINKS = {
    "project_template_task_type_link": (
        "project_task_type_link",
        ("task_type_id", "priority", "hd_bitrate_compression", "ld_bitrate_compression", "is_client_visible"),
    ),
    "project_template_task_status_link": (
        "project_task_status_link",
        ("task_status_id", "priority", "roles_for_board", "is_client_allowed"),
    ),
    "project_template_asset_type_link": ("project_asset_type_link", ("asset_type_id",)),
    "project_template_status_automation_link": ("project_status_automation_link", ("status_automation_id",)),
    "project_template_preview_background_file_link": ("project_preview_background_file_link", ("preview_background_file_id",)),
}
"""{links of a template: (links of a production, the columns that are taken over)}."""

TAKEN = "A project template with this name already exists"


class TemplateNotFound(NotFound):
    """Project template not found"""

    shape = "bare"


class ProjectTemplateRows(Rows):
    """The generic writes of templates."""

    protected = frozenset({"type", "task_types", "task_statuses", "asset_types", "status_automations"})
    kept_new = frozenset({"name", "description", "file_tree", "data", "metadata_descriptors", *SETTINGS})

    def check_new(self, tx, actor, values):
        for key in set(values) - self.kept_new:
            del values[key]
        if not values.get("name"):
            raise Invalid("name is required", shape="bare")
        settings.check_values(values)
        descriptors.check_snapshot(values.get("metadata_descriptors"))
        self.check_name(tx, values["name"])

    def check_change(self, tx, actor, row, values):
        if "name" in values:
            if not values["name"]:
                raise Invalid("name is required", shape="bare")
            self.check_name(tx, values["name"], row)
        settings.check_values(values, row)
        descriptors.check_snapshot(values.get("metadata_descriptors"))

    def check_name(self, tx, name, row=None):
        """Refuse the name of another template."""
        others = sa.select(ProjectTemplate.id).where(ProjectTemplate.name == self.read("name", name))
        if row is not None:
            others = others.where(ProjectTemplate.id != row.id)
        if tx.scalar(sa.select(others.exists())):
            raise Invalid(TAKEN, shape="bare")


def find(tx: Session, id):
    """The template with this id. Raises NotFound."""
    template = tx.get(ProjectTemplate, id) if is_uuid(id) else None
    if template is None:
        raise TemplateNotFound()
    return template


def apply(tx, project, template, explicit=frozenset()):
    """Make a production like a template: its settings, links that are missing, custom columns that are missing.

    `explicit`: attributes that were asked for when the production was created, and win. Emits project:update.
    """
    for key in SETTINGS:
        if getattr(template, key) is not None and key not in explicit:
            setattr(project, key, getattr(template, key))
    for key in ("file_tree", "data"):
        if getattr(template, key) is not None and not (key in explicit and getattr(project, key)):
            setattr(project, key, getattr(template, key))
    if project.default_preview_background_file_id is None and "default_preview_background_file_id" not in explicit:
        project.default_preview_background_file_id = template.default_preview_background_file_id
    tx.flush()
    for source, (target, columns) in LINKS.items():
        copy_links(tx, (source, template_key(template)), (target, ("project_id", project.id)), columns)
    descriptors.add_snapshot(tx, project, template.metadata_descriptors or [])
    events.emit(tx, "project:update", project_id=project.id)


def snapshot(tx, project, name, description):
    """A template like a production: its settings, links and custom columns; not its team, dates and work. Emits project-template:new.

    Raises Invalid for the name of another template.
    """
    template = ProjectTemplate(name=name, description=description, metadata_descriptors=descriptors.snapshot(tx, project))
    rows = ProjectTemplateRows(ProjectTemplate)
    rows.check_name(tx, name)
    for key in (*SETTINGS, "file_tree", "data", "default_preview_background_file_id"):
        setattr(template, key, getattr(project, key))
    tx.add(template)
    tx.flush()
    for target, (source, columns) in LINKS.items():
        copy_links(tx, (source, ("project_id", project.id)), (target, template_key(template)), columns)
    rows.tell(tx, template, "new")
    return template


def template_key(template):
    """The column that names a template in the tables of its links, and its id."""
    return "project_template_id", template.id


def copy_links(tx, source, target, columns):
    """Add the links of one row to another, in one statement; those that it has stay as they are.

    `source`, `target`: (table, (column that names the owner, its id)).
    """
    (source_name, (source_key, source_id)), (target_name, (target_key, target_id)) = source, target
    links, made = table(source_name), table(target_name)
    values = {target_key: sa.literal(target_id, sa.Uuid), **{name: links.c[name] for name in columns}}
    now = sa.func.timezone("UTC", sa.func.now())
    made_up = {"id": sa.func.gen_random_uuid(), "created_at": now, "updated_at": now}
    values |= {name: value for name, value in made_up.items() if name in made.c}
    rows = sa.select(*values.values()).where(links.c[source_key] == source_id)
    tx.execute(insert(made).from_select(list(values), rows, include_defaults=False).on_conflict_do_nothing())


def set_descriptors(tx, template, entries):
    """Replace what a template remembers of custom columns. `entries`: what a client sent, or None. Emits project-template:update."""
    descriptors.check_snapshot(entries)
    template.metadata_descriptors = [descriptors.entry(sent) for sent in entries or ()]
    tell(tx, template)


def set_default_background(tx, template, id):
    """Choose one of the backgrounds of a template for new productions; None chooses none. Emits project-template:update."""
    link = table("project_template_preview_background_file_link").c
    mine = sa.exists().where(link.project_template_id == template.id, link.preview_background_file_id == id)
    if id is not None and not (is_uuid(id) and tx.scalar(sa.select(mine))):
        raise Invalid("Preview background file is not linked to this template", shape="bare")
    template.default_preview_background_file_id = id
    tell(tx, template)


def tell(tx, template):
    """Write a template and tell that it, or what it holds, changed."""
    tx.flush()
    events.emit(tx, "project-template:update", {"project_template_id": template.id})
