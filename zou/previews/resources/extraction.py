"""Stills of previews: GET /actions/preview-files/<id>/extract-... Rules: contract/rules/previews.md §7."""

from zou.people.rules import manages, task_access
from zou.platform.http import Resource, permission, query, returns
from zou.platform.http.files import file_answer, made_answer
from zou.previews.models import PreviewFile
from zou.previews.schemas import AnnotatedFrameQuery, FrameQuery
from zou.previews.services import extraction, naming


def base_name(tx, preview):
    """The name of what is extracted from a preview, without extension."""
    return naming.download_name(tx, preview, "png").removesuffix(".png")


class FrameResource(Resource):
    """A frame of a movie."""

    @permission(manages, on=PreviewFile)
    @query(FrameQuery)
    @returns(content="image/png")
    def get(self, preview, query):
        """A frame of a movie as a picture."""
        number = query["frame_number"]
        return made_answer(extraction.plain_frame(self.tx, preview, number), "image/png", f"{preview.id}_{number}.png")


class AnnotatedFrameResource(Resource):
    """A frame of a movie, or a picture, with its drawings."""

    @permission(manages, on=PreviewFile)
    @query(AnnotatedFrameQuery)
    @returns(content="image/png")
    def get(self, preview, query):
        """A frame of a movie, or a picture, with what reviewers drew on it."""
        content = extraction.annotated_frame(self.tx, preview, query["frame_number"])
        return made_answer(content, "image/png", f"{preview.id}_annotated.png")


class AnnotatedFramesResource(Resource):
    """All annotated frames of a preview."""

    @permission(manages, on=PreviewFile)
    @returns(content="application/zip")
    def get(self, preview):
        """A ZIP of every annotated frame of a preview."""
        stills, base = extraction.annotated_frames(self.tx, preview), base_name(self.tx, preview)
        return made_answer(extraction.archive(stills, base), "application/zip", f"{base}_annotated_frames.zip", as_attachment=True)


class AnnotatedFramesDocumentResource(Resource):
    """All annotated frames of a preview on paper."""

    @permission(manages, on=PreviewFile)
    @returns(content="application/pdf")
    def get(self, preview):
        """A PDF with a page for every annotated frame of a preview."""
        stills, base = extraction.annotated_frames(self.tx, preview), base_name(self.tx, preview)
        return made_answer(extraction.document(stills), "application/pdf", f"{base}_annotated_frames.pdf", as_attachment=True)


class TileResource(Resource):
    """The tiles of a movie, made anew."""

    @permission(task_access, on=PreviewFile, lock=True)
    @returns(content="image/png")
    def get(self, preview):
        """Make the sheet of small frames of a movie anew, and show it."""
        return file_answer(extraction.make_tiles(self.tx, preview), "image/png", shown_as=f"{preview.id}_tile.png")
