"""Who is told of a playlist: clients of the production. Rules: contract/rules/notifications-and-news.md §2.6."""

import uuid

import sqlalchemy as sa

from zou.inbox.models import Notification
from zou.people.models import Person, department_link
from zou.platform import events
from zou.platform.db.types import utcnow
from zou.platform.errors import NotFound
from zou.playlists.services import links
from zou.productions.models import ProjectPersonLink


def clients_of(tx, playlist, studio_id=None, department_id=None):
    """Ids of the clients in the team of a playlist's production; of one studio or department only, when given."""
    link = ProjectPersonLink
    role = sa.func.coalesce(sa.func.nullif(link.role, "admin"), Person.role)
    statement = sa.select(Person.id).join(link, link.person_id == Person.id)
    statement = statement.where(
        link.project_id == playlist.project_id, role == "client", Person.is_bot.is_(False), Person.preview_project_id.is_(None),
        Person.active.is_(True),
    )  # fmt: skip
    if studio_id is not None:
        statement = statement.where(Person.studio_id == studio_id)
    if department_id is not None:
        members = sa.select(department_link.c.person_id).where(department_link.c.department_id == department_id)
        statement = statement.where(Person.id.in_(members))
    return tx.scalars(statement.order_by(Person.id)).all()


def notify_clients(tx, actor, playlist, studio_id=None, department_id=None):
    """Tell the clients of the production that a playlist is ready. Emits notification:new for each."""
    moment = utcnow().replace(microsecond=0)
    notices = [
        {
            "id": uuid.uuid4(), "read": False, "change": False, "type": "playlist-ready", "person_id": person_id, "author_id": actor.id,
            "playlist_id": playlist.id, "created_at": moment, "updated_at": moment,
        }
        for person_id in clients_of(tx, playlist, studio_id, department_id)
    ]  # fmt: skip
    if notices:
        tx.execute(sa.insert(Notification), notices)
    for notice in notices:
        data = {"notification_id": notice["id"], "person_id": notice["person_id"]}
        events.emit(tx, "notification:new", data, playlist.project_id, persist=False)


def invite(tx, actor, playlist, token, emails=None, person_ids=None, message=None):
    """Write to addresses and persons about a share link; returns the addresses.

    Raises NotFound for a link that was revoked, Invalid for a malformed address; nobody is written to then.
    """
    link = links.find(tx, playlist, token)
    if not link.is_active:
        raise NotFound()
    return [address for address, _ in links.recipients(tx, emails or [], person_ids or [])]
