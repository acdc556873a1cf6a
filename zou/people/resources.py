"""Routes of people where they differ from the generic ones."""

import orjson
import sqlalchemy as sa
from flask import current_app, request
from marshmallow import Schema, fields

from zou.people import departments
from zou.people.models import Department, Person, department_link
from zou.people.rules import admin, anyone, is_listed
from zou.people.schemas import (
    PersonClientSchema,
    PersonMinimalRelationsSchema,
    PersonMinimalSchema,
    PersonSafeSchema,
    PersonWithHashSchema,
    full_name,
    schema_for,
)
from zou.people.services import may_have_token
from zou.platform.db.projection import json_list, json_row
from zou.platform.http import BaseModelResource, BaseModelsResource, Json, Resource, body, json_object, permission, returns
from zou.platform.http.filters import flag
from zou.platform.rules import as_sql


class PersonsResource(BaseModelsResource):
    """Persons, each reader in their own form."""

    def fixed_view(self):
        """The form of this reader; see contract/rules/serialisation.md §4."""
        if self.actor.is_admin:
            return PersonWithHashSchema if request.args.get("with_pass_hash", "").lower() == "true" else PersonSafeSchema
        if self.actor.role == "client":
            return PersonClientSchema
        return PersonMinimalRelationsSchema if flag("relations") else PersonMinimalSchema

    def narrow(self, statement, arguments):
        name = arguments.pop("full_name", None)
        return statement if name is None else statement.where(full_name(Person) == name)

    def post(self):
        """Create a person or a bot; the answer to a bot's creation is the only one that shows its token."""
        values = json_object(shape="bare")
        self.allow_creation(values)
        person = self.service.create(self.tx, self.actor, values)
        return whole(self.tx, person, token=person.is_bot)


def whole(tx, person, token=False):
    """A person that was just written, with their departments, as JSON. `token`: whether to make an API token and show it."""
    if token:
        made = current_app.extensions["issue_api_token"](tx, person)
    tx.flush()
    text = sa.cast(json_row(PersonSafeSchema, Person, relations=True), sa.Text)
    found = tx.scalar(sa.select(text).select_from(Person).where(Person.id == person.id))
    return {**orjson.loads(found), "access_token": made} if token else Json(found)


class PersonResource(BaseModelResource):
    """One person."""

    def json_of(self, source, relations):
        """The form of this reader; managers see all but secrets of a single person."""
        return json_row(schema_for(self.actor, relations), source, relations)

    def put(self, instance_id):
        """Change a person; a new `expiration_date` makes a new API token, which only this answer shows."""
        values = self.read_changes()
        self.check_id(instance_id)
        person = self.fetch(Person, instance_id, self.crud.writes, lock=True)
        self.service.update(self.tx, self.actor, person, values)
        return whole(self.tx, person, token="expiration_date" in values and may_have_token(self.tx, self.actor, person))


class JoinedDepartmentSchema(Schema):
    """A department to join."""

    department_id = fields.UUID(required=True)


class PersonDepartmentsResource(Resource):
    """Departments of a person."""

    @permission(admin, on=Person, lock=True)
    @body(JoinedDepartmentSchema)
    @returns(PersonSafeSchema, status=201, relations=True)
    def post(self, person, body):
        """Put a person in a department."""
        departments.join(self.tx, person, str(body["department_id"]))
        return person


class PersonDepartmentResource(Resource):
    """A department of a person."""

    @permission(admin, on=Person)
    @returns(status=204)
    def delete(self, person, department_id):
        """Take a person out of a department."""
        departments.leave(self.tx, person, department_id)


class DepartmentPersonsResource(Resource):
    """Persons of a department."""

    uuids = ("department_id",)

    @permission(anyone, on=Department)
    @returns((PersonSafeSchema, PersonMinimalRelationsSchema, PersonClientSchema), many=True)
    def get(self, department):
        """Persons of a department by name, each reader in their own form."""
        schema = PersonSafeSchema if self.actor.is_admin else PersonMinimalRelationsSchema
        if self.actor.role == "client":
            schema = PersonClientSchema
        members = sa.select(department_link.c.person_id).where(department_link.c.department_id == department.id)
        rows = sa.select(Person).where(Person.id.in_(members), as_sql(is_listed.clause(Person, self.actor)))
        return Json(self.tx.scalar(json_list(schema, rows.order_by(Person.first_name, Person.last_name), relations=True)))
