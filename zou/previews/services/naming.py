"""Names under which previews are downloaded. Rules: contract/rules/previews.md §5."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from zou.entities.models import Entity, EntityType
from zou.files.services.slugs import slug
from zou.people.models import Organisation
from zou.productions.models import Project
from zou.tasks.models import Task, TaskType


def download_name(tx, preview, extension=None):
    """The name of a preview's file: the uploaded one where the studio wants that, else production, entity, task type and revision."""
    return name_of(subjects(tx, [preview.task_id])[preview.task_id], preview, extension)


def subjects(tx, task_ids):
    """{task id: what a preview of it is called after}: names of its production, entity and what is above it, and task type."""
    parent, above = aliased(Entity), aliased(Entity)
    statement = (
        sa.select(
            Task.id, Project.name.label("project"), Entity.name.label("entity"), EntityType.name.label("kind"),
            TaskType.name.label("task_type"), parent.name.label("parent"), above.name.label("above"),
            sa.select(sa.func.bool_or(Organisation.use_original_file_name)).scalar_subquery().label("keeps_names"),
        )
        .select_from(Task)
        .join(Project, Project.id == Task.project_id)
        .join(Entity, Entity.id == Task.entity_id)
        .join(EntityType, EntityType.id == Entity.entity_type_id)
        .join(TaskType, TaskType.id == Task.task_type_id)
        .outerjoin(parent, parent.id == Entity.parent_id)
        .outerjoin(above, above.id == parent.parent_id)
        .where(Task.id.in_(list(task_ids)))
    )  # fmt: skip
    return {row.id: row for row in tx.execute(statement)}


def name_of(subject, preview, extension=None):
    """The name of a preview's file, by the subject of its task."""
    if subject.keeps_names and preview.original_name is not None:
        name = preview.original_name
    else:
        entity = " ".join(filter(None, [subject.above, subject.parent, subject.entity]))
        if subject.kind not in ("Shot", "Sequence", "Episode"):
            entity = f"{subject.kind} {subject.entity}"
        name = slug(f"{subject.project} {entity} {subject.task_type} v{preview.revision}")
    if (preview.position or 1) > 1:
        name += f"-{preview.position}"
    return f"{name}.{extension or preview.extension}"
