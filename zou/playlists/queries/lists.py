"""Lists of playlists and of their builds, as statements that yield JSON. Rules: contract/rules/playlists.md §2.2."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from zou.platform.db.payload import column_fields
from zou.platform.db.projection import aggregate_values, rows_of
from zou.platform.rules import as_sql
from zou.playlists.models import Playlist
from zou.playlists.rules import reads_playlist
from zou.playlists.schemas import PlaylistItemSchema

PAGE_LENGTH = 20
NEWEST_FIRST = ("created_at", "updated_at")
MAX_PAGE = 2**31


def of_project(project_id, actor, conditions, sort_by=None, page=1):
    """Select of one text: a page of the playlists of a production that the actor may read.

    `sort_by`: a column, upwards but for dates; any other text means newest change first. `conditions`: further ones.
    """
    visible = as_sql(reads_playlist.clause(Playlist, actor))
    found = sa.select(Playlist).where(Playlist.project_id == project_id, visible, *conditions).order_by(*order(sort_by))
    found = found.limit(PAGE_LENGTH).offset((min(page, MAX_PAGE) - 1) * PAGE_LENGTH)
    row = rows_of(PlaylistItemSchema, found, Playlist).add_columns(first_preview().label("first")).subquery("r")
    first = sa.func.jsonb_build_object("first_preview_file_id", row.c.first)
    whole = sa.func.to_jsonb(sa.literal_column("r")) - "first"
    return aggregate_values(
        sa.select(whole.op("||")(sa.case((row.c.first.is_not(None), first), else_=sa.text("'{}'::jsonb")))).select_from(row)
    )


def first_preview():
    """The preview of the first entry, as text, or null."""
    return sa.case((sa.func.jsonb_typeof(Playlist.shots) == "array", sa.cast(Playlist.shots, JSONB)[0]["preview_file_id"].astext))


def order(sort_by):
    """The columns to sort by, so that every page is the same each time."""
    if sort_by not in column_fields(Playlist):
        sort_by = "updated_at"
    column = getattr(Playlist, sort_by)
    return (column.desc() if sort_by in NEWEST_FIRST else column, Playlist.id)


def of_episode(episode_id):
    """Conditions: playlists of an episode, by its id; `main`: of the production itself, `all`: of all its episodes."""
    if episode_id in ("main", "all"):
        return [Playlist.episode_id.is_(None), sa.func.coalesce(Playlist.is_for_all, sa.false()) == sa.literal(episode_id == "all")]
    return [Playlist.episode_id == episode_id]


def made_of(for_entity):
    """Condition: playlists of one kind of entity; those of old rows are of shots."""
    return sa.func.coalesce(Playlist.for_entity, "shot") == for_entity
