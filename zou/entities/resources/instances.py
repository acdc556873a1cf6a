"""Asset instances in scenes, shots and assets. Rules: contract/rules/breakdown.md §4."""

from zou.entities.answers import INSTANCES
from zou.entities.bodies import NewAssetInstanceSchema, SceneInstanceSchema, ShotInstanceSchema
from zou.entities.models import Entity
from zou.entities.queries import instances as queries
from zou.entities.resources.base import EntityResource
from zou.entities.rules import builds_scenes
from zou.entities.schemas import AssetInstanceSchema, PlainEntitySchema
from zou.entities.services import creation, instances
from zou.people.rules import reads_entity
from zou.platform.db.payload import is_uuid
from zou.platform.errors import NotFound
from zou.platform.http import Json, body, permission, returns


class InstancesResource(EntityResource):
    """Asset instances around one entity."""

    statement = None  # function: actor, id of the entity -> select of one text

    @permission(reads_entity, on=Entity)
    @returns(INSTANCES)
    def get(self, entity):
        """Asset instances around an entity, grouped by asset, scene or shot."""
        return Json(self.tx.scalar(*type(self).statement(self.actor, entity.id)))


class SceneInstancesResource(InstancesResource):
    """Asset instances of a scene."""

    kind, statement = "Scene", queries.of_scene

    @permission(builds_scenes, on=Entity, key="scene_id", lock=False)
    @body(SceneInstanceSchema)
    @returns(AssetInstanceSchema, 201)
    def post(self, scene, body):
        """Put an asset into a scene."""
        return instances.create_in_scene(self.tx, scene, body["asset_id"], body["description"])


class SceneCamerasResource(InstancesResource):
    """Cameras of a scene."""

    kind = "Scene"

    @permission(reads_entity, on=Entity)
    @returns(INSTANCES)
    def get(self, entity):
        """Instances of cameras in a scene, grouped by asset; the asset type `Camera` is made when it is missing."""
        camera = creation.asset_type_named(self.tx, "Camera")
        return Json(self.tx.scalar(*queries.of_scene(self.actor, entity.id, camera.id)))


class ShotInstancesResource(InstancesResource):
    """Asset instances that a shot shows."""

    kind, statement = "Shot", queries.of_shot

    @permission(builds_scenes, on=Entity, key="shot_id", lock=False)
    @body(ShotInstanceSchema)
    @returns(PlainEntitySchema, 201)
    def post(self, shot, body):
        """Let a shot show an asset instance; answers the shot."""
        instances.show(self.tx, shot, body["asset_instance_id"])
        return shot


class ShotInstanceResource(EntityResource):
    """One asset instance of a shot."""

    kind = "Shot"

    @permission(builds_scenes, on=Entity, key="shot_id", lock=False)
    @returns(None, 204)
    def delete(self, shot, asset_instance_id):
        """Take an asset instance out of a shot."""
        if not is_uuid(asset_instance_id):
            raise NotFound()
        instances.hide(self.tx, shot, asset_instance_id)


class AssetSceneInstancesResource(InstancesResource):
    """Instances of an asset in scenes."""

    kind, statement = "Asset", queries.by_scene


class AssetShotInstancesResource(InstancesResource):
    """Instances of an asset in shots."""

    kind, statement = "Asset", queries.by_shot


class AssetInstancesResource(InstancesResource):
    """Instances of assets in an asset."""

    kind, statement = "Asset", queries.in_asset

    @permission(builds_scenes, on=Entity, key="asset_id", lock=False)
    @body(NewAssetInstanceSchema)
    @returns(AssetInstanceSchema, 201)
    def post(self, asset, body):
        """Put an asset into another one."""
        return instances.create_in_asset(self.tx, asset, body["asset_to_instantiate_id"], body["description"])
