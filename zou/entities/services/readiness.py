"""How many of the assets cast in a shot are ready for each of its tasks: contract/rules/breakdown.md §5."""

import sqlalchemy as sa

from zou.entities.models import Entity, EntityLink
from zou.entities.queries.kinds import type_named
from zou.people.rules import table
from zou.platform import events
from zou.productions.services.statuses import OPEN_NAMES


def refresh_shots_of(tx, asset_ids):
    """Recompute the shots that assets are cast in. Emits as `refresh_shots`."""
    shots = tx.scalars(
        sa.select(Entity.id)
        .join(EntityLink, EntityLink.entity_in_id == Entity.id)
        .where(EntityLink.entity_out_id.in_(asset_ids), Entity.entity_type_id == type_named("Shot"))
        .distinct()
    ).all()
    refresh_shots(tx, shots)


def refresh_shots(tx, shot_ids):
    """Recompute `nb_entities_out` of shots and `nb_assets_ready` of their tasks: three statements for any number of shots.

    Emits shot:casting-update where the number of assets was wrong, and task:update-casting-stats, which is not stored, for each task.
    """
    if not shot_ids:
        return
    tx.flush()
    # A statement of its own: what waits here for somebody else's change then counts with it.
    tx.execute(sa.select(Entity.id).where(Entity.id.in_(shot_ids)).order_by(Entity.id).with_for_update(key_share=True))
    for shot in tx.execute(correct_counts(shot_ids)):
        data = {"shot_id": shot.id, "nb_entities_out": shot.nb_entities_out, "added_asset_ids": [], "removed_asset_ids": []}
        events.emit(tx, "shot:casting-update", data, project_id=shot.project_id)
    for task in tx.execute(count_ready(shot_ids)):
        data = {"task_id": task.id, "nb_assets_ready": task.nb_assets_ready}
        events.emit(tx, "task:update-casting-stats", data, project_id=task.project_id, persist=False)


def correct_counts(shot_ids):
    """UPDATE ... RETURNING of the shots whose number of links to live assets is not the one stored."""
    shot, asset = Entity.__table__, Entity.__table__.alias("cast_asset")
    live = (
        sa.select(sa.func.count())
        .select_from(EntityLink)
        .join(asset, asset.c.id == EntityLink.entity_out_id)
        .where(EntityLink.entity_in_id == shot.c.id, asset.c.canceled.isnot(True))
        .correlate(shot)
        .scalar_subquery()
    )
    wrong = sa.and_(shot.c.id.in_(shot_ids), shot.c.nb_entities_out.is_distinct_from(live))
    return sa.update(shot).where(wrong).values(nb_entities_out=live).returning(shot.c.id, shot.c.nb_entities_out, shot.c.project_id)


def count_ready(shot_ids):
    """UPDATE ... RETURNING of the tasks of shots with the number of cast assets that are ready for each.

    An asset is ready up to its `ready_for`, in the order that the production gives its shot task types; an asset shared by another
    production is ready for all.
    """
    task, shot = table("task"), Entity.__table__.alias("shot")
    asset, link = Entity.__table__.alias("cast_asset"), EntityLink.__table__.alias("casting")
    own, ready = priorities("own"), priorities("ready")
    is_shared = sa.and_(asset.c.is_shared, asset.c.project_id != shot.c.project_id)
    position = sa.func.coalesce(sa.func.nullif(ready.c.priority, 0), -1)
    in_time = sa.and_(asset.c.ready_for.isnot(None), sa.func.coalesce(own.c.priority, 0) <= position)
    counted = (
        sa.select(sa.func.count())
        .select_from(link)
        .join(asset, asset.c.id == link.c.entity_out_id)
        .join(shot, shot.c.id == link.c.entity_in_id)
        .outerjoin(own, (own.c.task_type_id == task.c.task_type_id) & (own.c.project_id == shot.c.project_id))
        .outerjoin(ready, (ready.c.task_type_id == asset.c.ready_for) & (ready.c.project_id == shot.c.project_id))
        .where(link.c.entity_in_id == task.c.entity_id, asset.c.canceled.isnot(True), sa.or_(is_shared, in_time))
        .correlate(task)
        .scalar_subquery()
    )
    chosen = task.c.entity_id.in_(shot_ids)
    return sa.update(task).where(chosen).values(nb_assets_ready=counted).returning(task.c.id, task.c.nb_assets_ready, task.c.project_id)


def priorities(name):
    """Subquery: the order that productions give their shot task types."""
    link, task_type = table("project_task_type_link"), table("task_type")
    columns = sa.select(link.c.project_id, link.c.task_type_id, link.c.priority)
    return columns.join(task_type, task_type.c.id == link.c.task_type_id).where(task_type.c.for_entity == "Shot").subquery(name)


def open_shots(tx):
    """Ids of the shots of open productions."""
    project, status = table("project"), table("project_status")
    named_open = sa.select(status.c.id).where(status.c.name.in_(OPEN_NAMES))
    is_open = sa.exists().where(project.c.id == Entity.project_id, project.c.project_status_id.in_(named_open))
    return tx.scalars(sa.select(Entity.id).where(Entity.entity_type_id == type_named("Shot"), is_open).order_by(Entity.id)).all()
