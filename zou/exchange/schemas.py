"""Payloads of imports."""

from zou.exchange.models import DataImportError
from zou.people.models import Person
from zou.people.schemas import FullName
from zou.platform.db.payload import Fixed, RowSchema


class DataImportErrorSchema(RowSchema):
    """An entry that another tracker could not hand over."""

    class Meta(RowSchema.Meta):
        model = DataImportError


class PersonRowSchema(RowSchema):
    """Every column of a person; secrets are null, whatever is stored."""

    class Meta(RowSchema.Meta):
        model = Person

    full_name = FullName()
    password = Fixed("null")
    jti = Fixed("null")
    totp_secret = Fixed("null")
    email_otp_secret = Fixed("null")
    otp_recovery_codes = Fixed("null")
    fido_credentials = Fixed("null")
