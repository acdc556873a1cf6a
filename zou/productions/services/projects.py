"""Productions: how they come, change and go (contract/rules/projects.md §2, deletion.md §6)."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from zou.people import removal
from zou.people.rules import table
from zou.platform import events
from zou.platform.db.payload import is_uuid
from zou.platform.db.types import utcnow
from zou.platform.errors import Invalid, NotFound
from zou.platform.rows import Rows
from zou.productions.queries.forms import first_episode
from zou.productions.services import descriptors, settings, templates
from zou.productions.services.statuses import is_open, open_status_id

SERIES = "tvshow"
FIRST_EPISODE = "E01"
BAD_BACKGROUND = "Invalid default_preview_background_file_id"


class ProjectRows(Rows):
    """The generic writes of productions."""

    protected = frozenset({"team"})

    def create(self, tx, actor, values):
        """Insert a production, made like a template when `project_template_id` names one.

        A series gets its first episode, and every production the columns about productions that others have. Raises Invalid, NotFound.
        Emits project:new, and episode:new, metadata-descriptor:new, project:update for what comes with it.
        """
        values = dict(values)
        template_id = values.pop("project_template_id", None)
        template = None if template_id is None else templates.find(tx, template_id)
        explicit = {key for key, value in values.items() if value is not None or key == "default_preview_background_file_id"}
        project = self.insert(tx, actor, values)
        if template is not None:
            templates.apply(tx, project, template, explicit)
        ensure_first_episode(tx, actor, project)
        descriptors.copy_from_open_productions(tx, project)
        self.tell(tx, project, "new")
        return project

    def check_new(self, tx, actor, values):
        settings.check_values(values)
        if "project_status_id" not in values:
            values["project_status_id"] = str(open_status_id(tx))
        linked = self.check_backgrounds(tx, values)
        chosen = values.get("default_preview_background_file_id")
        if chosen is not None and str(chosen).lower() not in linked:
            raise Invalid(BAD_BACKGROUND)

    def check_change(self, tx, actor, row, values):
        settings.check_values(values, row)
        linked = self.check_backgrounds(tx, values)
        chosen = values.get("default_preview_background_file_id")
        if chosen is not None and str(chosen).lower() != str(row.default_preview_background_file_id):
            if "preview_background_files" not in values:
                link = table("project_preview_background_file_link")
                linked = {str(id) for id in tx.scalars(sa.select(link.c.preview_background_file_id).where(link.c.project_id == row.id))}
            if str(chosen).lower() not in linked:
                raise Invalid(BAD_BACKGROUND, shape="bare")

    def check_backgrounds(self, tx, values):
        """The ids of the backgrounds sent, lower-cased. Raises NotFound for one that does not exist."""
        sent = values.get("preview_background_files")
        if not isinstance(sent, list):
            return set()
        ids = {str(item.get("id") if isinstance(item, dict) else item).lower() for item in sent}
        background = table("preview_background_file")
        if not all(is_uuid(id) for id in ids):
            raise NotFound()
        if ids and tx.scalar(sa.select(sa.func.count()).where(background.c.id.in_(ids))) < len(ids):
            raise NotFound()
        return ids

    def changed(self, tx, actor, row, before):
        ensure_first_episode(tx, actor, row)

    def check_remove(self, tx, actor, row, force):
        if is_open(tx, row):
            raise Invalid("Only closed projects can be deleted", shape="plain")

    def remove(self, tx, actor, row, force=False):
        """Delete a closed production. Without `force` anything attached but its team, settings and preview account makes it fail.

        With it everything goes in this transaction. Raises Invalid. Emits project:delete; with force also task:delete, news:delete,
        playlist:delete.
        """
        self.check_remove(tx, actor, row, force)
        if force:
            tx.expunge(row)
            removal.remove(tx, "project", [row.id])
        else:
            person = table("person")
            accounts = tx.scalars(sa.select(person.c.id).where(person.c.preview_project_id == row.id)).all()
            if accounts:
                removal.remove(tx, "person", accounts)
            tx.delete(row)
            tx.flush()
        self.tell(tx, row, "delete")


def ensure_first_episode(tx, actor, project):
    """Give a series that has no episode its first one. Emits episode:new."""
    tx.refresh(project, ["production_type"])
    if project.production_type != SERIES or first_episode_id(tx, project) is not None:
        return
    entity = table("entity")
    values = {"name": FIRST_EPISODE, "description": "", "data": {}, "created_by": actor.id}
    values |= {"project_id": project.id, "entity_type_id": episode_type_id(tx)}
    episode_id = tx.scalar(sa.insert(entity).values(values).returning(entity.c.id))
    events.emit(tx, "episode:new", {"episode_id": episode_id}, project_id=project.id)


def first_episode_id(tx, project):
    """The id of the first episode of a series, or None."""
    return tx.scalar(first_episode(sa.literal(project.id, sa.Uuid), sa.literal(project.production_type, sa.Text)))


def episode_type_id(tx):
    """The id of the entity type of episodes, which is made when it is missing."""
    entity_type = table("entity_type")
    find = sa.select(entity_type.c.id).where(entity_type.c.name == "Episode")
    found = tx.scalar(find)
    if found is None:
        tx.execute(insert(entity_type).values(name="Episode", created_at=utcnow(), updated_at=utcnow()).on_conflict_do_nothing())
        found = tx.scalar(find)
    return found
