"""The context after login, and what is assigned to the person."""

import sqlalchemy as sa
from flask import request

from zou import config
from zou.entities.models import Entity, EntityType
from zou.entities.queries.kinds import is_asset_type, is_kind
from zou.entities.schemas import AssetRowSchema, AssetTypeSchema, EpisodeRowSchema, SceneRowSchema, SequenceRowSchema, ShotRowSchema
from zou.people.rules import person
from zou.platform.db.payload import is_uuid
from zou.platform.db.projection import aggregate
from zou.platform.errors import NotFound
from zou.platform.http import Json, Resource, asks, permission, returns
from zou.platform.http.shapes import TEXT
from zou.productions.models import Project
from zou.productions.queries.lists import open_ones
from zou.tasks.answers import TO_DO_LIST
from zou.tasks.models import Task, TaskType
from zou.tasks.queries.views import columns_seen
from zou.tasks.schemas import TaskSchema, TaskTypeSchema
from zou.workspace.answers import CONTEXT, OPEN_PROJECTS
from zou.workspace.queries import context, work


class ContextResource(Resource):
    """What a client reads right after login."""

    @permission(person)
    @returns(CONTEXT)
    def get(self):
        """The person's open productions, colleagues, reference lists, saved searches and number of unread notifications."""
        return Json(self.tx.scalar(*context.context(self.actor, user_limit=config.value("USER_LIMIT"))))


class MyOpenProjectsResource(Resource):
    """The person's open productions."""

    @permission(person)
    @asks(name=TEXT)
    @returns(OPEN_PROJECTS)
    def get(self):
        """Open productions that one is in, with their settings; all for administrators. `name`: the one of exactly that name."""
        return Json(self.tx.scalar(*open_ones(self.actor, request.args.get("name"), own=True)))


def need(tx, statement, *ids):
    """The value that a statement about these ids yields. Raises NotFound when it yields none."""
    found = tx.scalar(statement) if all(is_uuid(id) for id in ids) else None
    if found is None:
        raise NotFound()
    return found


class MyTasksResource(Resource):
    """The person's to-do list."""

    done = False

    @permission(person)
    @returns(TO_DO_LIST)
    def get(self):
        """Tasks that are assigned to the person, in their open productions."""
        return Json(self.tx.scalar(*work.todo_list(self.actor, done=self.done)))


class MyDoneTasksResource(MyTasksResource):
    """What the person has done."""

    done = True


class MyEntityResource(Resource):
    """What the person has to do on one entity."""

    kind = None

    def work(self, id):
        """Condition: a task of this entity that is assigned to the person, in an open production. Raises NotFound for another kind."""
        found = need(self.tx, sa.select(Entity.id).where(Entity.id == id, is_kind(self.kind)), id)
        return sa.and_(Task.entity_id == found, work.assigned_and_open(self.actor))


class MyEntityTasksResource(MyEntityResource):
    """The person's tasks on one entity."""

    @permission(person)
    @returns(TaskSchema, many=True)
    def get(self, **url):
        """Tasks of an entity that are assigned to the person."""
        rows = sa.select(*columns_seen(self.actor, relations=False)).where(self.work(next(iter(url.values()))))
        return Json(self.tx.scalar(aggregate(rows)))


class MyEntityTaskTypesResource(MyEntityResource):
    """Types of the person's tasks on one entity."""

    @permission(person)
    @returns(TaskTypeSchema, many=True)
    def get(self, **url):
        """Types of the tasks of an entity that are assigned to the person."""
        work = self.work(next(iter(url.values())))
        return sa.select(TaskType).where(TaskType.id.in_(sa.select(Task.task_type_id).where(work)))


class MyProjectResource(Resource):
    """What the person has to do in one production."""

    def project(self, project_id):
        """The id of the production. Raises NotFound."""
        return need(self.tx, sa.select(Project.id).where(Project.id == project_id), project_id)


class MyAssetTypesResource(MyProjectResource):
    """Types of the assets that the person works on."""

    @permission(person)
    @returns(AssetTypeSchema, many=True)
    def get(self, project_id):
        """Types of the assets of a production that hold a task of the person."""
        assets = work.of_kind("Asset", self.actor, Entity.project_id == self.project(project_id))
        return sa.select(EntityType).where(EntityType.id.in_(sa.select(Entity.entity_type_id).where(*assets)))


class MyAssetsResource(MyProjectResource):
    """Assets that the person works on."""

    @permission(person)
    @returns(AssetRowSchema, many=True)
    def get(self, project_id, asset_type_id):
        """Assets of a type, in a production, that hold a task of the person."""
        project = self.project(project_id)
        kind = need(self.tx, sa.select(EntityType.id).where(EntityType.id == asset_type_id, is_asset_type()), asset_type_id)
        assets = work.of_kind("Asset", self.actor, Entity.project_id == project, Entity.entity_type_id == kind)
        return Json(self.tx.scalar(work.entities("Asset", AssetRowSchema, self.actor, assets)))


class MySequencesResource(MyProjectResource):
    """Sequences that the person works on."""

    @permission(person)
    @returns(SequenceRowSchema, many=True)
    def get(self, project_id):
        """Sequences of a production with a shot that holds a task of the person."""
        found = work.parents("Sequence", self.actor, self.project(project_id), levels=1)
        return Json(self.tx.scalar(work.entities("Sequence", SequenceRowSchema, self.actor, found)))


class MyEpisodesResource(MyProjectResource):
    """Episodes that the person works on."""

    @permission(person)
    @returns(EpisodeRowSchema, many=True)
    def get(self, project_id):
        """Episodes of a production with a shot that holds a task of the person."""
        found = work.parents("Episode", self.actor, self.project(project_id), levels=2)
        return Json(self.tx.scalar(work.entities("Episode", EpisodeRowSchema, self.actor, found)))


class MySequenceResource(Resource):
    """What the person has to do in one sequence."""

    kind, schema = None, None

    def below(self, sequence_id):
        """The entities of the resource's kind in a sequence that hold a task of the person. Raises NotFound for another entity."""
        sequence = need(self.tx, sa.select(Entity.id).where(Entity.id == sequence_id, is_kind("Sequence")), sequence_id)
        found = work.of_kind(self.kind, self.actor, Entity.parent_id == sequence)
        return Json(self.tx.scalar(work.entities(self.kind, self.schema, self.actor, found)))


class MySequenceShotsResource(MySequenceResource):
    """Shots that the person works on."""

    kind, schema = "Shot", ShotRowSchema

    @permission(person)
    @returns(ShotRowSchema, many=True)
    def get(self, sequence_id):
        """Shots of a sequence that hold a task of the person."""
        return self.below(sequence_id)


class MySequenceScenesResource(MySequenceResource):
    """Scenes that the person works on."""

    kind, schema = "Scene", SceneRowSchema

    @permission(person)
    @returns(SceneRowSchema, many=True)
    def get(self, sequence_id):
        """Scenes of a sequence that hold a task of the person."""
        return self.below(sequence_id)
