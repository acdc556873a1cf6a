"""Links that share a playlist with people without account. Rules: contract/rules/playlists.md §5, auth.md §13."""

import datetime as dt
import hashlib
import uuid
from collections import OrderedDict

import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email

from zou import config
from zou.auth import passwords
from zou.people import accounts
from zou.people.models import Person
from zou.platform.db.types import utcnow
from zou.platform.errors import Invalid, NotFound
from zou.playlists.models import Playlist, PlaylistShareLink

MAX_KNOWN = 1024
known = OrderedDict()
"""{(hash, digest of a password that it is of): True}: one page asks for dozens of files, each with the password, and bcrypt is slow."""


def create(tx, actor, playlist, expiration_date=None, can_comment=True, password=None):
    """A new link to a playlist. `expiration_date`: ISO 8601, a day means its end; None or empty: never. Raises Invalid for no date."""
    link = PlaylistShareLink(
        token=str(uuid.uuid4()), playlist_id=playlist.id, created_by=actor.id, expiration_date=moment(expiration_date),
        can_comment=can_comment, is_active=True, password=accounts.hash_password(password).decode() if password else None,
    )  # fmt: skip
    tx.add(link)
    tx.flush()
    return link


def moment(text):
    """The moment in UTC until which a link is good, or None. Raises Invalid for what is no ISO 8601 date."""
    if not text:
        return None
    try:
        return dt.datetime.combine(dt.date.fromisoformat(text), dt.time.max)
    except ValueError:
        pass
    try:
        found = dt.datetime.fromisoformat(text)
        return found if found.tzinfo is None else found.astimezone(dt.UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise Invalid(f"{text} is not a valid ISO 8601 date") from None


def find(tx, playlist, token, lock=False):
    """The link of a playlist with that token. Raises NotFound."""
    statement = sa.select(PlaylistShareLink).where(PlaylistShareLink.token == token, PlaylistShareLink.playlist_id == playlist.id)
    link = tx.scalar(statement.with_for_update() if lock else statement) if "\x00" not in token else None
    if link is None:
        raise NotFound()
    return link


def revoke(tx, playlist, token):
    """Make a link good for nothing; it is kept."""
    link = find(tx, playlist, token, lock=True)
    link.is_active = False
    tx.flush()
    return link


def open_page(tx, token, password, lock=False):
    """(link, playlist) of a token that is good now. Raises NotFound for any that is not, whatever the reason.

    `password`: what was given, or None. `lock`: keep the link from changing until the end of the transaction.
    """
    statement = sa.select(PlaylistShareLink, Playlist).join(Playlist, Playlist.id == PlaylistShareLink.playlist_id)
    statement = statement.where(PlaylistShareLink.token == token)
    if lock:
        statement = statement.with_for_update(of=PlaylistShareLink)
    found = tx.execute(statement).first() if "\x00" not in token else None
    if found is None or not is_good(found[0]) or not opens(found[0], password):
        raise NotFound()
    return found


def is_good(link):
    """Whether a link is neither revoked nor expired."""
    return link.is_active and (link.expiration_date is None or link.expiration_date > utcnow())


def opens(link, password):
    """Whether a link has no password, or this one."""
    if not link.password:
        return True
    if not password or "\x00" in password:
        return False
    key = (link.password, hashlib.blake2b(password.encode(), key=config.value("SECRET_KEY").encode()[:64]).digest())
    if key in known:
        return True
    if not passwords.matches(password, link.password.encode(), config.value("BCRYPT_LOG_ROUNDS")):
        return False
    known[key] = True
    while len(known) > MAX_KNOWN:
        known.popitem(last=False)
    return True


def recipients(tx, addresses, person_ids):
    """[(address, person or None)] to invite, each address once whatever its letters; a person outranks a bare address.

    Raises Invalid for a malformed address. Unknown persons are left out.
    """
    chosen = {}
    for address in map(checked, addresses):
        chosen.setdefault(address.lower(), (address, None))
    if person_ids:
        for person in tx.scalars(sa.select(Person).where(Person.id.in_(person_ids), Person.email.is_not(None))):
            chosen[person.email.lower()] = (person.email, person)
    return list(chosen.values())


def checked(address):
    """An address as it is written to. Raises Invalid."""
    try:
        return validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise Invalid(str(error), shape="error") from None
