"""The history of a shot's frames and name: contract/rules/entities.md §8."""

from datetime import timedelta

import sqlalchemy as sa

from zou.entities.models import EntityVersion

SAME_EDIT, SAME_SESSION = timedelta(seconds=60), timedelta(seconds=300)
"""How long after its last change, and after its creation, a version still takes further changes of the same person."""


def keep(tx, actor, shot, name, data):
    """Write the version that a change of a shot makes, if its frames or its name changed. `name`, `data`: those before the change."""
    before, after = frames(data), frames(shot.data)
    if before == after and name == shot.name:
        return
    latest = tx.scalar(
        sa.select(EntityVersion).where(EntityVersion.entity_id == shot.id).order_by(EntityVersion.created_at.desc()).limit(1)
    )
    if latest is not None and continues(latest, actor, shot, name, before, after):
        latest.data = shot.data
    else:
        tx.add(EntityVersion(entity_id=shot.id, person_id=actor.id, name=name, data=shot.data))
    tx.flush()


def continues(version, actor, shot, name, before, after):
    """Whether a change belongs to the version that is already there: the same person, shortly after, and nothing else in between."""
    stored = frames(version.data)
    now = shot.updated_at.replace(microsecond=0)
    return (
        str(version.person_id) == str(actor.id)
        and not (before != after and version.name != name)
        and all(old != new or old == kept for old, new, kept in zip(before, after, stored, strict=True))
        and now - version.updated_at.replace(microsecond=0) <= SAME_EDIT
        and now - version.created_at.replace(microsecond=0) <= SAME_SESSION
    )


def frames(data):
    """(first, last) frame of an entity's data; absent ones count as 0."""
    data = data or {}
    return data.get("frame_in") or 0, data.get("frame_out") or 0
