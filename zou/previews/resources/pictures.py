"""Pictures of previews: GET /pictures/<size>/preview-files/<id>.png and the originals."""

import sqlalchemy as sa

from zou import config
from zou.entities.models import Entity
from zou.people.rules import anyone, not_vendor, reads_entity
from zou.platform.errors import Invalid, NotFound
from zou.platform.http import Resource, permission, returns
from zou.platform.http.files import file_answer
from zou.platform.rules import rule
from zou.previews.models import PreviewFile
from zou.previews.resources.serving import locate, processing_answer, streamed
from zou.previews.services import extras, naming
from zou.previews.services.kinds import FILES, PICTURES, SHOWN
from zou.previews.services.movies import VERSIONS


@rule
def shows_shared_entity(source, actor):
    """the preview is the main one of an entity shared with other productions"""
    return sa.exists().where(Entity.preview_file_id == source.id, Entity.is_shared.is_(True))


sees_picture = reads_entity | (anyone & not_vendor & shows_shared_entity)


class PictureResource(Resource):
    """A kept size of a preview's picture."""

    prefix = "original"

    @permission(sees_picture, on=PreviewFile, key="instance_id")
    @returns(content="image/png")
    def get(self, preview):
        """The picture of a preview, in the size that the path names."""
        return self.picture(preview)

    def picture(self, preview):
        if preview.status == "processing":
            return processing_answer(preview)
        size_bytes = preview.file_size if self.prefix == "original" and preview.extension == "png" else None
        path = locate(self.tx, preview, "pictures", self.prefix, "png", size_bytes)
        return file_answer(path, "image/png", preview.updated_at)


class ThumbnailResource(PictureResource):
    """150 by 100."""

    prefix = "thumbnails"


class SquareThumbnailResource(PictureResource):
    """100 by 100."""

    prefix = "thumbnails-square"


class PreviewPictureResource(PictureResource):
    """1200 wide."""

    prefix = "previews"

    @permission(reads_entity, on=PreviewFile, key="instance_id")
    @returns(content="image/png")
    def get(self, preview):
        """The picture of a preview, 1200 pixels wide."""
        return self.picture(preview)


class TilesResource(PictureResource):
    """The small frames of a movie."""

    prefix = "tiles"

    @permission(reads_entity, on=PreviewFile, key="instance_id")
    @returns(content="image/png")
    def get(self, preview):
        """The sheet of small frames of a movie; with the job queue, a missing one is made for the next request."""
        try:
            return self.picture(preview)
        except NotFound:
            if preview.extension == "mp4" and config.value("ENABLE_JOB_QUEUE") and not extras.was_tried(self.tx, preview.id):
                extras.leave_tiles(self.tx, preview.id)
                self.tx.commit()  # the answer is a 404 all the same
            raise


class OriginalFileResource(Resource):
    """The original of a preview, by its extension."""

    @permission(reads_entity, on=PreviewFile, key="instance_id")
    @returns(content="application/octet-stream")
    def get(self, preview, extension):
        """The uploaded document of a preview."""
        return self.document(preview, extension)

    def document(self, preview, extension):
        extension = extension.lower()
        if extension not in FILES | SHOWN | PICTURES:
            raise Invalid(f"Extension not allowed: {extension}")
        if preview.status == "processing":
            return processing_answer(preview)
        path, mimetype, _ = original(self.tx, preview, extension)
        return file_answer(path, mimetype, preview.updated_at)


class OriginalDownloadResource(Resource):
    """The original of a preview, to keep."""

    @permission(reads_entity, on=PreviewFile, key="instance_id")
    @returns(content="application/octet-stream")
    def get(self, preview):
        """The file of a preview as an attachment."""
        return self.download(preview)

    def download(self, preview):
        if preview.status == "processing":
            return processing_answer(preview)
        path, mimetype, extension = original(self.tx, preview, preview.extension)
        return file_answer(path, mimetype, preview.updated_at, naming.download_name(self.tx, preview, extension))


def original(tx, preview, extension):
    """(path, media type, extension) of what a preview is, by an extension."""
    if extension == "png":
        size_bytes = preview.file_size if preview.extension == "png" else None
        return locate(tx, preview, "pictures", "original", "png", size_bytes), "image/png", "png"
    if extension == "mp4":
        return movie(tx, preview, ("previews", "lowdef", "source")), "video/mp4", "mp4"
    mimetype = "application/pdf" if extension == "pdf" else "application/octet-stream"
    return locate(tx, preview, "files", "previews", extension), mimetype, extension


def movie(tx, preview, order, find=None):
    """Path of the first version of a movie that is there, or what `find` returns for it; those that the row names come first."""
    known = [prefix for prefix in (preview.data or {}).get("movie_prefixes") or [] if prefix in VERSIONS]
    for prefix in sorted(order, key=lambda prefix: prefix not in known):
        try:
            return find(tx, preview, prefix) if find else locate(tx, preview, "movies", prefix, "mp4")
        except NotFound:
            continue
    raise NotFound()


def movie_answer(tx, preview, prefix):
    """A version of a movie, or the part of it that is asked for. Raises NotFound."""
    answer = streamed(tx, preview, prefix)
    return answer or file_answer(locate(tx, preview, "movies", prefix, "mp4"), "video/mp4", preview.updated_at)


class MovieResource(Resource):
    """A movie, in the best version."""

    order = ("previews", "lowdef", "source")

    @permission(reads_entity, on=PreviewFile, key="instance_id")
    @returns(content="video/mp4")
    def get(self, preview):
        """The movie of a preview; ranges are served."""
        return self.movie(preview)

    def movie(self, preview):
        if preview.status == "processing":
            return processing_answer(preview)
        return movie(self.tx, preview, self.order, movie_answer)


class LowMovieResource(MovieResource):
    """A movie, in the light version."""

    order = ("lowdef", "previews", "source")


class SourceMovieResource(Resource):
    """A movie as it was uploaded."""

    @permission(reads_entity, on=PreviewFile, key="instance_id")
    @returns(content="video/mp4")
    def get(self, preview):
        """The uploaded movie of a preview, where it was kept."""
        return movie_answer(self.tx, preview, "source")


class MovieDownloadResource(Resource):
    """A movie, to keep."""

    @permission(reads_entity, on=PreviewFile, key="instance_id")
    @returns(content="video/mp4")
    def get(self, preview):
        """The movie of a preview as an attachment."""
        if preview.status == "processing":
            return processing_answer(preview)
        path = movie(self.tx, preview, MovieResource.order)
        return file_answer(path, "video/mp4", preview.updated_at, naming.download_name(self.tx, preview, "mp4"))
