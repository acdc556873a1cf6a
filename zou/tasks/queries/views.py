"""Tasks of several productions in one list, each as the actor's role on its own production shows it."""

import sqlalchemy as sa

from zou.people.rules import reads_as_client
from zou.platform.db.payload import Fixed, NoIds
from zou.platform.db.projection import fields_of, select_list
from zou.tasks.models import Task
from zou.tasks.schemas import ClientTaskSchema, TaskSchema


def columns_seen(actor, relations=True):
    """The labelled columns of tasks, blanked in productions where the actor is a client (contract/rules/tasks.md §3.5)."""
    whole, as_client = select_list(TaskSchema, Task, relations), reads_as_client.clause(Task, actor)
    if as_client is False:
        return whole
    fields = fields_of(ClientTaskSchema, relations)
    blank = {key: field.sql(Task) for key, field in fields.items() if isinstance(field, Fixed | NoIds)}
    shown = ((column.name, column.element) for column in whole)
    return [(sa.case((as_client, blank[key]), else_=sa.func.to_json(value)) if key in blank else value).label(key) for key, value in shown]


def for_client(actor, column, value=None):
    """A column of tasks, `value` in productions where the actor is a client."""
    as_client = reads_as_client.clause(Task, actor)
    blank = sa.cast(sa.null() if value is None else value, column.type)
    return column if as_client is False else sa.case((as_client, blank), else_=column)
