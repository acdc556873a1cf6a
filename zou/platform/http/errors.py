"""Every error becomes a JSON object with a message that a person can act on. Shapes: contract/rules/errors-and-index.md §1."""

import logging

import sqlalchemy.exc as sql
from flask import current_app, jsonify, request
from marshmallow import INCLUDE, Schema, ValidationError, fields
from psycopg2 import errorcodes
from werkzeug.exceptions import HTTPException

from zou.platform.db.payload import BAD_FORMAT
from zou.platform.errors import Denied, Invalid, NotFound, StorageFull, TrackerError, Unauthorized, Unavailable, is_full

log = logging.getLogger(__name__)

NOT_FOUND = (
    "404 Not Found: The requested URL was not found on the server. "
    "If you entered the URL manually please check your spelling and try again."
)
FORBIDDEN = "You don't have the permission to access the requested resource. It is either read-protected or not readable by the server."
ONLY_FOR = "Only for: {}."
UNAUTHORIZED = (
    "The server could not verify that you are authorized to access the URL requested. You either supplied the wrong credentials "
    "(e.g. a bad password), or your browser doesn't understand how to supply the credentials required."
)
TOO_LARGE = "The data value transmitted exceeds the capacity limit."

REFUSALS = {
    errorcodes.UNIQUE_VIOLATION: "A record with the same unique values already exists.",
    errorcodes.FOREIGN_KEY_VIOLATION: "The change conflicts with records referencing this one.",
    errorcodes.NOT_NULL_VIOLATION: "A required field is missing.",
}
RETRY_LATER = {errorcodes.LOCK_NOT_AVAILABLE, errorcodes.DEADLOCK_DETECTED, errorcodes.SERIALIZATION_FAILURE}


class ErrorDetailSchema(Schema):
    """One value at fault."""

    field = fields.String(required=True)
    message = fields.String(required=True)


class ErrorDataSchema(Schema):
    """Details of a validation error."""

    errors = fields.List(fields.Nested(ErrorDetailSchema))


class TrueOrText(fields.Raw):
    """What `error` holds: true, or the message itself where clients read it there."""


class ErrorSchema(Schema):
    """What an error answers. Some routes add keys of their own, which their clients read."""

    class Meta:
        unknown = INCLUDE

    error = TrueOrText(metadata={"anyOf": [{"type": "boolean"}, {"type": "string"}]})
    message = fields.String()
    data = fields.Nested(ErrorDataSchema, allow_none=True)


class TokenErrorSchema(ErrorSchema):
    """What is answered without a usable token: the reason is in `msg`."""

    msg = fields.String()


def refusal(error, shape):
    """The `Invalid` that a refusal of the database means, or None when it is a fault of ours. Never shows SQL."""
    if isinstance(error, sql.IntegrityError):
        code = getattr(error.orig, "pgcode", None)
        return Invalid(REFUSALS.get(code, "The data conflicts with database integrity rules."), shape=shape)
    if isinstance(error, sql.DataError):
        return Invalid(BAD_FORMAT, shape=shape)
    if isinstance(error, sql.ProgrammingError) and getattr(error.orig, "pgcode", None) == errorcodes.DATATYPE_MISMATCH:
        return Invalid(BAD_FORMAT, shape=shape)
    if isinstance(error, sql.StatementError) and isinstance(error.orig, ValueError | TypeError | LookupError):
        return Invalid(BAD_FORMAT, shape=shape)  # a value that a column type refused before it reached the database
    return None


def validation(error):
    """The `Invalid` of a marshmallow error: a message for a person, and each field with its own."""
    details = [{"field": field, "message": message} for field, message in flatten(error.messages)]
    return Invalid("Validation error.", data={"errors": details})


def flatten(messages, path=""):
    """Yield (dotted path, message) of marshmallow's nested messages."""
    if isinstance(messages, dict):
        for key, value in messages.items():
            name = "" if key == "_schema" else str(key)
            yield from flatten(value, ".".join(part for part in (path, name) if part))
    else:
        for message in messages if isinstance(messages, list) else [messages]:
            yield path, message


def body_of(error):
    """The JSON object of a `TrackerError`."""
    message = error.message
    if isinstance(error, NotFound):
        named = message if getattr(error, "shape", None) in ("bare", "plain") else f"404 Not Found: {message}"
        message = NOT_FOUND if message == NotFound.__doc__ else named
    elif isinstance(error, Denied) and message == Denied.__doc__:
        message = f"{FORBIDDEN} {ONLY_FOR.format(error.rule.sentence)}" if error.rule is not None else FORBIDDEN
    elif isinstance(error, Unauthorized) and message == Unauthorized.__doc__:
        message = UNAUTHORIZED
    shape = getattr(error, "shape", "plain")
    if shape == "error":
        return {"error": message}
    if shape == "bare":
        return {"message": message, **error.extra}
    answer = {"error": True, "message": message, **error.extra}
    if shape == "full" or error.data is not None:
        answer["data"] = error.data
    return answer


def answer_tracker_error(error):
    """A refusal of a service."""
    response = jsonify(body_of(error))
    response.status_code = error.status
    if error.status == 503:
        response.headers["Retry-After"] = "5"
        response.headers["Cache-Control"] = "no-store"
    return response


def answer_validation_error(error):
    """Input that a schema refused."""
    return answer_tracker_error(validation(error))


def answer_http_error(error):
    """An error of Werkzeug or Flask: unknown path, method not allowed, unreadable JSON, too large a body."""
    if error.response is not None or (error.code or 500) < 400:
        return error
    message = {404: f"404 Not Found: {error.description}", 413: TOO_LARGE}.get(error.code, error.description)
    response = error.get_response()  # keeps headers such as Allow
    response.data = jsonify({"error": True, "message": message}).data
    response.content_type = "application/json"
    return response


def answer_database_error(error):
    """What the database refused outside the steps of a Resource, or cannot do at the moment."""
    refused = refusal(error, "plain")
    if refused:
        return answer_tracker_error(refused)
    if isinstance(error, sql.TimeoutError):
        return unavailable("The database is busy, retry later.")
    if isinstance(error, sql.OperationalError):
        if getattr(error.orig, "pgcode", None) in RETRY_LATER:
            return unavailable("Somebody else is changing the same rows, retry later.")
        log.error("The database cannot be used: %s", error.orig)
        if getattr(error.orig, "pgcode", None) == errorcodes.DISK_FULL:
            return answer_tracker_error(StorageFull())
        return unavailable("The database cannot be reached, retry later.")
    return answer_fault(error)


def answer_system_error(error):
    """What the system refused: a full disk is told, anything else is a fault of ours."""
    if not is_full(error):
        return answer_fault(error)
    log.error("%s %s: %s", request.method, request.path, error)
    return answer_tracker_error(StorageFull())


def unavailable(message):
    return answer_tracker_error(Unavailable(message))


def answer_fault(error):
    """A defect of ours: logged with its trace, answered without details (with `DEBUG` the text is shown)."""
    log.exception("%s %s failed", request.method, request.path, exc_info=error)
    message = str(error) if current_app.debug or current_app.config.get("DEBUG") else "Internal server error."
    response = jsonify({"error": True, "message": message})
    response.status_code = 500
    return response


def register(app):
    """Give every error of the application its answer."""
    app.register_error_handler(TrackerError, answer_tracker_error)
    app.register_error_handler(ValidationError, answer_validation_error)
    app.register_error_handler(HTTPException, answer_http_error)
    app.register_error_handler(sql.SQLAlchemyError, answer_database_error)
    app.register_error_handler(OSError, answer_system_error)
    app.register_error_handler(Exception, answer_fault)
