"""Second factors over HTTP: set up, given up, asked for before a sign-in."""

from flask import current_app

from zou.auth import enrolment, tokens
from zou.auth.answers import KEY_CHALLENGE, KEY_OFFER
from zou.auth.schemas import (
    DoneSchema,
    EmailCodeSchema,
    EmailSchema,
    EnrolledSchema,
    KeyRegistrationSchema,
    KeyRemovalSchema,
    ProofSchema,
    RecoveryCodesSchema,
    TotpOfferSchema,
    TotpSchema,
)
from zou.people.rules import person
from zou.platform.http import Resource, body, permission, public, query, returns
from zou.platform.http.resource import dump

DONE = {"success": True}


def enrolled(answer):
    """The answer to an enrolment, whose tokens a browser keeps in cookies."""
    response = dump(answer)
    return tokens.set_cookies(response, answer["access_token"], answer["refresh_token"]) if tokens.is_browser() else response


class TotpResource(Resource):
    @permission(person)
    @returns(TotpOfferSchema)
    def put(self):
        """A secret for an authenticator app, to be confirmed by a code of it."""
        return enrolment.offer_totp(self.tx, enrolment.own(self.tx, self.actor))

    @permission(person)
    @body(TotpSchema)
    @returns(EnrolledSchema)
    def post(self, body):
        """Confirm the app by a code: from now on signing in asks for one."""
        row = enrolment.own(self.tx, self.actor)
        return enrolled(enrolment.enable_totp(self.tx, current_app.config, self.actor.claims, row, body["totp"]))

    @permission(person)
    @body(ProofSchema)
    @returns(DoneSchema)
    def delete(self, body):
        """Give up codes of an app; takes a proof of the second factor."""
        enrolment.give_up(self.tx, enrolment.own(self.tx, self.actor), "totp", body)
        return DONE


class EmailCodeResource(Resource):
    @permission(public)
    @query(EmailSchema)
    @returns(DoneSchema)
    def get(self, query):
        """Send a code to sign in with; the answer is the same whether somebody gets one or not."""
        enrolment.mail_code(self.tx, query["email"])
        return DONE

    @permission(person)
    @returns(DoneSchema)
    def put(self):
        """Send a first code by mail, to be given back."""
        enrolment.offer_email_code(self.tx, enrolment.own(self.tx, self.actor))
        return DONE

    @permission(person)
    @body(EmailCodeSchema)
    @returns(EnrolledSchema)
    def post(self, body):
        """Give the first code back: from now on signing in asks for one sent by mail."""
        row = enrolment.own(self.tx, self.actor)
        return enrolled(enrolment.enable_email_code(self.tx, current_app.config, self.actor.claims, row, body["email_otp"]))

    @permission(person)
    @body(ProofSchema)
    @returns(DoneSchema)
    def delete(self, body):
        """Give up codes by mail; takes a proof of the second factor."""
        enrolment.give_up(self.tx, enrolment.own(self.tx, self.actor), "email_otp", body)
        return DONE


class SecurityKeyResource(Resource):
    @permission(public)
    @query(EmailSchema)
    @returns(KEY_CHALLENGE)
    def get(self, query):
        """WebAuthn request options: a challenge for the person's security keys, to sign in with."""
        return enrolment.challenge(self.tx, query["email"])

    @permission(person)
    @returns(KEY_OFFER)
    def put(self):
        """WebAuthn creation options, to register a security key."""
        return enrolment.offer_key(self.tx, enrolment.own(self.tx, self.actor))

    @permission(person)
    @body(KeyRegistrationSchema)
    @returns(EnrolledSchema)
    def post(self, body):
        """Register the security key that answered: from now on signing in asks for one."""
        row = enrolment.own(self.tx, self.actor)
        given = (body["registration_response"], body["device_name"])
        return enrolled(enrolment.enable_key(self.tx, current_app.config, self.actor.claims, row, *given))

    @permission(person)
    @body(KeyRemovalSchema)
    @returns(DoneSchema)
    def delete(self, body):
        """Forget a security key; takes a proof of the second factor."""
        enrolment.remove_key(self.tx, enrolment.own(self.tx, self.actor), body.pop("device_name"), body)
        return DONE


class RecoveryCodesResource(Resource):
    @permission(person)
    @body(ProofSchema)
    @returns(RecoveryCodesSchema)
    def put(self, body):
        """New recovery codes in place of the old; takes a proof of the second factor."""
        return enrolment.renew_recovery_codes(self.tx, current_app.config, enrolment.own(self.tx, self.actor), body)
