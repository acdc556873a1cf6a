"""The file of a preview background and its thumbnail. Rules: contract/rules/previews.md §9."""

from flask import jsonify, request

from zou.people.rules import admin, anyone
from zou.platform.errors import Invalid, NotFound
from zou.platform.http import Resource, permission, returns, takes
from zou.platform.http.files import file_answer
from zou.platform.http.shapes import upload
from zou.platform.storage import store
from zou.previews.models import PreviewBackgroundFile
from zou.previews.schemas import PreviewBackgroundFileSchema
from zou.previews.services import backgrounds
from zou.previews.services.uploads import split_name

USE_OTHER_PATH = "Upload preview backgrounds on the url without thumbnails: /pictures/preview-background-files/<id>."


class PreviewBackgroundUploadResource(Resource):
    """The file of a background."""

    @permission(admin, on=PreviewBackgroundFile, key="instance_id", lock=True)
    @takes(upload(), "multipart/form-data")
    @returns(PreviewBackgroundFileSchema, status=201)
    def post(self, background):
        """Upload the Radiance picture of a background, in the multipart field `file`; it may have had one before."""
        sent = request.files.get("file")
        if sent is None:
            raise Invalid("File not provided.")
        _, extension = split_name(sent.filename)
        if extension != backgrounds.EXTENSION:
            return self.refuse(background, f"Wrong file format, extension: {extension}")
        try:
            backgrounds.keep(self.tx, background, sent.filename, sent.stream)
        except Invalid as error:
            return self.refuse(background, error.message)
        return background

    def refuse(self, background, message):
        """A 400 that is committed: as with previews, the row of a file that is not taken goes, see PreviewFileUploadResource."""
        backgrounds.forget(self.tx, background)
        response = jsonify({"error": True, "message": message, "data": None})
        response.status_code = 400
        return response


class PreviewBackgroundFileResource(Resource):
    """A background as it was uploaded."""

    @permission(anyone, on=PreviewBackgroundFile, key="instance_id")
    @returns(content="image/vnd.radiance")
    def get(self, background, extension):
        """The Radiance picture of a background."""
        if not background.extension or extension.lower() != background.extension:
            raise NotFound()
        path = stored(background, "preview-backgrounds", background.extension, background.file_size)
        name = f"{background.original_name or background.name}.{background.extension}"
        return file_answer(path, "image/vnd.radiance", background.updated_at, shown_as=name)


class PreviewBackgroundThumbnailResource(Resource):
    """The thumbnail of a background."""

    @permission(anyone, on=PreviewBackgroundFile, key="instance_id")
    @returns(content="image/png")
    def get(self, background):
        """The thumbnail of a background, 300 by 200."""
        return file_answer(stored(background, "thumbnails", "png"), "image/png", background.updated_at)

    @permission(anyone)
    @returns(status=405)
    def post(self, instance_id):
        """Refused: the thumbnail is made of the file of the background."""
        response = jsonify({"error": True, "message": USE_OTHER_PATH})
        response.status_code = 405
        return response


def stored(background, prefix, extension, size_bytes=None):
    """Path of a file of a background on this machine. Raises NotFound, also for one of another size than its row says."""
    try:
        path = store().local_path("pictures", prefix, background.id, extension, size_bytes)
    except FileNotFoundError:
        raise NotFound() from None
    if size_bytes and path.stat().st_size != size_bytes:
        raise NotFound()
    return path
