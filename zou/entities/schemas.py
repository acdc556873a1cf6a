"""Payloads of entities, their types, links and instances. Keys: contract/rules/serialisation.md §1 and §2."""

from zou.entities.models import AssetInstance, Entity, EntityLink, EntityType
from zou.entities.queries import kind_of
from zou.platform.db.payload import Computed, Constant, RelatedIds, RowSchema


class EntityTypeSchema(RowSchema):
    """A kind of entity; the full form has the task types that its assets get."""

    class Meta(RowSchema.Meta):
        model = EntityType

    task_types = RelatedIds()


class EntitySchema(RowSchema):
    """An entity; `type` is its kind."""

    class Meta(RowSchema.Meta):
        model = Entity

    type = Computed(kind_of)
    entities_out = RelatedIds()
    entity_concept_links = RelatedIds()
    instance_casting = RelatedIds()
    entities_in = RelatedIds()


class PlainEntitySchema(EntitySchema):
    """An entity as some routes answer it: `type` is `Entity` whatever its kind."""

    type = Constant("Entity")


class EntityLinkSchema(RowSchema):
    """A casting link."""

    class Meta(RowSchema.Meta):
        model = EntityLink


class AssetInstanceSchema(RowSchema):
    """One occurrence of an asset; the full form has the shots it is cast in."""

    class Meta(RowSchema.Meta):
        model = AssetInstance

    shots = RelatedIds()
