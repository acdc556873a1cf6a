"""Castings: which assets an entity uses, as statements that yield JSON. Keys: contract/rules/breakdown.md §1.1."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.orm import aliased

from zou.entities.models import Entity, EntityLink, EntityType
from zou.entities.queries.criteria import Viewer, seen
from zou.entities.queries.kinds import is_kind
from zou.platform.db.prepared import prepared
from zou.platform.db.projection import aggregate

# Tables and not aliases of models: those would configure the mappers before later domains are there.
Asset = Entity.__table__.alias("asset")
AssetType = EntityType.__table__.alias("asset_type")
User = Entity.__table__.alias("user_entity")
Group = Entity.__table__.alias("sequence")

SHORT = {
    "asset_id": Asset.c.id,
    "asset_name": Asset.c.name,
    "asset_type_name": AssetType.c.name,
    "preview_file_id": Asset.c.preview_file_id,
    "nb_occurences": EntityLink.nb_occurences,
    "label": EntityLink.label,
}
SHARED = {"is_shared": Asset.c.is_shared, "project_id": Asset.c.project_id}
OF_ONE = {**SHORT, **SHARED, "ready_for": Asset.c.ready_for, "episode_id": Asset.c.source_id}
OF_EPISODES = {**SHORT, **SHARED, "name": Asset.c.name}
OF_SHOTS = {**OF_EPISODES, "sequence_name": Group.c.name}
OF_ASSETS = {**SHORT, "name": Asset.c.name}


def links(keys, *conditions):
    """Select of casting links with these keys, and `user_id`; canceled assets are left out."""
    return (
        sa.select(*[value.label(key) for key, value in keys.items()])
        .select_from(EntityLink)
        .join(Asset, Asset.c.id == EntityLink.entity_out_id)
        .join(AssetType, AssetType.c.id == Asset.c.entity_type_id)
        .where(Asset.c.canceled.is_not(True), *conditions)
    )


@prepared
def of_entity(entity_id):
    """Select of one text: the casting of one entity, by asset type and name."""
    return casting(entity_id)


@prepared
def seen_of_entity(actor, entity_id):
    """Select of one text: the same, of the assets that the actor reaches."""
    return casting(entity_id, *seen_in(Viewer(actor), Asset))


def casting(entity_id, *conditions):
    """Select of one text: the casting of one entity, by asset type and name. `conditions`: on links and assets, which narrow it."""
    return aggregate(links(OF_ONE, EntityLink.entity_in_id == entity_id, *conditions).order_by(AssetType.c.name, Asset.c.name))


def seen_in(viewer, alias):
    """Conditions: a vendor sees what holds a task of theirs. `alias`: of the table of entities."""

    class Source:
        id = alias.c.id

        @staticmethod
        def project_key():
            return alias.c.project_id

    return seen(viewer, Source)


def by_entity(keys, *conditions):
    """Select of texts `"entity id":casting` of the entities (`User`) that conditions choose; those without casting are absent."""
    statement = links(keys, *conditions).add_columns(User.c.id.label("user_id")).join(User, User.c.id == EntityLink.entity_in_id)
    order = [AssetType.c.name, Asset.c.name]
    if "sequence_name" in keys:
        statement = statement.join(Group, Group.c.id == User.c.parent_id)
        order = [Group.c.name, User.c.name, *order]
    item = sa.func.json_build_object(*[part for key, value in keys.items() for part in (sa.literal_column(f"'{key}'"), value)])
    casting = sa.func.json_agg(aggregate_order_by(item, *order)).label("casting")
    lists = statement.with_only_columns(User.c.id.label("user_id"), casting, maintain_column_froms=True).group_by(User.c.id)
    lists = lists.subquery("g")
    entry = sa.func.concat(sa.func.to_json(sa.cast(lists.c.user_id, sa.Text)), ":", lists.c.casting)
    return sa.select(entry).select_from(lists)


@prepared
def of_production(project_id):
    """The castings of everything in a production, by entity."""
    return by_entity(OF_EPISODES, User.c.project_id == project_id)


@prepared
def of_shots(project_id):
    """The castings of the shots of a production, by shot."""
    return by_entity(OF_SHOTS, User.c.project_id == project_id, is_kind("Shot", User.c))


@prepared
def of_sequence(sequence_id):
    """The castings of the shots of a sequence, by shot."""
    return by_entity(OF_SHOTS, User.c.parent_id == sequence_id, is_kind("Shot", User.c))


@prepared
def of_episode(episode_id):
    """The castings of the shots of an episode, by shot."""
    return by_entity(OF_SHOTS, Group.c.parent_id == episode_id, is_kind("Shot", User.c))


@prepared
def of_asset_type(project_id, asset_type_id):
    """The castings of the assets of a type in a production, by asset."""
    return by_entity(OF_ASSETS, User.c.project_id == project_id, User.c.entity_type_id == asset_type_id)


@prepared
def cast_in(actor, asset_id):
    """Select of one text: the shots that are not canceled, then the assets, that an asset is cast in, as far as the actor reaches them."""
    episode = aliased(Entity)
    of_asset = sa.select(EntityLink).where(EntityLink.entity_out_id == asset_id, *seen_in(Viewer(actor), User))
    shots = (
        of_asset.with_only_columns(
            User.c.id.label("shot_id"), User.c.name.label("shot_name"), Group.c.name.label("sequence_name"),
            sa.func.coalesce(sa.cast(episode.id, sa.Text), "None").label("episode_id"), episode.name.label("episode_name"),
            User.c.preview_file_id, EntityLink.nb_occurences,
        )
        .join(User, User.c.id == EntityLink.entity_in_id)
        .join(Group, Group.c.id == User.c.parent_id)
        .outerjoin(episode, episode.id == Group.c.parent_id)
        .where(is_kind("Shot", User.c), User.c.canceled.is_not(True))
        .order_by(episode.name, Group.c.name, User.c.name)
    )  # fmt: skip
    assets = (
        of_asset.with_only_columns(
            User.c.id.label("asset_id"), User.c.name.label("asset_name"), AssetType.c.name.label("asset_type_name"), User.c.preview_file_id,
            EntityLink.nb_occurences,
        )
        .join(User, User.c.id == EntityLink.entity_in_id)
        .join(AssetType, AssetType.c.id == User.c.entity_type_id)
        .where(is_kind("Asset", User.c))
        .order_by(AssetType.c.name, User.c.name)
    )  # fmt: skip
    first, second = (sa.cast(aggregate(part).scalar_subquery(), JSONB) for part in (shots, assets))
    return sa.select(sa.cast(first.op("||")(second), sa.Text))


__all__ = ["cast_in", "of_asset_type", "of_entity", "of_episode", "of_production", "of_sequence", "of_shots"]
