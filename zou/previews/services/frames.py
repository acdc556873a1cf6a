"""The length of shots, taken from their previews. Rules: contract/rules/entities.md §4."""

import sqlalchemy as sa

from zou.entities.models import Entity
from zou.entities.queries.kinds import is_kind
from zou.platform.db.types import utcnow
from zou.previews.models import PreviewFile
from zou.productions.services.frame_rate import frame_rate
from zou.tasks.models import Task


def set_from_previews(tx, project, task_type_id, episode_id=None):
    """Give shots as many frames as the newest preview of their task of a type lasts; of one episode, if given.

    Returns [{id, nb_frames}] of the shots that have such a preview; the others stay.
    """
    newest = (
        sa.select(Task.entity_id, PreviewFile.duration)
        .join(PreviewFile, PreviewFile.task_id == Task.id)
        .where(Task.project_id == project.id, Task.task_type_id == task_type_id)
        .distinct(Task.entity_id)
        .order_by(Task.entity_id, PreviewFile.created_at.desc(), PreviewFile.id)
        .subquery("newest")
    )
    frames = sa.cast(sa.func.round(newest.c.duration * frame_rate(project)), sa.Integer)
    of_project = [Entity.id == newest.c.entity_id, Entity.project_id == project.id, is_kind("Shot"), newest.c.duration.is_not(None)]
    if episode_id is not None:
        sequence = Entity.__table__.alias("sequence")
        of_project.append(Entity.parent_id.in_(sa.select(sequence.c.id).where(sequence.c.parent_id == episode_id)))
    change = sa.update(Entity).where(*of_project).values(nb_frames=frames, updated_at=utcnow())
    changed = tx.execute(change.returning(Entity.id, Entity.nb_frames).execution_options(synchronize_session=False))
    return [{"id": row.id, "nb_frames": row.nb_frames} for row in changed]
