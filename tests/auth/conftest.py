"""A person who can sign in."""

import threading
from concurrent.futures import wait

import bcrypt
import pytest
import sqlalchemy as sa

from zou.auth import mails
from zou.people.models import Person

PASSWORD = "a right password"


def hashed(text):
    """A bcrypt hash at the lowest cost."""
    return bcrypt.hashpw(text.encode()[:72], bcrypt.gensalt(4))


@pytest.fixture
def ada(make):
    """An artist with a password and a desktop login."""
    columns = {"email": "ada@studio.example", "desktop_login": "ada", "password": hashed(PASSWORD)}
    return make(Person, **columns)


@pytest.fixture
def login(client):
    """login(**body): the answer to a sign-in, Ada's unless the body says otherwise."""

    def call(headers=None, **body):
        return client.post("/auth/login", json={"email": "ada@studio.example", "password": PASSWORD, **body}, headers=headers)

    return call


@pytest.fixture
def ask(client):
    """ask(token, path): the answer to a GET with this token."""

    def call(token, path="/auth/authenticated", **headers):
        return client.get(path, headers={"Authorization": f"Bearer {token}", **headers})

    return call


@pytest.fixture
def fresh(tx):
    """fresh(row): the row as it is in the database now."""

    def read(row):
        return tx.scalar(sa.select(type(row)).where(type(row).id == row.id).execution_options(populate_existing=True))

    return read


@pytest.fixture
def outbox(app, monkeypatch):
    """outbox(): the mails handed over so far, as (recipient, kind, values, locale)."""
    sent = []
    monkeypatch.setitem(app.extensions, "send_mail", lambda *mail: sent.append(mail))

    def read():
        for _ in range(2):  # as many as there are threads that send
            wait([mails.senders.submit(threading.Event().wait, 0.01) for _ in range(2)])
        return sent

    return read
