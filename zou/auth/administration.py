"""What administrators do with the accounts of others. Rules: contract/rules/persons.md §3, auth.md §10."""

from zou.auth import mails, secrets, tokens
from zou.people import accounts
from zou.people.services import is_protected
from zou.platform.errors import Invalid


def invite(tx, person):
    """Send a person the link with which they set their first password, good for seven days. Raises Invalid without an e-mail."""
    check_has_email(person)
    token = secrets.new_reset_token(tx, person, secrets.INVITATION_LIFETIME_S)
    mails.leave(tx, person, "invitation", email=person.email, link=mails.reset_link(person, token, type="new"))


def reset_link(tx, actor, person):
    """The link with which a person sets a new password; a pending one stays good, a new one is for two hours. Raises Invalid."""
    check_may_set_password(actor, person)
    check_has_email(person)
    token = secrets.read(tx, secrets.reset_name(person)) or secrets.new_reset_token(tx, person)
    return mails.reset_link(person, token)


def change_password(tx, actor, person, password):
    """Give a person a new password, and tell them. `person`: locked. Raises Invalid."""
    check_may_set_password(actor, person)
    try:
        accounts.change_password(tx, person, password)
    except Invalid as error:
        raise Invalid(error.message, shape="plain") from None
    tokens.revoke_others(tx, person.id, actor.claims if person.id == actor.id else None)
    mails.leave(tx, person, "password_changed_by_admin")


def disable_second_factor(tx, actor, person):
    """Forget every second factor of a person, and tell them. `person`: locked. Raises Invalid."""
    if person.role == "admin" and person.id != actor.id:
        raise Invalid("An admin can't disable 2FA for other admins.", shape="plain")
    try:
        accounts.disable_two_factor(tx, person)
    except Invalid:
        raise Invalid("Two factor authentication not enabled for this user.", shape="plain") from None
    mails.leave(tx, person, "second_factor_disabled")


def check_may_set_password(actor, person):
    """Raise Invalid for the password of somebody else who is protected, or an administrator who has one."""
    if person.id == actor.id:
        return
    if is_protected(person):
        raise Invalid("This user is in protected accounts.", shape="plain")
    if person.role == "admin" and person.password:
        raise Invalid("An admin can't change another admin's password.", shape="plain")


def check_has_email(person):
    """Raise Invalid for a person whom no link can name."""
    if not person.email:
        raise Invalid("This person has no e-mail address.", shape="plain")
