"""Concepts, their folders and what they are about. Rules: contract/rules/entities.md §7."""

import sqlalchemy as sa

from zou.entities.models import Entity, EntityConceptLink
from zou.entities.queries.kinds import is_kind
from zou.entities.services.creation import create, find_or_make, lock_name, parent_of_kind
from zou.entities.services.deletion import remove
from zou.platform import events
from zou.platform.errors import Invalid


def create_concept(tx, actor, project, body):
    """A new concept, or the one that has the name; links to entities that are not of the production are left out. Emits concept:new."""
    folder = parent_of_kind(tx, "ConceptFolder", project, body["parent_id"]) if body["parent_id"] else None
    values = {
        "name": body["name"], "description": body["description"], "data": body["data"] or {}, "parent_id": folder and folder.id,
    }  # fmt: skip
    concept, made = find_or_make(tx, actor, project, "Concept", values, match_parent=False)
    ids = [item["id"] for item in body["entity_concept_links"] or []]
    if made and ids:
        own = sa.select(sa.literal(concept.id, sa.Uuid), Entity.id).where(Entity.id.in_(ids), Entity.project_id == project.id)
        tx.execute(sa.insert(EntityConceptLink.__table__).from_select(["entity_in_id", "entity_out_id"], own, include_defaults=True))
    return concept


def create_folder(tx, actor, project, name):
    """A new folder of concepts, or the one that has the name. Emits concept-folder:new."""
    return create(tx, actor, project, "ConceptFolder", {"name": name}, match_parent=False)


def rename_folder(tx, folder, name):
    """Give a folder another name. Raises Invalid for one that is taken in the production. Emits concept-folder:update."""
    lock_name(tx, folder.project_id, "ConceptFolder", name)
    namesake = sa.exists().where(
        Entity.project_id == folder.project_id, is_kind("ConceptFolder"), Entity.name == name, Entity.id != folder.id
    )
    if tx.scalar(sa.select(namesake)):
        raise Invalid("A concept folder with this name already exists.")
    folder.name = name
    tx.flush()
    events.emit(tx, "concept-folder:update", {"concept_folder_id": folder.id}, project_id=folder.project_id)
    return folder


def remove_folder(tx, folder):
    """Remove a folder; its concepts move to the root. Emits concept:update for each, concept-folder:delete."""
    put(tx, folder.project_id, [Entity.parent_id == folder.id], None)
    remove(tx, [folder])


def move(tx, project, ids, folder_id):
    """Move concepts of a production to a folder, or to the root. Raises NotFound for a folder that is not of the production.

    Returns the ids of those moved, in the order given; what is no concept of the production is left out. Emits concept:update.
    """
    folder = parent_of_kind(tx, "ConceptFolder", project, folder_id) if folder_id else None
    moved = put(tx, project.id, [Entity.id.in_(ids)], folder and folder.id) if ids else set()
    return [str(id) for id in dict.fromkeys(ids) if id in moved]


def put(tx, project_id, conditions, folder_id):
    """Put concepts of a production into a folder; returns the set of their ids. Emits concept:update."""
    chosen = sa.select(Entity).where(Entity.project_id == project_id, is_kind("Concept"), *conditions).order_by(Entity.id)
    moved = tx.scalars(chosen.with_for_update()).all()
    for concept in moved:
        concept.parent_id = folder_id
        events.emit(tx, "concept:update", {"concept_id": concept.id}, project_id=project_id)
    tx.flush()
    return {concept.id for concept in moved}
