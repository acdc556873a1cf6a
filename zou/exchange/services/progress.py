"""The state of tasks in a file: `<Task type>`, `<Task type> comment`, `<Task type> assignations`. Rules: contract/rules/imports.md §1."""

from dataclasses import dataclass

import sqlalchemy as sa

from zou.comments.services import bulk
from zou.entities.models import task_type_asset_type_link
from zou.entities.services.batch import array
from zou.productions.models import ProjectTaskStatusLink, ProjectTaskTypeLink
from zou.tasks.models import Task, TaskStatus, TaskType, task_person_link
from zou.tasks.services import assignment
from zou.tasks.services.creation import insert_tasks


@dataclass(frozen=True)
class State:
    """What a line says of one task; None where it says nothing."""

    status_id: str | None
    comment: str | None
    assignees: tuple  # candidates for each person named


class Progress:
    """The columns of a file about tasks, and the tasks of what it names."""

    def __init__(self, tx, actor, project, kind, headers):
        self.tx, self.actor, self.project = tx, actor, project
        self.types = task_types(tx, project, kind)
        self.by_name = {}
        for task_type in self.types:
            self.by_name.setdefault(task_type.name, task_type)
        self.columns = {name: type_ for name, type_ in self.by_name.items() if {name, f"{name} comment", f"{name} assignations"} & headers}
        self.statuses = statuses(tx, project) if self.columns else {}

    def names(self, line):
        """Texts of the cells of a line that name persons."""
        return [part for name in self.columns for part in (line.get(f"{name} assignations") or "").split(",")]

    def read(self, line, persons):
        """{task type: what the line says of its task}, for those of which it says anything."""
        states = {}
        for name, task_type in self.columns.items():
            status, comment = (line.get(name) or "").strip(), line.get(f"{name} comment")
            named = [part for part in (line.get(f"{name} assignations") or "").split(",") if part.strip()]
            if status or comment or named:
                states[task_type] = State(self.status(line, name, status), comment, self.assignees(line, name, named, persons))
        return states

    def status(self, line, header, text):
        """The id of the status that a cell names; None for an empty one."""
        if not text:
            return None
        found = self.statuses.get(text) or self.statuses.get(text.lower())
        if found is None:
            line.wrong(header, f"Task status not found for {text[:80]}")
        return found

    def assignees(self, line, name, named, persons):
        """Whom a cell names, each as a list of those with that name. Preview accounts and, where bots do not work, bots are wrong."""
        header, found = f"{name} assignations", []
        for part in named:
            candidates = persons.named(part)
            fitting = [p for p in candidates if not p.is_preview and (not p.is_bot or self.project.is_bot_collaboration_enabled)]
            if not fitting:
                told = f"Person not found for {part.strip()[:80]}" if not candidates else f"{part.strip()[:80]} cannot be assigned"
                line.wrong(header, told)
            found.append(tuple(person.id for person in fitting))
        return tuple(found)

    # --- writing ---

    def make(self, wanted):
        """The tasks of entities, those that are missing made: {(entity id, task type id): task id}. `wanted`: {entity: task types}."""
        pairs = [(entity, task_type) for entity, types in wanted.items() for task_type in types]
        if not pairs:
            return {}
        ids = array({entity.id for entity, _ in pairs})
        known = sa.select(Task.entity_id, Task.task_type_id, Task.id).where(Task.entity_id == sa.any_(ids))
        known = known.order_by((Task.name == "main").desc(), Task.created_at, Task.id)
        tasks = self.first(known)
        missing = [(entity, task_type) for entity, task_type in pairs if (entity.id, task_type.id) not in tasks]
        if missing and insert_tasks(self.tx, self.actor, self.project, missing, for_concept=False):
            tasks = self.first(known)
        return tasks

    def first(self, rows):
        """{(entity id, task type id): the first task of them}."""
        found = {}
        for entity_id, task_type_id, id in self.tx.execute(rows):
            found.setdefault((entity_id, task_type_id), id)
        return found

    def apply(self, tasks, states):
        """Assign and comment. `tasks`: as of `make`; `states`: [(entity, task type, what a line says)], in the order of the file."""
        rounds = []  # a task that several lines speak of takes their words one after the other
        for entity, task_type, state in states:
            id = tasks[(entity.id, task_type.id)]
            free = next((found for found in rounds if id not in found), None)
            if free is None:
                rounds.append(free := {})
            free[id] = state
        for said in rounds:
            locked = bulk.lock_tasks(self.tx, list(said))
            self.assign(locked, said)
            bulk.post_all(self.tx, self.actor, self.project, list(comments(locked, said)))

    def assign(self, locked, said):
        """Assign who is not assigned yet; of persons of one name, one that is assigned will do."""
        link = task_person_link
        rows = self.tx.execute(sa.select(link.c.task_id, link.c.person_id).where(link.c.task_id == sa.any_(array(locked)))).all()
        pairs, known = [], {tuple(row) for row in rows}
        for id, state in said.items():
            for candidates in state.assignees:
                if not any((id, person_id) in known for person_id in candidates):
                    known.add((id, candidates[0]))
                    pairs.append((locked[id], candidates[0]))
        assignment.assign_pairs(self.tx, self.actor, pairs)


def comments(locked, said):
    """Yield (task, id of a status, text) where a line has a comment, if only an empty one, or another status."""
    for id, state in said.items():
        task = locked[id]
        status_id = state.status_id or task.task_status_id
        if status_id is not None and (state.comment is not None or status_id != task.task_status_id):
            yield task, status_id, state.comment or ""


def task_types(tx, project, kind):
    """The task types that a production uses for a kind of entity, by their place; those without kind are for assets."""
    link = ProjectTaskTypeLink
    rows = sa.select(TaskType).join(link, link.task_type_id == TaskType.id).where(link.project_id == project.id)
    rows = rows.where(sa.func.coalesce(TaskType.for_entity, "Asset") == kind)
    return tx.scalars(rows.order_by(sa.nulls_last(link.priority), TaskType.priority, TaskType.created_at, TaskType.id)).all()


def statuses(tx, project):
    """{name or short name: id of a status}, also in lower case. Those of the production come first, and short names before names."""
    used = sa.exists().where(ProjectTaskStatusLink.project_id == project.id, ProjectTaskStatusLink.task_status_id == TaskStatus.id)
    rows = sa.select(TaskStatus.id, TaskStatus.short_name, TaskStatus.name).where(TaskStatus.for_concept.isnot(True))
    found = tx.execute(rows.order_by(used.desc(), TaskStatus.priority, TaskStatus.name, TaskStatus.id)).all()
    known = {}
    for spelled in (str, str.lower):
        for column in ("short_name", "name"):
            for row in found:
                known.setdefault(spelled(getattr(row, column)), row.id)
    return known


def workflows(tx):
    """{asset type id: ids of the only task types that its assets get}; types without such a list are absent."""
    found = {}
    for asset_type_id, task_type_id in tx.execute(sa.select(task_type_asset_type_link)):
        found.setdefault(asset_type_id, set()).add(task_type_id)
    return found
