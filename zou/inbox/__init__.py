"""Inbox: notifications, subscriptions, news, mail, chat messages."""

from zou.inbox.models import News, Notification, Subscription
from zou.inbox.schemas import NewsSchema, NotificationSchema, SubscriptionSchema
from zou.platform.http import Crud, Domain

domain = Domain("inbox")
domain.crud(
    Crud(Notification, NotificationSchema, "notifications"),
    Crud(Subscription, SubscriptionSchema, "subscriptions"),
    Crud(News, NewsSchema, "news"),
)
