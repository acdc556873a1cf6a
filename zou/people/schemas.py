"""Payloads of persons and of the organisation. Forms: contract/rules/serialisation.md §4."""

import sqlalchemy as sa

from zou.people.models import Organisation, Person
from zou.platform.db.payload import Computed, RelatedIds, RowSchema

# What no answer ever shows.
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
CHAT_SECRETS = ("chat_token_slack", "chat_webhook_mattermost", "chat_token_discord")


def full_name(source):
    """First and last name with a space between; the one that is not empty when the other is."""
    return sa.func.concat_ws(" ", sa.func.nullif(source.first_name, ""), sa.func.nullif(source.last_name, ""))


def security_key_names(source):
    """JSON list of the names of the person's security keys."""
    names = sa.func.jsonb_path_query_array(sa.func.to_jsonb(source.fido_credentials), sa.literal_column("'$[*].device_name'::jsonpath"))
    return sa.func.coalesce(names, sa.text("'[]'::jsonb"))


class PersonSafeSchema(RowSchema):
    """All that is not secret: for administrators, managers, and the person."""

    full_name = Computed(full_name)
    departments = RelatedIds()

    class Meta(RowSchema.Meta):
        model = Person
        exclude = SENSITIVE


class PersonSelfSchema(PersonSafeSchema):
    """The signed-in person, with the names of their security keys."""

    fido_devices = Computed(security_key_names)

    class Meta(PersonSafeSchema.Meta):
        pass


class PersonMinimalSchema(RowSchema):
    """What artists see of each other. Its list form keeps the key `departments`, empty."""

    full_name = Computed(full_name)
    departments = RelatedIds()
    empty_relations = True

    class Meta(RowSchema.Meta):
        model = Person
        fields = (
            "id",
            "type",
            "first_name",
            "last_name",
            "full_name",
            "has_avatar",
            "active",
            "departments",
            "studio_id",
            "role",
            "desktop_login",
            "is_bot",
        )


class PersonClientSchema(RowSchema):
    """What clients see of their team."""

    full_name = Computed(full_name)

    class Meta(RowSchema.Meta):
        model = Person
        fields = ("id", "type", "first_name", "last_name", "full_name", "has_avatar", "active", "role", "is_bot")


class PersonShortSchema(RowSchema):
    """The author of something, embedded in it."""

    full_name = Computed(full_name)

    class Meta(RowSchema.Meta):
        model = Person
        fields = ("id", "first_name", "last_name", "full_name", "has_avatar", "role")


class OrganisationSchema(RowSchema):
    """The studio, with the tokens of its chat services: for administrators."""

    class Meta(RowSchema.Meta):
        model = Organisation


class OrganisationPublicSchema(RowSchema):
    """The studio, for everybody else."""

    class Meta(RowSchema.Meta):
        model = Organisation
        exclude = CHAT_SECRETS
