"""Whole numbers beyond 64 bits survive a JSON column."""

import uuid

import pytest
import sqlalchemy as sa

from zou.people.models import Person
from zou.platform import exact_json

LONG = 1362259873380190534394952764808093033567882172536947812228912753034272113411


@pytest.mark.parametrize("value", [LONG, -LONG, 2**63, 0, 1.5, {"a": [LONG, "é", None, True]}, "9" * 30])
def test_what_is_written_is_read(value):
    assert exact_json.read(exact_json.write(value)) == value
    assert exact_json.read(exact_json.write(value).encode()) == value


def test_ids_are_written_as_text():
    id = uuid.uuid4()
    assert exact_json.read(exact_json.write({"id": id, "n": LONG})) == {"id": str(id), "n": LONG}


def test_a_column_keeps_a_long_number(app, tx, make):
    with app.app_context():
        from zou.platform.db import db

        person = Person(first_name="A", last_name="B", data={"n": LONG}, fido_credentials=[{"credential_id": LONG}])
        db.session.add(person)
        db.session.commit()
        db.session.expire_all()
        found = db.session.scalar(sa.select(Person).where(Person.id == person.id))
        assert (found.data, found.fido_credentials) == ({"n": LONG}, [{"credential_id": LONG}])
