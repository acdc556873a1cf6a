"""Who is told of a playlist: clients of the production, and whoever is invited to a shared page, by mail.

Rules: contract/rules/notifications-and-news.md §2.6, playlists.md §5.
"""

import uuid

import sqlalchemy as sa

from zou import config
from zou.auth import mails
from zou.inbox.models import Notification
from zou.people.models import Person, department_link
from zou.platform import events
from zou.platform.db.types import utcnow
from zou.platform.errors import NotFound
from zou.playlists.services import links
from zou.productions.models import Project, ProjectPersonLink


def clients_of(tx, playlist, studio_id=None, department_id=None):
    """The clients in the team of a playlist's production; of one studio or department only, when given."""
    link = ProjectPersonLink
    role = sa.func.coalesce(sa.func.nullif(link.role, "admin"), Person.role)
    statement = sa.select(Person).join(link, link.person_id == Person.id)
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
    """Tell the clients of the production that a playlist is ready, by mail too. Emits notification:new for each."""
    moment = utcnow().replace(microsecond=0)
    clients = clients_of(tx, playlist, studio_id, department_id)
    notices = [
        {
            "id": uuid.uuid4(), "read": False, "change": False, "type": "playlist-ready", "person_id": person.id, "author_id": actor.id,
            "playlist_id": playlist.id, "created_at": moment, "updated_at": moment,
        }
        for person in clients
    ]  # fmt: skip
    if notices:
        tx.execute(sa.insert(Notification), notices)
    for notice in notices:
        data = {"notification_id": notice["id"], "person_id": notice["person_id"]}
        events.emit(tx, "notification:new", data, playlist.project_id, persist=False)


def invite(tx, actor, playlist, token, emails=None, person_ids=None, message=None):
    """Write to addresses and persons about a share link; returns the addresses.

    Raises NotFound for a link that is not good any more, Invalid for a malformed address; nobody is written to then.
    """
    link = links.find(tx, playlist, token)
    if not links.is_good(link):
        raise NotFound()
    values = {**subject(tx, actor, playlist), "message": message or "", "share_url": f"{site()}/playlists/shared/{link.token}"}
    written = links.recipients(tx, emails or [], person_ids or [])
    for address, person in written:
        mails.post(tx, address, "share_invitation", person and person.locale, **values)
    return [address for address, _ in written]


def tell_built(tx, playlist, job, person_id):
    """Write to who asked for a film that it can be downloaded now."""
    person = tx.get(Person, person_id) if person_id else None
    if person is not None and person.email and person.active:
        url = f"{site()}/api/data/playlists/{playlist.id}/jobs/{job.id}/build/mp4"
        values = {"first_name": person.first_name, "playlist_name": playlist.name, "download_url": url}
        mails.post(tx, person.email, "playlist_built", "en_US", **values)


def subject(tx, actor, playlist):
    """What every mail about a playlist names: its author, the playlist and its production."""
    author, project = tx.get(Person, actor.id), tx.get(Project, playlist.project_id)
    return {
        "author_full_name": " ".join(filter(None, [author.first_name, author.last_name])), "playlist_name": playlist.name,
        "project_name": project.name,
    }  # fmt: skip


def site():
    """The address of the studio's web client."""
    return f"{config.value('DOMAIN_PROTOCOL')}://{config.value('DOMAIN_NAME')}"
