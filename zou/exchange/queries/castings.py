"""What is cast where, for spreadsheets that can be imported again. Columns: contract/rules/exports.md §4."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from zou.entities.models import Entity, EntityLink, EntityType
from zou.entities.queries.kinds import type_named
from zou.exchange.queries import FROM_CURSOR

HEADER = ["Parent", "Name", "Asset Type", "Asset", "Occurences", "Label"]
MAIN_PACK = "MP"

asset, asset_type = aliased(Entity), aliased(EntityType)
target, target_type = aliased(Entity), aliased(EntityType)
parent, episode = aliased(Entity), aliased(Entity)


def table(tx, project, episode_id=None, of_shots=False):
    """Yield the lines of the export, the header first. `episode_id`: an id, `main`, `all` or None."""
    has_episodes = project.production_type == "tvshow" and episode_id != "all"
    yield [*(["Episode"] if has_episodes else []), *HEADER]
    for statement in statements(project, episode_id, of_shots):
        for row in tx.execute(statement, execution_options=FROM_CURSOR):
            yield list(row) if has_episodes else list(row)[1:]


def statements(project, episode_id, of_shots):
    """The selects whose rows follow each other in the export; the first column of each is the episode."""
    is_show = project.production_type == "tvshow"
    if episode_id == "main":
        return [main_pack(project)]
    if episode_id == "all":
        of_episodes = [target.entity_type_id == type_named("Episode")]
        return [links(project, target.name, sa.literal("Episode", sa.Text), target.name, of_episodes)]
    if of_shots:
        shots = links(project, episode.name, parent.name, target.name, [target.entity_type_id == type_named("Shot")])
        shots = shots.outerjoin(parent, parent.id == target.parent_id).outerjoin(episode, episode.id == parent.parent_id)
        return [shots.where(episode.id == episode_id) if is_show and episode_id else shots]
    is_asset = [target_type.name.not_in(("Shot", "Episode"))]
    assets = links(project, episode.name, target_type.name, target.name, is_asset).outerjoin(episode, episode.id == target.source_id)
    if not is_show:
        return [assets]
    return [assets.where(episode.id == episode_id if episode_id else target.source_id.is_not(None)), main_pack(project)]


def main_pack(project):
    """What is cast in assets of no episode."""
    of_nobody = [target_type.name.not_in(("Shot", "Episode")), target.source_id.is_(None)]
    return links(project, sa.literal(MAIN_PACK, sa.Text), target_type.name, target.name, of_nobody)


def links(project, first, group, name, conditions):
    """Select of (episode, parent, name, asset type, asset, occurrences, label), by all but the last two."""
    columns = [first.label("episode"), group.label("parent"), name.label("name"), asset_type.name.label("type"), asset.name.label("asset")]
    return (
        sa.select(*columns, EntityLink.nb_occurences, EntityLink.label)
        .select_from(EntityLink)
        .join(target, target.id == EntityLink.entity_in_id)
        .join(target_type, target_type.id == target.entity_type_id)
        .join(asset, asset.id == EntityLink.entity_out_id)
        .join(asset_type, asset_type.id == asset.entity_type_id)
        .where(target.project_id == project.id, *conditions)
        .order_by(*[sa.nulls_first(sa.literal_column(str(n))) for n in range(1, len(columns) + 1)])
    )
