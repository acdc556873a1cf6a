"""Who follows which task, or which task type of a sequence. Rules: contract/rules/user.md §8."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from zou.inbox.models import Subscription
from zou.people.rules import member
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Denied, NotFound
from zou.platform.rules import as_sql
from zou.tasks.models import Task


def tasks_to_follow(tx, actor, ids):
    """The ids of tasks, in the order of the request. Raises NotFound for an unknown one, Denied outside the team of its production."""
    if not all(is_uuid(id) for id in ids):
        raise NotFound()
    found = dict(tx.execute(sa.select(Task.id, as_sql(member.clause(Task, actor))).where(Task.id.in_(ids))).all())
    verdicts = {str(id): verdict for id, verdict in found.items()}
    if any(id.lower() not in verdicts for id in ids):
        raise NotFound()
    if not all(verdicts.values()):
        raise Denied(rule=member)
    return [id.lower() for id in ids]


def follow(tx, person_id, constraint, rows):
    """Subscribe a person; who follows already stays so. `rows`: columns of each subscription; `constraint`: what makes them unique."""
    values = [{"person_id": person_id, **row} for row in rows]
    tx.execute(insert(Subscription).values(values).on_conflict_do_nothing(constraint=constraint))


def of_tasks(person_id, task_ids):
    """The subscriptions of a person to tasks."""
    known = [id for id in task_ids if is_uuid(id)]
    return sa.select(Subscription).where(Subscription.person_id == person_id, Subscription.task_id.in_(known))


def of_sequence(person_id, sequence_id, task_type_id):
    """The subscription of a person to a task type of a sequence."""
    ids = (sequence_id, task_type_id)
    if not all(is_uuid(id) for id in ids):
        return sa.select(Subscription).where(sa.false())
    chosen = (Subscription.entity_id == sequence_id, Subscription.task_type_id == task_type_id)
    return sa.select(Subscription).where(Subscription.person_id == person_id, *chosen)


def unfollow(tx, subscriptions):
    """Remove the subscriptions that a select yields."""
    tx.execute(sa.delete(Subscription).where(Subscription.id.in_(subscriptions.with_only_columns(Subscription.id))))
