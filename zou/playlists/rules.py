"""Permission rules of playlists. Source: contract/rules/playlists.md §2.1."""

import sqlalchemy as sa

from zou.people.rules import admin, in_team, is_client_of, is_vendor_of, manages, member, supervises
from zou.platform.rules import rule


@rule
def is_for_client(source, actor):
    """the playlist is for clients"""
    return source.for_client.is_(sa.true())


@rule
def is_own_or_nobodys(source, actor):
    """creator of the playlist, or nobody is"""
    return sa.or_(source.created_by.is_(None), source.created_by == actor.id)


reads_playlist = admin | (in_team & ~is_vendor_of & (~is_client_of | is_for_client))
"""`check_playlist_read_access` of the contract, and what lists show."""

changes_playlist = manages | (supervises & is_own_or_nobodys)
"""`check_playlist_update_access` of the contract."""

as_its_client = in_team & is_client_of & is_for_client
"""A client of the production, and the playlist is for clients."""

downloads_playlist = manages | supervises | as_its_client
"""Who takes the files of a playlist away, or a movie made of them."""

sees_builds = manages | as_its_client
"""Who sees how the making of a movie goes."""

lists_playlists = member & ~is_vendor_of
"""Who lists the playlists of a production; which of them is said by `reads_playlist`."""
