"""Paths made from the templates of a file tree. Rules: contract/rules/file-trees.md §4.

subject = paths.subject(tx, task.entity_id, task=task, software=software, name="main", revision=3)
paths.folder(tx, subject, "working", "/"), paths.file_name(tx, subject, "working")
"""

import re
from dataclasses import dataclass

import sqlalchemy as sa

from zou.entities.models import AssetInstance, Entity, EntityType
from zou.files.models import OutputType, Software
from zou.files.services import trees
from zou.files.services.named import named
from zou.files.services.slugs import slug
from zou.files.services.trees import MalformedTree
from zou.people.models import Department
from zou.platform.errors import NotFound
from zou.productions.models import Project
from zou.tasks.models import Task, TaskType

FIELDS = ("name", "short_name", "number", "id")
UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
NO_SEQUENCE = "e001"


@dataclass
class Subject:
    """What a path is for. `entity`: for an asset instance the entity that it is seen in."""

    project: Project
    entity: Entity
    entity_type: EntityType
    task: Task | None = None
    task_type: TaskType | None = None
    output_type: OutputType | None = None
    software: Software | None = None
    instance: AssetInstance | None = None
    asset: Entity | None = None
    asset_type: EntityType | None = None
    name: str = "main"
    representation: str = ""
    revision: int = 0

    @property
    def kind(self):
        """Which template of a section is meant."""
        if self.instance is not None:
            return "instance_asset" if self.instance.target_asset_id is not None else "instance"
        return trees.KINDS.get(self.entity_type.name, "asset")


def subject(tx, entity_id, instance=None, **more):
    """What a path is for, with the rows that templates speak of. Raises NotFound for an entity that is not there."""
    statement = sa.select(Entity, EntityType, Project).join(EntityType, EntityType.id == Entity.entity_type_id)
    found = tx.execute(statement.join(Project, Project.id == Entity.project_id).where(Entity.id == entity_id)).first()
    if found is None:
        raise NotFound()
    entity, entity_type, project = found
    asset, asset_type = entity, entity_type
    if instance is not None:
        asset = tx.get(Entity, instance.asset_id)
        asset_type = tx.get(EntityType, asset.entity_type_id)
    return Subject(project, entity, entity_type, instance=instance, asset=asset, asset_type=asset_type, **more)


def folder(tx, subject, mode, separator):
    """The folder of a subject, without separator at the end. Raises MalformedTree."""
    part = trees.section(subject.project.file_tree, mode)
    template, style = trees.template(part, "folder_path", subject.kind)

    def render(match):
        token, field = token_of(match)
        value = value_of(tx, subject, token, field)
        return style(value if field == "id" else slug(value))

    path = trees.TOKEN.sub(render, template).replace("/", separator)
    return trees.root_of(part, separator) + path


def file_name(tx, subject, mode):
    """The name of a subject's file, without extension. Raises MalformedTree."""
    part = trees.section(subject.project.file_tree, mode)
    template, style = trees.template(part, "file_name", subject.kind)

    def render(match):
        value = value_of(tx, subject, *token_of(match))
        return value if UUID4.fullmatch(value) else slug(value)

    text = trees.TOKEN.sub(render, template)
    name = style(slug(text))
    for id in UUID4.findall(text):
        name = name.replace(style(slug(id)), id)
    return name


def token_of(match):
    """(token, field) of a match of `trees.TOKEN`."""
    token, _, field = match[1].partition(".")
    return token, field if field in FIELDS else "name"


def value_of(tx, subject, token, field):
    """The text of a token. Raises MalformedTree for an unknown token, and for one whose subject is not given."""
    make = TOKENS.get(token)
    if make is None:
        raise MalformedTree(f"Unknown data type: {token}.")
    return make(tx, subject, field)


def field_of(row, field):
    """A field of a row as text. Raises MalformedTree when the row has no such field."""
    if not hasattr(row, field):
        raise MalformedTree(f"A {type(row).__name__} has no {field}.")
    value = getattr(row, field)
    return "" if value is None else str(value)


def or_empty(row, field):
    """As `field_of`; empty without a row."""
    return "" if row is None else field_of(row, field)


def task(tx, subject, field):
    """A field of the task. Raises MalformedTree without one, as in a template for output."""
    if subject.task is None:
        raise MalformedTree("Given task is null.")
    return field_of(subject.task, field)


def task_type_of(tx, subject):
    """The task type that is given, else the task's; None without either."""
    if subject.task_type is None and subject.task is not None:
        subject.task_type = tx.get(TaskType, subject.task.task_type_id)
    return subject.task_type


def department(tx, subject, field):
    """A field of the department of the task type; empty without one."""
    kind = task_type_of(tx, subject)
    return or_empty(tx.get(Department, kind.department_id) if kind is not None and kind.department_id else None, field)


def asset_type(tx, subject, field):
    """A field of the type of the asset, or of whatever the entity is."""
    return field_of(subject.asset_type, field)


def sequence_of(tx, subject):
    """The sequence that a shot or scene is in, or that the entity is; None for other kinds. Raises NotFound for one that is missing."""
    kind = subject.entity_type.name
    if kind == "Sequence":
        return subject.entity
    if kind not in ("Shot", "Scene"):
        return None
    found = tx.get(Entity, subject.entity.parent_id) if subject.entity.parent_id else None
    if found is None:
        raise NotFound()
    return found


def sequence(tx, subject, field):
    """A field of the sequence; `Seq02` is written S002."""
    value = or_empty(sequence_of(tx, subject), field)
    return f"S{value[3:].zfill(3)}" if "Seq" in value else value


def episode(tx, subject, field):
    """A field of the episode, by way of the sequence; `e001` where there is none."""
    found = subject.entity
    if subject.entity_type.name != "Episode":
        above = sequence_of(tx, subject)
        found = tx.get(Entity, above.parent_id) if above is not None and above.parent_id else None
    return NO_SEQUENCE if found is None else field_of(found, field)


def temporal_entity_type(tx, subject, field):
    """A field of the type of the entity, in lower case."""
    return field_of(subject.entity_type, field).lower()


def software(tx, subject, field):
    """A field of the software; made when none is given."""
    if subject.software is None:
        subject.software = named(tx, Software, "3dsmax", short_name="max", file_extension=".max")
    return field_of(subject.software, field)


def output_type(tx, subject, field):
    """A field of the output type, in lower case; made when none is given."""
    if subject.output_type is None:
        subject.output_type = named(tx, OutputType, "Geometry", short_name="Geo")
    return field_of(subject.output_type, field).lower()


def instance(tx, subject, field):
    """The name of the instance, or its number with four digits."""
    if subject.instance is None:
        return ""
    if field == "name" and subject.instance.name is not None:
        return subject.instance.name
    return str(subject.instance.number or 0).zfill(4)


def revision(tx, subject, field):
    """The revision with three digits."""
    return str(subject.revision).zfill(3)


def own_name(tx, subject, field):
    """The name that the client gave the file."""
    return subject.name


TOKENS = {
    "Project": lambda tx, subject, field: field_of(subject.project, field),
    "Task": task,
    "TaskType": lambda tx, subject, field: or_empty(task_type_of(tx, subject), field),
    "Department": department,
    "Shot": lambda tx, subject, field: field_of(subject.entity, field),
    "Asset": lambda tx, subject, field: or_empty(subject.asset, field),
    "AssetType": asset_type,
    "Sequence": sequence,
    "Episode": episode,
    "Scene": lambda tx, subject, field: or_empty(subject.entity, field),
    "TemporalEntity": lambda tx, subject, field: field_of(subject.entity, field),
    "TemporalEntityType": temporal_entity_type,
    "Software": software,
    "OutputType": output_type,
    "OuputType": output_type,  # misspelt so in trees that studios have stored
    "Instance": instance,
    "Representation": lambda tx, subject, field: subject.representation,
    "Name": own_name,
    "OutputFile": own_name,
    "WorkingFile": own_name,
    "Version": revision,
    "Revision": revision,
}
"""{token: function from the transaction, the subject and a field to text}."""
