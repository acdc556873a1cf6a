"""What the person follows."""

import sqlalchemy as sa

from zou.entities.models import Entity
from zou.entities.queries.kinds import is_kind
from zou.inbox.answers import IDS_SENT
from zou.inbox.models import Subscription
from zou.inbox.schemas import SubscriptionSchema
from zou.inbox.services import subscriptions
from zou.people.rules import member, person
from zou.platform.db.payload import is_uuid
from zou.platform.db.projection import json_row
from zou.platform.errors import NotFound
from zou.platform.http import Json, Resource, body, permission, returns
from zou.platform.http.shapes import FLAG
from zou.tasks.bodies import TaskIdsSchema
from zou.tasks.models import Task, TaskType

BY_TASK, BY_SEQUENCE = "subscription_task_uc", "subscription_entity_uc"


class TaskSubscribedResource(Resource):
    """Whether the person follows a task."""

    @permission(person)
    @returns(FLAG)
    def get(self, task_id):
        """Whether one follows a task; false for one that is not there."""
        return self.tx.scalar(sa.select(sa.exists(subscriptions.of_tasks(self.actor.id, [task_id]))))


class SubscribeTaskResource(Resource):
    """A task to follow."""

    @permission(person & member, on=Task, lock=False)
    @returns(SubscriptionSchema, status=201)
    def post(self, task):
        """Follow a task of a production that one is in."""
        subscriptions.follow(self.tx, self.actor.id, BY_TASK, [{"task_id": task.id}])
        return self.tx.scalar(subscriptions.of_tasks(self.actor.id, [str(task.id)]))


class UnsubscribeTaskResource(Resource):
    """A task to follow no more."""

    @permission(person)
    @returns(status=204)
    def delete(self, task_id):
        """Follow a task no more."""
        subscriptions.unfollow(self.tx, subscriptions.of_tasks(self.actor.id, [task_id]))


class SubscribeTasksResource(Resource):
    """Tasks to follow."""

    @permission(person, then=member)
    @body(TaskIdsSchema)
    @returns(SubscriptionSchema, 201, many=True)
    def post(self, body):
        """Follow several tasks; all are checked before the first is followed."""
        ids = subscriptions.tasks_to_follow(self.tx, self.actor, body["task_ids"])
        subscriptions.follow(self.tx, self.actor.id, BY_TASK, [{"task_id": id} for id in sorted(set(ids))])
        text = sa.cast(json_row(SubscriptionSchema, Subscription), sa.Text)
        mine = subscriptions.of_tasks(self.actor.id, ids).with_only_columns(Subscription.task_id, text)
        rows = {str(task_id): row for task_id, row in self.tx.execute(mine).all()}
        return Json("[" + ",".join(rows[id] for id in ids) + "]")


class UnsubscribeTasksResource(Resource):
    """Tasks to follow no more."""

    @permission(person)
    @body(TaskIdsSchema)
    @returns(IDS_SENT)
    def post(self, body):
        """Follow several tasks no more; the ids come back as they were sent."""
        subscriptions.unfollow(self.tx, subscriptions.of_tasks(self.actor.id, body["task_ids"]))
        return body["task_ids"]


class SequenceSubscribedResource(Resource):
    """Whether the person follows a task type of a sequence."""

    @permission(person)
    @returns(FLAG)
    def get(self, sequence_id, task_type_id):
        """Whether one follows a task type of a sequence."""
        return self.tx.scalar(sa.select(sa.exists(subscriptions.of_sequence(self.actor.id, sequence_id, task_type_id))))


class SubscribeSequenceResource(Resource):
    """A task type of a sequence to follow."""

    @classmethod
    def named(cls, model):
        return (is_kind("Sequence"),) if model is Entity else ()

    @permission(person & member, on=Entity, key="sequence_id", lock=False)
    @returns(SubscriptionSchema, status=201)
    def post(self, sequence, task_type_id):
        """Follow the tasks of a type that are right below a sequence."""
        if not is_uuid(task_type_id) or self.tx.get(TaskType, task_type_id) is None:
            raise NotFound()
        row = {"entity_id": sequence.id, "task_type_id": task_type_id}
        subscriptions.follow(self.tx, self.actor.id, BY_SEQUENCE, [row])
        return self.tx.scalar(subscriptions.of_sequence(self.actor.id, str(sequence.id), task_type_id))


class UnsubscribeSequenceResource(Resource):
    """A task type of a sequence to follow no more."""

    @permission(person)
    @returns(status=204)
    def delete(self, sequence_id, task_type_id):
        """Follow a task type of a sequence no more."""
        subscriptions.unfollow(self.tx, subscriptions.of_sequence(self.actor.id, sequence_id, task_type_id))
