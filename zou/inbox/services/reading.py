"""The read state of notifications. Rules: contract/rules/notifications-and-news.md §3."""

import sqlalchemy as sa

from zou.inbox.models import Notification
from zou.platform import events
from zou.platform.db.payload import is_uuid
from zou.platform.db.types import utcnow
from zou.platform.errors import Invalid, NotFound


def moment(tx, text):
    """The moment that the database reads in a text. Raises Invalid."""
    try:
        return tx.scalar(sa.select(sa.cast(sa.literal(text, sa.Text), sa.DateTime)))
    except (sa.exc.DataError, ValueError):  # ValueError: a year that only the database knows, or a NUL character
        raise Invalid("Wrong date format for after or before.") from None


def mark(tx, actor, id, read):
    """Mark a notification of the actor as read or not; returns it. Raises NotFound. Emits notification:read or :unread, changed or not."""
    found = None
    if is_uuid(id):
        mine = sa.select(Notification).where(Notification.id == id, Notification.person_id == actor.id)
        found = tx.scalar(mine.with_for_update())
    if found is None:
        raise NotFound()
    found.read = read
    found.updated_at = utcnow()
    name = "notification:read" if read else "notification:unread"
    events.emit(tx, name, {"person_id": actor.id, "notification_id": found.id})
    return found


def mark_all(tx, actor):
    """Mark all notifications of the actor as read. Emits notification:all-read."""
    unread = sa.update(Notification).where(Notification.person_id == actor.id, Notification.read.is_(False))
    tx.execute(unread.values(read=True), execution_options={"synchronize_session": False})
    events.emit(tx, "notification:all-read", {"person_id": actor.id})
