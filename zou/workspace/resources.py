"""HTTP of the workspace: what the signed-in person sees. Bots have none of it."""

import sqlalchemy as sa
from flask import request

from zou.entities.models import Entity
from zou.entities.queries.kinds import is_kind
from zou.people.rules import person
from zou.platform.db.payload import is_uuid
from zou.platform.db.projection import json_list
from zou.platform.errors import NotFound
from zou.platform.http import Json, Resource, permission, returns
from zou.previews.models import PreviewBackgroundFile
from zou.previews.schemas import PreviewBackgroundFileSchema
from zou.productions.models import Project
from zou.productions.queries.lists import open_projects
from zou.tasks.models import Task, TaskType
from zou.tasks.queries import lists, todo
from zou.tasks.schemas import TaskSchema, TaskTypeSchema
from zou.workspace import queries
from zou.workspace.models import SearchFilter, SearchFilterGroup
from zou.workspace.schemas import SearchFilterGroupSchema, SearchFilterSchema


class ContextResource(Resource):
    """What a client reads right after login."""

    @permission(person)
    @returns()
    def get(self):
        """The person's open productions, colleagues, reference lists, saved searches and number of unread notifications."""
        extra = {
            "preview_background_files": json_list(PreviewBackgroundFileSchema, sa.select(PreviewBackgroundFile)),
            "search_filters": queries.grouped(SearchFilterSchema, SearchFilter, self.actor),
            "search_filter_groups": queries.grouped(SearchFilterGroupSchema, SearchFilterGroup, self.actor),
        }
        return Json(self.tx.scalar(queries.context(self.actor, extra)))


class MyOpenProjectsResource(Resource):
    """The person's open productions."""

    @permission(person)
    @returns()
    def get(self):
        """Open productions that one is in, with their settings; all for administrators. `name`: the one of exactly that name."""
        return Json(self.tx.scalar(open_projects(self.actor, request.args.get("name"), own=True)))


class MyTasksResource(Resource):
    """The person's to-do list."""

    done = False

    @permission(person)
    @returns()
    def get(self):
        """Tasks that are assigned to the person, in their open productions."""
        return Json(self.tx.scalar(todo.of_person(self.actor.id, self.done, queries.my_open_projects(self.actor))))


class MyDoneTasksResource(MyTasksResource):
    """What the person has done."""

    done = True


class MyEntityResource(Resource):
    """What the person has to do on one entity."""

    kind = None

    def work(self, id):
        """Condition: a task of this entity that is assigned to the person, in an open production. Raises NotFound for another kind."""
        found = self.tx.scalar(sa.select(Entity.id).where(Entity.id == id, is_kind(self.kind))) if is_uuid(id) else None
        if found is None:
            raise NotFound()
        projects = sa.select(Project.id).where(*queries.my_open_projects(self.actor)[:1])
        return sa.and_(Task.entity_id == found, Task.project_id.in_(projects), lists.assigned_to(self.actor.id))


class MyEntityTasksResource(MyEntityResource):
    """The person's tasks on one entity."""

    @permission(person)
    @returns(TaskSchema)
    def get(self, **url):
        """Tasks of an entity that are assigned to the person."""
        return sa.select(Task).where(self.work(next(iter(url.values()))))


class MyEntityTaskTypesResource(MyEntityResource):
    """Types of the person's tasks on one entity."""

    @permission(person)
    @returns(TaskTypeSchema)
    def get(self, **url):
        """Types of the tasks of an entity that are assigned to the person."""
        work = self.work(next(iter(url.values())))
        return sa.select(TaskType).where(TaskType.id.in_(sa.select(Task.task_type_id).where(work)))
