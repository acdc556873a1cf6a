"""HTTP of imports from files. Rules: contract/rules/imports.md §1 to §8."""

import sqlalchemy as sa
from flask import request
from werkzeug.exceptions import BadRequest

from zou.entities.models import Entity
from zou.entities.queries.kinds import is_kind
from zou.entities.schemas import EntitySchema, PlainEntitySchema
from zou.exchange.answers import LINES, TIMELINE
from zou.exchange.services import castings, estimations, people, sheets, timelines
from zou.exchange.services.assets import AssetSheet
from zou.exchange.services.shots import EditSheet, ShotSheet
from zou.people.models import Person
from zou.people.rules import admin, directs, manages, supervises_or_manages
from zou.people.schemas import PersonSafeSchema
from zou.platform.db.payload import is_uuid
from zou.platform.db.projection import json_list
from zou.platform.errors import NotFound
from zou.platform.http import Json, Resource, asks, permission, returns, takes
from zou.platform.http.filters import flag
from zou.platform.http.shapes import FLAG, TEXT, upload
from zou.platform.rules import Draft
from zou.productions.models import Project
from zou.tasks.models import Task
from zou.tasks.services.creation import task_type_of

NO = ("false", "0", "off", "no")


def sent_file():
    """The file of the request, in the multipart field `file`. Raises 400 without one."""
    sent = request.files.get("file")
    if sent is None:
        raise BadRequest
    return sent


def sent_sheet():
    """The lines of the CSV file of the request."""
    return sheets.read(sent_file().stream.read())


class ImportResource(Resource):
    """An import from a file: all of it, or nothing."""

    def listed(self, schema, model, ids):
        """JSON of the rows with these ids, in their order; a row that several lines are about comes several times."""
        self.tx.flush()
        given = sa.func.unnest(sa.cast([str(id) for id in ids], sa.ARRAY(sa.Uuid(as_uuid=False))))
        given = given.table_valued("id", with_ordinality="place").render_derived("given")
        rows = sa.select(model).join(given, given.c.id == model.id).order_by(given.c.place)
        return Json(self.tx.scalar(json_list(schema, rows)))


class PersonsImportResource(ImportResource):
    """Persons from a file."""

    @permission(admin)
    @takes(upload(), "multipart/form-data")
    @asks(update=FLAG)
    @returns(PersonSafeSchema, status=201, many=True)
    def post(self):
        """Import persons from a CSV file; `update=true` changes those who are there."""
        ids = people.run(self.tx, sent_sheet(), flag("update"))
        return self.listed(PersonSafeSchema, Person, ids)


class EntitiesImportResource(ImportResource):
    """Entities of a production from a file."""

    reader = None  # a subclass of `EntitySheet`

    @permission(manages, on=Project)
    @takes(upload(), "multipart/form-data")
    @asks(update=FLAG)
    @returns(PlainEntitySchema, status=201, many=True)
    def post(self, project):
        """Import entities, and the state of their tasks, from a CSV file; `update=true` changes those that are there."""
        ids = self.reader(self.tx, self.actor, project, sent_sheet(), flag("update")).run()
        return self.listed(PlainEntitySchema, Entity, ids)


class AssetsImportResource(EntitiesImportResource):
    """Assets from a file."""

    reader = AssetSheet


class ShotsImportResource(EntitiesImportResource):
    """Shots from a file."""

    reader = ShotSheet


class EditsImportResource(EntitiesImportResource):
    """Edits from a file."""

    reader = EditSheet


class CastingImportResource(ImportResource):
    """Castings from a file."""

    @permission(manages, on=Project)
    @takes(upload(), "multipart/form-data")
    @returns(LINES, 201)
    def post(self, project):
        """Import castings from a CSV file; the answer has a null for each line."""
        return castings.run(self.tx, project, sent_sheet())


class EstimationsImportResource(ImportResource):
    """Estimations of the tasks of one type from a file."""

    @permission(supervises_or_manages, on=Project, then=directs)
    @takes(upload(), "multipart/form-data")
    @returns(LINES, 201)
    def post(self, project, task_type_id):
        """Import estimations and dates of tasks from a CSV file; the answer has a null for each line."""
        return self.import_estimations(project, task_type_id, "all")

    def import_estimations(self, project, task_type_id, episode_id):
        """Read the file once the actor is known to direct the task type on the production."""
        task_type = task_type_of(self.tx, task_type_id)
        draft = Draft(Task, {"project_id": project.id, "task_type_id": task_type.id})
        draft.task_type_key = lambda: draft.task_type_id
        self.need(directs, draft)
        return estimations.run(self.tx, project, task_type, episode_id, sent_sheet())


class EpisodeEstimationsImportResource(EstimationsImportResource):
    """Estimations of the tasks of one type in an episode from a file."""

    @permission(supervises_or_manages, on=Project, then=directs)
    @takes(upload(), "multipart/form-data")
    @returns(LINES, 201)
    def post(self, project, episode_id, task_type_id):
        """Import estimations and dates of tasks of an episode from a CSV file; `main` and `all` stand for the whole production."""
        if episode_id not in estimations.EVERY and not is_uuid(episode_id):
            raise NotFound()
        return self.import_estimations(project, task_type_id, episode_id)


class TimelineImportResource(ImportResource):
    """Shots from an edit."""

    @permission(manages, on=Project)
    @takes(upload(naming_convention=TEXT, match_case=FLAG), "multipart/form-data")
    @returns(TIMELINE, 201)
    def post(self, project):
        """Make and change the shots that the clips of an EDL, FCP XML, AAF or OTIO file name."""
        return self.import_shots(project, None)

    def import_shots(self, project, episode):
        """Read the file; `naming_convention` and `match_case` come from the form or the query string."""
        sent = sent_file()
        given = {**request.args.to_dict(), **request.form.to_dict()}
        match_case = given.get("match_case", "true").lower() not in NO
        convention = given.get("naming_convention")
        content = sent.stream.read()
        updated, created = timelines.run(self.tx, self.actor, project, episode, sent.filename or "", content, convention, match_case)
        texts = self.listed(PlainEntitySchema, Entity, updated), self.listed(EntitySchema, Entity, created)
        return Json('{{"updated_shots":{},"created_shots":{}}}'.format(*texts))


class EpisodeTimelineImportResource(TimelineImportResource):
    """Shots of an episode from an edit."""

    @permission(manages, on=Project)
    @takes(upload(naming_convention=TEXT, match_case=FLAG), "multipart/form-data")
    @returns(TIMELINE, 201)
    def post(self, project, episode_id):
        """Make and change the shots of an episode that the clips of an EDL, FCP XML, AAF or OTIO file name."""
        found = None
        if is_uuid(episode_id):
            rows = sa.select(Entity).where(Entity.id == episode_id, Entity.project_id == project.id, is_kind("Episode"))
            found = self.tx.scalar(rows)
        if found is None:
            raise NotFound()
        return self.import_shots(project, found)
