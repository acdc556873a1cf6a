"""Payloads of files. Keys: contract/rules/serialisation.md §1.1."""

from zou.files.models import FileStatus, OutputFile, OutputType, Software, SoftwareDepartmentLink, WorkingFile
from zou.platform.db.payload import Embedded, RelatedIds, RowSchema


class FileStatusSchema(RowSchema):
    """A state of output files."""

    class Meta(RowSchema.Meta):
        model = FileStatus


class OutputTypeSchema(RowSchema):
    """A kind of output."""

    class Meta(RowSchema.Meta):
        model = OutputType


class SoftwareSchema(RowSchema):
    """A program that artists work with."""

    class Meta(RowSchema.Meta):
        model = Software


class WorkingFileSchema(RowSchema):
    """A revision of a file that an artist works in, with the ids of what was published from it."""

    class Meta(RowSchema.Meta):
        model = WorkingFile

    outputs = RelatedIds()


class SourceFileSchema(RowSchema):
    """A working file inside the output file that was made from it."""

    class Meta(RowSchema.Meta):
        model = WorkingFile


class OutputFileSchema(RowSchema):
    """A published result, with the working file that it was made from."""

    class Meta(RowSchema.Meta):
        model = OutputFile

    source_file = Embedded(SourceFileSchema, link="source_file_id")


class SoftwareDepartmentLinkSchema(RowSchema):
    """A software that a department uses."""

    class Meta(RowSchema.Meta):
        model = SoftwareDepartmentLink
