"""Listings of working and output files. Rules: contract/rules/files.md §2 and §3."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from zou.entities.models import AssetInstance, Entity
from zou.files.models import OutputFile, OutputType, WorkingFile

FILTERS = ("output_type_id", "task_type_id", "representation", "file_status_id", "name")
LAST = ("entity_id", "asset_instance_id", "temporal_entity_id", "task_type_id", "output_type_id", "name", "representation")
"""What the revisions of one output have in common."""


def of_entity(entity_id):
    """Conditions: outputs of the entity itself, not of its instances."""
    return OutputFile.entity_id == entity_id, OutputFile.asset_instance_id.is_(None)


def of_instance(instance_id, temporal_entity_id=None):
    """Conditions: outputs of an asset instance, in one temporal entity when it is named."""
    conditions = [OutputFile.asset_instance_id == instance_id]
    if temporal_entity_id is not None:
        conditions.append(OutputFile.temporal_entity_id == temporal_entity_id)
    return conditions


def filtered(filters, source=OutputFile):
    """Conditions of the filters that were sent."""
    return [getattr(source, key) == filters[key] for key in FILTERS if filters.get(key)]


def outputs(conditions, filters):
    """Output files, the last revisions first."""
    return listing([*conditions, OutputFile.revision >= 0, *filtered(filters)])


def listing(conditions):
    """Output files that meet the conditions, the last revisions first."""
    return sa.select(OutputFile).where(*conditions).order_by(OutputFile.revision.desc(), OutputFile.created_at.desc(), OutputFile.id)


def of_project(project_id, filters):
    """Output files of the entities of a production, the newest first."""
    entities = sa.select(Entity.id).where(Entity.project_id == project_id)
    statement = sa.select(OutputFile).where(OutputFile.entity_id.in_(entities), OutputFile.asset_instance_id.is_(None))
    return statement.where(OutputFile.revision >= 0, *filtered(filters)).order_by(OutputFile.created_at.desc(), OutputFile.id)


def last_outputs(conditions, filters):
    """The last revision of each output; with a file status the last one among those of that status, whatever has that number."""
    other = aliased(OutputFile)
    same = [getattr(other, key).is_not_distinct_from(getattr(OutputFile, key)) for key in LAST]
    if filters.get("file_status_id"):
        same.append(other.file_status_id == filters["file_status_id"])
    last = sa.select(sa.func.max(other.revision)).where(*same).scalar_subquery()
    shared = {key: value for key, value in filters.items() if key != "file_status_id"}
    return listing([*conditions, OutputFile.revision == last, *filtered(shared)])


def output_types(conditions):
    """The types of the outputs that meet the conditions, by name."""
    used = sa.select(OutputFile.output_type_id).where(*conditions)
    return sa.select(OutputType).where(OutputType.id.in_(used)).order_by(OutputType.name)


def asset_of(instance_id):
    """Scalar subquery: the asset of an instance."""
    return sa.select(AssetInstance.asset_id).where(AssetInstance.id == instance_id).scalar_subquery()


def working_files(*conditions):
    """Working files that meet the conditions, the last revisions first."""
    statement = sa.select(WorkingFile).where(*conditions, WorkingFile.revision >= 0)
    return statement.order_by(WorkingFile.revision.desc(), WorkingFile.created_at.desc(), WorkingFile.id)


def last_working_files(task_id):
    """The last revision of each working file of a task."""
    ranked = sa.select(WorkingFile.id, sa.func.row_number().over(
        partition_by=WorkingFile.name, order_by=(WorkingFile.revision.desc().nulls_last(), WorkingFile.created_at.desc())
    ).label("place"))  # fmt: skip
    ranked = ranked.where(WorkingFile.task_id == task_id).subquery()
    return sa.select(WorkingFile).where(WorkingFile.id.in_(sa.select(ranked.c.id).where(ranked.c.place == 1)))
