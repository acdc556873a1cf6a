"""HTTP of imports from other trackers: Shotgun and another Kitsu. Rules: contract/rules/imports.md §9 and §10."""

import sqlalchemy as sa
from flask import Response, request

from zou.comments.schemas import AttachmentFileSchema, CommentRowSchema
from zou.entities.models import Entity
from zou.entities.schemas import EntityLinkSchema, PlainEntitySchema
from zou.exchange.answers import REMOVAL
from zou.exchange.models import DataImportError
from zou.exchange.resources.imports import ImportResource
from zou.exchange.schemas import DataImportErrorSchema, PersonRowSchema
from zou.exchange.services import kitsu
from zou.exchange.services.shotgun import entities, removal, studio, work
from zou.inbox.schemas import NewsSchema, NotificationSchema, SubscriptionSchema
from zou.people.models import Person
from zou.people.rules import admin, anyone
from zou.planning.schemas import MilestoneSchema, ScheduleItemSchema, TimeSpentSchema
from zou.platform.errors import Invalid
from zou.platform.http import Resource, asks, json_body, permission, returns, takes
from zou.platform.http.shapes import FLAG, WHOLE, at_least, many
from zou.playlists.schemas import BuildJobSchema, PlaylistSchema
from zou.previews.models import PreviewFile
from zou.previews.schemas import PreviewFileSchema
from zou.productions.models import Project
from zou.productions.schemas import MetadataDescriptorSchema, ProjectSchema
from zou.tasks.models import Task, TaskStatus, TaskType
from zou.tasks.schemas import TaskSchema, TaskStatusSchema, TaskTypeSchema

SCHEMAS = {
    "projects": ProjectSchema,
    "metadata-descriptors": MetadataDescriptorSchema,
    "milestones": MilestoneSchema,
    "schedule-items": ScheduleItemSchema,
    "playlists": PlaylistSchema,
    "entities": PlainEntitySchema,
    "entity-links": EntityLinkSchema,
    "tasks": TaskSchema,
    "comments": CommentRowSchema,
    "preview-files": PreviewFileSchema,
    "attachment-files": AttachmentFileSchema,
    "build-jobs": BuildJobSchema,
    "time-spents": TimeSpentSchema,
    "subscriptions": SubscriptionSchema,
    "notifications": NotificationSchema,
    "news": NewsSchema,
}
YES = ("1", "true", "yes")

SHOTGUN = {
    "persons": (studio.persons, Person, PersonRowSchema),
    "projects": (studio.projects, Project, ProjectSchema),
    "episodes": (entities.episodes, Entity, PlainEntitySchema),
    "sequences": (entities.sequences, Entity, PlainEntitySchema),
    "scenes": (entities.scenes, Entity, PlainEntitySchema),
    "shots": (entities.shots, Entity, PlainEntitySchema),
    "assets": (entities.assets, Entity, PlainEntitySchema),
    "steps": (studio.steps, TaskType, TaskTypeSchema),
    "status": (studio.statuses, TaskStatus, TaskStatusSchema),
    "tasks": (work.tasks, Task, TaskSchema),
    "versions": (work.versions, PreviewFile, PreviewFileSchema),
    "notes": (work.notes, kitsu.Comment, CommentRowSchema),
    "project-connections": (studio.connections, Project, ProjectSchema),
    "projectconnections": (studio.connections, Project, ProjectSchema),
}
"""{last part of the route: (import, model of the rows that it answers, their schema)}"""

REMOVED = (*removal.MODELS, "project-connection", "projectconnection")
"""What Shotgun can say is gone."""


def kitsu_resource(name):
    """The route that imports one kind of rows from another installation."""

    class KitsuImportResource(ImportResource):
        """Rows of another installation."""

        @permission(anyone)
        @takes(many(SCHEMAS[name]))
        @asks(silent=FLAG)
        @returns(SCHEMAS[name], many=True)
        def post(self):
            """Write rows of another installation under their ids; from anybody but administrators nothing is taken."""
            if not self.actor.is_admin:
                return []
            kind = kitsu.KINDS[name]
            silent = request.args.get("silent", "").lower() in YES
            return self.listed(SCHEMAS[name], kind.model, kitsu.run(self.tx, kind, json_body(), silent))

    return renamed(KitsuImportResource, f"Kitsu {name} import")


def shotgun_resource(name):
    """The route that imports one kind of rows from Shotgun."""
    make, model, schema = SHOTGUN[name]

    class ShotgunImportResource(ImportResource):
        """Rows of Shotgun."""

        @permission(admin)
        @takes(many(at_least(id=WHOLE)))
        @returns(schema, many=True)
        def post(self):
            """Make and change rows as Shotgun has them; entries that cannot be read are left out."""
            rows = make(self.tx, self.actor, json_body())
            return self.listed(schema, model, [row.id for row in rows])

    return renamed(ShotgunImportResource, f"Shotgun {name} import")


def shotgun_removal_resource(name):
    """The route that removes a row which is gone in Shotgun."""

    class ShotgunRemovalResource(Resource):
        """A row that is gone in Shotgun."""

        @permission(admin)
        @takes(at_least(id=WHOLE))
        @returns(REMOVAL)
        def post(self):
            """Remove the row with an id of Shotgun, unless others refer to it."""
            if name in removal.MODELS:
                return removal.remove(self.tx, self.actor, name, json_body())
            return removal.disconnect(self.tx, json_body())

    return renamed(ShotgunRemovalResource, f"Shotgun {name} removal")


def renamed(resource, words):
    """A resource under a name of its own, as each route must have one."""
    resource.__name__ = "".join(word.capitalize() for word in words.replace("-", " ").split()) + "Resource"
    resource.__qualname__ = resource.__name__
    return resource


class ShotgunErrorsResource(Resource):
    """What Shotgun could not hand over."""

    @permission(admin)
    @returns(DataImportErrorSchema, many=True)
    def get(self):
        """Entries that could not be imported."""
        return sa.select(DataImportError).order_by(DataImportError.created_at, DataImportError.id)

    @permission(admin)
    @takes(at_least())
    @returns(DataImportErrorSchema, status=201)
    def post(self):
        """Keep an entry that could not be imported."""
        data = json_body()
        if not isinstance(data, dict):
            raise Invalid("A JSON object is expected.")
        row = DataImportError(event_data=data, source="shotgun")
        self.tx.add(row)
        return row


class ShotgunErrorResource(Resource):
    """An entry that could not be imported."""

    @permission(admin, on=DataImportError, key="error_id")
    @returns(status=204)
    def delete(self, error):
        """Forget an entry that could not be imported."""
        self.tx.delete(error)
        return Response("", 204, mimetype="application/json")
