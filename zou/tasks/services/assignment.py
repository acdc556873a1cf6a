"""Who is assigned to a task, and who hears of it: contract/rules/notifications-and-news.md §2.4."""

import uuid

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from zou.people.models import Person
from zou.people.rules import table
from zou.platform import events
from zou.platform.db.payload import is_uuid
from zou.platform.db.types import utcnow
from zou.platform.errors import Denied, Invalid
from zou.productions.models import Project
from zou.tasks.models import Task, task_person_link
from zou.tasks.rules import bots_work


def check_assignees(tx, ids, project_id, known=()):
    """Refuse preview accounts among persons about to be assigned, and bots where the production does not let them work.

    `ids`: what a client sent; `known`: persons who are assigned already. Raises Invalid, Denied.
    """
    sent = {id.lower() for id in (item.get("id") if isinstance(item, dict) else item for item in ids or ()) if is_uuid(id)}
    if not sent:
        return
    new = sent - {str(person.id) for person in known}
    lets_bots = sa.select(Project.is_bot_collaboration_enabled).where(Project.id == project_id).scalar_subquery()
    preview = sa.exists().where(Person.id.in_(sent), Person.preview_project_id.isnot(None))
    bot = sa.exists().where(Person.id.in_(new), Person.is_bot, sa.not_(sa.func.coalesce(lets_bots, False)))
    has_preview, has_bot = tx.execute(sa.select(preview, bot)).one()
    if has_preview:
        raise Invalid("A preview account can't be assigned")
    if has_bot:
        raise Denied(rule=bots_work)


def tell(tx, actor, task, before, after):
    """Tell who was assigned to a task and who no longer is, each once; who is added by another person gets a notification.

    `before`, `after`: persons. Emits task:assign, task:unassign, notification:new.
    """
    old, new = {person.id for person in before}, {person.id for person in after}
    added = sorted(new - old, key=str)
    for person_id in added:
        events.emit(tx, "task:assign", {"task_id": task.id, "person_id": person_id}, project_id=task.project_id)
    notify(tx, actor, task, added)
    for person_id in sorted(old - new, key=str):
        events.emit(tx, "task:unassign", {"task_id": task.id, "person_id": person_id}, project_id=task.project_id)


def notify(tx, actor, task, person_ids):
    """Write the notifications of an assignment, none for an actor who assigns themselves. Emits notification:new, which is not stored."""
    notify_all(tx, actor, [(task, person_id) for person_id in person_ids])


def notify_all(tx, actor, pairs):
    """The same for (task, person id) pairs, in one statement."""
    told = [(task, person_id) for task, person_id in pairs if str(person_id) != str(actor.id)]
    if not told:
        return
    notification = table("notification")
    rows = [
        {"id": uuid.uuid4(), "type": "assignation", "person_id": person_id, "author_id": actor.id, "task_id": task.id}
        for task, person_id in told
    ]
    tx.execute(sa.insert(notification), rows)
    for row, (task, person_id) in zip(rows, told, strict=True):
        data = {"notification_id": row["id"], "person_id": person_id}
        events.emit(tx, "notification:new", data, project_id=task.project_id, persist=False)


def person_to_assign(tx, id):
    """The person whom a request is about to assign. Raises Invalid for an unknown one and for a preview account."""
    person = tx.get(Person, id) if is_uuid(id) else None
    if person is None:
        raise Invalid("Assignee doesn't exist in database.", shape="error")
    if person.preview_project_id is not None:
        raise Invalid("A preview account can't be assigned")
    return person


def assign(tx, actor, tasks, person):
    """Assign a person to tasks; who was assigned already stays so. `tasks`: locked rows.

    Emits task:assign, task:update and notification:new for each.
    """
    pairs = [(task, person.id) for task in tasks]
    assign_pairs(tx, actor, pairs)
    notify_all(tx, actor, pairs)


def assign_pairs(tx, actor, pairs):
    """Assign persons to tasks, in two statements for any number of (locked task, person id) pairs. Emits task:assign, task:update."""
    if not pairs:
        return
    links = [{"task_id": task.id, "person_id": person_id} for task, person_id in pairs]
    tx.execute(insert(task_person_link).on_conflict_do_nothing(), links)
    tasks = list(dict.fromkeys(task for task, _ in pairs))
    changed = sa.update(Task).where(Task.id == sa.any_(sa.cast([str(task.id) for task in tasks], sa.ARRAY(sa.Uuid(as_uuid=False)))))
    tx.execute(changed.values(assigner_id=actor.id, updated_at=utcnow()).execution_options(synchronize_session=False))
    for task in tasks:
        if task in tx:
            tx.expire(task, ["assignees", "assigner_id", "updated_at"])
    for task, person_id in pairs:
        events.emit(tx, "task:assign", {"task_id": task.id, "person_id": person_id}, project_id=task.project_id)
        events.emit(tx, "task:update", {"task_id": task.id}, project_id=task.project_id)


def clear(tx, tasks, person_id=None):
    """Take one person, or everybody, off tasks. Emits task:unassign for each person and task:update for each task."""
    link = task_person_link
    for task in tasks:
        gone = sa.delete(link).where(link.c.task_id == task.id)
        if person_id is None:
            people = tx.scalars(gone.returning(link.c.person_id)).all()
        else:
            tx.execute(gone.where(link.c.person_id == person_id))
            people = [person_id]
        touch(tx, task)
        for id in people:
            events.emit(tx, "task:unassign", {"person_id": id, "task_id": task.id}, project_id=task.project_id)
        events.emit(tx, "task:update", {"task_id": task.id}, project_id=task.project_id)


def touch(tx, task):
    """Mark a task as changed: what is cached of it is stale."""
    task.updated_at = utcnow()
    tx.flush()
    tx.expire(task, ["assignees"])


def set_priority(tx, tasks, priority):
    """Give tasks a priority. Emits task:update for each."""
    for task in tasks:
        task.priority = priority
        touch(tx, task)
        events.emit(tx, "task:update", {"task_id": task.id}, project_id=task.project_id)
