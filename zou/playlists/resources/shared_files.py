"""The files of a shared page: those of the previews that it shows, of their comments, and the pictures of who wrote these."""

from zou.comments.resources.threads import INLINE
from zou.people.models import Person
from zou.people.rules import anyone
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Denied, NotFound
from zou.platform.http import permission, public, returns
from zou.platform.http.files import file_answer
from zou.platform.storage import store
from zou.playlists.queries import shared
from zou.playlists.resources.shared import SharedResource
from zou.playlists.services import guests
from zou.previews.models import PreviewFile
from zou.previews.resources import pictures
from zou.previews.resources.avatars import AvatarResource
from zou.previews.schemas import PreviewFileSchema


class SharedPreviewRoute(SharedResource):
    """What the routes about one preview share."""

    def preview_of(self, preview_file_id):
        """The preview of that id. Raises NotFound, and Denied for one that the page does not show."""
        preview = self.fetch(PreviewFile, preview_file_id, anyone)
        if not shared.shows_preview(self.tx, self.playlist, preview):
            raise Denied("Preview not part of this shared playlist")
        return preview


class SharedPreviewResource(SharedPreviewRoute):
    """The row of a preview."""

    @permission(public)
    @returns(PreviewFileSchema)
    def get(self, token, preview_file_id):
        """A preview that the page shows."""
        return self.preview_of(preview_file_id)


class SharedPictureResource(SharedPreviewRoute, pictures.PictureResource):
    """The picture of a preview."""

    @permission(public)
    @returns(content="image/png")
    def get(self, token, preview_file_id):
        """The picture of a preview that the page shows, in the size that the path names."""
        return self.picture(self.preview_of(preview_file_id))


class SharedThumbnailResource(SharedPictureResource):
    """150 by 100."""

    prefix = "thumbnails"


class SharedTilesResource(SharedPictureResource):
    """The small frames of a movie."""

    prefix = "tiles"


class SharedOriginalResource(SharedPreviewRoute, pictures.OriginalFileResource):
    """The original of a preview."""

    @permission(public)
    @returns(content="application/octet-stream")
    def get(self, token, preview_file_id, extension):
        """The uploaded document of a preview that the page shows."""
        return self.document(self.preview_of(preview_file_id), extension)


class SharedMovieResource(SharedPreviewRoute, pictures.MovieResource):
    """The movie of a preview."""

    @permission(public)
    @returns(content="video/mp4")
    def get(self, token, preview_file_id):
        """The movie of a preview that the page shows; ranges are served."""
        return self.movie(self.preview_of(preview_file_id))


class SharedDownloadResource(SharedPreviewRoute, pictures.OriginalDownloadResource):
    """The file of a preview, to keep."""

    @permission(public)
    @returns(content="application/octet-stream")
    def get(self, token, preview_file_id):
        """The file of a preview that the page shows, as an attachment."""
        return self.download(self.preview_of(preview_file_id))


class SharedPersonResource(SharedResource, AvatarResource):
    """The picture of a person."""

    @permission(public)
    @returns(content="image/png")
    def get(self, token, person_id):
        """The picture of somebody who wrote a comment or reply that the page shows."""
        person = self.fetch(Person, person_id, anyone)
        if not shared.shows_person(self.tx, self.playlist, person.id):
            raise NotFound()
        return self.show(person)


class SharedAttachmentFileResource(SharedResource):
    """A file of a comment."""

    @permission(public)
    @returns(content="application/octet-stream")
    def get(self, token, attachment_file_id, file_name):
        """A file attached to a comment that the page shows."""
        found = shared.attachment(self.tx, self.playlist, attachment_file_id) if is_uuid(attachment_file_id) else None
        if found is None:
            raise guests.refusal(NotFound, "Attachment not found")
        try:
            path = store().local_path("files", "attachments", found.id, found.extension or "", found.size)
        except FileNotFoundError:
            raise guests.refusal(NotFound, "Attachment not found") from None
        mimetype = found.mimetype or "application/octet-stream"
        return file_answer(path, mimetype, found.updated_at, download_as=None if mimetype in INLINE else found.name)
