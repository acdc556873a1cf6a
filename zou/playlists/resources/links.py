"""Share links of a playlist, as their managers see them, and the notice to clients."""

import sqlalchemy as sa

from zou.people.rules import manages
from zou.platform.http import Resource, body, permission, returns
from zou.playlists.answers import INVITED, NOTIFIED
from zou.playlists.bodies import AudienceSchema, InvitationSchema, NewLinkSchema
from zou.playlists.models import Playlist, PlaylistShareLink
from zou.playlists.schemas import PlaylistShareLinkSchema
from zou.playlists.services import invitations, links


class ShareLinksResource(Resource):
    """The share links of a playlist."""

    @permission(manages, on=Playlist)
    @returns(PlaylistShareLinkSchema, many=True)
    def get(self, playlist):
        """The share links of a playlist that were not revoked."""
        link = PlaylistShareLink
        found = sa.select(link).where(link.playlist_id == playlist.id, link.is_active.is_(True))
        return found.order_by(link.created_at, link.id)

    @permission(manages, on=Playlist)
    @body(NewLinkSchema)
    @returns(PlaylistShareLinkSchema, status=201)
    def post(self, playlist, body):
        """Make a share link."""
        return links.create(self.tx, self.actor, playlist, **body)


class ShareLinkResource(Resource):
    """One share link."""

    @permission(manages, on=Playlist, lock=False)
    @returns(PlaylistShareLinkSchema)
    def delete(self, playlist, token):
        """Revoke a share link."""
        return links.revoke(self.tx, playlist, token)


class InvitationsResource(Resource):
    """Invitations to a shared page."""

    @permission(manages, on=Playlist)
    @body(InvitationSchema)
    @returns(INVITED)
    def post(self, playlist, token, body):
        """Write to people about a share link; answers the addresses written to."""
        return {"sent": invitations.invite(self.tx, self.actor, playlist, token, **body)}


class NotifyClientsResource(Resource):
    """A notice to clients."""

    @permission(manages, on=Playlist)
    @body(AudienceSchema)
    @returns(NOTIFIED)
    def post(self, playlist, body):
        """Tell the clients of the production that a playlist is ready."""
        invitations.notify_clients(self.tx, self.actor, playlist, body["studio_id"], body["department_id"])
        return {"status": "success"}
