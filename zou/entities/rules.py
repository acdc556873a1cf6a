"""Who may change an entity: contract/rules/crud.md §6.2."""

import sqlalchemy as sa

from zou.entities.queries.kinds import kind_of
from zou.people.rules import admin, created_entity, in_team, is_client_of, manages, membership, reads_entity, supervises
from zou.platform.rules import rule
from zou.productions.models import MetadataDescriptor
from zou.productions.models.metadata import department_metadata_descriptor_link

DESCRIBED_KINDS = ("Asset", "Shot", "Edit")
"""The kinds of entities whose metadata a supervisor with departments may fill in."""

creator = in_team & created_entity


@rule
def asks_about_own_project(source, actor):
    """naming a production, or something of it, in whose team one is"""
    return membership(source, actor)


removes = manages | creator
"""The contract's server lets the creator remove an entity after they left the team; here they must be in it."""

reads_concept = reads_entity & ~is_client_of
"""Concepts are the studio's own: clients never see one."""

asks_about_project = admin | asks_about_own_project
"""Who gets a list of entities: without naming a production, only administrators do."""

removes_concept = removes & ~is_client_of

builds_scenes = reads_entity & ~is_client_of
"""Who puts assets into scenes and shots. The contract's server asks for membership alone; here clients write nothing, and vendors
only where they work."""


def may_change(resource, values):
    """a manager in the team of the production, or an administrator, or the creator who is in the team, or, for `data` alone, a
    supervisor of the departments that its keys are for"""
    allowed = manages | creator
    return allowed | supervises & fills_in(values["data"]) if values.keys() == {"data"} else allowed


def fills_in(data):
    """Rule: each key of `data` is a metadata column for one of the actor's departments; without departments, any key."""
    names = list(data) if isinstance(data, dict) else []

    @rule
    def describes(source, actor):
        """of the departments that the metadata is for"""
        if not actor.department_ids:
            return True
        if not names:
            return False
        link = department_metadata_descriptor_link
        of_mine = (
            sa.select(sa.func.count(MetadataDescriptor.field_name.distinct()))
            .join(link, link.c.metadata_descriptor_id == MetadataDescriptor.id)
            .where(
                MetadataDescriptor.project_id == source.project_key(),
                MetadataDescriptor.entity_type == kind_of(source),
                MetadataDescriptor.entity_type.in_(DESCRIBED_KINDS),
                MetadataDescriptor.task_type_id.is_(None),
                MetadataDescriptor.field_name.in_(names),
                link.c.department_id.in_(actor.department_ids),
            )
            .correlate(source)
        )
        return of_mine.scalar_subquery() == len(names)

    return describes
