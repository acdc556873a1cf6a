"""Locking the tasks that comments are about, and those that follow them, before anything is written.

A comment on one task may write on others of its entity: by automations, and by hashtags. All of them are locked by one statement in the
order of their ids, so that two requests which meet on several tasks wait for each other instead of stopping each other.
"""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from zou.platform.db import Base
from zou.tasks.models import Task


def lock(tx, task_ids, texts=()):
    """{id as text: locked task} of these ids; unknown ones are left out. `texts`: of the comments to come."""
    return {id: task for id, (task, _) in judged(tx, task_ids, texts, sa.true()).items()}


def judged(tx, task_ids, texts, verdict):
    """{id as text: (locked task, verdict)}: as `lock`, with what an expression over `Task` says of each."""
    chosen = [str(id).lower() for id in task_ids]
    named = aliased(Task)
    automated = Base.metadata.tables["project_status_automation_link"].c.project_id
    entities = sa.select(named.entity_id).where(named.id.in_(chosen))
    if not any("#" in (text or "") for text in texts):
        entities = entities.where(named.project_id.in_(sa.select(automated)))
    rows = sa.select(Task, verdict.label("verdict")).where(sa.or_(Task.id.in_(chosen), Task.entity_id.in_(entities))).order_by(Task.id)
    found = tx.execute(rows.with_for_update(of=Task).execution_options(populate_existing=True)).all()
    return {str(task.id): (task, is_so) for task, is_so in found if str(task.id) in chosen}
