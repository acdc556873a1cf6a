"""What a path speaks of: the templates of a file tree read backwards. Rules: contract/rules/file-trees.md §5."""

import re

import sqlalchemy as sa

from zou.entities.models import Entity, EntityType
from zou.entities.queries.kinds import is_kind
from zou.files.models import OutputType
from zou.files.services import trees
from zou.people.models import Department
from zou.tasks.models import Task, TaskType

ELEMENT = re.compile(r"(\w*)<(\w*)>(\w*)")
ENTITIES = ("Scene", "Asset", "Shot")


def guess(tx, project, path, separator):
    """What the templates of a production recognise in a path, each reading once.

    A reading: {"Template": kind, token: id or text}, as far as tokens are recognised from the left.
    """
    found = []
    for part in (project.file_tree or {}).values():
        if not isinstance(part, dict) or not isinstance(part.get("folder_path"), dict):
            continue
        if not all(isinstance(part.get(key), str) for key in ("mountpoint", "root")):
            continue
        style = trees.style_of(part["folder_path"])
        root, styled = style(trees.root_of(part, separator)), style(path)
        if not separator or not styled.startswith(root):
            continue
        elements = styled[len(root) :].split(separator)
        for kind, template in part["folder_path"].items():
            values = read(template, elements, separator) if isinstance(template, str) else {}
            reading = {"Template": kind, **resolve(tx, project, values)} if values else None
            if reading is not None and reading not in found:
                found.append(reading)
    return found


def read(template, elements, separator):
    """{token: text} of the elements of a path by a template; empty when they do not match. The shorter of the two decides how far."""
    values = {}
    for expected, element in zip(template.split(separator), elements, strict=False):
        match = ELEMENT.fullmatch(expected)
        if match is None:
            if "<" not in expected and expected != element:
                return {}
            continue
        before, token, after = match.groups()
        if not (element.startswith(before) and element.endswith(after) and len(element) >= len(before) + len(after)):
            return {}
        values.setdefault(token, element[len(before) : len(element) - len(after)].replace("_", " "))
    return values


def resolve(tx, project, values):
    """{token: id or text} of the tokens up to the first one that cannot be found."""
    found = {}
    for token, text in values.items():
        lookup = LOOKUPS.get(token)
        value = lookup(tx, project, found, text) if lookup is not None else None
        if value is None:
            break
        found[token] = str(value)
    return found


def like(column, text):
    """Condition: the text of a column, whatever its case."""
    return column.ilike(re.sub(r"([\\%_])", r"\\\1", text))


def by_name(model):
    """A lookup of a row by its name alone."""

    def find(tx, project, found, text):
        return tx.scalar(sa.select(model.id).where(like(model.name, text)).order_by(model.name, model.id).limit(1))

    return find


def own_project(tx, project, found, text):
    """The production asked for; nothing is told of others."""
    from_path = like(type(project).name, text)
    return tx.scalar(sa.select(type(project).id).where(from_path, type(project).id == project.id))


def entity(kind=None, parent=None, parent_needed=False, entity_type=None):
    """A lookup of an entity of the production by its name.

    `kind`: of the seven; `parent`: the token of what holds it; `entity_type`: the token of its type.
    """

    def find(tx, project, found, text):
        if "Project" not in found or (entity_type and entity_type not in found) or (parent_needed and parent not in found):
            return None
        statement = sa.select(Entity.id).where(Entity.project_id == project.id, like(Entity.name, text))
        if kind:
            statement = statement.where(is_kind(kind))
        if entity_type:
            statement = statement.where(Entity.entity_type_id == found[entity_type])
        if parent in found:
            statement = statement.where(Entity.parent_id == found[parent])
        return tx.scalar(statement.order_by(Entity.name, Entity.id).limit(1))

    return find


def task(tx, project, found, text):
    """A task of what was found before it."""
    on = next((found[token] for token in ENTITIES if token in found), None)
    if "Project" not in found or "TaskType" not in found or on is None:
        return None
    statement = sa.select(Task.id).where(Task.entity_id == on, Task.task_type_id == found["TaskType"], like(Task.name, text))
    return tx.scalar(statement.order_by(Task.id).limit(1))


def own_text(tx, project, found, text):
    """The text as it is; None when there is none."""
    return text or None


def version(tx, project, found, text):
    """The number of a version; None for zero and for what is none."""
    return (int(text) or None) if text.isascii() and text.isdigit() else None


LOOKUPS = {
    "Project": own_project,
    "AssetType": by_name(EntityType),
    "TemporalEntityType": by_name(EntityType),
    "Asset": entity(entity_type="AssetType"),
    "TemporalEntity": entity(entity_type="TemporalEntityType"),
    "Episode": entity("Episode"),
    "Sequence": entity("Sequence", parent="Episode"),
    "Scene": entity("Scene", parent="Sequence"),
    "Shot": entity("Shot", parent="Sequence", parent_needed=True),
    "Department": by_name(Department),
    "TaskType": by_name(TaskType),
    "OutputType": by_name(OutputType),
    "Task": task,
    "Name": own_text,
    "Representation": own_text,
    "Version": version,
}
"""{token: function from the transaction, the production, what was found before and a text to an id, a text or None}."""
