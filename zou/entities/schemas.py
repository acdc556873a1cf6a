"""Payloads of entities, their types, links and instances. Keys: contract/rules/serialisation.md §1 and §2."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from zou.entities.models import AssetInstance, Entity, EntityLink, EntityType, EntityVersion
from zou.entities.queries.kinds import kind_of
from zou.platform.db.payload import Computed, Constant, RelatedIds, RowSchema
from zou.platform.http.shapes import TEXT, maybe
from zou.productions.models import Project


class EntityTypeSchema(RowSchema):
    """A kind of entity; the full form has the task types that its assets get."""

    class Meta(RowSchema.Meta):
        model = EntityType

    task_types = RelatedIds()


class EntitySchema(RowSchema):
    """An entity; `type` is its kind."""

    class Meta(RowSchema.Meta):
        model = Entity

    type = Computed(kind_of, described=TEXT)
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


def name_of(model, column):
    """A key with the name of a linked row."""

    def expression(source):
        target = aliased(model)
        return sa.select(target.name).where(target.id == getattr(source, column)).correlate(sa.inspect(source).selectable).scalar_subquery()

    return Computed(expression, described=maybe(TEXT))


def kind_schema(kind):
    """The list form of one kind."""
    return type(f"{kind}RowSchema", (RowSchema,), {"Meta": type("Meta", (RowSchema.Meta,), {"model": Entity}), "type": Constant(kind),
                "__doc__": f"A row of kind {kind}."})  # fmt: skip


AssetRowSchema, ShotRowSchema, SequenceRowSchema, EpisodeRowSchema, SceneRowSchema, EditRowSchema, ConceptFolderRowSchema = (
    kind_schema(kind) for kind in ("Asset", "Shot", "Sequence", "Episode", "Scene", "Edit", "ConceptFolder")
)


class NamedShotSchema(ShotRowSchema):
    """A shot with the names of its production and sequence."""

    project_name = name_of(Project, "project_id")
    sequence_name = name_of(Entity, "parent_id")


class NamedSceneSchema(SceneRowSchema):
    """A scene with the names of its production and sequence."""

    project_name = name_of(Project, "project_id")
    sequence_name = name_of(Entity, "parent_id")


class NamedEditSchema(EditRowSchema):
    """An edit with the name of its production."""

    project_name = name_of(Project, "project_id")


class FullShotSchema(ShotRowSchema):
    """A shot with the ids of what it is linked to."""

    entities_out = RelatedIds()
    entity_concept_links = RelatedIds()
    instance_casting = RelatedIds()
    entities_in = RelatedIds()


class ConceptRowSchema(kind_schema("Concept")):
    """A concept with the ids of the entities it is about."""

    entity_concept_links = RelatedIds()


class NamedConceptSchema(ConceptRowSchema):
    """A concept with the name of its production."""

    project_name = name_of(Project, "project_id")


class AssetTypeSchema(RowSchema):
    """A type of assets."""

    class Meta(RowSchema.Meta):
        model = EntityType

    type = Constant("AssetType")
    task_types = RelatedIds()


class ShotVersionSchema(RowSchema):
    """An earlier state of a shot."""

    class Meta(RowSchema.Meta):
        model = EntityVersion

    type = Constant("ShotVersion")


class EditVersionSchema(ShotVersionSchema):
    """An earlier state of an edit."""

    type = Constant("EditVersion")
