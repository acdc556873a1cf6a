"""Bots and personal API tokens: made, used, replaced, expired."""

from datetime import date, timedelta
from unittest.mock import ANY

import pytest
import sqlalchemy as sa
from flask_jwt_extended import create_access_token

from zou.auth import bots
from zou.people.models import Person
from zou.platform.db import db
from zou.platform.errors import Invalid
from zou.platform.events.models import ApiEvent


@pytest.fixture
def create(app):
    """create(...): the token of a new bot, as the command makes it."""

    def call(*arguments, **more):
        with app.app_context():
            token = bots.create(db.session(), *arguments, **more)
            db.session.commit()
            return token

    return call


def test_a_bot_signs_in_with_its_token_alone(create, ask, client, tx):
    token = create("render@studio.example", "Render farm", role="manager")
    bot = tx.scalar(sa.select(Person).where(Person.is_bot))
    assert (bot.first_name, bot.last_name, bot.role, bot.password) == ("Render farm", "", "manager", None)
    assert ask(token).json["user"]["id"] == str(bot.id)
    assert client.post("/auth/login", json={"email": "render@studio.example", "password": "x"}).status_code == 400
    assert [(event.name, event.data) for event in tx.scalars(sa.select(ApiEvent))] == [("person:new", {"person_id": str(bot.id)})]


def test_a_bot_shares_the_address_of_a_person(create, ada, tx):
    create("ada@studio.example", "Ada's bot")
    assert tx.scalar(sa.select(sa.func.count()).select_from(Person)) == 2


@pytest.mark.parametrize("path", ["/auth/logout", "/auth/change-password", "/auth/app-login/code", "/auth/totp"])
def test_what_is_for_persons_is_refused_to_bots(create, client, path):
    token = create("render@studio.example", "Render farm")
    verb = {"/auth/logout": "GET", "/auth/totp": "PUT"}.get(path, "POST")
    assert client.open(path, method=verb, headers={"Authorization": f"Bearer {token}"}, json={}).status_code == 403


@pytest.mark.parametrize("day, text", [("2020-01-01", "past"), ("soon", "not valid")])
def test_a_day_that_is_over_or_none_makes_no_bot(create, tx, day, text):
    with pytest.raises(Invalid, match=text):
        create("render@studio.example", "Render farm", day)
    assert tx.scalars(sa.select(Person)).all() == []


def test_a_personal_token_replaces_the_one_before(api, ada, ask):
    first, second = [api(ada, "put", f"/data/persons/{ada.id}", json={"expiration_date": None}).json["access_token"] for _ in range(2)]
    assert (ask(first).status_code, ask(first).json) == (401, {"msg": "Token has been revoked"})
    assert ask(second).json["user"]["id"] == str(ada.id)


def test_a_new_password_leaves_personal_tokens_alone(api, ada, ask):
    token = api(ada, "put", f"/data/persons/{ada.id}", json={"expiration_date": None}).json["access_token"]
    body = {"old_password": "a right password", "password": "a new password", "password_2": "a new password"}
    assert api(ada, "post", "/auth/change-password", json=body).status_code == 200
    assert ask(token).status_code == 200


def test_a_token_dies_with_its_day(app, ada, ask):
    with app.app_context():
        token = create_access_token(str(ada.id), additional_claims={"identity_type": "person_api"}, expires_delta=timedelta(seconds=-1))
    answer = ask(token)
    assert (answer.status_code, answer.json) == (401, {"error": True, "message": "Signature has expired"})


def test_a_token_goes_with_its_person(api, people, create, ask, tx):
    token = create("render@studio.example", "Render farm", (date.today() + timedelta(days=9)).isoformat())
    bot = tx.scalar(sa.select(Person).where(Person.is_bot))
    assert ask(token).status_code == 200
    assert api(people["admin"], "delete", f"/data/persons/{bot.id}").status_code == 204
    assert (ask(token).status_code, ask(token).json) == (401, ANY)
