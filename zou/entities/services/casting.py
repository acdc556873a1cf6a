"""Casting: which assets entities use. Rules: contract/rules/breakdown.md §2 and §3."""

import sqlalchemy as sa

from zou.entities.models import Entity, EntityLink
from zou.entities.queries.kinds import kind_of_row, type_named
from zou.entities.services.readiness import refresh_shots
from zou.platform import events
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Invalid


def replace(tx, entity, entries):
    """Give an entity this casting. `entries`: [{asset_id, nb_occurences, label}], the last one of an asset counts.

    Links are made anew, as clients that listen expect; those that were automatic stay so. Unknown assets are skipped. Emits
    entity-link:new, entity-link:update for an asset that is named again, asset:update and <kind>:casting-update.
    """
    lock(tx, entity)
    kind = kind_of_row(tx, entity)
    wanted = {str(entry["asset_id"]).lower(): entry for entry in entries}
    if not all(is_uuid(id) for id in wanted):
        raise Invalid("An asset_id is not a valid UUID.")
    before = tx.execute(sa.select(EntityLink.entity_out_id, EntityLink.data).where(EntityLink.entity_in_id == entity.id)).all()
    data = {str(id): marks for id, marks in before}
    added, removed = sorted(wanted.keys() - data.keys()), sorted(data.keys() - wanted.keys())
    if kind == "Episode" and removed:
        drop_from_shots(tx, entity, removed)
    known = {str(id) for id in tx.scalars(sa.select(Entity.id).where(Entity.id.in_(wanted)))} if wanted else set()
    tx.execute(sa.delete(EntityLink).where(EntityLink.entity_in_id == entity.id).execution_options(synchronize_session="evaluate"))
    made = {}
    for entry in entries:
        id = str(entry["asset_id"]).lower()
        if id in made:
            rewrite(tx, entity, made[id], entry["nb_occurences"], entry.get("label"))
        elif id in known:
            made[id] = create(tx, entity, id, entry["nb_occurences"], entry.get("label"), data.get(id))
    tell_assets(tx, entity, kind, [str(entry["asset_id"]).lower() for entry in entries])
    settle(tx, entity, kind, [id for id in added if id in known], removed, added)


def cast(tx, entity, asset_id, nb_occurences, label):
    """Cast one asset in an entity, or change how often; 0 takes it out. What is None stays as it is."""
    lock(tx, entity)
    kind = kind_of_row(tx, entity)
    link = tx.scalar(sa.select(EntityLink).where(EntityLink.entity_in_id == entity.id, EntityLink.entity_out_id == asset_id))
    if nb_occurences == 0:
        if link is None:
            return
        if kind == "Episode":
            drop_from_shots(tx, entity, [str(asset_id)])
        remove_link(tx, entity, kind, link)
        return
    if link is None:
        create(tx, entity, asset_id, 1 if nb_occurences is None else nb_occurences, label)
    else:
        change(tx, entity, link, link.nb_occurences if nb_occurences is None else nb_occurences, link.label if label is None else label)
    tx.flush()
    new = [str(asset_id)] if link is None else []
    tell_assets(tx, entity, kind, [asset_id])
    settle(tx, entity, kind, new, [])


def remove_link(tx, entity, kind, link):
    """Remove one link and settle what follows."""
    tx.delete(link)
    tx.flush()
    settle(tx, entity, kind, [], [str(link.entity_out_id)])


def lock(tx, entity):
    """Let two people who cast the same entity wait for each other."""
    tx.execute(sa.select(Entity.id).where(Entity.id == entity.id).with_for_update(key_share=True))


def times(value):
    """How often an asset is used, as a whole number; null is once. Raises Invalid for what is no number."""
    if value is None:
        return 1
    try:
        return round(float(value))
    except (TypeError, ValueError, OverflowError):
        raise Invalid("nb_occurences must be a number.") from None


def create(tx, entity, asset_id, sent, label, data=None):
    """A new link, which is returned. `sent`: a number, its text, or null for once. Emits entity-link:new, which says it as it was sent."""
    link = EntityLink(entity_in_id=entity.id, entity_out_id=asset_id, nb_occurences=times(sent), label=label or "", data=data)
    tx.add(link)
    tx.flush()
    told = {"entity_link_id": link.id, "entity_in_id": entity.id, "entity_out_id": asset_id, "nb_occurences": sent}
    events.emit(tx, "entity-link:new", told, project_id=entity.project_id)
    return link


def rewrite(tx, entity, link, sent, label):
    """Write a link anew. Emits entity-link:update, which says how often as the client wrote it."""
    link.nb_occurences, link.label = times(sent), label or ""
    events.emit(tx, "entity-link:update", {"entity_link_id": link.id, "nb_occurences": sent}, project_id=entity.project_id)


def tell_assets(tx, entity, kind, asset_ids):
    """Tell of each asset that an episode casts that it changed: the episodes of an asset are a part of it. Emits asset:update."""
    for id in asset_ids if kind == "Episode" else ():
        events.emit(tx, "asset:update", {"asset_id": id}, project_id=entity.project_id)


def change(tx, entity, link, nb_occurences, label):
    """Change a link when there is something to change. Emits entity-link:update then."""
    label = label or ""
    if link.nb_occurences == nb_occurences and (link.label or "") == label:
        return
    link.nb_occurences, link.label = nb_occurences, label
    data = {"entity_link_id": link.id, "nb_occurences": nb_occurences}
    events.emit(tx, "entity-link:update", data, project_id=entity.project_id)


def settle(tx, entity, kind, entered, left, added=None):
    """What follows from a changed casting: the episode of a shot, counts, readiness, the event of the casting."""
    episode = episode_of(tx, entity) if kind == "Shot" else None
    if episode is not None:
        for asset_id in entered:
            enter_episode(tx, entity, episode, asset_id)
    count(tx, entity)
    if kind == "Shot":
        refresh_shots(tx, [entity.id])
    slug = kind.lower() if kind in ("Shot", "Episode") else "asset"
    data = {
        f"{slug}_id": entity.id, "nb_entities_out": entity.nb_entities_out,
        "added_asset_ids": entered if added is None else added, "removed_asset_ids": left,
    }  # fmt: skip
    events.emit(tx, f"{slug}:casting-update", data, project_id=entity.project_id)
    if episode is not None:
        for asset_id in left:
            leave_episode(tx, episode, asset_id)


def count(tx, entity):
    """Store how many assets that are not canceled an entity uses."""
    asset = Entity.__table__.alias("cast_asset")
    live = sa.select(sa.func.count()).select_from(EntityLink).join(asset, asset.c.id == EntityLink.entity_out_id)
    entity.nb_entities_out = tx.scalar(live.where(EntityLink.entity_in_id == entity.id, asset.c.canceled.is_not(True)))
    tx.flush()


def episode_of(tx, shot):
    """The episode above the sequence of a shot, locked, since shots cast their assets in it; or None."""
    sequence, episode = Entity.__table__.alias("sequence"), sa.orm.aliased(Entity)
    statement = sa.select(episode).join(sequence, sequence.c.parent_id == episode.id).where(sequence.c.id == shot.parent_id)
    locked = statement.with_for_update(key_share=True, of=episode).execution_options(populate_existing=True)
    return tx.scalar(locked) if shot.parent_id else None


def enter_episode(tx, shot, episode, asset_id):
    """Cast an asset of a shot in its episode too, marked as automatic. Emits asset:update."""
    found = sa.select(EntityLink.id).where(EntityLink.entity_in_id == episode.id, EntityLink.entity_out_id == asset_id)
    if tx.scalar(found) is not None:
        return
    label = tx.scalar(sa.select(EntityLink.label).where(EntityLink.entity_in_id == shot.id, EntityLink.entity_out_id == asset_id))
    tx.add(EntityLink(entity_in_id=episode.id, entity_out_id=asset_id, nb_occurences=1, label=label, data={"auto": True}))
    episode.nb_entities_out = (episode.nb_entities_out or 0) + 1
    tx.flush()
    events.emit(tx, "asset:update", {"asset_id": asset_id}, project_id=episode.project_id)


def leave_episode(tx, episode, asset_id):
    """Take an asset that no shot of the episode uses any more out of the episode, unless it was cast there by hand."""
    sequences = sa.select(Entity.id).where(Entity.parent_id == episode.id)
    shots = sa.select(Entity.id).where(Entity.parent_id.in_(sequences), Entity.entity_type_id == type_named("Shot"))
    if tx.scalar(sa.select(sa.exists().where(EntityLink.entity_in_id.in_(shots), EntityLink.entity_out_id == asset_id))):
        return
    link = tx.scalar(sa.select(EntityLink).where(EntityLink.entity_in_id == episode.id, EntityLink.entity_out_id == asset_id))
    if link is None or not (link.data or {}).get("auto"):
        return
    tx.delete(link)
    episode.nb_entities_out = max((episode.nb_entities_out or 0) - 1, 0)
    tx.flush()
    data = {"episode_id": episode.id, "nb_entities_out": episode.nb_entities_out, "added_asset_ids": [], "removed_asset_ids": [asset_id]}
    events.emit(tx, "episode:casting-update", data, project_id=episode.project_id)
    events.emit(tx, "asset:update", {"asset_id": asset_id}, project_id=episode.project_id)


def drop_from_shots(tx, episode, asset_ids):
    """Take assets out of every shot of an episode. Emits shot:casting-update for each shot that loses one."""
    sequences = sa.select(Entity.id).where(Entity.parent_id == episode.id)
    shots = sa.select(Entity.id).where(Entity.parent_id.in_(sequences), Entity.entity_type_id == type_named("Shot"))
    gone = sa.delete(EntityLink).where(EntityLink.entity_in_id.in_(shots), EntityLink.entity_out_id.in_(asset_ids))
    lost = {}
    statement = gone.returning(EntityLink.entity_in_id, EntityLink.entity_out_id).execution_options(synchronize_session=False)
    for shot_id, asset_id in tx.execute(statement).all():
        lost.setdefault(shot_id, []).append(str(asset_id))
    for shot_id, ids in sorted(lost.items(), key=str):
        shot = tx.get(Entity, shot_id)
        count(tx, shot)
        data = {"shot_id": shot.id, "nb_entities_out": shot.nb_entities_out, "added_asset_ids": [], "removed_asset_ids": sorted(ids)}
        events.emit(tx, "shot:casting-update", data, project_id=shot.project_id)
    refresh_shots(tx, list(lost))
