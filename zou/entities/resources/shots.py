"""Shots, sequences, episodes, scenes and edits. Rules: contract/rules/entities.md §4 to §7."""

import sqlalchemy as sa

from zou.entities.answers import EDIT, EPISODE, SCENE, SEQUENCE, SHOT, listed
from zou.entities.bodies import CRITERIA, NewEditSchema, NewEpisodeSchema, NewSceneSchema, NewSequenceSchema, NewShotSchema, SceneShotSchema
from zou.entities.models import Entity, EntityVersion
from zou.entities.queries.criteria import Viewer, viewer_of
from zou.entities.queries.kinds import is_kind
from zou.entities.queries.listings import board_row, full_form, with_parents
from zou.entities.resources.base import EntityListing, EntityResource
from zou.entities.resources.boards import holding
from zou.entities.rules import asks_about_project, builds_scenes
from zou.entities.schemas import (
    EditRowSchema,
    EditVersionSchema,
    EpisodeRowSchema,
    FullShotSchema,
    NamedEditSchema,
    NamedSceneSchema,
    NamedShotSchema,
    PlainEntitySchema,
    SceneRowSchema,
    SequenceRowSchema,
    ShotRowSchema,
    ShotVersionSchema,
)
from zou.entities.services import creation, scenes
from zou.people.rules import anyone, manages, member, not_vendor, reads_entity
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Denied, NotFound
from zou.platform.http import Json, asks, body, permission, returns
from zou.platform.http.filters import flag
from zou.platform.http.shapes import FLAG
from zou.productions.models import Project


class CriteriaListing(EntityListing):
    """A list by the criteria of the query string."""

    @permission(anyone, then=asks_about_project)
    @asks(**CRITERIA)
    @returns(listed)
    def get(self):
        """Entities of this kind, narrowed by any column; without a production for administrators only."""
        arguments = self.criteria()
        viewer, conditions = self.scope(arguments)
        return self.listing(viewer, conditions, arguments)


class ShotsResource(CriteriaListing):
    """Shots with the names of their production and sequence."""

    kind, schema, parents = "Shot", NamedShotSchema, ("sequence_id",)

    def visible(self, viewer):
        return [Entity.parent_id.is_not(None), *super().visible(viewer)]


class GroupListing(EntityListing):
    """A list of sequences or episodes. A vendor has those that hold work of theirs, and their rows do not tell the kind."""

    vendor_schema = PlainEntitySchema

    def listing(self, viewer, conditions, arguments, relations=False):
        if viewer.vendor(Entity) is True:
            self.schema = self.vendor_schema
        return super().listing(viewer, conditions, arguments, relations)

    def visible(self, viewer):
        return holding(viewer, self.kind)


class SequencesResource(GroupListing, CriteriaListing):
    """Sequences."""

    kind, schema, parents = "Sequence", SequenceRowSchema, ("episode_id",)


class EpisodesResource(GroupListing, CriteriaListing):
    """Episodes."""

    kind, schema = "Episode", EpisodeRowSchema


class ScenesResource(CriteriaListing):
    """Scenes with the names of their production and sequence; vendors have none."""

    kind, schema, order = "Scene", NamedSceneSchema, ()

    def scope(self, arguments):
        viewer, conditions = super().scope(arguments)
        if viewer.vendor(Entity) is True or not not_vendor.clause(None, self.actor):
            raise Denied(rule=not_vendor)
        return viewer, [*conditions, Entity.parent_id.is_not(None)]


class EditsResource(CriteriaListing):
    """Edits with the name of their production."""

    kind, schema = "Edit", NamedEditSchema


class ProjectListing(EntityListing):
    """Entities of one kind of a production, and their creation."""

    @permission(member, on=Project)
    @returns(listed)
    def get(self, project):
        """Entities of this kind in a production, by name."""
        return self.of_project(project)


class ProjectShotsResource(ProjectListing):
    """Shots of a production."""

    kind, schema = "Shot", ShotRowSchema

    @permission(manages, on=Project, lock=False)
    @body(NewShotSchema)
    @returns(ShotRowSchema, 201)
    def post(self, project, body):
        """Make a shot; one with the same name in the sequence is answered as it is."""
        return creation.create_shot(self.tx, self.actor, project, body)


class ProjectSequencesResource(GroupListing, ProjectListing):
    """Sequences of a production."""

    kind, schema = "Sequence", SequenceRowSchema

    @permission(manages, on=Project, lock=False)
    @body(NewSequenceSchema)
    @returns(SequenceRowSchema, 201)
    def post(self, project, body):
        """Make a sequence; one with the same name in the episode is answered as it is."""
        return creation.create_sequence(self.tx, self.actor, project, body)


class ProjectEpisodesResource(GroupListing, ProjectListing):
    """Episodes of a production."""

    kind, schema = "Episode", EpisodeRowSchema

    @permission(manages, on=Project, lock=False)
    @body(NewEpisodeSchema)
    @returns(EpisodeRowSchema, 201)
    def post(self, project, body):
        """Make an episode; one with the same name in the production is answered as it is."""
        return creation.create_episode(self.tx, self.actor, project, body)


class ProjectScenesResource(ProjectListing):
    """Scenes of a production."""

    kind, schema = "Scene", SceneRowSchema

    @permission(manages, on=Project, lock=False)
    @body(NewSceneSchema)
    @returns(SceneRowSchema, 201)
    def post(self, project, body):
        """Make a scene; one with the same name in the sequence is answered as it is."""
        return creation.create_scene(self.tx, self.actor, project, body)


class ProjectEditsResource(ProjectListing):
    """Edits of a production."""

    kind, schema = "Edit", EditRowSchema

    @permission(manages, on=Project, lock=False)
    @body(NewEditSchema)
    @returns(EditRowSchema, 201)
    def post(self, project, body):
        """Make an edit; one with the same name in the episode is answered as it is."""
        return creation.create_edit(self.tx, self.actor, project, body)


class ShotResource(EntityResource):
    """One shot."""

    kind = "Shot"

    @permission(reads_entity, on=Entity, key="shot_id")
    @returns(SHOT)
    def get(self, shot):
        """A shot with its tasks and the names of what is above it."""
        return self.found(full_form(self.actor, shot.id, kind="Shot"))


class SequenceResource(EntityResource):
    """One sequence."""

    kind = "Sequence"

    @permission(reads_entity, on=Entity, key="sequence_id")
    @returns(SEQUENCE)
    def get(self, sequence):
        """A sequence with the names of its production and episode."""
        return self.found(with_parents(self.actor, sequence.id, schema=SequenceRowSchema, parent="episode"))


class EpisodeResource(EntityResource):
    """One episode."""

    kind = "Episode"

    @permission(reads_entity, on=Entity, key="episode_id")
    @returns(EPISODE)
    def get(self, episode):
        """An episode with the name of its production."""
        return self.found(with_parents(self.actor, episode.id, schema=EpisodeRowSchema))


class SceneResource(EntityResource):
    """One scene."""

    kind = "Scene"

    @permission(reads_entity, on=Entity, key="scene_id")
    @returns(SCENE)
    def get(self, scene):
        """A scene with the names of what is above it."""
        return self.found(with_parents(self.actor, scene.id, schema=SceneRowSchema, parent="sequence"))


class EditResource(EntityResource):
    """One edit."""

    kind = "Edit"

    @permission(reads_entity, on=Entity, key="edit_id")
    @returns(EDIT)
    def get(self, edit):
        """An edit with its tasks."""
        return Json(self.tx.scalar(*board_row(self.actor, edit.id, kind="Edit")))


class ChildListing(EntityListing):
    """Entities below another one."""

    of = None  # kind of the parent

    @classmethod
    def named(cls, model):
        return (is_kind(cls.of),) if model is Entity else ()

    def children(self, parent, *conditions, relations=False):
        return self.listing(Viewer(self.actor), [*conditions], {}, relations)


class SequenceShotsResource(ChildListing):
    """Shots of a sequence."""

    kind, of, schema = "Shot", "Sequence", NamedShotSchema

    @permission(member, on=Entity, key="sequence_id")
    @returns(NamedShotSchema, many=True)
    def get(self, sequence):
        """Shots of a sequence, by name, narrowed by any column."""
        arguments = self.criteria()
        arguments.pop("sequence_id", None)
        return self.listing(Viewer(self.actor), [Entity.parent_id == sequence.id], arguments)


class SequenceScenesResource(ChildListing):
    """Scenes of a sequence."""

    kind, of, schema = "Scene", "Sequence", SceneRowSchema

    @permission(reads_entity, on=Entity, key="sequence_id")
    @returns(SceneRowSchema, many=True)
    def get(self, sequence):
        """Scenes of a sequence, by name."""
        return self.children(sequence, Entity.parent_id == sequence.id)

    def visible(self, viewer):
        return []


class EpisodeShotsResource(ChildListing):
    """Shots of an episode."""

    kind, of, schema = "Shot", "Episode", FullShotSchema

    @permission(reads_entity, on=Entity, key="episode_id")
    @asks(relations=FLAG)
    @returns(FullShotSchema, many=True)
    def get(self, episode):
        """Shots of an episode; `relations`: with the ids of what they are linked to."""
        sequences = sa.select(Entity.id).where(Entity.parent_id == episode.id)
        return self.children(episode, Entity.parent_id.in_(sequences), relations=flag("relations"))

    def visible(self, viewer):
        return []


class EpisodeSequencesResource(GroupListing, ChildListing):
    """Sequences of an episode."""

    kind, of, schema = "Sequence", "Episode", SequenceRowSchema

    @permission(anyone, then=member)
    @returns(listed)
    def get(self, episode_id):
        """Sequences of an episode, by name; an id that is none has no sequences."""
        if not is_uuid(episode_id):
            return []
        episode = self.fetch(Entity, episode_id, member)
        arguments = {key: value for key, value in self.criteria().items() if key != "episode_id"}
        viewer = viewer_of(self.tx, self.actor, str(episode.project_id))
        return self.listing(viewer, [Entity.parent_id == episode.id], arguments)


class EpisodeEditsResource(ChildListing):
    """Edits of an episode."""

    kind, of, schema = "Edit", "Episode", EditRowSchema

    @permission(reads_entity, on=Entity, key="episode_id")
    @returns(EditRowSchema, many=True)
    def get(self, episode):
        """Edits of an episode, by name."""
        return self.children(episode, Entity.parent_id == episode.id)

    def visible(self, viewer):
        return []


class SceneShotsResource(ChildListing):
    """Shots that come from a scene."""

    kind, of, schema = "Shot", "Scene", NamedShotSchema

    @permission(reads_entity, on=Entity, key="scene_id")
    @returns(NamedShotSchema, many=True)
    def get(self, scene):
        """Shots that come from a scene."""
        return self.children(scene, Entity.source_id == scene.id)

    @permission(builds_scenes, on=Entity, key="scene_id", lock=False)
    @body(SceneShotSchema)
    @returns(PlainEntitySchema, 201)
    def post(self, scene, body):
        """Let a shot of the production come from a scene; answers the shot."""
        return scenes.attach(self.tx, scene, body["shot_id"])


class SceneShotResource(ChildListing):
    """One shot that comes from a scene."""

    kind, of, schema = "Shot", "Scene", NamedShotSchema

    @permission(builds_scenes, on=Entity, key="scene_id", lock=False)
    @returns(None, 204)
    def delete(self, scene, shot_id):
        """Let a shot come from this scene no more."""
        if not is_uuid(shot_id):
            raise NotFound()
        scenes.detach(self.tx, scene, shot_id)


class VersionsResource(EntityResource):
    """Earlier states of an entity."""

    def versions(self, entity):
        return sa.select(EntityVersion).where(EntityVersion.entity_id == entity.id).order_by(EntityVersion.created_at.desc())


class ShotVersionsResource(VersionsResource):
    """Earlier states of a shot."""

    kind = "Shot"

    @permission(reads_entity, on=Entity, key="shot_id")
    @returns(ShotVersionSchema, many=True)
    def get(self, shot):
        """Earlier states of a shot, newest first."""
        return self.versions(shot)


class EditVersionsResource(VersionsResource):
    """Earlier states of an edit."""

    kind = "Edit"

    @permission(reads_entity, on=Entity, key="edit_id")
    @returns(EditVersionSchema, many=True)
    def get(self, edit):
        """Earlier states of an edit, newest first."""
        return self.versions(edit)
