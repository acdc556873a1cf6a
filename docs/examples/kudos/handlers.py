"""What the plug-in does when something happened: it runs after the commit, in the process that served the request."""

from sqlalchemy.orm import Session

from zou.platform.db import db
from zou.platform.events import on
from zou.tasks.models import Task, TaskStatus

from . import services


@on("task:status-changed")
def thank_for_finished_work(data):
    """Thank everybody when a task is done. A handler opens a transaction of its own."""
    with Session(db.engine) as tx:
        if tx.get(TaskStatus, data["new_task_status_id"]).is_done:
            services.give(tx, tx.get(Task, data["task_id"]), None, "Done. Thank you!")
            tx.commit()
