"""Persons as the studio's LDAP directory knows them: read, matched, written. Source: contract/rules/cli.md, "LDAP sync"."""

import secrets as random
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from ldap3 import SIMPLE, SUBTREE
from ldap3.core.exceptions import LDAPException
from ldap3.utils.conv import escape_filter_chars

from zou.auth import directory
from zou.auth.strategies import DirectoryFailure
from zou.people import accounts
from zou.people.models import Person
from zou.platform import events
from zou.platform.errors import Invalid

PAGE = 500  # entries that a directory hands out at once
DISABLED = 2  # bit of userAccountControl
LENGTH = 80  # of names and logins


@dataclass
class Entry:
    """Somebody in the directory."""

    login: str
    id: str | None
    first_name: str
    last_name: str
    emails: list[str]  # the preferred one first
    active: bool
    photo: bytes | None = None


def bind(settings):
    """A connection as LDAP_USER. Raises DirectoryFailure, Invalid when the directory refuses."""
    user = settings["LDAP_USER"]
    if "=" in user or settings["LDAP_IS_AD_SIMPLE"]:
        name, kind = user, SIMPLE
    else:
        name, kind = directory.bind_name(settings, user)
    connection = directory.connect(settings, name, kind, settings["LDAP_PASSWORD"])
    if connection is None:
        raise Invalid(f"The directory refuses {name}.")
    return connection


def is_active_directory(settings):
    """Whether the directory is an Active Directory."""
    return settings["LDAP_IS_AD"] or settings["LDAP_IS_AD_SIMPLE"]


def read(settings):
    """Every person of the directory, or of LDAP_GROUP, inactive ones first. Raises DirectoryFailure, Invalid."""
    connection = bind(settings)
    excluded = {login.strip() for login in settings["LDAP_EXCLUDED_ACCOUNTS"].split(",")} - {""}
    members = None if is_active_directory(settings) else group_members(settings, connection)
    found = []
    for raw in search(connection, settings["LDAP_BASE_DN"], person_filter(settings), attributes(settings)):
        if members is not None and raw["dn"].lower() not in members:
            continue
        entry = parse(settings, raw)
        if entry is not None and entry.login not in excluded:
            found.append(entry)
    connection.unbind()
    return sorted(found, key=lambda entry: entry.active)


def person_filter(settings):
    """The LDAP filter of persons."""
    if not is_active_directory(settings):
        return "(objectClass=person)"
    group = settings["LDAP_GROUP"]
    member = f"(memberOf={escape_filter_chars(group)})" if group else ""
    return f"(&(objectClass=person)(!(objectClass=computer)){member})"


def group_members(settings, connection):
    """Names (lower case) of the members of LDAP_GROUP, or None when there is no such setting."""
    if not settings["LDAP_GROUP"]:
        return None
    wanted = f"(&(objectClass=groupOfUniqueNames)(cn={escape_filter_chars(settings['LDAP_GROUP'])}))"
    groups = search(connection, settings["LDAP_BASE_DN"], wanted, ["uniqueMember"])
    return {name.lower() for group in groups for name in texts(group, "uniqueMember")}


def attributes(settings):
    """Which attributes of persons are asked for."""
    if is_active_directory(settings):
        return ["cn", "givenName", "sn", "mail", "sAMAccountName", "objectGUID", "userAccountControl", "thumbnailPhoto"]
    return ["cn", "givenName", "sn", "mail", "uid", "uniqueIdentifier", "organizationalStatus", "jpegPhoto"]


def search(connection, base, wanted, names):
    """Yield the entries below a name, page by page. Raises DirectoryFailure."""
    try:
        found = connection.extend.standard.paged_search(
            base, wanted, SUBTREE, attributes=names, paged_size=PAGE, generator=True, get_operational_attributes=False
        )
        yield from (entry for entry in found if entry["type"] == "searchResEntry")
    except (LDAPException, OSError) as error:
        raise DirectoryFailure() from error


def values(raw, name):
    """The raw values of an attribute; directories differ in the case of its name."""
    return next((found for key, found in raw["raw_attributes"].items() if key.lower() == name.lower()), [])


def texts(raw, name):
    """The values of an attribute as texts that are not empty."""
    return [text for value in values(raw, name) if (text := value.decode("utf-8", "replace").replace("\x00", "").strip())]


def first(raw, name, default=""):
    """The first value of an attribute as text."""
    return next(iter(texts(raw, name)), default)


def parse(settings, raw):
    """Somebody from the attributes of their entry, or None for an entry without a login."""
    windows = is_active_directory(settings)
    login = first(raw, "cn" if settings["LDAP_IS_AD_SIMPLE"] else "sAMAccountName" if windows else "uid")
    if not login or len(login) > LENGTH:
        return None
    photo = next(iter(values(raw, "thumbnailPhoto" if windows else "jpegPhoto")), None)
    if windows:
        control = first(raw, "userAccountControl", "0")
        active = control.isdigit() and not int(control) & DISABLED
    else:
        active = first(raw, "organizationalStatus") == "active"
    names = (first(raw, "givenName") or first(raw, "cn"), first(raw, "sn"))
    return Entry(login, unique_id(raw, windows), *(name[:LENGTH] for name in names), addresses(settings, raw, login), active, photo or None)


def unique_id(raw, windows):
    """What identifies the entry whatever its name, or None."""
    if not windows:
        return first(raw, "uniqueIdentifier")[:60] or None
    found = next(iter(values(raw, "objectGUID")), b"")
    return str(UUID(bytes_le=found)) if len(found) == 16 else found.decode("utf-8", "replace").strip("{}")[:60] or None


def addresses(settings, raw, login):
    """The e-mails of an entry, the one that is the login first, then those of EMAIL_DOMAIN; never empty."""
    domain = settings["EMAIL_DOMAIN"]
    found = [email.lower() for email in texts(raw, "mail") if "@" in email]
    return sorted(found, key=lambda email: (email != login.lower(), domain.lower() not in email)) or [f"{login}@{domain}".lower()]


# --- written ----------------------------------------------------------------------------------------------------------------------


def synchronise(tx, entries, keep_photo):
    """Make the persons what the directory says; returns the lines to print. `keep_photo(tx, person, bytes)` keeps an avatar.

    Emits person:new and person:update. A person who cannot be written is told and left as they are.
    """
    persons = list(tx.scalars(sa.select(Person).where(Person.is_bot.is_(False)).order_by(Person.id).with_for_update()))
    matched = {id(entry): match(persons, entry) for entry in entries}
    found = {person.id for person in matched.values() if person is not None}
    lines = []
    for person in persons:
        if person.is_generated_from_ldap and person.active and person.id not in found:
            person.active = False
            events.emit(tx, "person:update", {"person_id": person.id})
            lines.append(f"User {person.desktop_login} disabled (not found in LDAP).")
    for entry in entries:
        person = matched[id(entry)]
        if person is None and not entry.active:
            continue
        lines.extend(write(tx, person, entry, keep_photo))
    return lines


def match(persons, entry):
    """The person of an entry: by unique id, else by login, else by one of the e-mails."""
    tests = (
        lambda person: entry.id is not None and person.ldap_uid == entry.id,
        lambda person: person.desktop_login == entry.login,
        *(lambda person, email=email: person.email == email for email in entry.emails),
    )
    return next((person for test in tests for person in persons if test(person)), None)


def write(tx, person, entry, keep_photo):
    """Make or change one person; yields what to print."""
    deed = "creation" if person is None else "update"
    try:
        with tx.begin_nested():
            changed = create(tx, entry) if person is None else update(tx, person, entry)
            tx.flush()
    except Invalid as error:
        yield f"User {entry.login} {deed} failed (limit reached, limit {error.data['limit']})."
        return
    except sa.exc.IntegrityError:
        yield f"User {entry.login} {deed} failed (email duplicated?)."
        return
    if changed is not None:
        events.emit(tx, f"person:{'new' if person is None else 'update'}", {"person_id": changed.id})
        yield f"User {entry.login} {'created' if person is None else 'updated'}."
    target = changed or person
    if entry.photo and target.active:
        try:
            keep_photo(tx, target, entry.photo)
        except Invalid as error:
            yield f"The photo of {entry.login} cannot be read: {error.message}"


def columns(entry):
    """The columns of a person that an entry decides."""
    return {
        "email": entry.emails[0],
        "first_name": entry.first_name,
        "last_name": entry.last_name,
        "active": entry.active,
        "is_generated_from_ldap": True,
        "desktop_login": entry.login,
        "ldap_uid": entry.id,
    }


def create(tx, entry):
    """A new artist, whose password only the directory knows. Raises Invalid at the user limit."""
    accounts.check_user_limit(tx)
    person = Person(**columns(entry), role="user", password=accounts.hash_password(random.token_urlsafe(48)))
    tx.add(person)
    return person


def update(tx, person, entry):
    """The person when something changed, else None; an address that the directory knows is kept. Raises Invalid at the user limit."""
    wanted = columns(entry)
    if person.email in entry.emails:
        del wanted["email"]
    changed = {name: value for name, value in wanted.items() if getattr(person, name) != value}
    if not changed:
        return None
    if changed.get("active"):
        accounts.check_user_limit(tx)
    for name, value in changed.items():
        setattr(person, name, value)
    return person
