"""Whom an identity provider vouches for: found, bound when first seen, made, kept up to date. Rules: contract/rules/auth.md §15-17."""

import secrets as random
from dataclasses import dataclass, field

import sqlalchemy as sa
from flask import current_app

from zou.people import accounts
from zou.people.models import Department, Person, Studio
from zou.people.services import country, is_protected
from zou.platform import events
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Invalid

REFUSED = "This account cannot be signed in to with this identity. Ask an administrator."
NAMES = ("first_name", "last_name")


@dataclass
class Identity:
    """What a provider says of a person. Without `subject` the e-mail identifies them."""

    kind: str  # saml or oidc: prefix of the columns that bind a person
    email: str
    issuer: str | None = None
    subject: str | None = None
    values: dict = field(default_factory=dict)  # columns of the person, and `departments`
    doubt: str | None = None  # why the e-mail says nothing about who this is


def site():
    """The address of the studio's site, which providers send browsers back to."""
    settings = current_app.config
    return f"{settings['DOMAIN_PROTOCOL']}://{settings['DOMAIN_NAME']}"


def refuse(text=REFUSED):
    """The refusal of this part, in the shape that its pages read."""
    return Invalid(text, shape="error")


def person_of(tx, identity):
    """The person of an identity, bound to it and up to date; a new one has the role user. Raises Invalid.

    Emits person:new or person:update.
    """
    identity.email = identity.email.strip().lower()
    key = f"{identity.kind} {identity.subject or identity.email}"
    tx.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(key, 0))))  # two browsers at once make one person
    person = bound(tx, identity)
    if person is None:
        if identity.doubt:
            raise refuse(identity.doubt)
        person = tx.scalar(sa.select(Person).where(Person.email == identity.email, Person.is_bot.is_(False)).with_for_update())
        if person is not None and identity.subject is not None:
            check_binding(person, identity)
    if person is None:
        return create(tx, identity)
    if person.preview_project_id is not None:
        raise refuse()
    changed = bind(person, identity) | update(tx, person, identity.values)
    if changed:
        tx.flush()
        events.emit(tx, "person:update", {"person_id": person.id})
    return person


def bound(tx, identity):
    """The person whom this subject of this issuer signed in before, or None."""
    if identity.subject is None:
        return None
    issuer, subject = columns(identity)
    return tx.scalar(sa.select(Person).where(getattr(Person, issuer) == identity.issuer, getattr(Person, subject) == identity.subject))


def columns(identity):
    """Names of the columns that bind a person to a provider of this kind."""
    return f"{identity.kind}_issuer", f"{identity.kind}_subject"


def check_binding(person, identity):
    """Refuse to bind a protected account, or one that another subject of the same issuer holds."""
    issuer, subject = columns(identity)
    if is_protected(person) or (getattr(person, issuer) == identity.issuer and getattr(person, subject) not in (None, identity.subject)):
        raise refuse()


def bind(person, identity):
    """Whether the binding of a person changed to this identity."""
    if identity.subject is None:
        return False
    issuer, subject = columns(identity)
    if (getattr(person, issuer), getattr(person, subject)) == (identity.issuer, identity.subject):
        return False
    setattr(person, issuer, identity.issuer)
    setattr(person, subject, identity.subject)
    return True


def create(tx, identity):
    """A new person, who has no password that anybody knows."""
    if "@" not in identity.email:
        raise refuse("The identity provider gave no e-mail address.")
    try:
        accounts.check_user_limit(tx)
    except Invalid as error:
        raise refuse(error.message) from None
    password = accounts.hash_password(random.token_urlsafe(48))
    person = Person(email=identity.email, password=password, role="user", first_name="", last_name="")
    tx.add(person)
    bind(person, identity)
    update(tx, person, identity.values)
    tx.flush()
    events.emit(tx, "person:new", {"person_id": person.id})
    return person


def update(tx, person, values):
    """Whether a person changed to what the provider says. An empty name, or a country that is none, changes nothing."""
    wanted = {key: value for key, value in values.items() if key != "departments"}
    for key in NAMES:
        if not wanted.get(key):
            wanted.pop(key, None)
    if "country" in wanted:
        try:
            wanted["country"] = country(wanted["country"])
        except Invalid:
            del wanted["country"]
    if wanted.get("studio_id") is not None:
        wanted["studio_id"] = known(tx, Studio, [wanted["studio_id"]])[0].id
    changed = {key: value for key, value in wanted.items() if getattr(person, key) != value}
    for key, value in changed.items():
        setattr(person, key, value)
    if "departments" not in values:
        return bool(changed)
    departments = known(tx, Department, values["departments"])
    if {row.id for row in departments} == {row.id for row in person.departments}:
        return bool(changed)
    person.departments = departments
    return True


def known(tx, model, ids):
    """The rows of these ids. Raises Invalid for one that does not exist."""
    found = list(tx.scalars(sa.select(model).where(model.id.in_(ids)))) if all(is_uuid(id) for id in ids) else []
    if len(found) != len(set(ids)):
        raise refuse(f"The identity provider named a {model.__tablename__} that does not exist.")
    return found
