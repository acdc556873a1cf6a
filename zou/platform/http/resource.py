"""The base of every route: each request has the same life.

    request -> who -> row and verdict in one statement -> body and query -> method -> JSON -> commit -> answer

The unit of work is one transaction: opened on first use, committed after the method returned and its answer was made, rolled back on
any error. An answer is sent only after its commit. A request that PostgreSQL ended because it met another in a deadlock begins again,
so that no client hears of it. flask-restful is a thin shell here: `Resource` and `Api.add_resource`.
"""

import functools
import random
import time

import flask_restful
import orjson
import sqlalchemy as sa
from flask import Response, current_app, g, request
from marshmallow import EXCLUDE
from psycopg2 import errorcodes
from sqlalchemy.sql import Select

from zou.platform.db import Base, db
from zou.platform.db.copying import Body, copied_list
from zou.platform.db.payload import BAD_FORMAT, holds_nul, is_uuid
from zou.platform.db.prepared import Made, prepared
from zou.platform.db.projection import json_row, list_rows
from zou.platform.errors import Denied, Invalid, NotFound
from zou.platform.http.declare import public
from zou.platform.http.errors import refusal
from zou.platform.http.etag import MAX_HASHED_BYTES, conditional
from zou.platform.rules import NoRow, as_sql

READING = {"GET", "HEAD", "OPTIONS"}
STOPPED = {errorcodes.DEADLOCK_DETECTED, errorcodes.SERIALIZATION_FAILURE}
"""What PostgreSQL says to a transaction that it ended so that others go on: nothing of it was done, and it may come again."""
MOST_ATTEMPTS = 6
FIRST_WAIT_S = 0.02


class Api(flask_restful.Api):
    """flask-restful's Api without its own idea of errors and of JSON."""

    def error_router(self, original_handler, e):
        return original_handler(e)


class Json(str):
    """Text that is JSON already, as PostgreSQL made it."""


class Resource(flask_restful.Resource):
    """A route. Methods are declared with `permission`, `body`, `query` and `returns`; `self.tx` and `self.actor` are theirs."""

    error_shape = "plain"  # of what the database refuses; see errors.Invalid
    uuids = ()  # names of URL parameters of which a malformed value is told as such, with 400; in others it names no row, which is 404
    body_first = False  # whether a bad body is told before a refusal, where the recordings show that order

    def dispatch_request(self, **url):
        """The answer to a request. One that PostgreSQL stopped in favour of another is done again, in a new transaction."""
        for attempt in range(1, MOST_ATTEMPTS + 1):
            try:
                return self.attempt(**url)
            except sa.exc.OperationalError as error:
                if attempt == MOST_ATTEMPTS or getattr(error.orig, "pgcode", None) not in STOPPED:
                    raise
                self.tx.rollback()
                db.session.remove()  # with all that was planned for after its commit
                for _, file in request.files.items(multi=True):
                    file.stream.seek(0)
                time.sleep(random.uniform(0, FIRST_WAIT_S * 2**attempt))

    def attempt(self, **url):
        """One attempt to answer a request: a transaction from its first statement to its commit."""
        verb = request.method.lower()
        method = getattr(self, verb, None) or (self.get if verb == "head" else None)
        route = method.route
        self.tx = db.session()
        self.actor = None if route.rule is public else authenticate(self.tx)
        try:
            self.check_ids(route, url)
            arguments = {"body": read_body(route.body)} if route.body is not None and self.body_first else {}
            row = self.load(route, url) if route.on is not None else self.judge(route)
            if route.body is not None and not self.body_first:
                arguments["body"] = read_body(route.body)
            if route.query is not None:
                arguments["query"] = read_query(route.query)
            result = method(*row, **url, **arguments)
            response = self.answer(route, result)
            self.tx.commit()
        except Invalid as error:
            error.shape = error.shape or self.error_shape
            if error.remembered:
                self.tx.commit()
            raise
        except sa.exc.SQLAlchemyError as error:
            refused = refusal(error, self.error_shape)
            if refused is None:
                raise
            raise refused from error
        return response

    def check_ids(self, route, url):
        """Refuse malformed values of the `uuids`; who may not call the route whatever the row hears that first.

        NUL characters, which the database cannot take, are refused anywhere in the path and the query string.
        """
        if holds_nul([*url.values(), *request.args.values()]):
            raise Invalid(BAD_FORMAT, shape="plain")
        if not all(is_uuid(url[name]) for name in self.uuids if name in url):
            Resource.judge(self, route)
            raise Invalid("Wrong UUID format.")

    def judge(self, route):
        """Refuse an actor whom the rule refuses whatever the row; rules about rows without `on` are for the method."""
        if route.rule is not public and route.rule.clause(NoRow(), self.actor) is False:
            raise Denied(rule=route.rule)
        return ()

    def need(self, rule, source=None):
        """Raise Denied when the rule refuses the actor. `source`: the row or `Draft` it is about; None for about nothing."""
        model = type(source) if isinstance(source, Base) else source
        clause = rule.clause(model, self.actor)
        if not isinstance(clause, bool):
            verdict = sa.select(as_sql(clause))
            clause = self.tx.scalar(verdict.where(model.id == source.id) if model is not source else verdict)
        if not clause:
            raise Denied(rule=rule)

    def load(self, route, url):
        """The row that the URL names, and its verdict, in one statement; takes its id out of `url`."""
        key = route.key or next((k for k in url if k == f"{route.on.__tablename__}_id"), None) or next(iter(url))
        id = url.pop(key)
        lock = route.lock if route.lock is not None else request.method in ("PUT", "DELETE")
        return (self.fetch(route.on, id, route.rule, lock),)

    def fetch(self, model, id, rule, lock=False, anew=False):
        """The row of `model` with this id. Raises NotFound without such a row, Denied when the rule refuses.

        `anew`: the rule was made for this request, so its statement is of no use to another.
        """
        if not is_uuid(id):
            raise NotFound()
        given, form = (self.actor, id, self.within(model)), {"model": model, "rule": rule, "place": type(self), "lock": bool(lock)}
        made = (row_and_verdict.build(*given, **form),) if anew else row_and_verdict(*given, **form)
        found = self.tx.execute(*made).first()
        if found is None:
            raise NotFound()
        if not found.verdict:
            raise Denied(rule=rule)
        return found[0]

    @classmethod
    def named(cls, model):
        """Further conditions on the row that the URL names: one that does not meet them is not there."""
        return ()

    def within(self, model):
        """The same, where they depend on the request: {attribute: value}."""
        return {}

    def answer(self, route, result):
        """The response of what a method returned."""
        if isinstance(result, Response):
            return result
        status = route.status or 200
        if result is None:
            if status == 204:  # an empty body has no type; the contract's server leaves its default there
                return Response("", status, mimetype="text/html")
            return Response("null", status, mimetype="application/json")
        return respond(self.text(route, result), status)

    def text(self, route, result):
        """JSON of a result: a select or a row through the declared schema, made by PostgreSQL; the rest through orjson."""
        if isinstance(result, Json | Body):
            return result
        if isinstance(result, Made):
            return copied_list(self.tx, kept_rows(route.answer, result.statement, route.relations), result.values)
        if isinstance(result, Select):
            return copied_list(self.tx, list_rows(route.answer, result, relations=route.relations))
        if isinstance(result, Base):
            return self.project(route.answer, result, route.relations)
        return encode(result)

    def project(self, schema, row, relations=False):
        """JSON text of one row as it is in the database now."""
        self.tx.flush()
        return self.tx.scalar(*row_text(row.id, schema=schema, model=type(row), relations=relations))


@prepared
def row_and_verdict(actor, id, within, *, model, rule, place, lock):
    """Select of (row, whether the rule lets the actor). `place`: the class of the resource that asks."""
    verdict = as_sql(rule.clause(model, actor)) if actor is not None else sa.true()
    conditions = [getattr(model, key) == value for key, value in within.items()]
    statement = sa.select(model, verdict.label("verdict")).where(model.id == id, *conditions, *place.named(model))
    if lock:
        statement = statement.with_for_update(of=model)
    return statement.execution_options(populate_existing=True)


@prepared
def row_text(id, *, schema, model, relations):
    """Select of one text: the JSON of a row."""
    return sa.select(sa.cast(json_row(schema, model, relations), sa.Text)).select_from(model).where(model.id == id)


@functools.lru_cache(maxsize=1024)
def kept_rows(schema, statement, relations):
    """The rows of a prepared statement, which is one object, through a schema."""
    return list_rows(schema, statement, relations=relations)


def encode(value):
    """JSON bytes of a value that is not a row; `orjson.Fragment` puts in text that is JSON already."""
    return orjson.dumps(value, default=str, option=orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_NON_STR_KEYS)


def dump(value, status=200):
    """A JSON response for a method that sets a status or cookies of its own."""
    return Response(encode(value), status=status, mimetype="application/json")


def respond(text, status=200):
    """A JSON response, with a validator when it is small enough to make one cheaply. `text`: text, bytes or a Body."""
    if isinstance(text, Body):
        return sent(text, "application/json", status)
    return conditional(Response(text, status=status, mimetype="application/json"))


def sent(body, mimetype, status=200):
    """The response of a Body: in pieces when it is large."""
    if body.size > MAX_HASHED_BYTES:
        response = Response(body.chunks(), status=status, mimetype=mimetype)
        response.content_length = body.size
        response.call_on_close(body.close)
        return response
    return conditional(Response(b"".join(body.chunks()), status=status, mimetype=mimetype))


def authenticate(tx):
    """The actor of the request. Raises Unauthorized; the means is given by the domain `auth` (see create_app)."""
    actor = g.actor = current_app.extensions["authenticate"](tx)
    tx.info["actor_id"] = str(actor.id)
    return actor


def json_body():
    """The JSON of the request. Raises 415 for another content type, 400 when it cannot be read or holds a NUL character."""
    data = request.get_json()
    if holds_nul(data):
        raise Invalid("Text must not contain NUL characters.")
    return data


def json_object(shape="full"):
    """The JSON object of a generic write; null and anything else are refused (`shape`: of that refusal, see errors.Invalid).

    NUL characters are for the columns to refuse, since a client may send keys that no column takes.
    """
    data = request.get_json()
    if data is None:
        raise Invalid("Data are empty. Please verify that you sent JSON data and that you set the right headers.")
    if not isinstance(data, dict):
        raise Invalid("A JSON object is expected.", shape=shape)
    return data


def json_ids():
    """The JSON array of UUIDs of the request."""
    data = json_body()
    if not isinstance(data, list):
        raise Invalid("Request body must be a JSON array.")
    if not all(is_uuid(item) for item in data):
        raise Invalid("Request body must only contain valid UUIDs.")
    return data


def read_body(schema):
    """The body through a schema: JSON, else form and query string. Raises ValidationError."""
    data = request.get_json(silent=True) if request.is_json else None
    if data is None:
        data = {**request.args.to_dict(), **request.form.to_dict()}
    if holds_nul(data):
        raise Invalid("Text must not contain NUL characters.")
    return instance(schema).load(data, unknown=EXCLUDE)


def read_query(schema):
    """The query string through a schema; repeated parameters give lists where the schema wants one."""
    bound = instance(schema)
    data = {}
    for name, values in request.args.lists():
        field = bound.fields.get(name)
        data[name] = values if field is not None and hasattr(field, "inner") else values[0]
    if holds_nul(data):
        raise Invalid("Text must not contain NUL characters.")
    return bound.load(data, unknown=EXCLUDE)


def instance(schema):
    return schema() if isinstance(schema, type) else schema


def route_of(resource, verb):
    """The declaration of a method of a Resource class, or None."""
    method = getattr(resource, verb.lower(), None)
    return getattr(method, "route", None) if method else None
