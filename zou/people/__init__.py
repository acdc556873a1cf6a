"""People: persons, departments, studios, the organisation, and who may do what."""

from zou.people.models import Department, Organisation, Person, Studio
from zou.people.resources import (
    DepartmentPersonsResource,
    PersonDepartmentResource,
    PersonDepartmentsResource,
    PersonResource,
    PersonsResource,
)
from zou.people.rules import admin, anyone, is_listed, meets, self_as
from zou.people.schemas import (
    CHAT_SECRETS,
    SENSITIVE,
    DepartmentSchema,
    OrganisationPublicSchema,
    OrganisationSchema,
    PersonSafeSchema,
    StudioSchema,
)
from zou.people.services import OrganisationRows, PersonRows
from zou.platform.db.payload import column_fields
from zou.platform.http import Crud, Domain

FILTERS_OF_ALL = {
    "id",
    "first_name",
    "last_name",
    "full_name",
    "has_avatar",
    "active",
    "departments",
    "studio_id",
    "role",
    "desktop_login",
    "email",
    "is_bot",
    "is_guest",
}


def hidden_of_person(actor):
    """Columns of persons that this actor may not filter on."""
    return frozenset(SENSITIVE if actor.is_admin else set(column_fields(Person)) - FILTERS_OF_ALL)


def hidden_of_organisation(actor):
    """Columns of the organisation that this actor may not filter on."""
    return frozenset(() if actor.is_admin else CHAT_SECRETS)


domain = Domain("people")
domain.crud(
    Crud(
        Person,
        PersonSafeSchema,
        "persons",
        lists=anyone,
        visible=is_listed,
        reads=meets,
        writes=admin | self_as("id"),
        service=PersonRows,
        hidden=hidden_of_person,
        models_resource=PersonsResource,
        model_resource=PersonResource,
    ),
    Crud(Department, DepartmentSchema, "departments", lists=anyone, reads=anyone),
    Crud(Studio, StudioSchema, "studios", lists=anyone, reads=anyone),
    Crud(
        Organisation,
        OrganisationSchema,
        "organisations",
        lists=anyone,
        reads=anyone,
        views=((~admin, OrganisationPublicSchema),),
        service=OrganisationRows,
        hidden=hidden_of_organisation,
    ),
)
domain.route("/actions/persons/<person_id>/departments/add", PersonDepartmentsResource)
domain.route("/actions/persons/<person_id>/departments/<department_id>", PersonDepartmentResource)
domain.route("/data/departments/<department_id>/persons", DepartmentPersonsResource)
