"""Working files of tasks: paths, revisions, scenes. Rules: contract/rules/files.md §2."""

import sqlalchemy as sa
from flask import request

from zou.entities.models import Entity
from zou.files import queries
from zou.files.answers import LAST_WORKING_FILES, WORKING_PATH
from zou.files.bodies import CommentSchema, NewWorkingFileSchema, WorkingFileFilters, WorkingPathSchema
from zou.files.models import OutputFile, WorkingFile
from zou.files.rules import reached
from zou.files.schemas import OutputFileSchema, WorkingFileSchema
from zou.files.services import working
from zou.files.services.trees import MalformedTree
from zou.people.rules import member, reads_entity, task_access, task_action_access
from zou.platform.db.projection import json_list, json_row
from zou.platform.db.types import utcnow
from zou.platform.errors import Invalid, NotFound
from zou.platform.http import Json, Resource, body, permission, query, returns, takes
from zou.platform.http.files import file_answer
from zou.platform.http.shapes import upload
from zou.platform.storage import store
from zou.tasks.models import Task


def received():
    """The body of the request, for the refusal of a path."""
    return request.get_json(silent=True) or {**request.args.to_dict(), **request.form.to_dict()}


class WorkingFilePathResource(Resource):
    """The path of a working file that may be made."""

    @permission(task_access, on=Task)
    @body(WorkingPathSchema)
    @returns(WORKING_PATH)
    def post(self, task, body):
        """The folder and the name that a working file of a task would have."""
        try:
            folder, name = working.path_of(self.tx, task, body)
        except MalformedTree as error:
            raise Invalid(str(error), shape="bare", received_data=received()) from error
        return {"path": folder, "name": name}


class NewWorkingFileResource(Resource):
    """A new revision of a working file."""

    @permission(task_access, on=Task, lock=True)
    @body(NewWorkingFileSchema)
    @returns(WorkingFileSchema, status=201)
    def post(self, task, body):
        """Add a working file to a task and assign oneself to it."""
        try:
            return working.create(self.tx, self.actor, task, body)
        except MalformedTree as error:
            raise Invalid(str(error), shape="bare", received_data=received()) from error


class TaskWorkingFilesResource(Resource):
    """The working files of a task."""

    @permission(task_access, on=Task)
    @returns(WorkingFileSchema, many=True)
    def get(self, task):
        """The working files of a task, the last revisions first."""
        return queries.working_files(WorkingFile.task_id == task.id)


class TaskLastWorkingFilesResource(Resource):
    """The last working files of a task."""

    @permission(task_access, on=Task)
    @returns(LAST_WORKING_FILES)
    def get(self, task):
        """The last revision of each working file of a task, by name."""
        row = sa.cast(json_row(WorkingFileSchema, WorkingFile), sa.JSON)
        rows = queries.last_working_files(task.id).with_only_columns(WorkingFile.name, row)
        table = rows.subquery("r")
        whole = sa.func.coalesce(sa.func.json_object_agg(sa.func.coalesce(table.c[0], "null"), table.c[1]), sa.text("'{}'::json"))
        return Json(self.tx.scalar(sa.select(sa.cast(whole, sa.Text)).select_from(table)))


class EntityWorkingFilesResource(Resource):
    """The working files of an entity."""

    @permission(member, on=Entity)
    @query(WorkingFileFilters)
    @returns(WorkingFileSchema, many=True)
    def get(self, entity, query):
        """The working files of an entity, the last revisions first; a vendor sees those of entities that hold a task of theirs."""
        conditions = [WorkingFile.entity_id == entity.id, reached(self.actor, entity.id)]
        conditions += [getattr(WorkingFile, key) == query[key] for key in ("task_id", "name") if query[key]]
        statement = json_list(WorkingFileSchema, queries.working_files(*conditions), relations=query["relations"])
        return Json(self.tx.scalar(statement))


class WorkingFileCommentResource(Resource):
    """What is said of a working file."""

    @permission(task_action_access, on=WorkingFile)
    @body(CommentSchema)
    @returns(WorkingFileSchema)
    def put(self, working_file, body):
        """Set the comment of a working file."""
        working_file.comment = body["comment"]
        return working_file


class WorkingFileModifiedResource(Resource):
    """When a working file was changed."""

    @permission(task_action_access, on=WorkingFile)
    @returns(WorkingFileSchema)
    def put(self, working_file):
        """Note that a working file was changed now."""
        working_file.updated_at = utcnow()
        return working_file


class SceneNotFound(NotFound):
    """No scene was uploaded for this working file."""

    shape = "plain"


class WorkingFileSceneResource(Resource):
    """The scene of a working file, which the studio may keep on the server."""

    @permission(task_access, on=WorkingFile)
    @returns(content="application/octet-stream")
    def get(self, working_file):
        """The scene of a working file."""
        try:
            path = store().local_path("files", "working", working_file.id, "tmp")
        except FileNotFoundError:
            raise SceneNotFound(f"Working file not found for: {working_file.id}") from None
        return file_answer(path, "application/octet-stream", working_file.updated_at)

    @permission(task_access, on=WorkingFile, lock=True)
    @takes(upload(), "multipart/form-data")
    @returns(WorkingFileSchema, status=201, relations=True)
    def post(self, working_file):
        """Upload the scene of a working file, in the multipart field `file`; an earlier one is replaced."""
        sent = request.files.get("file")
        if sent is None:
            raise Invalid("File not provided.")
        working.keep(self.tx, working_file, sent.stream)
        return working_file


class FileResource(Resource):
    """A working or an output file."""

    @permission(task_access | reads_entity)
    @returns((WorkingFileSchema, OutputFileSchema))
    def get(self, file_id):
        """The working file with this id, else the output file."""
        try:
            row, schema = self.fetch(WorkingFile, file_id, task_access), WorkingFileSchema
        except NotFound:
            row, schema = self.fetch(OutputFile, file_id, reads_entity), OutputFileSchema
        return Json(self.project(schema, row, relations=schema is WorkingFileSchema))
