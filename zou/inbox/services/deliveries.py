"""What leaves the server by mail and chat, and what became of it: the table `tracker.delivery`.

A delivery is planned in the transaction of its notification, so it exists if and only if its cause does. An attempt locks its row, sends,
and writes the outcome: `sent` is written only after the other side took the message. Which channels: notifications-and-news.md §6.1.
"""

import logging
from datetime import timedelta

import sqlalchemy as sa

from zou import config
from zou.inbox.queries.outgoing import facts_of
from zou.inbox.services import mail, messages
from zou.inbox.services.mail import Outcome
from zou.platform.db.types import utcnow
from zou.platform.lazy import Lazy

chat = Lazy("zou.inbox.services.chat")

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 6
FIRST_WAIT = timedelta(minutes=1)  # doubled after each attempt
KEPT = timedelta(days=90)
FORGOTTEN = timedelta(minutes=10)  # after its time, a delivery that waits is taken up by whoever looks

PLAN = sa.text(
    """
    INSERT INTO tracker.delivery (id, channel, kind, person_id, notification_id, status, attempts, created_at, updated_at, next_attempt_at)
    SELECT gen_random_uuid(), channel, type, person_id, notification_id, 'waiting', 0, :now, :now, :now
    FROM (
        SELECT DISTINCT ON (n.person_id, n.type, n.task_id, n.comment_id, n.reply_id, n.playlist_id, c.channel)
            c.channel, n.type, n.person_id, n.id AS notification_id
        FROM notification n
        JOIN person p ON p.id = n.person_id AND p.active AND (p.notifications_enabled OR p.notifications_slack_enabled
            OR p.notifications_mattermost_enabled OR p.notifications_discord_enabled)
        CROSS JOIN LATERAL (VALUES
            ('mail', :mail AND p.email <> '' AND (p.notifications_enabled OR n.type = 'playlist-ready')),
            ('slack', p.notifications_slack_enabled), ('mattermost', p.notifications_mattermost_enabled),
            ('discord', p.notifications_discord_enabled)) AS c (channel, wanted)
        WHERE n.id = ANY(CAST(:ids AS uuid[])) AND c.wanted
        ORDER BY n.person_id, n.type, n.task_id, n.comment_id, n.reply_id, n.playlist_id, c.channel, n.id
    ) AS wanted
    RETURNING id::text
    """
)
TAKE = sa.text(
    """
    SELECT id, channel, notification_id, attempts FROM tracker.delivery
    WHERE id = CAST(:id AS uuid) AND status = 'waiting' FOR UPDATE SKIP LOCKED
    """
)
SETTLE = sa.text(
    """
    UPDATE tracker.delivery SET status = :status, attempts = attempts + 1, reason = :reason, address = coalesce(:address, address),
        updated_at = :now, next_attempt_at = :next_attempt_at
    WHERE id = CAST(:id AS uuid)
    """
)
NOTE = sa.text(
    """
    INSERT INTO tracker.delivery (id, channel, kind, address, status, attempts, created_at, updated_at)
    VALUES (gen_random_uuid(), 'mail', :kind, :address, 'waiting', 0, :now, :now) RETURNING id::text
    """
)
OVERDUE = sa.text(
    """
    UPDATE tracker.delivery SET next_attempt_at = :now WHERE status = 'waiting' AND next_attempt_at < :before RETURNING id::text
    """
)
LOST = sa.text(
    """
    UPDATE tracker.delivery SET status = 'failed', reason = 'The server stopped before it was sent.', updated_at = :now
    WHERE status = 'waiting' AND next_attempt_at IS NULL AND created_at < :before
    """
)
PURGE = sa.text("DELETE FROM tracker.delivery WHERE created_at < :before")
LATEST = sa.text(
    """
    SELECT created_at, channel, kind, coalesce(address, person.email) AS address, status, attempts, reason
    FROM (SELECT * FROM tracker.delivery WHERE CAST(:status AS text) IS NULL OR status = :status
          ORDER BY created_at DESC, id LIMIT :limit) AS latest
    LEFT JOIN LATERAL (SELECT email FROM person WHERE person.id = latest.person_id) AS person ON true
    ORDER BY created_at DESC
    """
)
SECRETS = {"slack": "chat_token_slack", "mattermost": "chat_webhook_mattermost", "discord": "chat_token_discord"}


def plan(tx, notification_ids):
    """Write the deliveries that these new notifications call for; returns their ids as text."""
    values = {"ids": [str(id) for id in notification_ids], "now": utcnow(), "mail": bool(config.value("MAIL_ENABLED"))}
    return list(tx.scalars(PLAN, values))


def attempt(tx, id):
    """Try to send what a delivery is about. Returns the seconds until the next attempt, or None when it is settled.

    A delivery that somebody else is sending, or that is settled, is left alone.
    """
    found = tx.execute(TAKE, {"id": id}).first()
    if found is None:
        return None
    facts = facts_of(tx, found.notification_id, config.value("DEFAULT_LOCALE"))
    if facts is None:
        return settle(tx, id, found.attempts, Outcome("dropped", "The notification is gone."))
    if not facts.active:
        return settle(tx, id, found.attempts, Outcome("dropped", "The person is no longer active."))
    if found.channel == "mail":
        return settle(tx, id, found.attempts, mail.send(messages.mail(facts), facts.email), facts.email)
    user = getattr(facts, f"notifications_{found.channel}_userid")
    secret = getattr(facts, SECRETS[found.channel])
    outcome = chat.send(found.channel, secret, user, facts.project_name, messages.chat(facts, found.channel))
    return settle(tx, id, found.attempts, outcome, user)


def settle(tx, id, attempts, outcome, address=None, is_last=False):
    """Write the outcome of an attempt; returns the seconds until the next one, or None. `is_last`: there will be no other."""
    status, now = outcome.status, utcnow()
    wait = None
    if status == "later":
        is_last = is_last or attempts + 1 >= MOST_ATTEMPTS
        status = "failed" if is_last else "waiting"
        wait = None if is_last else FIRST_WAIT * 2**attempts
    next_attempt_at = None if wait is None else now + wait
    values = {"id": id, "status": status, "reason": outcome.reason, "address": address, "now": now, "next_attempt_at": next_attempt_at}
    tx.execute(SETTLE, values)
    if status not in ("sent", "logged"):
        level = logging.ERROR if status == "failed" else logging.WARNING
        log.log(level, "delivery %s: %s (%s)", id, status, outcome.reason)
    return None if wait is None else int(wait.total_seconds())


def note_letter(tx, kind, address):
    """Note that a mail which is no notification is about to be sent; returns the id of its delivery."""
    return tx.scalar(NOTE, {"kind": kind, "address": address, "now": utcnow()})


def send_letter(tx, id, written, address):
    """Send such a mail, once: its values are kept nowhere. Writes the outcome."""
    settle(tx, id, 0, mail.send(written, address), address, is_last=True)


def overdue(tx):
    """Ids of deliveries that wait although their time has long come: their process or job was lost.

    Their time is now again, so that the next look leaves them alone. Letters of lost processes fail.
    """
    values = {"now": utcnow(), "before": utcnow() - FORGOTTEN}
    tx.execute(LOST, values)
    return list(tx.scalars(OVERDUE, values))


def purge(tx):
    """Forget deliveries of more than ninety days ago."""
    tx.execute(PURGE, {"before": utcnow() - KEPT})


def latest(tx, limit, status=None):
    """The newest deliveries: when, channel, kind, to whom, status, attempts, reason."""
    return tx.execute(LATEST, {"limit": limit, "status": status}).all()
