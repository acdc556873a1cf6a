"""Payloads of notifications, subscriptions and news."""

from zou.inbox.models import News, Notification, Subscription
from zou.platform.db.payload import Column, Constant, RowSchema


class NotificationSchema(RowSchema):
    """A notification; its column `type` is called `notification_type`."""

    class Meta(RowSchema.Meta):
        model = Notification

    type = Constant("Notification")
    notification_type = Column(attribute="type", dump_only=True)


class SubscriptionSchema(RowSchema):
    """A person follows a task, or a task type of a sequence."""

    class Meta(RowSchema.Meta):
        model = Subscription


class NewsSchema(RowSchema):
    """An entry of the news feed."""

    class Meta(RowSchema.Meta):
        model = News
