"""Playlists: what is reviewed together, its builds, and the links that share it."""

from zou.people.rules import not_vendor, supervises_or_manages
from zou.platform.http import Crud, Domain
from zou.playlists.models import Playlist
from zou.playlists.rules import changes_playlist, reads_playlist
from zou.playlists.schemas import PlaylistSchema
from zou.playlists.services import PlaylistRows

domain = Domain("playlists")
domain.crud(
    Crud(
        Playlist,
        PlaylistSchema,
        "playlists",
        lists=not_vendor,
        visible=reads_playlist,
        reads=reads_playlist,
        creates=supervises_or_manages,
        writes=changes_playlist,
        removes=changes_playlist,
        service=PlaylistRows,
    ),
)
