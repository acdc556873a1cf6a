"""Inbox: notifications, subscriptions, news, mail, chat messages."""

from zou.inbox import handlers as handlers  # declares its tasks
from zou.inbox.models import News, Notification, Subscription
from zou.inbox.resources import lists, news, notifications, subscriptions
from zou.inbox.resources.news import reads_news
from zou.inbox.schemas import NewsSchema, NotificationSchema, SubscriptionSchema
from zou.people.rules import admin, member, reads_entity, self_as
from zou.platform.http import Crud, Domain

domain = Domain("inbox")
domain.crud(
    Crud(Notification, NotificationSchema, "notifications"),
    Crud(Subscription, SubscriptionSchema, "subscriptions"),
    Crud(News, NewsSchema, "news"),
)
domain.hears("subscription", Subscription, admin | (self_as("person_id") & reads_entity))
domain.hears("news", News, member & reads_news, for_staff=True)

domain.route("/data/user/notifications", notifications.MyNotificationsResource)
domain.route("/data/user/notifications/<notification_id>", notifications.MyNotificationResource)
domain.route("/actions/user/notifications/mark-all-as-read", notifications.MarkAllAsReadResource)
domain.route("/data/user/tasks/<task_id>/subscribed", subscriptions.TaskSubscribedResource)
domain.route("/actions/user/tasks/<task_id>/subscribe", subscriptions.SubscribeTaskResource)
domain.route("/actions/user/tasks/<task_id>/unsubscribe", subscriptions.UnsubscribeTaskResource)
domain.route("/actions/user/tasks/subscribe", subscriptions.SubscribeTasksResource)
domain.route("/actions/user/tasks/unsubscribe", subscriptions.UnsubscribeTasksResource)
for place in ("sequences", "entities"):
    path = f"/data/user/{place}/<sequence_id>/task-types/<task_type_id>/subscribed"
    domain.route(path, subscriptions.SequenceSubscribedResource)
path = "/actions/user/sequences/<sequence_id>/task-types/<task_type_id>"
domain.route(f"{path}/subscribe", subscriptions.SubscribeSequenceResource)
domain.route(f"{path}/unsubscribe", subscriptions.UnsubscribeSequenceResource)
domain.route("/data/projects/news", news.OpenProjectsNewsResource)
domain.route("/data/projects/<project_id>/news", news.ProjectNewsResource)
domain.route("/data/projects/<project_id>/news/<news_id>", news.ProjectNewsItemResource)
domain.route("/data/entities/<entity_id>/news", news.EntityNewsResource)
domain.route("/data/projects/<project_id>/notifications", lists.ProjectNotificationsResource)
domain.route("/data/projects/<project_id>/subscriptions", lists.ProjectSubscriptionsResource)
