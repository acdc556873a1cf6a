"""The files of a shared page: those of the previews that it shows, of their comments, and the pictures of who wrote these."""

from zou.comments.resources.threads import INLINE
from zou.people.models import Person
from zou.people.rules import anyone
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Denied, Invalid, NotFound
from zou.platform.http import permission, public, returns
from zou.platform.http.files import file_answer
from zou.platform.storage import store
from zou.playlists.queries import shared
from zou.playlists.resources.shared import SharedResource
from zou.playlists.services import guests
from zou.previews.models import PreviewFile
from zou.previews.resources import pictures
from zou.previews.resources.serving import locate, processing_answer
from zou.previews.schemas import PreviewFileSchema
from zou.previews.services import naming
from zou.previews.services.uploads import FILES, PICTURES


class SharedPreviewRoute(SharedResource):
    """What the routes about one preview share."""

    def preview_of(self, preview_file_id):
        """The preview of that id. Raises NotFound, and Denied for one that the page does not show."""
        preview = self.fetch(PreviewFile, preview_file_id, anyone)
        if not shared.shows_preview(self.tx, self.playlist, preview):
            raise Denied()
        return preview


class SharedPreviewResource(SharedPreviewRoute):
    """The row of a preview."""

    @permission(public)
    @returns(PreviewFileSchema)
    def get(self, token, preview_file_id):
        """A preview that the page shows."""
        return self.preview_of(preview_file_id)


class SharedPictureResource(SharedPreviewRoute):
    """The picture of a preview."""

    prefix = "original"

    @permission(public)
    @returns(content="image/png")
    def get(self, token, preview_file_id):
        """The picture of a preview that the page shows, in the size that the path names."""
        preview = self.preview_of(preview_file_id)
        if preview.status == "processing":
            return processing_answer(preview)
        size_bytes = preview.file_size if self.prefix == "original" and preview.extension == "png" else None
        path = locate(self.tx, preview, "pictures", self.prefix, "png", size_bytes)
        return file_answer(path, "image/png", preview.updated_at)


class SharedThumbnailResource(SharedPictureResource):
    """150 by 100."""

    prefix = "thumbnails"


class SharedTilesResource(SharedPictureResource):
    """The small frames of a movie."""

    prefix = "tiles"


class SharedOriginalResource(SharedPreviewRoute):
    """The original of a preview."""

    @permission(public)
    @returns(content="application/octet-stream")
    def get(self, token, preview_file_id, extension):
        """The uploaded document of a preview that the page shows."""
        preview = self.preview_of(preview_file_id)
        extension = extension.lower()
        if extension not in FILES | PICTURES:
            raise Invalid(f"Extension not allowed: {extension}")
        if preview.status == "processing":
            return processing_answer(preview)
        path, mimetype, _ = pictures.original(self.tx, preview, extension)
        return file_answer(path, mimetype, preview.updated_at)


class SharedMovieResource(SharedPreviewRoute):
    """The movie of a preview."""

    @permission(public)
    @returns(content="video/mp4")
    def get(self, token, preview_file_id):
        """The movie of a preview that the page shows; ranges are served."""
        preview = self.preview_of(preview_file_id)
        if preview.status == "processing":
            return processing_answer(preview)
        return file_answer(pictures.movie(self.tx, preview, pictures.MovieResource.order), "video/mp4", preview.updated_at)


class SharedDownloadResource(SharedPreviewRoute):
    """The file of a preview, to keep."""

    @permission(public)
    @returns(content="application/octet-stream")
    def get(self, token, preview_file_id):
        """The file of a preview that the page shows, as an attachment."""
        preview = self.preview_of(preview_file_id)
        if preview.status == "processing":
            return processing_answer(preview)
        path, mimetype, extension = pictures.original(self.tx, preview, preview.extension)
        return file_answer(path, mimetype, preview.updated_at, naming.download_name(self.tx, preview, extension))


class SharedPersonResource(SharedResource):
    """The picture of a person."""

    @permission(public)
    @returns(content="image/png")
    def get(self, token, person_id):
        """The picture of somebody who wrote a comment or reply that the page shows."""
        person = self.fetch(Person, person_id, anyone)
        if not person.has_avatar or not shared.shows_person(self.tx, self.playlist, person.id):
            raise NotFound()
        try:
            path = store().local_path("pictures", "thumbnails", person.id, "png")
        except FileNotFoundError:
            raise NotFound() from None
        return file_answer(path, "image/png", person.updated_at)


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
