"""The rows of tasks, their types, statuses and automations, as the generic routes write them: contract/rules/crud.md §6.3, §6.5."""

import sqlalchemy as sa

from zou.entities.models import Entity
from zou.entities.queries.kinds import kind_of
from zou.people import removal
from zou.people.rules import table
from zou.platform import events
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Invalid, NotFound
from zou.platform.rows import Rows
from zou.tasks.models import CustomAction, StatusAutomation, Task, TaskStatus, TaskType
from zou.tasks.services import assignment
from zou.tasks.services.statuses import keep_one_default


class TaskRows(Rows):
    """Tasks."""

    model = Task
    chosen = frozenset({"id", "created_at", "updated_at"})

    def place(self, tx, values):
        """Set the production of a task that is to be created: that of its entity, whatever was sent. Raises Invalid, NotFound."""
        for key in ("task_type_id", "entity_id"):
            if not is_uuid(values.get(key)):
                raise Invalid(f"A valid {key} is required.")
        project_id = tx.scalar(sa.select(Entity.project_id).where(Entity.id == values["entity_id"]))
        if project_id is None:
            raise NotFound()
        values["project_id"] = str(project_id)

    def check_new(self, tx, actor, values):
        """Refuse a task type of another kind of entity, a second task of the same name, and preview accounts."""
        values["name"] = values.get("name") or "main"
        assignees = values.get("assignees", [])
        if not isinstance(assignees, list):
            raise Invalid("assignees must be a list.")
        assignment.check_assignees(tx, assignees, values["project_id"])
        same = [getattr(Task, key) == values[key] for key in ("project_id", "task_type_id", "entity_id")]
        taken = sa.exists().where(*same, Task.name == str(values["name"]))
        type_, entity = TaskType.for_entity, sa.select(kind_of(Entity)).where(Entity.id == values["entity_id"]).scalar_subquery()
        found = tx.execute(sa.select(type_, entity, taken).where(TaskType.id == values["task_type_id"])).first()
        if found is None:
            raise NotFound()
        for_entity, kind, is_taken = found
        if for_entity != kind:
            raise Invalid("Task type of the task does not match entity type.", shape="plain")
        if is_taken:
            raise Invalid("Task already exists.", shape="bare")

    def check_change(self, tx, actor, row, values):
        """Keys of `data` that are not sent stay; the row is locked, so two people who change different keys lose none."""
        if values.get("data"):
            if not isinstance(values["data"], dict):
                raise Invalid("data must be an object.", shape=self.shape)
            values["data"] = {**(row.data or {}), **values["data"]}
        if isinstance(values.get("assignees"), list):
            assignment.check_assignees(tx, values["assignees"], row.project_id, row.assignees)

    def changed(self, tx, actor, row, before):
        """Tell who is assigned now."""
        if "assignees" in before:
            assignment.tell(tx, actor, row, before["assignees"], row.assignees)

    def remove(self, tx, actor, row, force=False):
        """Delete a task; with `force` all that hangs on it, in one transaction. Emits task:delete, and news:delete for its news."""
        if force:
            removal.remove(tx, "task", [row.id])
            tx.expunge(row)
        else:
            super().remove(tx, actor, row)

    def tell(self, tx, row, verb):
        """Emit task:new, task:update or task:delete; the last says what the task was."""
        data = {"task_id": row.id}
        if verb == "delete":
            data |= {"entity_id": row.entity_id, "task_type_id": row.task_type_id}
        events.emit(tx, f"task:{verb}", data, project_id=row.project_id)


class TaskTypeRows(Rows):
    """Steps of the pipeline."""

    model = TaskType

    def check_new(self, tx, actor, values):
        """Refuse a name that another task type has; case does not count."""
        self.check_name(tx, values.get("name"))

    def check_change(self, tx, actor, row, values):
        """The same for another name."""
        if values.get("name") != row.name:
            self.check_name(tx, values.get("name"), row.id)

    def check_name(self, tx, name, own_id=None):
        """Refuse a name that is taken by another task type than `own_id`, whatever kind of entity it is for."""
        if isinstance(name, str):
            taken = sa.exists().where(sa.func.lower(TaskType.name) == name.lower(), TaskType.id.is_distinct_from(own_id))
            if tx.scalar(sa.select(taken)):
                raise Invalid("A task type with similar name already exists")

    def check_remove(self, tx, actor, row, force):
        """Refuse while schedules or productions use it, or detach it from them with `force`."""
        uses = {"schedule items": table("schedule_item"), "projects": table("project_task_type_link")}
        if force:
            for used in uses.values():
                tx.execute(sa.delete(used).where(used.c.task_type_id == row.id))
            return
        found = tx.execute(sa.select(*[sa.exists().where(used.c.task_type_id == row.id) for used in uses.values()])).one()
        told = " and ".join(name for name, is_used in zip(uses, found, strict=True) if is_used)
        if told:
            raise Invalid(f"Task type is attached to {told}. Re-issue the request with force=true to detach.")


def reorder_task_types(tx, task_type_ids):
    """Give task types their place in a list as `priority`, from 1; unknown ids count, but change nothing. Returns the ids changed."""
    places = sa.func.unnest(sa.cast(list(task_type_ids), sa.ARRAY(sa.Uuid(as_uuid=False)))).table_valued("id", with_ordinality="place")
    places = places.render_derived("places")
    moved = sa.update(TaskType).where(TaskType.id == places.c.id).values(priority=places.c.place).returning(TaskType.id)
    return tx.scalars(moved.execution_options(synchronize_session=False)).all()


class TaskStatusRows(Rows):
    """States of tasks; one is the default of concepts and one of everything else."""

    model = TaskStatus

    def created(self, tx, actor, row, values):
        """A new default replaces the old one."""
        keep_one_default(tx, row)

    def changed(self, tx, actor, row, before):
        """A new default replaces the old one."""
        if "is_default" in before:
            keep_one_default(tx, row)


class StatusAutomationRows(Rows):
    """Automations."""

    model = StatusAutomation

    def check_new(self, tx, actor, values):
        """Drop the key of a field that automations once had; older web clients still send it."""
        values.pop("in_field_type", None)

    def check_remove(self, tx, actor, row, force):
        """Refuse while a production uses it."""
        link = table("project_status_automation_link")
        if tx.scalar(sa.select(sa.exists().where(link.c.status_automation_id == row.id))):
            raise Invalid("This automation is used in a project.", shape="bare")


class CustomActionRows(Rows):
    """Custom actions; each has a name."""

    model = CustomAction

    def check_new(self, tx, actor, values):
        """Refuse one without a name."""
        if values.get("name") is None:
            raise Invalid("The 'name' field is required and cannot be None.")

    def check_change(self, tx, actor, row, values):
        """Refuse to take the name away."""
        if "name" in values and values["name"] is None:
            raise Invalid("The 'name' field cannot be set to None.")
