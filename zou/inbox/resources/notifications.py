"""The notifications of the person."""

from zou.inbox.answers import ALL_READ, NOTIFICATION
from zou.inbox.bodies import NotificationsSchema, ReadSchema
from zou.inbox.queries import notifications
from zou.inbox.schemas import NotificationSchema
from zou.inbox.services import reading
from zou.people.rules import person
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Invalid, NotFound
from zou.platform.http import Json, Resource, body, permission, query, returns


class MyNotificationsResource(Resource):
    """The person's notifications."""

    @permission(person)
    @query(NotificationsSchema)
    @returns(NOTIFICATION, many=True)
    def get(self, query):
        """The newest notifications, at most a hundred; older ones with `before`."""
        for key in ("after", "before"):
            if key in query:
                query[key] = reading.moment(self.tx, query[key])
        return Json(self.tx.scalar(*notifications.latest(self.actor, query)))


class MyNotificationResource(Resource):
    """One notification of the person."""

    @permission(person)
    @returns(NOTIFICATION)
    def get(self, notification_id):
        """A notification of one's own, in the form of the list."""
        if not is_uuid(notification_id):
            raise Invalid(f"Invalid UUID format for notification_id: {notification_id}")
        found = self.tx.scalar(*notifications.one(self.actor, notification_id))
        if found is None:
            raise NotFound()
        return Json(found)

    @permission(person)
    @body(ReadSchema)
    @returns(NotificationSchema)
    def put(self, notification_id, body):
        """Mark a notification of one's own as read or unread."""
        return reading.mark(self.tx, self.actor, notification_id, body["read"])


class MarkAllAsReadResource(Resource):
    """All notifications of the person."""

    @permission(person)
    @returns(ALL_READ)
    def post(self):
        """Mark all one's notifications as read."""
        reading.mark_all(self.tx, self.actor)
        return {"success": True}
