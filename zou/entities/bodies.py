"""Bodies that the routes of entities read."""

from marshmallow import EXCLUDE, Schema, fields, validate, validates

from zou.platform.db.payload import is_uuid
from zou.platform.errors import NotFound
from zou.platform.http.fields import Whole
from zou.platform.http.shapes import FLAG, ID, TEXT, WHOLE, at_least

CRITERIA = {"project_id": ID, "name": TEXT, "parent_id": ID, "sequence_id": ID, "episode_id": ID, "canceled": FLAG, "status": TEXT}
"""Columns and parents that lists of entities are narrowed by; any other column is one too."""

named = validate.Length(min=1, max=160)


class NewAssetSchema(Schema):
    """What a new asset is made of."""

    name = fields.String(required=True, validate=named)
    description = fields.String(load_default="", allow_none=True)
    data = fields.Dict(load_default=dict, allow_none=True)
    is_shared = fields.Boolean(load_default=False, allow_none=True)
    episode_id = fields.UUID(load_default=None, allow_none=True)


class NewShotSchema(Schema):
    """What a new shot is made of."""

    name = fields.String(required=True, validate=named)
    sequence_id = fields.UUID(load_default=None, allow_none=True)
    data = fields.Dict(load_default=dict, allow_none=True)
    nb_frames = Whole(load_default=None, allow_none=True)
    description = fields.String(load_default=None, allow_none=True)


class NewSequenceSchema(Schema):
    """What a new sequence is made of."""

    name = fields.String(required=True, validate=named)
    episode_id = fields.UUID(load_default=None, allow_none=True)
    description = fields.String(load_default="", allow_none=True)
    data = fields.Dict(load_default=dict, allow_none=True)


class NewEpisodeSchema(Schema):
    """What a new episode is made of."""

    name = fields.String(required=True, validate=named)
    status = fields.String(load_default="running", allow_none=True)
    description = fields.String(load_default="", allow_none=True)
    data = fields.Dict(load_default=dict, allow_none=True)


class NewSceneSchema(Schema):
    """What a new scene is made of."""

    name = fields.String(required=True, validate=named)
    sequence_id = fields.UUID(load_default=None, allow_none=True)


class NewEditSchema(Schema):
    """What a new edit is made of."""

    name = fields.String(required=True, validate=named)
    description = fields.String(load_default="", allow_none=True)
    data = fields.Dict(load_default=dict, allow_none=True)
    episode_id = fields.UUID(load_default=None, allow_none=True)


class ShotChangeSchema(Schema):
    """What may change of a shot, besides its other columns."""

    name = fields.String(validate=named)
    nb_frames = Whole(allow_none=True)
    data = fields.Dict(allow_none=True)
    parent_id = fields.UUID(allow_none=True)
    canceled = fields.Boolean(allow_none=True)


CAST_ENTRY = at_least({"label": TEXT}, asset_id=ID, nb_occurences=WHOLE)


class CastEntrySchema(Schema):
    """An asset of a casting."""

    asset_id = fields.UUID(required=True)
    nb_occurences = Whole(load_default=1, validate=validate.Range(min=0))
    label = fields.String(load_default="")


class CastAssetSchema(Schema):
    """One asset on several entities."""

    entity_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(min=1))
    nb_occurences = Whole(load_default=None, allow_none=True, validate=validate.Range(min=0))
    label = fields.String(load_default=None, allow_none=True)


class LinkedIdSchema(Schema):
    """An entity that a concept is about."""

    id = fields.String(required=True)

    @validates("id")
    def named(self, value, **kwargs):
        """An id that is none names nothing."""
        if not is_uuid(value):
            raise NotFound()


class NewConceptSchema(Schema):
    """What a new concept is made of."""

    name = fields.String(required=True, validate=named)
    description = fields.String(load_default=None, allow_none=True)
    data = fields.Dict(load_default=dict, allow_none=True)
    parent_id = fields.UUID(load_default=None, allow_none=True)
    entity_concept_links = fields.List(fields.Nested(LinkedIdSchema, unknown=EXCLUDE), load_default=list, allow_none=True)


class ConceptFolderSchema(Schema):
    """The name of a folder of concepts."""

    name = fields.String(required=True, validate=named)


class MoveConceptsSchema(Schema):
    """Which concepts move where."""

    concept_ids = fields.List(fields.UUID(), required=True)
    concept_folder_id = fields.UUID(load_default=None, allow_none=True)


class SharingSchema(Schema):
    """Which assets other productions may use."""

    asset_ids = fields.List(fields.UUID(), load_default=None, allow_none=True)
    is_shared = fields.Boolean(load_default=True, allow_none=True)


class SceneInstanceSchema(Schema):
    """An asset that is put into a scene."""

    asset_id = fields.UUID(required=True)
    description = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=200))


class NewAssetInstanceSchema(Schema):
    """An asset that is put into another one."""

    asset_to_instantiate_id = fields.UUID(required=True)
    description = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=200))


class ShotInstanceSchema(Schema):
    """An asset instance that a shot shows."""

    asset_instance_id = fields.UUID(required=True)


class SceneShotSchema(Schema):
    """A shot that comes from a scene."""

    shot_id = fields.UUID(required=True)
