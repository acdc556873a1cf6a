"""Uploads of previews, and which of them stands for the entity."""

import os

import sqlalchemy as sa
from flask import jsonify, request

from zou.entities.models import Entity
from zou.entities.schemas import PlainEntitySchema
from zou.people.rules import anyone, is_client_of, not_client, reads_entity, task_action_access
from zou.platform.db.payload import is_uuid
from zou.platform.db.projection import json_row
from zou.platform.errors import Denied, Invalid, NotFound, StorageFull, is_full
from zou.platform.http import Json, Resource, body, permission, query, returns, takes
from zou.platform.http.shapes import upload
from zou.platform.rules import as_sql
from zou.previews.answers import WITH_MAIN_PREVIEW
from zou.previews.models import PreviewFile
from zou.previews.schemas import MainPreviewSchema, PositionSchema, PreviewFileSchema, PreviewTaskIdsSchema, UploadQuery
from zou.previews.services import main, movies, numbering, removal, uploads
from zou.tasks.models import Task

sets_main = reads_entity & not_client & ~is_client_of


class PreviewFileUploadResource(Resource):
    """The file of a preview."""

    @permission(task_action_access, on=PreviewFile, key="instance_id")
    @query(UploadQuery)
    @takes(upload(), "multipart/form-data")
    @returns(PreviewFileSchema, status=201)
    def post(self, preview, query):
        """Upload the picture, movie or document of a preview, in the multipart field `file`."""
        id = preview.id
        try:
            return self.receive(preview, query)
        except OSError as error:
            if not is_full(error):
                raise
            self.tx.rollback()  # what was stored of it goes
            preview, full = self.tx.get(PreviewFile, id, with_for_update=True), StorageFull()
            return self.refuse(preview, full.message, force=True, status=full.status, data={"reason": os.strerror(error.errno)})

    def receive(self, preview, query):
        if preview.original_name:
            raise Invalid(uploads.BAD_REQUEST, shape="plain")
        sent = request.files.get("file")
        if sent is None:
            raise Invalid("File not provided.")
        _, extension = uploads.split_name(sent.filename)
        if not uploads.is_accepted(extension):
            return self.refuse(preview, f"Wrong file format, extension: {extension}")
        if extension in uploads.MOVIES and is_empty(sent.stream):
            return self.refuse(preview, uploads.EMPTY_MOVIE, force=True)
        return uploads.receive(self.tx, preview, sent.filename, sent.stream, query["normalize"], query["no_job"])

    def refuse(self, preview, message, force=False, status=400, data=None):
        """A refusal that is committed: the contract's server drops the row of a file that it does not take, and clients count on that."""
        if preview is not None:
            removal.forget(self.tx, preview, force)
        response = jsonify({"error": True, "message": message, "data": data})
        response.status_code = status
        return response


def is_empty(stream):
    """Whether a binary reader has nothing to read; it stays where it was."""
    first = stream.read(1)
    stream.seek(0)
    return not first


def entities_json(tx, pairs):
    """JSON objects of (entity, its preview), each with the preview's status."""
    tx.flush()
    found = dict(
        tx.execute(
            sa.select(Entity.id, sa.cast(json_row(PlainEntitySchema, Entity), sa.Text)).where(
                Entity.id.in_([entity.id for entity, _ in pairs])
            )
        ).all()
    )
    return [f'{found[entity.id][:-1]},"preview_file_status":"{preview.status}"}}' for entity, preview in pairs]


class PreviewFilePositionResource(Resource):
    """The place of a preview in its revision."""

    @permission(task_action_access, on=PreviewFile, lock=False)
    @body(PositionSchema)
    @returns(PreviewFileSchema, many=True)
    def put(self, preview, body):
        """Move a preview among those of its revision; answers all of them in their order."""
        ids = numbering.move(self.tx, preview, body["position"])
        return sa.select(PreviewFile).where(PreviewFile.id.in_(ids)).order_by(PreviewFile.position, PreviewFile.created_at)


class PreviewFileMainResource(Resource):
    """A preview as the main one of its entity."""

    @permission(sets_main, on=PreviewFile)
    @body(MainPreviewSchema)
    @returns(WITH_MAIN_PREVIEW)
    def put(self, preview, body):
        """Make a preview the main one of its entity; of a movie, `frame_number` chooses the frame that is shown."""
        frame = body["frame_number"]
        if frame is not None:
            if preview.extension != "mp4":
                raise Invalid("Can't use a given frame on non movie preview")
            movies.show_frame(self.tx, preview, frame)
        entity = main.of_preview(self.tx, preview)
        return Json(entities_json(self.tx, [(entity, preview)])[0])


class TaskMainPreviewResource(Resource):
    """The last preview of a task as the main one."""

    @permission(sets_main, on=Task)
    @returns(WITH_MAIN_PREVIEW)
    def put(self, task):
        """Make the last preview of a task the main one of its entity."""
        return Json(entities_json(self.tx, [main.of_task(self.tx, task)])[0])


class TasksMainPreviewResource(Resource):
    """The last previews of tasks as the main ones."""

    @permission(anyone, then=sets_main)
    @body(PreviewTaskIdsSchema)
    @returns(WITH_MAIN_PREVIEW, many=True)
    def put(self, body):
        """Make the last preview of each task the main one of its entity; tasks without preview are left out."""
        ids = [id.lower() for id in body["task_ids"]]
        if not all(is_uuid(id) for id in ids):
            raise NotFound()
        verdict = as_sql(sets_main.clause(Task, self.actor))
        found = {str(task.id): (task, allowed) for task, allowed in self.tx.execute(sa.select(Task, verdict).where(Task.id.in_(ids)))}
        if set(ids) - found.keys():
            raise NotFound()
        if not all(allowed for _, allowed in found.values()):
            raise Denied(rule=sets_main)
        pairs = main.of_tasks(self.tx, [found[id][0] for id in ids])
        return Json(f"[{','.join(entities_json(self.tx, pairs))}]")
