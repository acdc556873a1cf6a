"""Tasks, versions and notes from Shotgun."""

import datetime as dt
import uuid

import sqlalchemy as sa

from zou.comments.models import Comment
from zou.entities.models import Entity
from zou.entities.queries.kinds import kind_of
from zou.exchange.services.shotgun.entries import ByShotgunId, Skipped, each, numbers, write
from zou.people.models import Person
from zou.previews.models import PreviewFile
from zou.productions.models import Project
from zou.tasks.models import Task, TaskStatus, TaskType, task_person_link
from zou.tasks.services.statuses import default_status

SOURCE = "Shotgun"


def tasks(tx, actor, entries):
    """Make and change tasks, with their assignees; those without step or production are left out."""
    known = ByShotgunId(tx, Task, entries)
    projects, steps, persons = ByShotgunId(tx, Project, entries), ByShotgunId(tx, TaskType, entries), ByShotgunId(tx, Person, entries)
    statuses = dict(tx.execute(sa.select(TaskStatus.short_name, TaskStatus.id)).all())
    entities = {}
    rows = sa.select(kind_of(Entity), Entity.shotgun_id, Entity.id).order_by(Entity.created_at)
    rows = rows.where(Entity.shotgun_id == sa.any_(sa.cast(sorted(numbers(entries)), sa.ARRAY(sa.Integer))))
    for kind, number, id in tx.execute(rows):
        entities.setdefault((kind, number), id)
    assigned = {}

    def read(entry):
        id, project_id, step_id = entry.id(), projects.key(entry.linked("project")), steps.key(entry.linked("step"))
        if project_id is None or step_id is None:
            raise Skipped("the step or the production is unknown")
        entity_id = entities.get((entry.linked("entity", "type"), entry.linked("entity"))) if entry.values.get("entity") else None
        status = statuses.get(entry.text("sg_status_list")) or default_status(tx).id
        identity = {"name": entry.name("cached_display_name"), "project_id": project_id, "task_type_id": step_id, "entity_id": entity_id}
        values = {
            **identity, "shotgun_id": id, "task_status_id": status, "assigner_id": persons.key(entry.linked("created_by")),
            "start_date": day(entry.text("start_date")), "due_date": day(entry.text("due_date")),
            "sort_order": entry.number("sg_sort_order"), "duration": entry.number("duration"),
        }  # fmt: skip
        people = [persons.key(person) for person in entry.all_linked("task_assignees")]
        task = known.get(id) or same_task(tx, identity)
        if task is None:  # what Shotgun leaves open takes the default of a new task
            task, values = Task(id=uuid.uuid4()), {key: value for key, value in values.items() if value is not None}
        write(tx, task, values)
        known.add(task)
        assigned[task.id] = {person for person in people if person is not None}
        return task

    made = each(entries, read)
    tx.flush()
    assign(tx, assigned)
    return made


def same_task(tx, identity):
    """The task of a name and a type on an entity, or None."""
    return tx.scalar(sa.select(Task).where(*[getattr(Task, key) == value for key, value in identity.items()]).limit(1))


def assign(tx, assigned):
    """Give tasks exactly these assignees. `assigned`: {task id: ids of persons}."""
    if not assigned:
        return
    link = task_person_link
    tx.execute(sa.delete(link).where(link.c.task_id.in_(list(assigned))))
    rows = [{"task_id": task_id, "person_id": person_id} for task_id, people in assigned.items() for person_id in people]
    if rows:
        tx.execute(sa.insert(link), rows)


def day(text):
    """The day of a text, or None."""
    if not text:
        return None
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d")
    except ValueError:
        raise Skipped("a date is not of the form YYYY-MM-DD") from None


def versions(tx, actor, entries):
    """Make and change previews; those without a known task are left out."""
    known = ByShotgunId(tx, PreviewFile, entries)
    all_tasks, persons = ByShotgunId(tx, Task, entries), ByShotgunId(tx, Person, entries)

    def read(entry):
        id, task_id = entry.id(), all_tasks.key(entry.linked("sg_task"))
        if task_id is None:
            raise Skipped("the task is unknown")
        values = {
            "name": entry.name("code"), "description": entry.text("description"), "task_id": task_id, "shotgun_id": id,
            "person_id": persons.key(entry.linked("user")), "source": SOURCE,
        }  # fmt: skip
        if entry.values.get("sg_uploaded_movie") is not None:
            values |= {f"uploaded_movie_{part}": entry.linked("sg_uploaded_movie", part) for part in ("url", "name")}
        same = sa.select(PreviewFile).where(PreviewFile.name == values["name"], PreviewFile.task_id == task_id).limit(1)
        preview = write(tx, known.get(id) or tx.scalar(same) or PreviewFile(id=uuid.uuid4()), values)
        known.add(preview)
        return preview

    return each(entries, read)


def notes(tx, actor, entries):
    """Make and change comments; those on no known task are left out."""
    known = ByShotgunId(tx, Comment, entries)
    all_tasks, persons = ByShotgunId(tx, Task, entries), ByShotgunId(tx, Person, entries)

    def read(entry):
        id, about = entry.id(), entry.all_linked("tasks")
        task_id = all_tasks.key(about[0]) if about else None
        person_id = persons.key(entry.linked("user"))
        if task_id is None or person_id is None:
            raise Skipped("the task or the person is unknown")
        values = {"text": entry.text("content"), "object_id": task_id, "object_type": "Task", "person_id": person_id, "shotgun_id": id}
        comment = write(tx, known.get(id) or Comment(id=uuid.uuid4(), checklist=[]), {**values, "created_at": moment(entry)})
        known.add(comment)
        return comment

    return each(entries, read)


def moment(entry):
    """When a note was written, by the clock on the wall where it was."""
    try:
        return dt.datetime.fromisoformat(entry.name("created_at")).replace(tzinfo=None)
    except ValueError:
        raise Skipped("created_at is no date") from None
