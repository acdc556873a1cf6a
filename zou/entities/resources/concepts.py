"""Concepts and their folders. Rules: contract/rules/entities.md §7."""

from zou.entities.answers import CONCEPT, IDS, LINKED
from zou.entities.bodies import ConceptFolderSchema, MoveConceptsSchema, NewConceptSchema
from zou.entities.models import Entity
from zou.entities.queries.listings import full_form, linked_board
from zou.entities.resources.base import EntityResource
from zou.entities.resources.boards import BoardResource
from zou.entities.resources.shots import CriteriaListing, ProjectListing
from zou.entities.rules import reads_concept, removes_concept
from zou.entities.schemas import ConceptFolderRowSchema, ConceptRowSchema, NamedConceptSchema
from zou.entities.services import concepts, deletion
from zou.people.rules import member, not_restricted, reads_entity, supervises_or_manages
from zou.platform.db.copying import copied_list
from zou.platform.errors import Denied
from zou.platform.http import Resource, asks, body, permission, returns
from zou.platform.http.filters import flag
from zou.platform.http.shapes import FLAG
from zou.productions.models import Project

RESTRICTED = ("vendor", "client")


def unrestricted(scope):
    """The (viewer, conditions) of a list that vendors and clients do not have. Raises Denied for them."""
    if scope[0].role in RESTRICTED:
        raise Denied(rule=not_restricted)
    return scope


class ConceptsResource(CriteriaListing):
    """Concepts with the name of their production; vendors and clients have none."""

    kind, schema = "Concept", NamedConceptSchema

    def scope(self, arguments):
        return unrestricted(super().scope(arguments))

    def listing(self, viewer, conditions, arguments, relations=True):
        return super().listing(viewer, conditions, arguments, relations)


class ConceptsWithTasksResource(BoardResource):
    """The board of concepts."""

    kind, words, chosen_by = "Concept", ("all", "main"), ("id", "project_id", "assigned_to")

    def scope(self, arguments):
        return unrestricted(super().scope(arguments))


class ProjectConceptsResource(ProjectListing):
    """Concepts of a production."""

    kind, schema = "Concept", ConceptRowSchema

    @permission(member & not_restricted, on=Project)
    @returns(ConceptRowSchema, relations=True, many=True)
    def get(self, project):
        """Concepts of a production, by name."""
        return self.of_project(project)

    def listing(self, viewer, conditions, arguments, relations=True):
        return super().listing(viewer, conditions, arguments, relations)

    @permission(member & not_restricted, on=Project, lock=False)
    @body(NewConceptSchema)
    @returns(ConceptRowSchema, 201, relations=True)
    def post(self, project, body):
        """Make a concept; one with the same name in the production is answered as it is."""
        return concepts.create_concept(self.tx, self.actor, project, body)


class ConceptResource(EntityResource):
    """One concept."""

    kind = "Concept"

    @permission(reads_concept, on=Entity, key="concept_id")
    @returns(CONCEPT)
    def get(self, concept):
        """A concept with its tasks and what it is linked to."""
        return self.found(full_form(self.actor, concept.id, kind="Concept"))

    @permission(removes_concept, on=Entity, key="concept_id")
    @asks(force=FLAG)
    @returns(None, 204)
    def delete(self, concept):
        """Cancel a concept that has tasks, else remove it; `force` removes it with all that hangs on it."""
        deletion.delete(self.tx, concept, flag("force"))


class ProjectConceptFoldersResource(ProjectListing):
    """Folders of the concepts of a production."""

    kind, schema = "ConceptFolder", ConceptFolderRowSchema

    @permission(member & not_restricted, on=Project)
    @returns(ConceptFolderRowSchema, many=True)
    def get(self, project):
        """Folders of concepts, by name."""
        return self.of_project(project)

    @permission(supervises_or_manages, on=Project, lock=False)
    @body(ConceptFolderSchema)
    @returns(ConceptFolderRowSchema, 201)
    def post(self, project, body):
        """Make a folder; one with the same name in the production is answered as it is."""
        return concepts.create_folder(self.tx, self.actor, project, body["name"])


class ConceptFolderResource(EntityResource):
    """One folder of concepts."""

    kind = "ConceptFolder"

    @permission(supervises_or_manages, on=Entity, key="concept_folder_id")
    @body(ConceptFolderSchema)
    @returns(ConceptFolderRowSchema)
    def put(self, folder, body):
        """Rename a folder."""
        return concepts.rename_folder(self.tx, folder, body["name"])

    @permission(supervises_or_manages, on=Entity, key="concept_folder_id")
    @returns(None, 204)
    def delete(self, folder):
        """Remove a folder; its concepts move to the root."""
        concepts.remove_folder(self.tx, folder)


class MoveConceptsResource(Resource):
    """Moves of concepts between folders."""

    @permission(supervises_or_manages, on=Project, lock=False)
    @body(MoveConceptsSchema)
    @returns(IDS)
    def post(self, project, body):
        """Move concepts to a folder, or to the root without one; answers the ids of those moved."""
        return concepts.move(self.tx, project, body["concept_ids"], body["concept_folder_id"])


class LinkedEntitiesResource(Resource):
    """Concepts of an entity."""

    @permission(reads_entity, on=Entity, key="entity_id")
    @returns(LINKED)
    def get(self, entity):
        """Concepts and other entities that are linked to an entity, with their tasks."""
        return copied_list(self.tx, *linked_board(self.actor, entity.id))
