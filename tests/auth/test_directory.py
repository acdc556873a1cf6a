"""Passwords and persons of an LDAP directory, plain and Active Directory, which runs here."""

import base64
import io

import bcrypt
import pytest
import sqlalchemy as sa
from PIL import Image

from tests.auth.conftest import PASSWORD
from tests.auth.ntlm_server import active_directory
from tests.auth.serving import directory
from zou.auth import directory_sync
from zou.auth.directory import bind_name
from zou.people.models import Person
from zou.platform.db import db
from zou.platform.errors import Invalid
from zou.platform.events.models import ApiEvent

BASE = "cn=Users,dc=zou,dc=local"
THERE = "directory password"
WRONG = {"login": False, "message": "Wrong email or password."}


def picture():
    """A small photo, as LDIF writes bytes."""
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(content, "JPEG")
    return base64.b64encode(content.getvalue()).decode()


LDIF = f"""dn: dc=zou,dc=local
objectClass: dcObject
dc: zou

dn: {BASE}
objectClass: container
cn: Users

dn: uid=reader,{BASE}
objectClass: account
uid: reader
userPassword: reader password

dn: cn=artists,{BASE}
objectClass: groupOfUniqueNames
cn: artists
uniqueMember: uid=ada,{BASE}

dn: uid=ada,{BASE}
objectClass: person
uid: ada
cn: Ada
givenName: Augusta Ada
sn: King
mail: ada@home.example
mail: ada@studio.example
organizationalStatus: active
uniqueIdentifier: u-1
userPassword: {THERE}
jpegPhoto:: {picture()}

dn: uid=grace,{BASE}
objectClass: person
uid: grace
cn: Grace
sn: Hopper
organizationalStatus: active
uniqueIdentifier: u-2
userPassword: {THERE}

dn: uid=gone,{BASE}
objectClass: person
uid: gone
cn: Gone
sn: Person
userPassword: {THERE}

dn: cn=alan,{BASE}
objectClass: user
cn: alan
sAMAccountName: alan
givenName: Alan
sn: Turing
mail: alan@studio.example
userAccountControl: 512
objectGUID:: AQIDBAUGBwgJCgsMDQ4PEA==
userPassword: {THERE}
"""


@pytest.fixture(scope="module")
def port():
    """The port of a directory."""
    with directory(LDIF) as port:
        yield port


@pytest.fixture
def settings(app, port, monkeypatch):
    """The settings of an installation that asks the directory."""
    values = {
        "AUTH_STRATEGY": "auth_remote_ldap",
        "LDAP_HOST": "127.0.0.1",
        "LDAP_PORT": str(port),
        "LDAP_BASE_DN": BASE,
        "LDAP_USER": "reader",
        "LDAP_PASSWORD": "reader password",
        "EMAIL_DOMAIN": "studio.example",
    }
    for name, value in values.items():
        monkeypatch.setitem(app.config, name, value)
    return lambda name, value: monkeypatch.setitem(app.config, name, value)


@pytest.fixture
def member(ada, tx):
    """Ada, as somebody of the directory."""
    ada.is_generated_from_ldap = True
    tx.commit()
    return ada


def test_the_password_of_the_directory_signs_in(settings, login, member):
    assert login(password=THERE).status_code == 200
    assert (login().status_code, login().json) == (400, WRONG)


@pytest.mark.parametrize("password", ["", "wrong"])
def test_a_wrong_or_empty_password_is_counted(settings, login, member, fresh, password):
    assert login(password=password).json == WRONG
    assert fresh(member).login_failed_attemps == 1


@pytest.mark.parametrize("name", ["ada,cn=Users", "*", "ada)(uid=*", "ada\\", "a+b"])
def test_a_login_cannot_change_the_name_that_is_asked(settings, login, member, tx, name):
    member.desktop_login = name
    tx.commit()
    assert login(password=THERE).json == WRONG


def test_others_sign_in_locally_where_the_studio_says_so(settings, login, ada):
    assert (login().status_code, login().json) == (400, {"login": False})
    settings("LDAP_FALLBACK", True)
    assert login().status_code == 200
    assert login(password=THERE).json == WRONG


def test_a_directory_that_is_away_is_told(settings, login, member, fresh):
    settings("LDAP_PORT", "1")
    answer = login(password=THERE)
    message = "A server error occurred. Please contact your administrator."
    assert (answer.status_code, answer.json) == (500, {"error": True, "login": False, "message": message})
    assert fresh(member).login_failed_attemps == 0


def test_an_active_directory_is_asked_by_common_name(settings, login, member, tx):
    settings("LDAP_IS_AD_SIMPLE", True)
    member.desktop_login = "alan"
    tx.commit()
    assert login(password=THERE).status_code == 200
    assert login(password="wrong").json == WRONG


def test_the_name_of_each_kind_of_bind(app, settings):
    assert bind_name(app.config, "ada") == (f"uid=ada,{BASE}", "SIMPLE")
    settings("LDAP_IS_AD", True)
    assert bind_name(app.config, "ada") == ("zou.local\\ada", "NTLM")
    settings("LDAP_IS_AD_SIMPLE", True)
    assert bind_name(app.config, "ada") == (f"cn=ada,{BASE}", "SIMPLE")


# --- synchronisation --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def synchronise(app, settings):
    """synchronise(): the lines of a synchronisation, and who got a photo."""

    def call():
        photos = []
        with app.app_context():
            tx = db.session()
            entries = directory_sync.read(app.config)
            lines = directory_sync.synchronise(tx, entries, lambda tx, person, photo: photos.append((person.desktop_login, photo[:2])))
            tx.commit()
        return lines, photos

    return call


def test_persons_become_what_the_directory_says(synchronise, ada, make, fresh, tx):
    vanished = make(Person, desktop_login="old", is_generated_from_ldap=True)
    lines, photos = synchronise()
    assert sorted(lines) == ["User ada updated.", "User grace created.", "User old disabled (not found in LDAP)."]
    assert photos == [("ada", b"\xff\xd8")]
    person = fresh(ada)
    assert (person.first_name, person.last_name, person.email) == ("Augusta Ada", "King", "ada@studio.example")
    assert (person.ldap_uid, person.is_generated_from_ldap) == ("u-1", True)
    grace = tx.scalar(sa.select(Person).where(Person.desktop_login == "grace"))
    assert (grace.email, grace.first_name, grace.last_name, grace.role) == ("grace@studio.example", "Grace", "Hopper", "user")
    assert not bcrypt.checkpw(PASSWORD.encode(), grace.password)
    assert fresh(vanished).active is False
    names = [(event.name, event.data["person_id"]) for event in tx.scalars(sa.select(ApiEvent))]
    wanted = [("person:update", str(ada.id)), ("person:new", str(grace.id)), ("person:update", str(vanished.id))]
    assert sorted(names) == sorted(wanted)
    assert synchronise()[0] == []


def test_somebody_inactive_there_is_inactive_here(synchronise, make, fresh):
    gone = make(Person, desktop_login="gone")
    assert "User gone updated." in synchronise()[0]
    assert fresh(gone).active is False


def test_only_members_of_the_group_and_nobody_excluded(synchronise, settings, tx):
    settings("LDAP_GROUP", "artists")
    assert synchronise()[0] == ["User ada created."]
    settings("LDAP_GROUP", "")
    settings("LDAP_EXCLUDED_ACCOUNTS", "grace, gone")
    assert synchronise()[0] == []
    assert tx.scalars(sa.select(Person.desktop_login)).all() == ["ada"]


def test_the_user_limit_holds(synchronise, settings, ada, tx):
    settings("USER_LIMIT", 1)
    assert "User grace creation failed (limit reached, limit 1)." in synchronise()[0]
    assert tx.scalar(sa.select(sa.func.count()).select_from(Person)) == 1


def test_an_address_of_somebody_else_is_told(synchronise, make, tx):
    make(Person, email="grace@studio.example", desktop_login="grace", ldap_uid="u-9")
    make(Person, email="other@studio.example", ldap_uid="u-2", is_generated_from_ldap=True)
    lines = synchronise()[0]
    assert "User grace update failed (email duplicated?)." in lines
    assert "User ada created." in lines


def test_active_directory_has_names_of_its_own(app, settings, monkeypatch):
    settings("LDAP_IS_AD_SIMPLE", True)
    settings("LDAP_USER", f"uid=reader,{BASE}")
    monkeypatch.setattr(directory_sync, "person_filter", lambda settings: "(objectClass=user)")  # ldaptor knows no class `computer`
    (entry,) = directory_sync.read(app.config)
    assert (entry.login, entry.first_name, entry.last_name, entry.emails) == ("alan", "Alan", "Turing", ["alan@studio.example"])
    assert (entry.active, entry.id) == (True, "04030201-0605-0807-090a-0b0c0d0e0f10")


def test_who_may_not_read_the_directory_is_told(app, settings):
    settings("LDAP_PASSWORD", "wrong")
    with app.app_context(), pytest.raises(Invalid, match="refuses"):
        directory_sync.read(app.config)


def test_an_active_directory_is_asked_by_ntlm(settings, login, member, fresh):
    with active_directory("zou.local", "ada", THERE) as port:
        settings("LDAP_PORT", str(port))
        settings("LDAP_IS_AD", True)
        assert login(password=THERE).status_code == 200
        assert login(password="wrong").json == WRONG
        assert fresh(member).login_failed_attemps == 1
