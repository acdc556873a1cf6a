"""Persons, departments and the organisation through the generic routes: what the recordings do not reach."""

import pytest
import sqlalchemy as sa

from tests.making import join_team, open_status
from zou.people.models import Department, Organisation, Person
from zou.platform.events.models import ApiEvent
from zou.productions.models import Project

NEW = {"first_name": "New", "last_name": "Comer", "email": "New.Comer@Studio.example.com"}


def events(tx):
    tx.expire_all()
    return [event.name for event in tx.scalars(sa.select(ApiEvent))]


def count(tx, model=Person):
    return tx.scalar(sa.select(sa.func.count()).select_from(model))


def test_a_new_person_is_stored_in_normal_form(api, people, tx, make):
    department = make(Department)
    sent = {**NEW, "country": " fr ", "locale": "fr_FR", "departments": [str(department.id)], "password": "a long secret"}
    answer = api(people["admin"], "post", "/data/persons", json=sent)
    assert answer.status_code == 201
    assert (answer.json["email"], answer.json["country"]) == ("new.comer@studio.example.com", "FR")
    assert answer.json["departments"] == [str(department.id)]
    assert "password" not in answer.json
    assert "access_token" not in answer.json
    assert tx.get(Person, answer.json["id"]).password.startswith(b"$2b$")
    assert events(tx) == ["person:new"]


@pytest.mark.parametrize(
    "sent",
    [
        {"email": "nobody"},
        {"role": "king"},
        {"role": ["admin"]},
        {"contract_type": "slave"},
        {"country": "F1"},
        {"locale": "fr-FR"},
        {"display_date_format": "D"},
        {"expiration_date": "2020-01-01"},
        {"expiration_date": "soon"},
        {"expiration_date": 12},
        {"password": "short"},
        {"password": 12345678901},
        {"preferred_two_factor_authentication": "sms"},
        {"seniority": "ancient"},
        {"timezone": "Mars/One"},
        {"first_name": None},
        {"first_name": "a\x00b"},
        {"departments": "all"},
        {"no_such_key": 1},
    ],
)
def test_a_refused_person_is_not_written(api, people, tx, sent):
    before = count(tx)
    answer = api(people["admin"], "post", "/data/persons", json={**NEW, **sent})
    assert answer.status_code == 400
    assert count(tx) == before
    assert events(tx) == []


def test_an_address_belongs_to_one_person_but_bots_share_it(api, people, tx):
    taken = {**NEW, "email": people["user"].email.upper()}
    answer = api(people["admin"], "post", "/data/persons", json=taken)
    assert (answer.status_code, answer.json["message"]) == (400, "Email already in use.")
    assert api(people["admin"], "post", "/data/persons", json={**taken, "is_bot": True}).status_code == 201


def test_a_bot_gets_a_token_that_works_until_the_next_one(api, app, people):
    made = api(people["admin"], "post", "/data/persons", json={**NEW, "is_bot": True}).json

    def status(token):
        return app.test_client().get("/data/departments", headers={"Authorization": f"Bearer {token}"}).status_code

    assert status(made["access_token"]) == 200
    changed = api(people["admin"], "put", f"/data/persons/{made['id']}", json={"expiration_date": None}).json
    assert status(changed["access_token"]) == 200
    assert status(made["access_token"]) == 401


def test_the_user_limit_holds_for_active_persons_only(api, app, people, tx, make, monkeypatch):
    idle = make(Person, active=False)
    monkeypatch.setitem(app.config, "USER_LIMIT", count(tx) - 1)
    answer = api(people["admin"], "post", "/data/persons", json=NEW)
    assert answer.status_code == 400
    assert answer.json["data"] == {"limit": count(tx) - 1}
    assert api(people["admin"], "put", f"/data/persons/{idle.id}", json={"active": True}).status_code == 400
    assert api(people["user"], "post", "/data/persons", json=NEW).status_code == 403
    assert events(tx) == []
    assert api(people["admin"], "post", "/data/persons", json={**NEW, "active": False}).status_code == 201


def test_a_person_changes_their_own_words_but_not_their_power(api, people, tx, make):
    artist, department = people["user"], make(Department)
    sent = {"phone": "+33 1", "role": "admin", "active": False, "departments": [str(department.id)], "password": "x", "jti": "x"}
    answer = api(artist, "put", f"/data/persons/{artist.id}", json=sent)
    assert answer.status_code == 200
    assert (answer.json["phone"], answer.json["role"], answer.json["active"], answer.json["departments"]) == ("+33 1", "user", True, [])
    tx.expire_all()
    assert (tx.get(Person, artist.id).password, tx.get(Person, artist.id).jti) == (b"", None)
    assert api(artist, "put", f"/data/persons/{people['manager'].id}", json={"phone": "1"}).status_code == 403


def test_protected_accounts_are_left_alone(api, app, people, tx, monkeypatch):
    chief = people["manager"]
    monkeypatch.setitem(app.config, "PROTECTED_ACCOUNTS", [chief.email.upper()])
    path = f"/data/persons/{chief.id}"
    assert api(people["admin"], "put", path, json={"active": False}).status_code == 403
    assert api(people["admin"], "put", path, json={"role": "user"}).status_code == 403
    assert api(people["admin"], "delete", f"{path}?force=true").status_code == 403
    assert events(tx) == []
    assert api(people["admin"], "put", path, json={"phone": "1"}).status_code == 200


def test_nobody_edits_a_preview_account_or_lists_it(api, people, project, make):
    account = make(Person, role="client", preview_project_id=project.id)
    assert api(people["admin"], "put", f"/data/persons/{account.id}", json={"phone": "1"}).status_code == 403
    assert str(account.id) not in {row["id"] for row in api(people["admin"], "get", "/data/persons").json}


def test_a_client_meets_only_team_mates(api, people, make, tx):
    stranger = make(Person)
    join_team(tx, make(Project, project_status_id=open_status(tx).id), stranger)
    listed = api(people["client"], "get", "/data/persons").json
    mates = {str(person.id) for role, person in people.items() if role != "outsider"}
    assert {row["id"] for row in listed} == mates
    assert set(listed[0]) == {"id", "type", "first_name", "last_name", "full_name", "has_avatar", "active", "role", "is_bot"}
    assert api(people["client"], "get", f"/data/persons/{people['user'].id}").status_code == 200
    assert api(people["client"], "get", f"/data/persons/{stranger.id}").status_code == 403


@pytest.mark.parametrize("who, keys", [("manager", 12), ("user", 12), ("vendor", 12)])
def test_colleagues_read_the_minimal_form(api, people, make, who, keys):
    listed = api(people[who], "get", "/data/persons?relations=false").json
    assert all(len(row) == keys and row["departments"] == [] for row in listed)


def test_nobody_reads_or_filters_secrets(api, people):
    for who in ("admin", "manager", "user", "client"):
        for path in ("/data/persons", f"/data/persons/{people[who].id}"):
            assert "$2b$" not in api(people[who], "get", path).text
        assert api(people[who], "get", "/data/persons?password=x").status_code == 400
    assert api(people["user"], "get", "/data/persons?daily_salary=0").status_code == 400
    hashes = api(people["admin"], "get", "/data/persons?with_pass_hash=true").json
    assert all("password" in row for row in hashes)
    assert all("password" not in row for row in api(people["manager"], "get", "/data/persons?with_pass_hash=true").json)


def test_chat_tokens_are_for_administrators(api, people, make):
    studio = make(Organisation, chat_token_slack="xoxb")
    assert api(people["admin"], "get", f"/data/organisations/{studio.id}").json["chat_token_slack"] == "xoxb"
    assert "xoxb" not in api(people["manager"], "get", "/data/organisations").text
    assert api(people["manager"], "get", "/data/organisations?chat_token_slack=xoxb").status_code == 400
    assert api(people["admin"], "put", f"/data/organisations/{studio.id}", json={"hours_by_day": "many"}).status_code == 400


@pytest.mark.parametrize("who", ["admin", "user", "client"])
def test_a_list_is_one_statement_and_an_item_at_most_two_more(api, people, statements, who):
    with statements() as seen:
        assert api(people[who], "get", "/data/persons?relations=true").status_code == 200
    assert len(seen) == 2
    with statements() as seen:
        assert api(people[who], "get", f"/data/persons/{people['user'].id}").status_code == 200
    assert len(seen) <= 3
