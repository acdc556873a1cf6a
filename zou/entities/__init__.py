"""Entities: assets, shots, sequences, episodes, scenes, edits, concepts; casting; asset instances."""

from zou.entities.models import AssetInstance, Entity, EntityLink, EntityType
from zou.entities.resources import assets, boards, castings, concepts, deletion, instances, sharing, shots
from zou.entities.resources.rows import EntitiesResource, EntityResource
from zou.entities.rules import may_change, reads_concept, removes
from zou.entities.schemas import AssetInstanceSchema, EntityLinkSchema, EntitySchema, EntityTypeSchema
from zou.entities.services.rows import AssetInstanceRows, EntityRows, EntityTypeRows
from zou.people.rules import admin, anyone, finds_entity, is_vendor_of, manages, member, reads_entity
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

domain.hears("concept", Entity, reads_concept).hears("concept_folder", Entity, reads_concept)
domain.hears("entity_link", EntityLink, member & ~is_vendor_of, for_staff=True)

domain.route("/data/assets", assets.AssetsResource)
domain.route("/data/assets/all", assets.AssetsResource)
domain.route("/data/assets/with-tasks", boards.AssetsWithTasksResource)
domain.route("/data/assets/<asset_id>", deletion.AssetResource)
domain.route("/data/assets/<asset_id>/assets", assets.AssetAssetsResource)
domain.route("/data/asset-types", assets.AssetTypesResource)
domain.route("/data/asset-types/<asset_type_id>", assets.AssetTypeResource)
domain.route("/data/projects/<project_id>/assets", assets.ProjectAssetsResource)
domain.route("/data/projects/<project_id>/asset-types", assets.ProjectAssetTypesResource)
domain.route("/data/projects/<project_id>/asset-types/<asset_type_id>/assets", assets.ProjectTypeAssetsResource)
domain.route("/data/projects/<project_id>/asset-types/<asset_type_id>/assets/new", assets.NewAssetResource)

domain.route("/data/shots", shots.ShotsResource)
domain.route("/data/shots/all", shots.ShotsResource)
domain.route("/data/shots/with-tasks", boards.ShotsWithTasksResource)
domain.route("/data/shots/<shot_id>", deletion.ShotResource)
domain.route("/data/shots/<shot_id>/assets", assets.ShotAssetsResource)
domain.route("/data/shots/<shot_id>/asset-types", assets.ShotAssetTypesResource)
domain.route("/data/shots/<shot_id>/versions", shots.ShotVersionsResource)
domain.route("/data/projects/<project_id>/shots", shots.ProjectShotsResource)

domain.route("/data/sequences", shots.SequencesResource)
domain.route("/data/sequences/with-tasks", boards.SequencesWithTasksResource)
domain.route("/data/sequences/<sequence_id>", deletion.SequenceResource)
domain.route("/data/sequences/<sequence_id>/shots", shots.SequenceShotsResource)
domain.route("/data/sequences/<sequence_id>/scenes", shots.SequenceScenesResource)
domain.route("/data/projects/<project_id>/sequences", shots.ProjectSequencesResource)

domain.route("/data/episodes", shots.EpisodesResource)
domain.route("/data/episodes/with-tasks", boards.EpisodesWithTasksResource)
domain.route("/data/episodes/<episode_id>", deletion.EpisodeResource)
domain.route("/data/episodes/<episode_id>/shots", shots.EpisodeShotsResource)
domain.route("/data/episodes/<episode_id>/sequences", shots.EpisodeSequencesResource)
domain.route("/data/episodes/<episode_id>/edits", shots.EpisodeEditsResource)
domain.route("/data/projects/<project_id>/episodes", shots.ProjectEpisodesResource)

domain.route("/data/scenes/all", shots.ScenesResource)
domain.route("/data/scenes/with-tasks", boards.ScenesWithTasksResource)
domain.route("/data/scenes/<scene_id>", deletion.SceneResource)
domain.route("/data/projects/<project_id>/scenes", shots.ProjectScenesResource)

domain.route("/data/edits", shots.EditsResource)
domain.route("/data/edits/all", shots.EditsResource)
domain.route("/data/edits/with-tasks", boards.EditsWithTasksResource)
domain.route("/data/edits/<edit_id>", deletion.EditResource)
domain.route("/data/edits/<edit_id>/versions", shots.EditVersionsResource)
domain.route("/data/projects/<project_id>/edits", shots.ProjectEditsResource)

domain.route("/data/projects/<project_id>/entities/<entity_id>/casting", castings.EntityCastingResource)
domain.route("/data/projects/<project_id>/entities/casting", castings.EntitiesCastingResource)
domain.route("/data/projects/<project_id>/entities/casting/assets/<asset_id>", castings.CastAssetResource)
domain.route("/data/projects/<project_id>/entity-links/<entity_link_id>", castings.ProjectEntityLinkResource)
domain.route("/data/projects/<project_id>/episodes/casting", castings.EpisodesCastingResource)
domain.route("/data/projects/<project_id>/sequences/all/casting", castings.SequencesCastingResource)
domain.route("/data/projects/<project_id>/sequences/<sequence_id>/casting", castings.SequenceCastingResource)
domain.route("/data/projects/<project_id>/episodes/<episode_id>/sequences/all/casting", castings.EpisodeShotsCastingResource)
domain.route("/data/projects/<project_id>/asset-types/<asset_type_id>/casting", castings.AssetTypeCastingResource)
domain.route("/data/assets/<asset_id>/casting", castings.AssetCastingResource)
domain.route("/data/assets/<asset_id>/cast-in", castings.CastInResource)
domain.route("/data/projects/<project_id>/entity-links", castings.ProjectEntityLinksResource)

domain.route("/data/scenes/<scene_id>/asset-instances", instances.SceneInstancesResource)
domain.route("/data/scenes/<scene_id>/camera-instances", instances.SceneCamerasResource)
domain.route("/data/shots/<shot_id>/asset-instances", instances.ShotInstancesResource)
domain.route("/data/shots/<shot_id>/asset-instances/<asset_instance_id>", instances.ShotInstanceResource)
domain.route("/data/assets/<asset_id>/scene-asset-instances", instances.AssetSceneInstancesResource)
domain.route("/data/assets/<asset_id>/shot-asset-instances", instances.AssetShotInstancesResource)
domain.route("/data/assets/<asset_id>/asset-asset-instances", instances.AssetInstancesResource)

domain.route("/actions/assets/share", sharing.ShareAssetsResource)
domain.route("/actions/projects/<project_id>/assets/share", sharing.ShareProjectAssetsResource)
domain.route("/actions/projects/<project_id>/asset-types/<asset_type_id>/assets/share", sharing.ShareTypeAssetsResource)
domain.route("/data/projects/<project_id>/assets/shared-used", sharing.SharedUsedResource)
domain.route("/data/projects/<project_id>/episodes/<episode_id>/assets/shared-used", sharing.EpisodeSharedUsedResource)

domain.route("/data/scenes/<scene_id>/shots", shots.SceneShotsResource)
domain.route("/data/scenes/<scene_id>/shots/<shot_id>", shots.SceneShotResource)

domain.route("/data/concepts", concepts.ConceptsResource)
domain.route("/data/concepts/with-tasks", concepts.ConceptsWithTasksResource)
domain.route("/data/concepts/<concept_id>", concepts.ConceptResource)
domain.route("/data/projects/<project_id>/concepts", concepts.ProjectConceptsResource)
domain.route("/data/projects/<project_id>/concept-folders", concepts.ProjectConceptFoldersResource)
domain.route("/data/concept-folders/<concept_folder_id>", concepts.ConceptFolderResource)
domain.route("/actions/projects/<project_id>/move-concepts", concepts.MoveConceptsResource)
domain.route("/data/entities/<entity_id>/entities-linked/with-tasks", concepts.LinkedEntitiesResource)

domain.route("/actions/projects/<project_id>/delete-entities", deletion.DeleteEntitiesResource)
