"""Payloads of people: persons in the form that each reader may see, departments, studios, the organisation.

Forms of a person: contract/rules/serialisation.md §4.
"""

import sqlalchemy as sa

from zou.people.models import Department, DesktopLoginLog, Organisation, Person, Studio
from zou.platform.db.payload import BytesColumn, Computed, Fixed, RelatedIds, RowSchema, ids_of
from zou.platform.http.shapes import ID, TEXT, many

SENSITIVE = (
    "password",
    "totp_secret",
    "email_otp_secret",
    "otp_recovery_codes",
    "fido_credentials",
    "jti",
    "login_failed_attemps",
    "last_login_failed",
    "oidc_issuer",
    "oidc_subject",
    "saml_issuer",
    "saml_subject",
)
"""Columns of a person that no answer holds."""

CHAT_SECRETS = ("chat_token_slack", "chat_webhook_mattermost", "chat_token_discord")
"""Columns of the organisation that only administrators see."""

CLIENT_KEYS = ("id", "first_name", "last_name", "has_avatar", "active", "role", "is_bot")
MINIMAL_KEYS = (*CLIENT_KEYS, "studio_id", "desktop_login")
SHORT_KEYS = ("id", "first_name", "last_name", "has_avatar", "role")


def full_name(source):
    """First and last name joined by a space; the one that is not empty alone."""
    return sa.func.concat_ws(" ", sa.func.nullif(source.first_name, ""), sa.func.nullif(source.last_name, ""))


class FullName(Computed):
    """The name of a person as people read it."""

    def __init__(self):
        super().__init__(full_name, described=TEXT)


class PersonSafeSchema(RowSchema):
    """A person as administrators see them, and as they see themselves: all but secrets."""

    class Meta(RowSchema.Meta):
        model = Person
        exclude = SENSITIVE

    full_name = FullName()
    departments = RelatedIds()


def security_key_names(source):
    """JSON list of the names of the person's security keys."""
    names = sa.func.jsonb_path_query_array(sa.func.to_jsonb(source.fido_credentials), sa.literal_column("'$[*].device_name'::jsonpath"))
    return sa.func.coalesce(names, sa.text("'[]'::jsonb"))


class PersonSelfSchema(PersonSafeSchema):
    """The signed-in person, with the names of their security keys."""

    class Meta(PersonSafeSchema.Meta):
        pass

    fido_devices = Computed(security_key_names, described=many(TEXT))


class PersonWithHashSchema(PersonSafeSchema):
    """A person with the hash of their password, for an administrator who copies persons to another installation."""

    class Meta(PersonSafeSchema.Meta):
        exclude = tuple(name for name in SENSITIVE if name != "password")

    password = BytesColumn()


class PersonMinimalSchema(RowSchema):
    """A person as colleagues see them in lists, where `departments` is empty."""

    class Meta(RowSchema.Meta):
        model = Person
        fields = (*MINIMAL_KEYS, "full_name", "type", "departments")

    full_name = FullName()
    departments = Fixed("[]")


class PersonMinimalRelationsSchema(PersonMinimalSchema):
    """A person as colleagues see them, with their departments."""

    departments = Computed(lambda source: ids_of(source, "departments"), described=many(ID))


class PersonClientSchema(RowSchema):
    """A person as clients see them."""

    class Meta(RowSchema.Meta):
        model = Person
        fields = (*CLIENT_KEYS, "full_name", "type")

    full_name = FullName()


def schema_for(actor, relations=True):
    """The schema through which an actor reads a single person: managers of the studio all but secrets."""
    if actor.role in ("admin", "manager"):
        return PersonSafeSchema
    if actor.role == "client":
        return PersonClientSchema
    return PersonMinimalRelationsSchema if relations else PersonMinimalSchema


class PersonShortSchema(RowSchema):
    """A person as the author of something."""

    class Meta(RowSchema.Meta):
        model = Person
        fields = (*SHORT_KEYS, "full_name")

    full_name = FullName()


class DepartmentSchema(RowSchema):
    """A craft of the studio."""

    class Meta(RowSchema.Meta):
        model = Department


class StudioSchema(RowSchema):
    """A site or partner studio."""

    class Meta(RowSchema.Meta):
        model = Studio


class DesktopLoginLogSchema(RowSchema):
    """A session opened on a workstation."""

    class Meta(RowSchema.Meta):
        model = DesktopLoginLog


class OrganisationSchema(RowSchema):
    """The studio that runs this installation, with its chat tokens."""

    class Meta(RowSchema.Meta):
        model = Organisation


class OrganisationPublicSchema(RowSchema):
    """The studio that runs this installation, as everybody sees it."""

    class Meta(RowSchema.Meta):
        model = Organisation
        exclude = CHAT_SECRETS
