"""Persons, departments and the organisation."""

from datetime import date, datetime
from uuid import UUID

from flask import current_app, has_app_context
from sqlalchemy import ARRAY, Column, ForeignKey, Index, LargeBinary, String, Table, Text, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from zou.platform.db.base import Base, Row
from zou.platform.db.types import Choice, Email, Locale, Timezone

CONTRACT_TYPES = {
    "open-ended": "Open-ended",
    "fixed-term": "Fixed-term",
    "short-term": "Short-term",
    "freelance": "Freelance",
    "apprentice": "Apprentice",
    "internship": "Internship",
}

TWO_FACTOR_METHODS = {
    "totp": "TOTP",
    "email_otp": "Email OTP",
    "fido": "FIDO",
}

ROLES = {
    "user": "Artist",
    "admin": "Studio Manager",
    "supervisor": "Supervisor",
    "manager": "Production Manager",
    "client": "Client",
    "vendor": "Vendor",
}

POSITIONS = {
    "supervisor": "Supervisor",
    "lead": "Lead",
    "artist": "Artist",
}

SENIORITIES = {
    "senior": "Senior",
    "mid": "Mid",
    "junior": "Junior",
}

LOGIN_ORIGINS = {
    "web": "Web",
    "script": "Script",
}


def default_timezone():
    """Time zone of new persons: the setting DEFAULT_TIMEZONE."""
    return current_app.config["DEFAULT_TIMEZONE"] if has_app_context() else "Europe/Paris"


def default_locale():
    """Locale of new persons: the setting DEFAULT_LOCALE."""
    return current_app.config["DEFAULT_LOCALE"] if has_app_context() else "en_US"


class Department(Row, Base):
    """A craft of the studio, such as modeling or compositing."""

    __tablename__ = "department"

    name: Mapped[str] = mapped_column(String(80), unique=True)
    color: Mapped[str] = mapped_column(String(7))
    archived: Mapped[bool | None] = mapped_column(default=False)


class Studio(Row, Base):
    """A site or partner studio that persons belong to."""

    __tablename__ = "studio"

    name: Mapped[str] = mapped_column(String(80), unique=True)
    color: Mapped[str] = mapped_column(String(7))
    archived: Mapped[bool | None] = mapped_column(default=False)


# Who works in which department.
department_link = Table(
    "department_link",
    Base.metadata,
    Column("person_id", Uuid(), ForeignKey("person.id"), primary_key=True, index=True),
    Column("department_id", Uuid(), ForeignKey("department.id"), primary_key=True, index=True),
    UniqueConstraint("person_id", "department_id", name="department_link_uc"),
)


class Person(Row, Base):
    """Somebody who signs in: an artist, a manager, a client, or a bot."""

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("oidc_issuer", "oidc_subject", name="person_oidc_identity_uc"),
        UniqueConstraint("saml_issuer", "saml_subject", name="person_saml_identity_uc"),
        Index("only_one_email_by_person", "email", "is_bot", unique=True, postgresql_where=text("is_bot IS NOT TRUE")),
    )

    first_name: Mapped[str] = mapped_column(String(80))
    last_name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str | None] = mapped_column(Email())
    phone: Mapped[str | None] = mapped_column(String(30))
    contract_type: Mapped[str] = mapped_column(Choice(CONTRACT_TYPES), default="open-ended", server_default="open-ended")
    active: Mapped[bool | None] = mapped_column(default=True)
    archived: Mapped[bool | None] = mapped_column(default=False)
    last_presence: Mapped[date | None]
    password: Mapped[bytes | None] = mapped_column(LargeBinary())
    desktop_login: Mapped[str | None] = mapped_column(String(80))
    login_failed_attemps: Mapped[int | None] = mapped_column(default=0)
    last_login_failed: Mapped[datetime | None]
    totp_enabled: Mapped[bool | None] = mapped_column(default=False)
    totp_secret: Mapped[str | None] = mapped_column(String(32))
    email_otp_enabled: Mapped[bool | None] = mapped_column(default=False)
    email_otp_secret: Mapped[str | None] = mapped_column(String(32))
    fido_enabled: Mapped[bool | None] = mapped_column(default=False)
    fido_credentials: Mapped[list[dict] | None] = mapped_column(ARRAY(JSONB()))
    otp_recovery_codes: Mapped[list[bytes] | None] = mapped_column(ARRAY(LargeBinary()))
    preferred_two_factor_authentication: Mapped[str | None] = mapped_column(Choice(TWO_FACTOR_METHODS))
    shotgun_id: Mapped[int | None] = mapped_column(unique=True)
    timezone: Mapped[str | None] = mapped_column(Timezone(), default=default_timezone)
    locale: Mapped[str | None] = mapped_column(Locale(), default=default_locale)
    data: Mapped[dict | None] = mapped_column(JSONB(none_as_null=True))
    role: Mapped[str] = mapped_column(Choice(ROLES), default="user")
    position: Mapped[str | None] = mapped_column(Choice(POSITIONS), default="artist")
    seniority: Mapped[str | None] = mapped_column(Choice(SENIORITIES), default="mid")
    daily_salary: Mapped[int | None] = mapped_column(default=0)
    has_avatar: Mapped[bool | None] = mapped_column(default=False)
    notifications_enabled: Mapped[bool | None] = mapped_column(default=False)
    notifications_slack_enabled: Mapped[bool | None] = mapped_column(default=False)
    notifications_slack_userid: Mapped[str | None] = mapped_column(String(60), default="")
    notifications_mattermost_enabled: Mapped[bool | None] = mapped_column(default=False)
    notifications_mattermost_userid: Mapped[str | None] = mapped_column(String(60), default="")
    notifications_discord_enabled: Mapped[bool | None] = mapped_column(default=False)
    notifications_discord_userid: Mapped[str | None] = mapped_column(String(60), default="")
    is_bot: Mapped[bool] = mapped_column(default=False, server_default="false")
    jti: Mapped[str | None] = mapped_column(String(60), unique=True)
    expiration_date: Mapped[date | None]
    studio_id: Mapped[UUID | None] = mapped_column(ForeignKey("studio.id"), index=True)
    is_generated_from_ldap: Mapped[bool | None] = mapped_column(default=False)
    ldap_uid: Mapped[str | None] = mapped_column(String(60), unique=True)
    is_guest: Mapped[bool] = mapped_column(default=False, server_default="false")
    country: Mapped[str | None] = mapped_column(String(2))
    use_12_hour_clock: Mapped[bool | None] = mapped_column(default=False)
    display_date_format: Mapped[str | None] = mapped_column(String(20), default="YYYY-MM-DD")
    oidc_issuer: Mapped[str | None] = mapped_column(Text())
    oidc_subject: Mapped[str | None] = mapped_column(String(255))
    saml_issuer: Mapped[str | None] = mapped_column(Text())
    saml_subject: Mapped[str | None] = mapped_column(String(255))
    preview_project_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("project.id", use_alter=True, name="person_preview_project_id_fkey"), index=True, unique=True
    )
    preview_opened_at: Mapped[datetime | None]
    preview_open_until: Mapped[datetime | None]

    departments: Mapped[list["Department"]] = relationship(secondary="department_link")


class Organisation(Row, Base):
    """The studio that runs this installation: one row, its settings and chat tokens."""

    __tablename__ = "organisation"

    name: Mapped[str] = mapped_column(String(80), unique=True)
    hours_by_day: Mapped[float] = mapped_column(default=8)
    has_avatar: Mapped[bool | None] = mapped_column(default=False)
    use_original_file_name: Mapped[bool | None] = mapped_column(default=False)
    timesheets_locked: Mapped[bool | None] = mapped_column(default=False)
    format_duration_in_hours: Mapped[bool | None] = mapped_column(default=False)
    hd_by_default: Mapped[bool | None] = mapped_column(default=False)
    chat_token_slack: Mapped[str | None] = mapped_column(String(80), default="")
    chat_webhook_mattermost: Mapped[str | None] = mapped_column(String(80), default="")
    chat_token_discord: Mapped[str | None] = mapped_column(String(80), default="")
    dark_theme_by_default: Mapped[bool | None] = mapped_column(default=False)


class LoginLog(Row, Base):
    """A sign-in, with where it came from."""

    __tablename__ = "login_log"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    ip_address: Mapped[str | None] = mapped_column(String(50))
    origin: Mapped[str | None] = mapped_column(Choice(LOGIN_ORIGINS))


class DesktopLoginLog(Row, Base):
    """A session opened on a workstation."""

    __tablename__ = "desktop_login_log"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    date: Mapped[datetime]
