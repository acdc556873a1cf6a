"""Rules of contract/rules/persons.md that the recordings do not reach, by paragraph."""

import sqlalchemy as sa

from tests.making import join_team
from zou.people.models import Department, Person
from zou.planning.models import HardwareItem, TimeSpent
from zou.platform.events.models import ApiEvent
from zou.productions.models import Project

NOBODY = "01a47552-81f3-47b8-84ca-e8acf63af886"

VALUES = [
    ({"country": " fr "}, 200, "FR"),
    ({"country": ""}, 200, None),
    ({"country": "FRA"}, 400, None),
    ({"country": "É1"}, 400, None),
    ({"locale": " fr_FR "}, 200, "fr_FR"),
    ({"locale": ""}, 200, None),
    ({"locale": "fr-FR"}, 400, None),
    ({"locale": "xx_XX"}, 400, None),
    ({"locale": "en_US_POSIX"}, 400, None),
    ({"display_date_format": "DD/MM/YYYY"}, 200, "DD/MM/YYYY"),
    ({"display_date_format": None}, 200, None),
    ({"display_date_format": "DD-MM-YYYY"}, 400, None),
    ({"role": "king"}, 400, None),
    ({"contract_type": "slavery"}, 400, None),
    ({"contract_type": "freelance"}, 200, "freelance"),
    ({"expiration_date": "2000-01-01"}, 400, None),
    ({"expiration_date": "soon"}, 400, None),
    ({"last_presence": "01/02/2026"}, 400, None),
    ({"email": "no address"}, 400, None),
    ({"timezone": "Mars/Base"}, 400, None),
]


def test_values_of_a_person(api, people):
    """§1, §2: what a person's row may hold, whoever changes it."""
    path = f"/data/persons/{people['user'].id}"
    for sent, status, stored in VALUES:
        answer = api(people["admin"], "put", path, json=sent)
        assert answer.status_code == status, sent
        if status == 200:
            assert answer.json[next(iter(sent))] == stored


def test_an_address_is_of_one_person(api, people, make):
    """§1, §2: case does not count, neither for a new person nor for a change; one's own address stays one's own."""
    other, me = people["manager"], people["user"]
    path = f"/data/persons/{me.id}"
    for address, status in ((other.email.upper(), 400), (me.email.upper(), 200), ("New.Person@STUDIO.example", 200)):
        answer = api(me, "put", path, json={"email": address})
        assert answer.status_code == status, address
    assert answer.json["email"] == "new.person@studio.example"
    refused = api(me, "put", path, json={"email": other.email})
    assert refused.json == {"error": True, "message": "Email already in use.", "data": None}
    new = {"first_name": "A", "last_name": "B", "email": other.email.upper()}
    assert api(people["admin"], "post", "/data/persons", json=new).status_code == 400
    make(Person, is_bot=True, email="bot@studio.example")
    assert api(people["admin"], "post", "/data/persons", json={**new, "email": "bot@studio.example"}).status_code == 201


def test_what_a_person_may_change(api, people, make, tx):
    """§2: powers and credentials are dropped silently; nobody changes others; nobody removes themselves."""
    me, craft = people["user"], make(Department)
    sent = {
        "role": "admin",
        "departments": [str(craft.id)],
        "active": False,
        "password": "x",
        "jti": "y",
        "totp_enabled": True,
        "phone": "1",
    }
    row = api(me, "put", f"/data/persons/{me.id}", json=sent).json
    assert [row[key] for key in ("role", "departments", "active", "totp_enabled", "phone")] == ["user", [], True, False, "1"]
    assert api(me, "put", f"/data/persons/{people['client'].id}", json={}).status_code == 403
    assert api(people["manager"], "put", f"/data/persons/{me.id}", json={}).status_code == 403
    assert api(people["admin"], "delete", f"/data/persons/{people['admin'].id}").status_code == 403
    assert api(people["manager"], "delete", f"/data/persons/{me.id}").status_code == 403
    answer = api(people["admin"], "delete", f"/data/persons/{me.id}")
    assert (answer.status_code, answer.json["message"]) == (400, "Some data are still linked to given person.")


def test_departments_of_a_person(api, people, make, tx):
    """§3: administrators only; an unknown department is a 400; each change is told."""
    me, craft = people["user"], make(Department)
    path = f"/actions/persons/{me.id}/departments"
    for _ in range(2):
        answer = api(people["admin"], "post", f"{path}/add", json={"department_id": str(craft.id)})
        assert (answer.status_code, answer.json["departments"]) == (201, [str(craft.id)])
    assert [api(people["admin"], "post", f"{path}/add", json={"department_id": id}).status_code for id in (NOBODY, "x", None)] == [400] * 3
    assert [api(people["admin"], "delete", f"{path}/{id}").status_code for id in (NOBODY, craft.id, craft.id)] == [400, 204, 204]
    assert api(people["manager"], "post", f"{path}/add", json={"department_id": str(craft.id)}).status_code == 403
    names = tx.scalars(sa.select(ApiEvent.name)).all()
    assert set(names) == {"person:update"} and len(names) == 4


def test_persons_of_a_department(api, people, make, tx):
    """§10: by first, then last name; whole for administrators, minimal for others, both with departments."""
    craft = make(Department)
    named = [make(Person, first_name=first, last_name=last) for first, last in (("B", "A"), ("A", "B"), ("A", "A"))]
    for person in named:
        person.departments = [craft]
    tx.commit()
    path = f"/data/departments/{craft.id}/persons"
    for who, has_email in (("admin", True), ("manager", False), ("user", False)):
        rows = api(people[who], "get", path).json
        assert [row["full_name"] for row in rows] == ["A A", "A B", "B A"]
        assert ("email" in rows[0], rows[0]["departments"]) == (has_email, [str(craft.id)])
    assert [api(people["user"], "get", f"/data/departments/{id}/persons").status_code for id in (NOBODY, "x")] == [404, 400]


def test_hardware_of_a_department(api, people, make):
    """§10, schedule-and-budget.md §6: linked once, read when linked, taken away as often as one likes."""
    craft, item, boss = make(Department), make(HardwareItem), people["admin"]
    path, body = f"/data/departments/{craft.id}/hardware-items", {"hardware_item_id": str(item.id)}
    assert api(boss, "get", "/data/departments/hardware-items").json == {}
    made = [api(boss, "post", path, json=body) for _ in range(2)]
    assert [answer.status_code for answer in made] == [201, 201] and made[0].json == made[1].json
    assert (made[0].json["type"], made[0].json["department_id"]) == ("HardwareItemDepartmentLink", str(craft.id))
    assert [row["id"] for row in api(boss, "get", "/data/departments/hardware-items").json[str(craft.id)]] == [str(item.id)]
    assert api(boss, "get", f"{path}/{item.id}").json["id"] == str(item.id)
    for url, sent, status in (
        (path, {"hardware_item_id": NOBODY}, 404), (f"/data/departments/{NOBODY}/hardware-items", body, 404),
        ("/data/departments/x/hardware-items", body, 400),
    ):  # fmt: skip
        assert api(boss, "post", url, json=sent).status_code == status
    assert api(people["manager"], "post", path, json=body).status_code == 403
    assert [api(boss, "delete", f"{path}/{id}").status_code for id in (item.id, item.id, NOBODY)] == [204, 204, 404]
    assert api(boss, "get", f"{path}/{item.id}").status_code == 404


def test_presence(api, people, make, tx):
    """§4: sessions of a person for themselves and managers; the latest day of sessions and hours; a table for administrators."""
    me = people["user"]
    me.first_name, me.last_name = "Zoe", "Last"
    tx.commit()
    path = f"/data/persons/{me.id}/desktop-login-logs"
    make(TimeSpent, person_id=me.id)  # 2026-03-02
    asked = [("user", "2026-03-01", 201), ("admin", "2026-03-05T23:30:00", 201), ("manager", "2026-03-06", 403), ("user", "5 March", 400)]
    for who, date, status in asked:
        assert api(people[who], "post", path, json={"date": date}).status_code == status, who
    tx.expire_all()
    assert str(tx.get(Person, me.id).last_presence) == "2026-03-05"
    assert [row["date"] for row in api(people["manager"], "get", path).json] == ["2026-03-05T23:30:00", "2026-03-01T00:00:00"]
    assert [api(people[who], "get", path).status_code for who in ("supervisor", "user")] == [403, 200]
    assert api(people["admin"], "get", f"/data/persons/{NOBODY}/desktop-login-logs").status_code == 404
    make(Person, is_guest=True)
    make(Person, active=False)
    table = api(people["admin"], "get", "/data/persons/presence-logs/2026-03").text
    lines = [line.split(";") for line in table.split("\r\n") if line]
    assert lines[0] == ["2026", *map(str, range(1, 32))] and len(lines) == 8
    days = lines[-1]
    assert (days[0], [n for n, cell in enumerate(days) if cell == "X"]) == ("Zoe Last", [1, 5])
    assert [api(people["admin"], "get", f"/data/persons/presence-logs/{month}").status_code for month in ("2026-13", "x", "2026")] == [
        400
    ] * 3
    assert api(people["manager"], "get", "/data/persons/presence-logs/2026-03").status_code == 403


def test_who_meets_whom(api, people, make, tx, project):
    """§2: a client reads people of their open productions only, themselves too; guests, bots and inactive ones are listed."""
    me = people["client"]
    far = make(Person)
    assert [api(me, "get", f"/data/persons/{person.id}").status_code for person in (people["user"], me, far)] == [200, 200, 403]
    tx.execute(sa.update(Project).values(project_status_id=None))
    tx.commit()
    assert [api(me, "get", f"/data/persons/{person.id}").status_code for person in (people["user"], me)] == [403, 403]
    more = [make(Person, is_guest=True), make(Person, is_bot=True), make(Person, active=False), make(Person, preview_project_id=project.id)]
    listed = {row["id"] for row in api(people["user"], "get", "/data/persons").json}
    assert [str(person.id) in listed for person in more] == [True, True, True, False]
    assert api(people["user"], "get", "/data/persons?phone=1").status_code == 400
    assert len(api(people["user"], "get", "/data/persons?nonsense=1").json) == len(listed)
    assert api(people["admin"], "get", "/data/persons?password=1").status_code == 400
    full = api(people["user"], "get", f"/data/persons?full_name={far.first_name} {far.last_name}").json
    assert [row["id"] for row in full] == [str(far.id)]
    join_team(tx, project, far)


def test_what_administrators_do_with_accounts(api, app, people, make, tx, monkeypatch):
    """§3: links and passwords of others, not of bots, protected accounts and other administrators; a pending link stays good."""
    monkeypatch.setitem(app.extensions, "send_mail", lambda *mail: None)
    boss, artist, bot = people["admin"], people["user"], make(Person, is_bot=True)
    chief, new_chief = make(Person, role="admin", password=b"x"), make(Person, role="admin", password=None)
    protected = make(Person)
    monkeypatch.setitem(app.config, "PROTECTED_ACCOUNTS", [protected.email])

    def ask(person, verb, action, who=boss, **body):
        return api(who, verb, f"/actions/persons/{getattr(person, 'id', person)}/{action}", **({"json": body} if body else {}))

    words = {"password": "a new password", "password_2": "a new password"}
    calls = {
        "invite": ("get", {}), "reset-password-link": ("post", {}), "change-password": ("post", words),
        "disable-two-factor-authentication": ("delete", {}),
    }  # fmt: skip
    for action, (verb, body) in calls.items():
        assert [ask(whom, verb, action, **body).status_code for whom in (bot, NOBODY)] == [403, 404], action
        assert ask(artist, verb, action, who=people["manager"], **body).status_code == 403, action
    for action in ("reset-password-link", "change-password"):
        verb, body = calls[action]
        for whom, message in (
            (protected, "This user is in protected accounts."),
            (chief, "An admin can't change another admin's password."),
        ):
            refused = ask(whom, verb, action, **body)
            assert (refused.status_code, refused.json["message"]) == (400, message)
        assert [ask(whom, verb, action, **body).status_code for whom in (new_chief, boss, artist)] == [200] * 3
    assert ask(artist, "get", "invite").json == {"success": True, "message": "Email sent"}
    links = [ask(artist, "post", "reset-password-link").json["reset_password_link"] for _ in range(2)]
    assert links[0] == links[1] and "token=" in links[0]
    assert ask(artist, "get", "invite").status_code == 200
    assert ask(artist, "post", "reset-password-link").json["reset_password_link"] != links[0]
    short = ask(artist, "post", "change-password", password="a", password_2="a")
    assert (short.status_code, short.json["message"]) == (400, "Password is too short.")
    differ = ask(artist, "post", "change-password", password="a new password", password_2="b").json
    (error,) = differ["data"]["errors"]
    assert (differ["message"], error["field"]) == ("Validation error.", "") and "Confirmation password doesn't match." in error["message"]
    for whom, message in (
        (chief, "An admin can't disable 2FA for other admins."),
        (artist, "Two factor authentication not enabled for this user."),
    ):
        assert ask(whom, "delete", "disable-two-factor-authentication").json["message"] == message
    artist.email_otp_enabled, artist.email_otp_secret, artist.otp_recovery_codes = True, "x", [b"y"]
    artist.preferred_two_factor_authentication = "email_otp"
    tx.commit()
    assert ask(artist, "delete", "disable-two-factor-authentication").json == {"success": True}
    row = tx.get(Person, artist.id, populate_existing=True)
    left = (row.email_otp_enabled, row.email_otp_secret, row.otp_recovery_codes, row.preferred_two_factor_authentication)
    assert left == (False, None, None, None)
