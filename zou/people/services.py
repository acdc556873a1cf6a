"""Rules of people: what a person's row may hold, who may change what of it, how it goes."""

import datetime as dt

import sqlalchemy as sa
from babel import Locale, UnknownLocaleError
from email_validator import EmailNotValidError, validate_email

from zou import config
from zou.people import accounts, removal
from zou.people.models import CONTRACT_TYPES, ROLES, TWO_FACTOR_METHODS, Person
from zou.platform import events
from zou.platform.db.payload import BAD_FORMAT, parse_iso
from zou.platform.errors import Denied, Invalid
from zou.platform.rows import Rows

DATE_FORMATS = ("YYYY-MM-DD", "DD/MM/YYYY", "MM/DD/YYYY")
MAX_LOCALE_LENGTH = 10
BAD_COUNTRY = "Invalid country code, expected an ISO 3166-1 alpha-2 code."
BAD_LOCALE = "Invalid locale, expected a name available in Python Babel (e.g. en_US, fr_FR)."
PAST = "Expiration date can't be in the past."
PREVIEW_ACCOUNT = frozenset({"preview_project_id", "preview_opened_at", "preview_open_until"})
CREDENTIALS = frozenset(
    {
        "password",
        "jti",
        "totp_enabled",
        "totp_secret",
        "email_otp_enabled",
        "email_otp_secret",
        "fido_enabled",
        "fido_credentials",
        "otp_recovery_codes",
        "preferred_two_factor_authentication",
    }
)
FOR_ADMINS = frozenset(
    {
        "role",
        "departments",
        "active",
        "is_bot",
        "archived",
        "login_failed_attemps",
        "last_login_failed",
        "is_generated_from_ldap",
        "ldap_uid",
        "oidc_issuer",
        "oidc_subject",
        "saml_issuer",
        "saml_subject",
        "last_presence",
        "studio_id",
    }
)
"""Keys of a person that only administrators change; from others they are dropped silently."""


class PersonRows(Rows):
    """Persons. Rules: contract/rules/persons.md §2, auth.md §11."""

    protected = PREVIEW_ACCOUNT | CREDENTIALS
    protected_new = PREVIEW_ACCOUNT | {"fido_credentials", "otp_recovery_codes"}  # made by the second factor's own routes

    def check_new(self, tx, actor, values):
        if not values.get("is_bot") and values.get("active") is not False:
            accounts.check_user_limit(tx)
        check_values(values)
        if values.get("expiration_date") is not None:
            check_expiration(values["expiration_date"])
        if isinstance(values.get("email"), str) and not values.get("is_bot"):
            check_email_is_free(tx, values["email"])
        if values.get("password") is not None:
            if not isinstance(values["password"], str):
                raise Invalid(BAD_FORMAT)
            accounts.check_password_length(values["password"])
            values["password"] = accounts.hash_password(values["password"]).decode()

    def check_change(self, tx, actor, row, values):
        if row.preview_project_id is not None:
            raise Denied("The preview account of a production is changed with the production.")
        if not actor.is_admin:
            for key in FOR_ADMINS | ({"expiration_date"} if actor.identity_type == "bot" else set()):
                values.pop(key, None)
        if str(row.id) != str(actor.id) and is_protected(row):
            if values.get("active") is False:
                raise Denied("Can't set this person as inactive it's a protected account.")
            if "role" in values:
                raise Denied("Can't change the role of this person it's a protected account.")
        if values.get("active") is True and not row.active and not values.get("is_bot", row.is_bot):
            accounts.check_user_limit(tx)
        self.check_expiration_change(row, values)
        check_values(values)
        if isinstance(values.get("email"), str) and not values.get("is_bot", row.is_bot):
            check_email_is_free(tx, values["email"], row.id)

    def check_expiration_change(self, row, values):
        """A past date is refused unless it is the stored one."""
        date = values.get("expiration_date")
        if date is None:
            return
        self.check_date("expiration_date", date)
        if str(date)[:10] != str(row.expiration_date):
            check_expiration(date)

    def check_remove(self, tx, actor, row, force):
        if str(row.id) == str(actor.id):
            raise Denied("Nobody removes their own account.")
        if is_protected(row):
            raise Denied("Can't delete this person it's a protected account.")

    def remove(self, tx, actor, row, force=False):
        """Delete a person. Without `force` anything linked to them makes it fail; with it, all of theirs goes in this transaction.

        Raises Denied, Invalid. Emits person:delete, and with force comment:delete, news:delete.
        """
        self.check_remove(tx, actor, row, force)
        if force:
            comment = removal.table("comment")
            comments = tx.execute(sa.select(comment.c.id, comment.c.object_id).where(comment.c.person_id == row.id)).all()
            tx.expunge(row)
            removal.remove(tx, "person", [row.id])
            for found in comments:
                events.emit(tx, "comment:delete", {"comment_id": found.id, "task_id": found.object_id})
        else:
            try:
                with tx.begin_nested():
                    tx.delete(row)
                    tx.flush()
            except sa.exc.IntegrityError:
                raise Invalid("Some data are still linked to given person.", shape="plain") from None
        self.tell(tx, row, "delete")


class OrganisationRows(Rows):
    """The organisation."""

    def check_change(self, tx, actor, row, values):
        hours = values.get("hours_by_day")
        if hours is not None:
            try:
                values["hours_by_day"] = float(hours)
            except (TypeError, ValueError):
                raise Invalid("hours_by_day must be a number.") from None


# --- values of a person ----------------------------------------------------------------------------------------------------------


def check_values(values):
    """Refuse what a person's row may not hold; normalises e-mail, country and locale. Raises Invalid."""
    for key, codes in (("role", ROLES), ("contract_type", CONTRACT_TYPES), ("preferred_two_factor_authentication", TWO_FACTOR_METHODS)):
        if values.get(key) is not None and (not isinstance(values[key], str) or values[key] not in codes):
            raise Invalid(f"Invalid {'two_factor_authentication' if 'two_factor' in key else key}")
    if "country" in values:
        values["country"] = country(values["country"])
    if "locale" in values:
        values["locale"] = locale(values["locale"])
    if values.get("display_date_format") not in (None, *DATE_FORMATS):
        raise Invalid(f"Invalid display_date_format, expected one of: {', '.join(DATE_FORMATS)}.")
    if values.get("email") is not None:
        values["email"] = email(values["email"])


def country(code):
    """The two letters of a country in upper case; None for an empty text."""
    if code is None:
        return None
    text = code.strip().upper() if isinstance(code, str) else None
    if text == "":
        return None
    if text is None or len(text) != 2 or not (text.isascii() and text.isalpha()):
        raise Invalid(BAD_COUNTRY)
    return text


def locale(name):
    """The name of a locale that Babel knows, as it was typed; None for an empty text."""
    if name is None:
        return None
    text = name.strip() if isinstance(name, str) else None
    if text == "":
        return None
    if text is None or len(text) > MAX_LOCALE_LENGTH:
        raise Invalid(BAD_LOCALE)
    try:
        Locale.parse(text)
    except (UnknownLocaleError, ValueError):
        raise Invalid(BAD_LOCALE) from None
    return text


def email(address):
    """An e-mail address in its normal form, lower-cased. DNS is asked when MAIL_CHECK_DELIVERABILITY is on."""
    check = config.value("MAIL_CHECK_DELIVERABILITY")
    try:
        return validate_email(str(address), check_deliverability=check, globally_deliverable=check).normalized.lower()
    except EmailNotValidError as error:
        raise Invalid(str(error)) from None


def check_email_is_free(tx, address, own_id=None):
    """Refuse the address of another person than `own_id`; bots may share one."""
    others = (Person.email == address, Person.is_bot.is_(False), Person.id.is_distinct_from(own_id))
    if tx.scalar(sa.select(sa.exists().where(*others))):
        raise Invalid("Email already in use.")


def check_expiration(date):
    """Refuse a day before today. Raises Invalid."""
    try:
        parse_iso("expiration_date", date)
        day = dt.datetime.fromisoformat(date).date()
    except (TypeError, ValueError):
        raise Invalid("Expiration date is not valid.") from None
    if day < dt.datetime.now(dt.UTC).date():
        raise Invalid(PAST)


def may_have_token(tx, actor, person):
    """Whether a change of the expiration date makes a new API token: it has not passed, and a bot does not prolong itself."""
    tx.refresh(person, ["expiration_date"])
    if actor.identity_type == "bot" and not actor.is_admin:
        return False
    return person.expiration_date is None or person.expiration_date >= dt.datetime.now(dt.UTC).date()


def is_protected(person):
    """Whether the person is in PROTECTED_ACCOUNTS."""
    accounts = {address.lower() for address in config.value("PROTECTED_ACCOUNTS")}
    return not person.is_bot and person.email is not None and person.email.lower() in accounts
