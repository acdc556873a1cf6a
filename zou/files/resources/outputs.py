"""Output files of entities and of asset instances. Rules: contract/rules/files.md §3, §4."""

import orjson

from zou.entities.models import AssetInstance, Entity
from zou.files import queries
from zou.files.answers import GUESSES, NEW_OUTPUT, NEXT_REVISION, OUTPUT_PATH
from zou.files.bodies import (
    GuessSchema,
    InstanceOutputFilters,
    NewOutputFileSchema,
    OutputFilters,
    OutputPathSchema,
    OutputTypesSchema,
    RepresentationFilter,
)
from zou.files.models import OutputFile, OutputType
from zou.files.resources.working import received
from zou.files.rules import reached
from zou.files.schemas import OutputFileSchema, OutputTypeSchema
from zou.files.services import guessing, outputs
from zou.files.services.outputs import Owner
from zou.files.services.trees import MalformedTree
from zou.people.rules import anyone, manages, member, reads_entity
from zou.platform.errors import Invalid
from zou.platform.http import Json, Resource, body, permission, returns
from zou.productions.models import Project
from zou.tasks.models import TaskType


class OutputResource(Resource):
    """What the routes of both kinds of owners share."""

    def path(self, owner, body):
        """The folder and name of an output that may be made."""
        try:
            folder, name = outputs.path_of(self.tx, owner, body)
        except MalformedTree as error:
            raise Invalid(str(error), shape="bare", received_data=received()) from error
        return {"folder_path": folder, "file_name": name}

    def create(self, owner, body):
        """A new output and where it goes."""
        try:
            row, folder, name = outputs.create(self.tx, self.actor, owner, body)
        except MalformedTree as error:
            raise Invalid(str(error), shape=owner.shape) from error
        place = orjson.dumps({"folder_path": folder, "file_name": name}).decode()
        return Json(f"{self.project(OutputFileSchema, row)[:-1]},{place[1:]}")

    def next_revision(self, owner, body):
        """The revision that a new output would get."""
        output_type = outputs.required(self.tx, OutputType, body["output_type_id"])
        task_type = outputs.required(self.tx, TaskType, body["task_type_id"])
        return {"next_revision": outputs.next_revision(self.tx, owner, output_type.id, task_type.id, body["name"])}

    def of_type(self, conditions, output_type_id, body):
        """Outputs of one type. Raises NotFound for an unknown one."""
        outputs.required(self.tx, OutputType, output_type_id)
        conditions = [*conditions, OutputFile.output_type_id == output_type_id]
        if body["representation"] is not None:
            conditions.append(OutputFile.representation == body["representation"])
        return queries.listing(conditions)


class ProjectOutputFilesResource(Resource):
    """The output files of a production."""

    @permission(manages, on=Project)
    @body(OutputFilters)
    @returns(OutputFileSchema, many=True)
    def get(self, project, body):
        """The output files of the entities of a production, the newest first."""
        return queries.of_project(project.id, body)


class EntityOutputPathResource(OutputResource):
    """The path of an output of an entity."""

    @permission(reads_entity, on=Entity)
    @body(OutputPathSchema)
    @returns(OUTPUT_PATH)
    def post(self, entity, body):
        """The folder and the name that an output of an entity would have."""
        return self.path(Owner(entity), body)


class EntityNewOutputResource(OutputResource):
    """A new output of an entity."""

    @permission(member, on=Entity, lock=True)
    @body(NewOutputFileSchema)
    @returns(NEW_OUTPUT, 201)
    def post(self, entity, body):
        """Add an output file to an entity; the answer names its folder and file too."""
        return self.create(Owner(entity), body)


class EntityNextRevisionResource(OutputResource):
    """The next revision of an output of an entity."""

    @permission(member, on=Entity)
    @body(OutputTypesSchema)
    @returns(NEXT_REVISION)
    def post(self, entity, body):
        """The revision that a new output of an entity would get."""
        return self.next_revision(Owner(entity), body)


class EntityOutputFilesResource(OutputResource):
    """The outputs of an entity; a vendor sees those of entities that hold a task of theirs."""

    @permission(member, on=Entity)
    @body(OutputFilters)
    @returns(OutputFileSchema, many=True)
    def get(self, entity, body):
        """The output files of an entity, the last revisions first."""
        return queries.outputs(self.conditions(entity), body)

    def conditions(self, entity):
        return [*queries.of_entity(entity.id), reached(self.actor, entity.id)]


class EntityLastOutputsResource(EntityOutputFilesResource):
    """The last outputs of an entity."""

    @permission(member, on=Entity)
    @body(OutputFilters)
    @returns(OutputFileSchema, many=True)
    def get(self, entity, body):
        """The last revision of each output of an entity."""
        return queries.last_outputs(self.conditions(entity), body)


class EntityOutputTypesResource(Resource):
    """The types of the outputs of an entity."""

    @permission(member, on=Entity)
    @returns(OutputTypeSchema, many=True)
    def get(self, entity):
        """The types of the outputs of an entity and of its instances, by name."""
        return queries.output_types([OutputFile.entity_id == entity.id, reached(self.actor, entity.id)])


class EntityTypeOutputsResource(EntityOutputFilesResource):
    """The outputs of one type of an entity."""

    @permission(member, on=Entity)
    @body(RepresentationFilter)
    @returns(OutputFileSchema, many=True)
    def get(self, entity, output_type_id, body):
        """The output files of one type of an entity, the last revisions first."""
        return self.of_type(self.conditions(entity), output_type_id, body)


class InstanceResource(OutputResource):
    """What the routes of asset instances share; access is that of the instance's asset."""

    def owner(self, instance, temporal_entity_id):
        """The instance in a temporal entity. Raises NotFound for an unknown entity."""
        entity = outputs.required(self.tx, Entity, temporal_entity_id)
        return Owner(self.tx.get(Entity, instance.asset_id), instance, entity)

    def conditions(self, instance, temporal_entity_id=None):
        """What is listed: a vendor sees outputs of assets, or in entities, that hold a task of theirs."""
        if temporal_entity_id is not None:
            outputs.required(self.tx, Entity, temporal_entity_id)
        return [
            *queries.of_instance(instance.id, temporal_entity_id),
            reached(self.actor, instance.asset_id),
        ]


class InstanceOutputPathResource(InstanceResource):
    """The path of an output of an asset instance."""

    @permission(reads_entity, on=AssetInstance)
    @body(OutputPathSchema)
    @returns(OUTPUT_PATH)
    def post(self, instance, temporal_entity_id, body):
        """The folder and the name that an output of an asset instance would have."""
        return self.path(self.owner(instance, temporal_entity_id), body)


class InstanceNewOutputResource(InstanceResource):
    """A new output of an asset instance."""

    @permission(member, on=AssetInstance, lock=True)
    @body(NewOutputFileSchema)
    @returns(NEW_OUTPUT, 201)
    def post(self, instance, temporal_entity_id, body):
        """Add an output file to an asset instance; the answer names its folder and file too."""
        return self.create(self.owner(instance, temporal_entity_id), body)


class InstanceNextRevisionResource(InstanceResource):
    """The next revision of an output of an asset instance."""

    @permission(member, on=AssetInstance)
    @body(OutputTypesSchema)
    @returns(NEXT_REVISION)
    def post(self, instance, temporal_entity_id, body):
        """The revision that a new output of an asset instance would get."""
        return self.next_revision(self.owner(instance, temporal_entity_id), body)


class InstanceOutputFilesResource(InstanceResource):
    """The outputs of an asset instance."""

    @permission(member, on=AssetInstance)
    @body(InstanceOutputFilters)
    @returns(OutputFileSchema, many=True)
    def get(self, instance, body):
        """The output files of an asset instance, the last revisions first."""
        conditions = self.conditions(instance)
        if body["temporal_entity_id"]:
            conditions.append(OutputFile.temporal_entity_id == body["temporal_entity_id"])
        return queries.outputs(conditions, body)


class InstanceLastOutputsResource(InstanceResource):
    """The last outputs of an asset instance."""

    @permission(member, on=AssetInstance)
    @body(OutputFilters)
    @returns(OutputFileSchema, many=True)
    def get(self, instance, temporal_entity_id, body):
        """The last revision of each output of an asset instance in an entity."""
        return queries.last_outputs(self.conditions(instance, temporal_entity_id), body)


class InstanceOutputTypesResource(InstanceResource):
    """The types of the outputs of an asset instance."""

    @permission(member, on=AssetInstance)
    @returns(OutputTypeSchema, many=True)
    def get(self, instance, temporal_entity_id):
        """The types of the outputs of an asset instance in an entity, by name."""
        return queries.output_types(self.conditions(instance, temporal_entity_id))


class InstanceTypeOutputsResource(InstanceResource):
    """The outputs of one type of an asset instance."""

    @permission(member, on=AssetInstance)
    @body(RepresentationFilter)
    @returns(OutputFileSchema, many=True)
    def get(self, instance, temporal_entity_id, output_type_id, body):
        """The output files of one type of an asset instance in an entity, the last revisions first."""
        return self.of_type(self.conditions(instance, temporal_entity_id), output_type_id, body)


class GuessFromPathResource(Resource):
    """A path read with the file tree of a production."""

    @permission(anyone, then=member)
    @body(GuessSchema)
    @returns(GUESSES)
    def post(self, body):
        """What a path speaks of: for each template that reads it the tokens that were recognised."""
        project = self.fetch(Project, body["project_id"], member)
        return guessing.guess(self.tx, project, body["file_path"], body["sep"])
