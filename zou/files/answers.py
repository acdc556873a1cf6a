"""What the routes of files answer, where it is not the rows of a schema."""

from zou.files.schemas import OutputFileSchema, WorkingFileSchema
from zou.platform.http.shapes import ID, TEXT, WHOLE, by, keys, many, maybe, row

WORKING_PATH = keys(path=TEXT, name=TEXT)
OUTPUT_PATH = keys(folder_path=TEXT, file_name=TEXT)
NEW_OUTPUT = row(OutputFileSchema, folder_path=TEXT, file_name=TEXT)
NEXT_REVISION = keys(next_revision=WHOLE)
LAST_WORKING_FILES = by(WorkingFileSchema)
GUESSES = many(by(maybe(TEXT)))
"""A path as each template reads it: {token: id, or the text where no row has it}."""
USED_SOFTWARE = keys(project_id=ID, task_type_id=ID, software_id=ID)
