"""Payloads of playlists. Keys: contract/rules/serialisation.md §1.1."""

from zou.platform.db.payload import RelatedIds, RowSchema
from zou.playlists.models import Playlist


class PlaylistSchema(RowSchema):
    """A list of previews to review together."""

    class Meta(RowSchema.Meta):
        model = Playlist

    build_jobs = RelatedIds()
