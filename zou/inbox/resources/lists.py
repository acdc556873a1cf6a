"""What is kept of a production for those who copy it elsewhere."""

import sqlalchemy as sa

from zou.inbox.models import Notification, Subscription
from zou.inbox.schemas import NotificationSchema, SubscriptionSchema
from zou.people.rules import admin
from zou.platform.http import Resource, asks, permission, returns
from zou.platform.http.paging import paged
from zou.platform.http.shapes import WHOLE
from zou.productions.models import Project
from zou.tasks.models import Task


class ProjectNotificationsResource(Resource):
    """Notifications of a production."""

    @permission(admin, on=Project)
    @asks(page=WHOLE, limit=WHOLE)
    @returns(NotificationSchema, paged=True)
    def get(self, project):
        """Notifications about tasks of a production, newest change first, as a list or in pages."""
        statement = sa.select(Notification).join(Task, Task.id == Notification.task_id).where(Task.project_id == project.id)
        statement = statement.order_by(Notification.updated_at.desc(), Notification.id)
        return paged(self.tx, NotificationSchema, statement, Notification, takes_limit=False)


class ProjectSubscriptionsResource(Resource):
    """Subscriptions of a production."""

    @permission(admin, on=Project)
    @returns(SubscriptionSchema, many=True)
    def get(self, project):
        """Who follows which task of a production."""
        return sa.select(Subscription).join(Task, Task.id == Subscription.task_id).where(Task.project_id == project.id)
