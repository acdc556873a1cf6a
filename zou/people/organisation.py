"""The one row of the organisation."""

from sqlalchemy import select

from zou.people.models import Organisation

NAME = "Kitsu"
"""Name of the studio until somebody gives it its own."""


def current(tx):
    """The organisation; made with its defaults when the database has none yet."""
    found = tx.scalar(select(Organisation).order_by(Organisation.created_at, Organisation.id).limit(1))
    if found is None:
        found = Organisation(name=NAME)
        tx.add(found)
        tx.flush()
    return found


def name(tx):
    """The name of the studio; writes nothing."""
    return tx.scalar(select(Organisation.name).order_by(Organisation.created_at, Organisation.id).limit(1)) or NAME
