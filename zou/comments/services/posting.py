"""Posting a comment, with all that follows from it, in the transaction of the request. Rules: contract/rules/comments.md §2.

Statements of one comment without mentions, files and hashtags, besides the actor's and the task's: what it is about, the comment, the
task, who follows it, their notifications, the news, the production's automations.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from zou.comments.models import Comment, comment_department_mentions, comment_mentions
from zou.comments.services import attachments, automations, mentions, notices
from zou.comments.services.status import advance
from zou.entities.models import Entity, EntityType
from zou.people.models import Person
from zou.people.rules import task_action_access
from zou.platform import events
from zou.platform.db.payload import is_uuid
from zou.platform.db.types import utcnow
from zou.platform.errors import Denied, Invalid, NotFound
from zou.platform.rules import as_sql
from zou.previews.services import copying
from zou.productions.models import Project, ProjectPersonLink, ProjectTaskStatusLink
from zou.tasks.models import Task, TaskStatus, TaskType

HASHTAG = re.compile(r"#([a-z]+)", re.IGNORECASE)
NO_MORE_RETAKES = "No more retakes allowed on this task"


@dataclass(frozen=True)
class Draft:
    """A comment to be."""

    text: str = ""
    checklist: list = field(default_factory=list)
    links: list = field(default_factory=list)
    files: list = field(default_factory=list)  # of attachments.Sent
    for_client: bool = False
    author_id: UUID | None = None
    created_at: datetime | None = None


@dataclass(frozen=True)
class Subject:
    """What a comment is about: the status it gives, and what surrounds its task. `role`: the actor's on the production."""

    status: TaskStatus
    task_type: TaskType
    project: Project
    kind: str  # name of the entity's type
    entity_data: dict
    role: str
    may_act: bool
    is_open_to_clients: bool

    @property
    def is_manager(self):
        return self.role in ("admin", "manager")


def subject_of(tx, actor, task, status_id):
    """The `Subject` of a comment that gives `task` a status. Raises NotFound for an unknown status."""
    found = subjects_of(tx, actor, [(task, status_id)]) if is_uuid(str(status_id)) else {}
    if task.id not in found:
        raise NotFound()
    return found[task.id]


def subjects_of(tx, actor, pairs):
    """{task id: the `Subject` of a comment that gives it a status}, in one statement. `pairs`: (task, id of a status) each."""
    link, override = ProjectPersonLink, ProjectTaskStatusLink
    ids = [[str(id) for id in column] for column in zip(*[(task.id, status_id) for task, status_id in pairs], strict=True)]
    given = sa.func.unnest(*[sa.cast(column, sa.ARRAY(sa.Uuid(as_uuid=False))) for column in ids])
    given = given.table_valued("task_id", "status_id").render_derived("given")
    rows = tx.execute(
        sa.select(
            Task.id, TaskStatus, TaskType, Project, EntityType.name, Entity.data, link.role, override.is_client_allowed,
            as_sql(task_action_access.clause(Task, actor)).label("may_act"),
        )
        .select_from(given)
        .join(Task, Task.id == given.c.task_id)
        .join(TaskStatus, TaskStatus.id == given.c.status_id)
        .join(TaskType, TaskType.id == Task.task_type_id)
        .join(Project, Project.id == Task.project_id)
        .join(Entity, Entity.id == Task.entity_id)
        .join(EntityType, EntityType.id == Entity.entity_type_id)
        .outerjoin(link, sa.and_(link.project_id == Task.project_id, link.person_id == actor.id))
        .outerjoin(override, sa.and_(override.project_id == Task.project_id, override.task_status_id == TaskStatus.id))
    )  # fmt: skip
    return {id: make_subject(actor, *row) for id, *row in rows}


def make_subject(actor, status, task_type, project, kind, data, own, allowed, may_act):
    """The `Subject` of a row. `own`: the role in the team; `allowed`: what the production lets clients do."""
    role = actor.role if actor.is_admin or own in (None, "admin") else own
    is_open = bool(status.is_client_allowed if allowed is None else allowed)
    return Subject(status, task_type, project, kind, data or {}, role, may_act, is_open)


def check_status(subject):
    """Raise Denied when the actor's role may not give this status."""
    if subject.role == "user" and not subject.status.is_artist_allowed or subject.role == "client" and not subject.is_open_to_clients:
        raise Denied("Only for: a status that is open to the role.")


def check_retakes(task, subject):
    """Raise Invalid when the production allows no more retakes of the task, even for a comment that keeps the status."""
    if subject.status.is_retake and (subject.project.max_retakes or 0) > 0:
        most = whole(subject.entity_data.get("max_retakes")) or subject.project.max_retakes
        if most > 0 and (task.retake_count or 0) >= most:
            raise Invalid(NO_MORE_RETAKES)


def whole(value):
    """A number out of a bag of metadata, where anybody may have written anything; 0 when it is none."""
    try:
        return int(value or 0)
    except (TypeError, ValueError):
        return 0


def post(tx, actor, task, status_id, draft, subject=None):
    """Post a comment on a task, with all that follows. Returns the comment.

    `task`: locked. `subject`: when the caller has it already. Raises Denied, Invalid, NotFound; then nothing is written.
    Emits comment:new, the task's events, notification:new, news:new, and those of copies and automations.
    """
    subject = subject or subject_of(tx, actor, task, status_id)
    check_status(subject)
    return write(tx, actor, task, subject, prepare(tx, actor, draft, subject), Visited())


def prepare(tx, actor, draft, subject):
    """The draft without what only managers may say. Raises NotFound for an unknown author."""
    if not subject.is_manager:
        return replace(draft, for_client=False, author_id=actor.id, created_at=None)
    author_id = draft.author_id or actor.id
    if author_id != actor.id and (not is_uuid(str(author_id)) or tx.get(Person, str(author_id)) is None):
        raise NotFound()
    return replace(draft, author_id=UUID(str(author_id)))


@dataclass
class Visited:
    """(task, status) pairs that automations of this request have set already: two that point at each other end here."""

    pairs: set = field(default_factory=set)
    is_copy: bool = False


def write(tx, actor, task, subject, draft, visited):
    """The order of operations of contract/rules/comments.md §2.3."""
    check_retakes(task, subject)
    comment = Comment(
        object_id=task.id, object_type="Task", task_status_id=subject.status.id, person_id=draft.author_id, text=draft.text,
        checklist=draft.checklist, links=draft.links, for_client=draft.for_client, created_at=draft.created_at or utcnow(),
    )  # fmt: skip
    tx.add(comment)
    tx.flush()
    mentioned = mentions.find(tx, draft.text, task.project_id)
    link(tx, comment, mentioned)
    attachments.attach(tx, comment.id, draft.files)
    tell(tx, task, comment)
    if not visited.is_copy:
        copy_to_siblings(tx, actor, task, subject, draft)
    is_changed = advance(tx, task, comment, subject.status)
    notices.of_comment(tx, task, comment, mentioned, is_changed)
    if subject.kind != "Concept":
        notices.publish(tx, task, comment, is_changed)
    if is_changed:
        automate(tx, actor, task, subject, draft, visited)
    return comment


def tell(tx, task, comment):
    """Emit comment:new."""
    data = {
        "comment_id": comment.id, "task_id": task.id, "task_status_id": comment.task_status_id, "person_id": comment.person_id,
        "for_client": bool(comment.for_client),
    }  # fmt: skip
    events.emit(tx, "comment:new", data, task.project_id)


def link(tx, comment, mentioned):
    """Write the mentions of a comment."""
    if mentioned.persons:
        tx.execute(sa.insert(comment_mentions), [{"comment": comment.id, "person": id} for id in mentioned.persons])
    if mentioned.departments:
        tx.execute(sa.insert(comment_department_mentions), [{"comment": comment.id, "department": id} for id in mentioned.departments])


def copy_to_siblings(tx, actor, task, subject, draft):
    """Post the text on the tasks of the same entity that its hashtags name by their type; `#all` names all. Their status stays."""
    tags = {tag.lower() for tag in HASHTAG.findall(draft.text or "")}
    if not tags:
        return
    siblings = sa.select(Task, TaskType.name).join(TaskType, TaskType.id == Task.task_type_id)
    siblings = siblings.where(Task.entity_id == task.entity_id, Task.task_type_id != task.task_type_id).order_by(Task.id)
    text = f"{draft.text}\n\n____\nFrom {subject.task_type.name} task"
    for sibling, name in tx.execute(siblings.with_for_update(of=Task)).all():
        if "all" in tags or name.lower() in tags:
            copied = subject_of(tx, actor, sibling, sibling.task_status_id)
            write(tx, actor, sibling, copied, Draft(text=text, author_id=draft.author_id), Visited(is_copy=True))


def automate(tx, actor, task, subject, draft, visited):
    """Run the automations of the production that the task's new status fires."""
    visited.pairs.add((task.id, task.task_status_id))
    for automation in automations.fired(tx, task, subject.kind):
        if automation.out_field_type == "ready_for":
            automations.make_ready(tx, task, subject.kind, automation.out_task_type_id)
            continue
        target = tx.scalar(
            sa.select(Task)
            .where(Task.entity_id == task.entity_id, Task.task_type_id == automation.out_task_type_id)
            .order_by(Task.name, Task.id)
            .limit(1)
            .with_for_update()
        )
        if target is None or (target.id, automation.out_task_status_id) in visited.pairs:
            continue
        text = f"Change triggered by {subject.task_type.name} set to {subject.status.name}"
        about = subject_of(tx, actor, target, automation.out_task_status_id)
        comment = write(tx, actor, target, about, Draft(text=text, author_id=draft.author_id), Visited(visited.pairs, is_copy=True))
        if automation.import_last_revision:
            copying.copy_last_revision(tx, task, target, comment)


def moment(text):
    """The date that a manager gives a comment, or None when it is in neither form of the contract."""
    for form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"):
        try:
            return datetime.strptime(text or "", form)
        except ValueError:
            continue
    return None


def own_status(task, status_id: Any):
    """Whether this is the status that the task has, however its letters are written."""
    return str(status_id).lower() == str(task.task_status_id).lower()
