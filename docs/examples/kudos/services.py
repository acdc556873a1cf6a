"""Rules of the trade: they know no HTTP and never commit."""

from zou.platform import events

from .models import Kudo


def give(tx, task, person_id, text):
    """Thank for the work on a task; `person_id` None when the server does. Emits kudos:new."""
    kudo = Kudo(task_id=task.id, person_id=person_id, text=text)
    tx.add(kudo)
    tx.flush()
    events.emit(tx, "kudos:new", {"kudo_id": kudo.id, "task_id": task.id}, project_id=task.project_id)
    return kudo
