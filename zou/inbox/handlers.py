"""What leaves the server after a notification: mails and chat messages.

With ENABLE_JOB_QUEUE each delivery is a job, deferred in the transaction of its notification. Without it, a thread of this process sends
it after the commit; what a process leaves behind when it dies is taken up by the next worker (`inbox.resume`).
"""

import logging
from concurrent.futures import ThreadPoolExecutor

from flask import current_app
from sqlalchemy import event
from sqlalchemy.orm import Session

from zou.inbox.services import deliveries, messages
from zou.inbox.texts import locale_of
from zou.people import organisation
from zou.platform import events, jobs
from zou.platform.db import db
from zou.platform.db.payload import is_uuid

log = logging.getLogger(__name__)

PLANNED = "inbox.deliveries"


def register(app):
    """Give the application what sends: threads for deliveries, and `send_mail` for the domains before this one."""
    app.extensions.update(senders=ThreadPoolExecutor(max_workers=2, thread_name_prefix="deliveries"), send_mail=send_mail)


@jobs.task("inbox.deliver")
def deliver(tx, delivery_id):
    """Send a delivery; one that failed for now gets another job."""
    wait_s = deliveries.attempt(tx, delivery_id)
    if wait_s is not None:
        jobs.defer(tx, deliver, schedule_in={"seconds": wait_s}, delivery_id=delivery_id)


@jobs.task("inbox.resume", cron="*/5 * * * *", queueing_lock="inbox.resume")
def resume(tx):
    """Take up deliveries whose process or job was lost, and forget old ones."""
    deliveries.purge(tx)
    for id in deliveries.overdue(tx):
        jobs.defer(tx, deliver, delivery_id=id)


@events.within("notification:new")
def plan(tx, told):
    """Plan the deliveries of new notifications in their transaction. `told`: the data of the events."""
    ids = deliveries.plan(tx, [data["notification_id"] for data in told if is_uuid(data.get("notification_id"))])
    if not ids:
        return
    if current_app.config["ENABLE_JOB_QUEUE"]:
        jobs.defer_all(tx, deliver, [{"delivery_id": id} for id in ids])
    else:
        tx.info.setdefault(PLANNED, []).extend(ids)


@event.listens_for(Session, "after_commit")
def hand_over(tx):
    """Hand the deliveries of a committed transaction to the threads."""
    if tx.in_nested_transaction():
        return
    for id in tx.info.pop(PLANNED, ()):
        app = current_app._get_current_object()
        app.extensions["senders"].submit(send_now, app, id)


@event.listens_for(Session, "after_rollback")
def forget(tx):
    """What was rolled back calls for nothing."""
    tx.info.pop(PLANNED, None)


def send_now(app, id):
    """Send a delivery in this process; one that failed for now waits for a worker."""
    with app.app_context():
        try:
            deliveries.attempt(db.session, id)
            db.session.commit()
        except Exception:
            log.exception("the delivery %s could not be made", id)


def send_mail(recipient, kind, values, locale=None):
    """Send a mail that is no notification, now; its outcome is in `tracker.delivery`, its values are nowhere. Raises nothing of SMTP.

    `kind` and `values`: see `messages.letter`. Called after the commit of its cause, in an application context. Source: auth.md §10.
    """
    if not current_app.config["MAIL_ENABLED"]:
        return
    values = {"organisation": organisation.name(db.session), **values}
    written = messages.letter(kind, values, locale_of(locale, current_app.config["DEFAULT_LOCALE"]))
    id = deliveries.note_letter(db.session, kind, recipient)
    db.session.commit()
    deliveries.send_letter(db.session, id, written, recipient)
    db.session.commit()
