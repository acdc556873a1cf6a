"""Bodies that the routes of entities read."""

from marshmallow import Schema, fields, validate

from zou.platform.http.fields import Whole

named = validate.Length(min=1, max=160)


class NewAssetSchema(Schema):
    """What a new asset is made of."""

    name = fields.String(required=True, validate=named)
    description = fields.String(load_default="", allow_none=True)
    data = fields.Dict(load_default=dict, allow_none=True)
    is_shared = fields.Boolean(load_default=False)
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
