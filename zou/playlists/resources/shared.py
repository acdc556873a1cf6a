"""Shared pages: what people without account read and write with the token of a link. Rules: contract/rules/playlists.md §6 and §7.

The token is judged before anything else, so that a link that is not good tells nothing of what it was about.
"""

from flask import request

from zou.comments.resources.posting import sent_files
from zou.comments.schemas import CommentOfAuthorSchema
from zou.people.schemas import PersonSafeSchema
from zou.platform.http import Json, Resource, asks, body, permission, public, returns, takes
from zou.platform.http.resource import dump
from zou.platform.http.shapes import ID, TEXT, upload
from zou.playlists.answers import SHARED_CONTEXT, SHARED_PLAYLIST
from zou.playlists.bodies import GuestAnnotationsBody, GuestBody, GuestCommentBody, GuestCommentChangeBody, NewGuestSchema
from zou.playlists.queries import shared
from zou.playlists.schemas import GuestCommentSchema, GuestSchema, SharedCommentSchema
from zou.playlists.services import guests, links
from zou.previews.schemas import PreviewFileSchema

PASSWORD_HEADER = "X-Share-Password"


class SharedResource(Resource):
    """A route of a shared page: `self.link` and `self.playlist` are those of the token in the path.

    The password of a link comes as `password` in the query string, or in a header where one does not want it in logs.
    """

    locks_link = False

    def judge(self, route):
        password = request.args.get("password") or header_text(PASSWORD_HEADER)
        self.link, self.playlist = links.open_page(self.tx, request.view_args["token"], password, self.locks_link)
        return ()


def header_text(name):
    """The text of a header that was sent in UTF-8, which WSGI hands on as if it were Latin-1; None without it."""
    value = request.headers.get(name)
    try:
        return value and value.encode("latin-1").decode()
    except UnicodeError:
        return value


class SharedPlaylistResource(SharedResource):
    """The page itself."""

    @permission(public)
    @asks(password=TEXT)
    @returns(SHARED_PLAYLIST)
    def get(self, token):
        """The shared playlist, with the preview that each entry shows."""
        return shared.of_page(self.tx, self.playlist)


class SharedContextResource(SharedResource):
    """What the page needs besides."""

    @permission(public)
    @asks(password=TEXT)
    @returns(SHARED_CONTEXT)
    def get(self, token):
        """The production of a shared playlist, its task types and statuses."""
        return shared.context(self.tx, self.playlist)


class GuestResource(SharedResource):
    """Who looks at the page."""

    locks_link = True

    @permission(public)
    @body(NewGuestSchema)
    @returns(GuestSchema, status=201, others={200: PersonSafeSchema})
    def post(self, token, body):
        """Enter as a guest: as the one that this browser was, else by name."""
        guest, is_known = guests.enter(self.tx, self.link, **body)
        schema = PersonSafeSchema if is_known else GuestSchema
        response = dump({}, 200 if is_known else 201)
        response.set_data(self.project(schema, guest, relations=is_known))
        return response


class SharedCommentsResource(SharedResource):
    """Comments on the page."""

    @permission(public)
    @asks(password=TEXT)
    @returns(SharedCommentSchema, many=True)
    def get(self, token):
        """Comments on what the page shows: those for clients and those of guests."""
        return Json(shared.comments(self.tx, self.playlist))

    @permission(public)
    @body(GuestCommentBody)
    @returns(CommentOfAuthorSchema, status=201, relations=True)
    def post(self, token, body):
        """Post a comment as a guest."""
        return guests.comment(self.tx, self.link, self.playlist, body)


class SharedCommentResource(SharedResource):
    """A comment of a guest."""

    @permission(public)
    @body(GuestCommentChangeBody)
    @returns(GuestCommentSchema, relations=True)
    def put(self, token, comment_id, body):
        """Change one's own comment; what is left out stays."""
        return guests.change(self.tx, self.link, self.playlist, comment_id, body)

    @permission(public)
    @body(GuestBody)
    @returns(status=204)
    def delete(self, token, comment_id, body):
        """Remove one's own comment."""
        guests.remove(self.tx, self.link, self.playlist, comment_id, body["guest_id"])


class SharedAttachmentsResource(SharedResource):
    """Files of a guest's comment."""

    @permission(public)
    @takes(upload(guest_id=ID), "multipart/form-data")
    @returns(GuestCommentSchema, status=201, relations=True)
    def post(self, token, comment_id):
        """Attach files to one's own comment."""
        guest_id = request.form.get("guest_id") or request.args.get("guest_id")
        return guests.attach(self.tx, self.link, self.playlist, comment_id, guest_id, sent_files())


class SharedAttachmentResource(SharedResource):
    """A file of a guest's comment."""

    @permission(public)
    @body(GuestBody)
    @returns(status=204)
    def delete(self, token, comment_id, attachment_file_id, body):
        """Remove a file of one's own comment."""
        guests.detach(self.tx, self.link, self.playlist, comment_id, body["guest_id"], attachment_file_id)


class SharedAnnotationsResource(SharedResource):
    """Drawings of guests."""

    @permission(public)
    @body(GuestAnnotationsBody)
    @returns(PreviewFileSchema)
    def put(self, token, body):
        """Add, replace and remove drawn objects of a preview that the page shows; those that others draw meanwhile stay."""
        return guests.draw(self.tx, self.link, self.playlist, body)
