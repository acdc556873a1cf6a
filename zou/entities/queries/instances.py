"""Asset instances, grouped by what they are in, as statements that yield JSON. Rules: contract/rules/breakdown.md §4."""

import sqlalchemy as sa

from zou.entities.models import AssetInstance, Entity, asset_instance_link
from zou.entities.schemas import AssetInstanceSchema
from zou.people.rules import reaches
from zou.platform.db.prepared import prepared
from zou.platform.db.projection import aggregate_by, select_list
from zou.platform.rules import as_sql

ORDER = (AssetInstance.asset_id, AssetInstance.number)


def instances(actor, group, *conditions):
    """Select of one text: {group: instances by asset and number}; a vendor sees those of assets that hold a task of theirs."""
    rows = sa.select(*select_list(AssetInstanceSchema, AssetInstance, relations=False), group.label("group"))
    return aggregate_by(rows.where(*conditions, as_sql(reaches.clause(AssetInstance, actor))), ORDER)


@prepared
def of_scene(actor, scene_id, type_id=None):
    """Select of one text: {asset id: instances of it in a scene}. `type_id`: only those of assets of this type."""
    conditions = [AssetInstance.scene_id == scene_id]
    if type_id is not None:
        conditions.append(AssetInstance.asset_id.in_(sa.select(Entity.id).where(Entity.entity_type_id == type_id)))
    return instances(actor, AssetInstance.asset_id, *conditions)


@prepared
def of_shot(actor, shot_id):
    """Select of one text: {asset id: instances of it that a shot shows}."""
    shown = sa.select(asset_instance_link.c.asset_instance_id).where(asset_instance_link.c.entity_id == shot_id)
    return instances(actor, AssetInstance.asset_id, AssetInstance.id.in_(shown))


@prepared
def by_scene(actor, asset_id):
    """Select of one text: {scene id: instances of an asset in it}; the key of those without scene is `None`."""
    key = sa.func.coalesce(sa.cast(AssetInstance.scene_id, sa.Text), "None")
    return instances(actor, key, AssetInstance.asset_id == asset_id)


@prepared
def by_shot(actor, asset_id):
    """Select of one text: {shot id: instances of an asset that it shows}."""
    link = asset_instance_link
    return instances(actor, link.c.entity_id, AssetInstance.asset_id == asset_id, link.c.asset_instance_id == AssetInstance.id)


@prepared
def in_asset(actor, asset_id):
    """Select of one text: {asset id: instances of it in another asset}."""
    return instances(actor, AssetInstance.asset_id, AssetInstance.target_asset_id == asset_id)
