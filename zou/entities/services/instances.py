"""Asset instances: assets put into scenes, assets and shots. Rules: contract/rules/breakdown.md §4."""

import sqlalchemy as sa
from slugify import slugify
from sqlalchemy.dialects.postgresql import insert

from zou.entities.models import AssetInstance, Entity, asset_instance_link
from zou.entities.queries.kinds import is_kind
from zou.entities.services.creation import lock_name
from zou.platform import events
from zou.platform.errors import NotFound


def usable_asset(tx, project_id, asset_id):
    """An asset that a production may use: its own, or one that is shared. Raises NotFound."""
    usable = sa.or_(Entity.project_id == project_id, Entity.is_shared)
    asset = tx.scalar(sa.select(Entity).where(Entity.id == asset_id, is_kind("Asset"), usable))
    if asset is None:
        raise NotFound()
    return asset


def create_in_scene(tx, scene, asset_id, description):
    """Put an asset into a scene. Raises NotFound for an asset that the production cannot use. Emits asset_instance:new."""
    asset = usable_asset(tx, scene.project_id, asset_id)
    instance = create(tx, asset, description, scene_id=scene.id)
    data = {"scene_id": scene.id, "asset_id": asset.id, "asset_instance_id": instance.id}
    events.emit(tx, "asset_instance:new", data)
    return instance


def create_in_asset(tx, target, asset_id, description):
    """Put an asset into another one. Raises NotFound for an asset that the production cannot use. Emits asset_instance:new."""
    asset = usable_asset(tx, target.project_id, asset_id)
    instance = create(tx, asset, description, target_asset_id=target.id)
    data = {"asset_id": target.id, "asset_instantiated": asset.id, "asset_instance_id": instance.id}
    events.emit(tx, "asset_instance:new", data)
    return instance


def create(tx, asset, description, **place):
    """A new instance with the next number of its asset in its place: `scene_id` or `target_asset_id`."""
    (column, id), *_ = place.items()
    lock_name(tx, asset.id, "instance", id)
    mine = sa.select(sa.func.max(AssetInstance.number)).where(AssetInstance.asset_id == asset.id, getattr(AssetInstance, column) == id)
    number = (tx.scalar(mine) or 0) + 1
    suffix = f"_{number:04d}"
    name = slug(asset.name)[: 80 - len(suffix)] + suffix
    instance = AssetInstance(asset_id=asset.id, name=name, number=number, description=description, **place)
    tx.add(instance)
    tx.flush()
    return instance


def slug(name):
    """A name in plain letters and digits, with `_` between them; case is kept."""
    return slugify(name, separator="_", lowercase=False)


def show(tx, shot, instance_id):
    """Let a shot show an instance; twice is as good as once. Raises NotFound for one of another production.

    Emits asset_instance:add-to-shot when it is new.
    """
    instance = tx.get(AssetInstance, instance_id)
    if instance is None:
        raise NotFound()
    usable_asset(tx, shot.project_id, instance.asset_id)
    link = insert(asset_instance_link).values(entity_id=shot.id, asset_instance_id=instance.id)
    if tx.execute(link.on_conflict_do_nothing()).rowcount:
        events.emit(tx, "asset_instance:add-to-shot", {"shot_id": shot.id, "asset_instance_id": instance.id})


def hide(tx, shot, instance_id):
    """Take an instance out of a shot; one that is not there stays out. Raises NotFound without such an instance.

    Emits asset_instance:remove-from-shot when it was there.
    """
    if tx.get(AssetInstance, instance_id) is None:
        raise NotFound()
    link = asset_instance_link
    gone = tx.execute(sa.delete(link).where(link.c.entity_id == shot.id, link.c.asset_instance_id == instance_id))
    if gone.rowcount:
        events.emit(tx, "asset_instance:remove-from-shot", {"shot_id": shot.id, "asset_instance_id": instance_id})
