"""Passwords over HTTP: changed with the old one, or set with a link."""

from flask import current_app

from zou.auth import resets
from zou.auth.enrolment import own
from zou.auth.schemas import ChangePasswordSchema, DoneSchema, ResetLinkSchema, ResetPasswordSchema, SentSchema
from zou.people.rules import person
from zou.platform.http import Resource, body, permission, public, returns


class ChangePasswordResource(Resource):
    @permission(person)
    @body(ChangePasswordSchema)
    @returns(DoneSchema)
    def post(self, body):
        """Change one's own password; other sessions of the person are closed."""
        row = own(self.tx, self.actor)
        given = (body["old_password"], body["password"], body["password_2"])
        resets.change(self.tx, current_app.config, self.actor.claims, row, *given)
        return {"success": True}


class ResetPasswordResource(Resource):
    @permission(public)
    @body(ResetLinkSchema)
    @returns(SentSchema)
    def post(self, body):
        """Send a link to set a password; the answer is the same whether there is such a person or not."""
        resets.send_link(self.tx, body["email"])
        return {"success": "Reset token sent"}

    @permission(public)
    @body(ResetPasswordSchema)
    @returns(DoneSchema)
    def put(self, body):
        """Set a password with the token of a link; all sessions of the person are closed."""
        resets.set_with_token(self.tx, current_app.config, body["email"], body["token"], body["password"], body["password2"])
        return {"success": True}
