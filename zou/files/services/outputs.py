"""Output files: their paths and revisions. Rules: contract/rules/files.md §3.

What an output belongs to is an `Owner`: an entity, or an asset instance seen in a temporal entity.
"""

from dataclasses import dataclass

import sqlalchemy as sa

from zou.entities.models import AssetInstance, Entity
from zou.files.models import FileStatus, OutputFile, OutputType, WorkingFile
from zou.files.services import paths
from zou.files.services.named import default_file_status
from zou.people.models import Person
from zou.platform import events
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Invalid, NotFound
from zou.tasks.models import TaskType


@dataclass(frozen=True)
class Owner:
    """What an output file belongs to. `shape`: the form of its refusals, since clients read other keys of the two kinds."""

    entity: Entity
    instance: AssetInstance | None = None
    temporal_entity: Entity | None = None

    @property
    def shape(self):
        return "error" if self.instance is None else "bare"

    def columns(self):
        """The columns of an output file that name its owner."""
        return {
            "entity_id": self.entity.id,
            "asset_instance_id": self.instance and self.instance.id,
            "temporal_entity_id": self.temporal_entity and self.temporal_entity.id,
        }

    def siblings(self):
        """Conditions: the outputs that count as earlier revisions; of an entity, those of its instances too."""
        if self.instance is None:
            return [OutputFile.entity_id == self.entity.id]
        return [OutputFile.asset_instance_id == self.instance.id, OutputFile.temporal_entity_id == self.temporal_entity.id]

    def subject(self, tx, **more):
        """What the templates of a file tree speak of."""
        return paths.subject(tx, (self.temporal_entity or self.entity).id, instance=self.instance, **more)


def next_revision(tx, owner, output_type_id, task_type_id, name):
    """The revision after the last one of that type and name, from 1; the representation does not count."""
    last = sa.select(sa.func.max(OutputFile.revision)).where(
        *owner.siblings(),
        OutputFile.output_type_id == output_type_id,
        OutputFile.task_type_id == task_type_id,
        OutputFile.name == name,
        OutputFile.revision > 0,
    )
    return (tx.scalar(last) or 0) + 1


def row_of(tx, model, id):
    """A row by its id, or None for what is no id."""
    return tx.get(model, id) if is_uuid(id) else None


def required(tx, model, id):
    """A row by its id. Raises NotFound."""
    found = row_of(tx, model, id)
    if found is None:
        raise NotFound()
    return found


def path_of(tx, owner, values):
    """(folder, file name) of an output, nothing is stored. Raises MalformedTree, NotFound for unknown types."""
    output_type, task_type = required(tx, OutputType, values["output_type_id"]), required(tx, TaskType, values["task_type_id"])
    revision = values["revision"]
    if not revision and owner.instance is None:
        revision = next_revision(tx, owner, output_type.id, task_type.id, values["name"])
    subject = owner.subject(
        tx, task_type=task_type, output_type=output_type, name=values["name"], representation=values["representation"],
        revision=revision,
    )  # fmt: skip
    return paths.folder(tx, subject, values["mode"], values["separator"]), paths.file_name(tx, subject, values["mode"])


def create(tx, actor, owner, values):
    """A new output file, with its path. Returns (row, folder, file name); the owner's row is locked.

    Raises MalformedTree, NotFound for an unknown task type or file status, Invalid for an unknown output type or person and for an
    output that is there. Emits output-file:new.
    """
    output_type = row_of(tx, OutputType, values["output_type_id"])
    if output_type is None:
        raise Invalid("Cannot find given output type.", shape=owner.shape)
    person_id = values["person_id"] or str(actor.id)
    if row_of(tx, Person, person_id) is None:
        raise Invalid("Cannot find given person.", shape=owner.shape)
    task_type = required(tx, TaskType, values["task_type_id"])
    status = required(tx, FileStatus, values["file_status_id"]) if values["file_status_id"] else default_file_status(tx)
    source = row_of(tx, WorkingFile, values["working_file_id"])
    revision = values["revision"]
    if revision < 1:
        revision = next_revision(tx, owner, output_type.id, task_type.id, values["name"])
    own = {**owner.columns(), "output_type_id": output_type.id, "task_type_id": task_type.id, "name": values["name"],
           "representation": values["representation"], "revision": revision}  # fmt: skip
    same = [getattr(OutputFile, key).is_not_distinct_from(value) for key, value in own.items()]
    if tx.scalar(sa.select(sa.exists().where(*same))):
        raise Invalid("The given output file already exists.", shape=owner.shape)
    subject = owner.subject(
        tx, task_type=task_type, output_type=output_type, name=values["name"], representation=values["representation"],
        revision=revision,
    )  # fmt: skip
    folder, file_name = paths.folder(tx, subject, "output", values["sep"]), paths.file_name(tx, subject, "output")
    if values["nb_elements"] > 1 and owner.instance is None:
        file_name += f"_[1-{values['nb_elements']}]"
    row = OutputFile(
        **own, comment=values["comment"], extension=values["extension"], nb_elements=values["nb_elements"], person_id=person_id,
        file_status_id=status.id, source_file_id=source and source.id, path=folder + values["sep"] + file_name + values["extension"],
    )  # fmt: skip
    tx.add(row)
    tx.flush()
    events.emit(tx, "output-file:new", {"output_file_id": row.id}, owner.entity.project_id)
    return row, folder, file_name
