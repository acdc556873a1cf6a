"""Working files: their paths, revisions and scenes. Rules: contract/rules/files.md §2."""

import shutil
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from zou.files.models import Software, WorkingFile
from zou.files.services import paths, register
from zou.files.services.named import named
from zou.files.services.register import Kept
from zou.people.models import Person
from zou.platform import events
from zou.platform.db import cascade
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Invalid, NotFound
from zou.platform.storage import store
from zou.tasks.models import task_person_link
from zou.tasks.services import assignment


def next_revision(tx, task_id, name):
    """The revision after the last one of that name, from 1."""
    last = sa.select(sa.func.max(WorkingFile.revision)).where(WorkingFile.task_id == task_id, WorkingFile.name == name)
    return (tx.scalar(last) or 0) + 1


def software_of(tx, id, fallback, short_name, extension):
    """The software of that id; without one the fallback, made when it is missing. Raises NotFound for an unknown id."""
    if not id:
        return named(tx, Software, fallback, short_name=short_name, file_extension=extension)
    found = tx.get(Software, id) if is_uuid(id) else None
    if found is None:
        raise NotFound()
    return found


def path_of(tx, task, values):
    """(folder, file name) of a working file of a task; nothing is stored but the software it falls back on. Raises MalformedTree.

    The fallback is made with the first path that is asked for, whatever its software, as clients find it in their lists.
    """
    software = software_of(tx, None, "3ds Max", "max", ".max")
    if values["software_id"]:
        software = software_of(tx, values["software_id"], *[None] * 3)
    revision = values["revision"] or next_revision(tx, task.id, values["name"])
    subject = paths.subject(tx, task.entity_id, task=task, software=software, name=values["name"], revision=revision)
    return paths.folder(tx, subject, values["mode"], values["sep"]), paths.file_name(tx, subject, values["mode"])


def create(tx, actor, task, values):
    """A new working file of a task, which is locked; the actor is assigned to it.

    Raises MalformedTree, NotFound for an unknown software, Invalid for a revision that is there. Emits task:assign, task:update
    and working-file:new.
    """
    software = software_of(tx, values["software_id"], "Blender", "blender", ".blend")
    author_id = values["person_id"] or actor.id
    if not is_uuid(str(author_id)) or tx.get(Person, author_id) is None:
        raise Invalid("Cannot find given person.", shape="error")
    assign(tx, actor, task)
    name, revision = values["name"], values["revision"]
    if not revision:
        revision = next_revision(tx, task.id, name)
    elif tx.scalar(sa.select(sa.exists().where(*same_file(task, name, revision)))):
        raise Invalid("The given working file already exists.", shape="error")
    subject = paths.subject(tx, task.entity_id, task=task, software=software, name=name, revision=revision)
    folder, file_name = paths.folder(tx, subject, values["mode"], "/"), paths.file_name(tx, subject, values["mode"])
    row = WorkingFile(
        name=name, comment=values["comment"], revision=revision, path=folder + values["sep"] + file_name, task_id=task.id,
        entity_id=task.entity_id, person_id=author_id, software_id=software.id,
    )  # fmt: skip
    tx.add(row)
    tx.flush()
    events.emit(tx, "working-file:new", {"working_file_id": row.id}, task.project_id)
    return row


def assign(tx, actor, task):
    """Assign the actor to a task, by nobody's order. Emits task:assign and task:update, also for one who was assigned already."""
    person = assignment.person_to_assign(tx, str(actor.id))
    tx.execute(insert(task_person_link).values(task_id=task.id, person_id=person.id).on_conflict_do_nothing())
    assignment.touch(tx, task)
    events.emit(tx, "task:assign", {"task_id": task.id, "person_id": person.id}, project_id=task.project_id)
    events.emit(tx, "task:update", {"task_id": task.id}, project_id=task.project_id)


def same_file(task, name, revision):
    """Conditions: what no two working files share."""
    return (
        WorkingFile.task_id == task.id,
        WorkingFile.entity_id == task.entity_id,
        WorkingFile.name == name,
        WorkingFile.revision == revision,
    )


def keep(tx, working_file, content):
    """Store the scene of a working file; an earlier one is replaced. `content`: a binary reader."""
    with store().workspace() as folder:
        path = Path(folder, "scene")
        with path.open("wb") as file:
            shutil.copyfileobj(content, file, 1024 * 1024)
        register.keep(tx, [Kept("files", "working", working_file.id, path)])


@cascade.gone("working_file", "id")
def mark_scenes(tx, rows):
    """Working files went, alone or with their task or entity: mark their scenes, where they had one."""
    register.discard_known(tx, [("files", "working", row.id) for row in rows])
