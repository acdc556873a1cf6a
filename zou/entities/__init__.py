"""Entities: assets, shots, sequences, episodes, scenes, edits, concepts; casting; asset instances."""

from zou.entities.models import AssetInstance, Entity, EntityLink, EntityType
from zou.entities.resources import EntitiesResource, EntityResource
from zou.entities.rules import may_change, removes
from zou.entities.schemas import AssetInstanceSchema, EntityLinkSchema, EntitySchema, EntityTypeSchema
from zou.entities.services.rows import AssetInstanceRows, EntityRows, EntityTypeRows
from zou.people.rules import admin, anyone, finds_entity, manages, reads_entity
from zou.platform.http import Crud, Domain

domain = Domain("entities")
domain.crud(
    Crud(EntityType, EntityTypeSchema, "entity-types", lists=anyone, reads=anyone, service=EntityTypeRows, put_relations=True),
    Crud(
        Entity,
        EntitySchema,
        "entities",
        lists=anyone,
        visible=admin | finds_entity,
        reads=reads_entity,
        creates=manages,
        writes=may_change,
        removes=removes,
        service=EntityRows,
        put_relations=True,
        models_resource=EntitiesResource,
        model_resource=EntityResource,
    ),
    Crud(EntityLink, EntityLinkSchema, "entity-links"),
    Crud(AssetInstance, AssetInstanceSchema, "asset-instances", reads=reads_entity, writes=reads_entity, service=AssetInstanceRows),
)
