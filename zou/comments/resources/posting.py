"""Posting comments: on one task, on many, with files."""

import re

import orjson
import sqlalchemy as sa
from flask import request

from zou.comments.answers import WITH_PREVIEWS
from zou.comments.models import Comment
from zou.comments.rules import answers
from zou.comments.schemas import CommentOfAuthorSchema, CopyClientCommentsSchema, ListField, NewCommentSchema, PostedCommentSchema
from zou.comments.services import batch, locking, posting
from zou.comments.services.attachments import Sent
from zou.comments.services.posting import Draft
from zou.people.rules import anyone, manages, task_action_access
from zou.platform.db.payload import holds_nul, is_uuid
from zou.platform.db.projection import json_row
from zou.platform.errors import Denied, Invalid, NotFound
from zou.platform.http import Json, Resource, body, json_body, permission, query, returns, takes
from zou.platform.http.shapes import ID, TEXT, at_least, keys, many
from zou.platform.rules import as_sql
from zou.previews.models import PreviewFile
from zou.previews.schemas import PreviewFileSchema, UploadQuery
from zou.productions.models import Project
from zou.tasks.models import Task


def sent_files(prefix=""):
    """The files of a multipart request whose field begins with `prefix`; one for each name of a field."""
    return [Sent(file.filename or "", file.mimetype, file.stream) for name, file in request.files.items() if name.startswith(prefix)]


class TaskCommentResource(Resource):
    """A comment on a task."""

    body_first = True

    @permission(anyone, then=answers)
    @body(NewCommentSchema)
    @returns(PostedCommentSchema, status=201, relations=True)
    def post(self, task_id, body):
        """Post a comment that may change the status of the task; every file of a multipart request is attached."""
        task = self.locked(task_id, body["comment"])
        subject = posting.subject_of(self.tx, self.actor, task, body["task_status_id"])
        if not subject.may_act and not posting.own_status(task, body["task_status_id"]):
            raise Denied(rule=task_action_access)
        draft = Draft(
            text=body["comment"], checklist=body["checklist"], links=body["links"], files=sent_files(), for_client=body["for_client"],
            author_id=body["person_id"] or None, created_at=posting.moment(body["created_at"]),
        )  # fmt: skip
        comment = posting.post(self.tx, self.actor, task, body["task_status_id"], draft, subject)
        schema = CommentOfAuthorSchema if draft.author_id and subject.is_manager else PostedCommentSchema
        return Json(self.project(schema, comment, relations=True))

    def locked(self, task_id, text):
        """The task, with those that the comment may write on, locked and judged in one statement. Raises NotFound, Denied."""
        found = locking.judged(self.tx, [task_id], [text], as_sql(answers.clause(Task, self.actor))) if is_uuid(task_id) else {}
        if not found:
            raise NotFound()
        task, is_allowed = found[task_id.lower()]
        if not is_allowed:
            raise Denied(rule=answers)
        return task


def locked(tx, ids, texts):
    """{id as text: locked task} of what is commented. Raises NotFound when one was removed since it was judged."""
    tasks = locking.lock(tx, ids, texts)
    if len(tasks) < len(ids):
        raise NotFound()
    return tasks


def comments_json(tx, comments, schema=PostedCommentSchema):
    """JSON objects of posted comments, in their order."""
    tx.flush()
    ids = [comment.id for comment in comments]
    text = sa.cast(json_row(schema, Comment, relations=True), sa.Text)
    rows = dict(tx.execute(sa.select(Comment.id, text).where(Comment.id.in_(ids))).all())
    return [rows[id] for id in ids]


def with_previews(tx, items, previews):
    """JSON array of posted comments (`items`), each with the rows of its new previews."""
    tx.flush()
    ids = [preview.id for made in previews for preview in made]
    text = sa.cast(json_row(PreviewFileSchema, PreviewFile), sa.Text)
    rows = dict(tx.execute(sa.select(PreviewFile.id, text).where(PreviewFile.id.in_(ids))).all()) if ids else {}
    lists = [",".join(rows[preview.id] for preview in made) for made in previews]
    return Json("[" + ",".join(f'{item[:-1]},"preview_files":[{made}]}}' for item, made in zip(items, lists, strict=True)) + "]")


class ManyCommentsResource(Resource):
    """Comments on many tasks of a production."""

    @permission(anyone, each=task_action_access)
    @takes(many(at_least(object_id=ID, task_status_id=ID, comment=TEXT)))
    @returns(PostedCommentSchema, status=201, relations=True, many=True)
    def post(self, project_id):
        """Post a comment on each task that the person may change; entries without task, status or text, and others' tasks, are left out."""
        entries = json_body() if request.is_json or not (request.form or request.files) else form_entries()
        if not isinstance(entries, list):
            raise Invalid("Request body must be a JSON array.")
        if request.is_json:
            entries = [{**entry, "files": []} if isinstance(entry, dict) else entry for entry in entries]
        wanted = [e for e in entries if isinstance(e, dict) and all(key in e for key in ("object_id", "task_status_id", "comment"))]
        if not all(is_uuid(e["object_id"]) for e in wanted):
            raise Invalid("Request body must only contain valid UUIDs.")
        if not is_uuid(project_id):
            raise NotFound()
        comments = batch.post_many(self.tx, self.actor, project_id, wanted)
        return Json(f"[{','.join(comments_json(self.tx, comments, CommentOfAuthorSchema))}]")


class CopyClientCommentsResource(Resource):
    """What clients said, said again."""

    body_first = True

    @permission(manages, on=Project)
    @body(CopyClientCommentsSchema)
    @returns(PostedCommentSchema, status=201, relations=True, many=True)
    def post(self, project, body):
        """Post the last comment of a client on each task again, as one's own."""
        comments = batch.copy_client_comments(self.tx, self.actor, project.id, body["task_ids"], body["prefix"])
        return Json(f"[{','.join(comments_json(self.tx, comments, CommentOfAuthorSchema))}]")


def batch_entries():
    """The list under `comments` of a JSON body, or of a form that came with files."""
    if request.is_json:
        found = json_body()
        found = found.get("comments") if isinstance(found, dict) else None
    else:
        text = request.form.get("comments")
        if text is None and "comments" in request.files:
            text = request.files["comments"].read()
        try:
            found = orjson.loads(text) if text else None
        except orjson.JSONDecodeError:
            raise Invalid("Wrong value for parameter comments.") from None
    if found is None:
        raise Invalid("Missing required parameter: comments")
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found) or holds_nul(found):
        raise Invalid("Wrong value for parameter comments.")
    return found


def form_entries():
    """The comments of a form, as gazu sends them: with its names of keys, and files to attach. Raises Invalid for previews."""
    made = []
    for index, entry in enumerate(batch_entries()):
        if files_of("preview_file", index):
            raise Invalid("Previews cannot be sent here: use /actions/tasks/batch-comment.")
        task_id, text = entry.get("object_id", entry.get("task_id")), entry.get("comment", entry.get("text"))
        made.append({**entry, "object_id": task_id, "comment": text, "files": files_of("attachment_file", index)})
    return made


def files_of(kind, index):
    """The files for one entry of a batch: fields whose name has `<kind>-<index>` in it."""
    name = re.compile(rf"{kind}-{index}(?!\d)")
    return [Sent(file.filename or "", file.mimetype, file.stream) for key, file in request.files.items() if name.search(key)]


def read_entry(entry, index, task_id=None):
    """A `batch.Entry` of what a client sent."""
    task_id = task_id or entry.get("task_id")
    for key, value in (("task_id", task_id), ("task_status_id", entry.get("task_status_id")), ("text", entry.get("text"))):
        if not isinstance(value, str):
            raise Invalid("Validation error.", data={"errors": [{"field": f"comments.{index}.{key}", "message": "A text is needed."}]})
    lists = ListField()
    draft = Draft(
        text=entry["text"], checklist=lists.deserialize(entry.get("checklist") or []), links=lists.deserialize(entry.get("links") or []),
        files=files_of("attachment_file", index), author_id=entry.get("person_id") or None,
        created_at=posting.moment(entry.get("created_at") if isinstance(entry.get("created_at"), str) else None),
    )  # fmt: skip
    return batch.Entry(task_id, entry["task_status_id"], draft, files_of("preview_file", index))


class BatchCommentResource(Resource):
    """Comments on several tasks at once."""

    @permission(anyone, then=task_action_access)
    @query(UploadQuery)
    @takes(keys(comments=many(at_least(task_id=ID, task_status_id=ID, text=TEXT))))
    @returns(WITH_PREVIEWS, status=201, many=True)
    def post(self, query):
        """Post comments on several tasks, with their attachments and previews."""
        entries = [read_entry(entry, index) for index, entry in enumerate(batch_entries())]
        ids = {entry.task_id.lower() for entry in entries}
        if not all(is_uuid(id) for id in ids):
            raise NotFound()
        allowed = as_sql(task_action_access.clause(Task, self.actor))
        verdicts = self.tx.scalars(sa.select(allowed).where(Task.id.in_(ids))).all()
        if len(verdicts) < len(ids):
            raise NotFound()
        if not all(verdicts):
            raise Denied(rule=task_action_access)
        return self.answer_batch(ids, entries, query)

    def answer_batch(self, ids, entries, query):
        """Post, then add previews: the contract answers the comments as they were before their previews came."""
        tasks = locked(self.tx, ids, [entry.draft.text for entry in entries])
        comments = batch.post_batch(self.tx, self.actor, tasks, entries)
        items = comments_json(self.tx, comments)
        previews = batch.add_previews(self.tx, tasks, entries, comments, query)
        return with_previews(self.tx, items, list(previews.values()))


class TaskBatchCommentResource(BatchCommentResource):
    """Several comments on one task."""

    @permission(task_action_access, on=Task)
    @query(UploadQuery)
    @takes(keys(comments=many(at_least(task_status_id=ID, text=TEXT))))
    @returns(WITH_PREVIEWS, status=201, many=True)
    def post(self, task, query):
        """Post several comments on a task, with their attachments and previews."""
        entries = [read_entry(entry, index, str(task.id)) for index, entry in enumerate(batch_entries())]
        return self.answer_batch({str(task.id)}, entries, query)
