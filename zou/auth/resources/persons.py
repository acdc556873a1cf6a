"""HTTP of what administrators do with the accounts of others."""

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from zou.auth import administration
from zou.auth.answers import INVITED, RESET_LINK
from zou.auth.schemas import DoneSchema
from zou.people.models import Person
from zou.people.rules import about_no_bot, admin
from zou.platform.errors import Denied
from zou.platform.http import Resource, body, permission, returns

some = validate.Length(min=1)


class NewPasswordSchema(Schema):
    """A password, typed twice."""

    password = fields.String(required=True, validate=some)
    password_2 = fields.String(required=True, validate=some)

    @validates_schema
    def check_same(self, data, **kwargs):
        """Refuse two that differ."""
        if data["password"] != data["password_2"]:
            raise ValidationError("Confirmation password doesn't match.")


class AccountResource(Resource):
    """The account of a person; bots have no password."""

    def load(self, route, url):
        """The person, before the body is read."""
        (person,) = super().load(route, url)
        if person.is_bot:
            raise Denied(rule=about_no_bot)
        return (person,)


class InvitationResource(AccountResource):
    """The invitation of a person."""

    @permission(admin, on=Person)
    @returns(INVITED)
    def get(self, person):
        """Send a person the link with which they set their first password."""
        administration.invite(self.tx, person)
        return {"success": True, "message": "Email sent"}


class ResetLinkResource(AccountResource):
    """The link with which a person sets a new password."""

    @permission(admin, on=Person)
    @returns(RESET_LINK)
    def post(self, person):
        """A link with which the person sets a new password, to hand over."""
        return {"reset_password_link": administration.reset_link(self.tx, self.actor, person)}


class ChangePasswordResource(AccountResource):
    """The password of a person."""

    @permission(admin, on=Person, lock=True)
    @body(NewPasswordSchema)
    @returns(DoneSchema)
    def post(self, person, body):
        """Give a person a new password."""
        administration.change_password(self.tx, self.actor, person, body["password"])
        return {"success": True}


class SecondFactorResource(AccountResource):
    """The second factors of a person."""

    @permission(admin, on=Person)
    @returns(DoneSchema)
    def delete(self, person):
        """Forget every second factor of a person."""
        administration.disable_second_factor(self.tx, self.actor, person)
        return {"success": True}
