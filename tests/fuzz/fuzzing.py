"""Sends random requests, valid and not, to every operation of the description, and checks each answer against it.

The application runs in this process, on a small studio with a row of every model. Each request runs in a savepoint that is rolled back,
so that a row that one request removes is there for the next. Most ids are those of the studio's rows: else requests would end at 404.
"""

import random
import time
import warnings
from dataclasses import dataclass

import hypothesis
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from tests.making import join_team, make
from zou.people.models import Person
from zou.platform.db import Base
from zou.productions.models import Project

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
OTHER_NAMES = {"asset_id": "entity", "shot_id": "shot", "sequence_id": "sequence", "scene_id": "scene", "assignees": "person"}
ROLES = ("admin", "admin", "admin", "manager", "supervisor", "user", "client", "vendor")
# The contract gives this answer a content type that is none.
ODD_TYPES = {"GET /status.txt"}
KNOWN_SHARE = 0.85


@dataclass(frozen=True)
class Finding:
    """An answer that is a fault, or that the description does not describe."""

    operation: str
    status: int
    kind: str
    detail: str

    def __str__(self):
        return f"{self.operation}: {self.status} {self.kind}\n    {self.detail}"


class Fuzzer:
    """Requests of one run. `connection`: that of the application, whose outer transaction the caller rolls back."""

    def __init__(self, app, connection, tx, world, token_of, seed=0):
        self.connection = connection
        self.random = random.Random(seed)
        self.seed = seed
        self.ids = known_ids(world)
        self.tokens = {}
        for role in set(ROLES):
            person = make(tx, Person, role=role)
            join_team(tx, world[Project], person)
            self.tokens[role] = token_of(app, person)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            schema = schemathesis.openapi.from_wsgi("/openapi.json", app)
            self.operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
        self.sent = 0
        self.statuses = {}
        self.findings = {}

    def run(self, seconds):
        """Go over all operations, with more examples each time, until the time is up. Returns the findings, one of each kind."""
        end, examples, turn = time.monotonic() + seconds, 1, 0
        while time.monotonic() < end:
            self.random.shuffle(self.operations)
            for operation in self.operations:
                mode = self.random.choice((GenerationMode.POSITIVE, GenerationMode.POSITIVE, GenerationMode.NEGATIVE))
                self.fuzz(operation, mode, examples, turn)
                if time.monotonic() > end:
                    break
            turn, examples = turn + 1, min(examples * 2, 20)
        return list(self.findings.values())

    def fuzz(self, operation, mode, examples, turn):
        """Send some examples of an operation."""

        @hypothesis.seed(f"{self.seed} {turn} {operation.label}")
        @hypothesis.settings(
            max_examples=examples, deadline=None, phases=[Phase.generate], database=None, suppress_health_check=list(HealthCheck)
        )
        @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
        def send(case):
            self.send(case)

        try:
            send()
        except (hypothesis.errors.Unsatisfiable, schemathesis.errors.SerializationNotPossible):
            return  # nothing to negate, or a file: tests of their own send those

    def send(self, case):
        """Send a request as somebody, and note what is wrong with its answer."""
        self.fill(case)
        case.headers = {**(case.headers or {}), "Accept-Encoding": "identity"}
        role = self.random.choice(ROLES)
        if self.random.random() < 0.97:
            case.headers["Authorization"] = f"Bearer {self.tokens[role]}"
        around = self.connection.begin_nested()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                response = case.call()
                self.sent += 1
                self.statuses[response.status_code] = self.statuses.get(response.status_code, 0) + 1
                case.validate_response(response, checks=CHECKS[:2] if case.operation.label in ODD_TYPES else CHECKS)
        except FailureGroup as group:
            for failure in group.exceptions:
                self.note(case, response, failure, role)
        finally:
            around.rollback()

    def note(self, case, response, failure, role):
        """Keep the first finding of its kind."""
        kind = type(failure).__name__
        where = getattr(failure, "schema_path", "") or getattr(failure, "title", "")
        key = (case.operation.label, kind, response.status_code, str(where))
        sent = f"{role} {case.method} {case.formatted_path} ? {case.query} body {case.body!r}"[:600]
        detail = f"{failure.message[:700]}\n    {sent}\n    {response.content[:300]!r}"
        self.findings.setdefault(key, Finding(case.operation.label, response.status_code, kind, detail))

    def fill(self, case):
        """Put ids of the studio's rows where ids are."""
        for container in (case.path_parameters, case.query, case.body):
            if isinstance(container, dict):
                self.fill_ids(container, case.path)
        if isinstance(case.body, list):
            case.body[:] = [self.id_for("", case.path) if isinstance(item, str) and self.likely() else item for item in case.body]

    def fill_ids(self, values, path):
        for name, value in list(values.items()):
            if isinstance(value, dict):
                self.fill_ids(value, path)
            elif isinstance(value, list):
                for item in value:
                    if isinstance(item, dict):
                        self.fill_ids(item, path)
                if name.endswith(("_ids", "s")) and all(isinstance(item, str) for item in value) and self.likely():
                    values[name] = [self.id_for(name.removesuffix("s"), path) for _ in value]
            elif isinstance(value, str) and (name == "id" or name.endswith("_id")) and self.likely():
                values[name] = self.id_for(name, path)

    def likely(self):
        return self.random.random() < KNOWN_SHARE

    def id_for(self, name, path):
        """An id of a row that a parameter of this name means."""
        table = OTHER_NAMES.get(name, name.removesuffix("_id"))
        if table in ("instance", "id"):
            table = path.rstrip("/").split("/{")[0].rsplit("/", 1)[-1].replace("-", "_").removesuffix("s").replace("statuse", "status")
            table = {"entitie": "entity", "person": "person", "new": "news", "hardware_item": "hardware_item"}.get(table, table)
        known = self.ids.get(table)
        return self.random.choice(known or self.ids["all"])


def known_ids(world):
    """{table, or key of the world: [ids as text]}, and all of them under `all`."""
    found = {"all": []}
    for key, row in world.items():
        if not isinstance(row, Base) or not hasattr(row, "id"):
            continue
        for name in {key if isinstance(key, str) else "", type(row).__tablename__, "all"} - {""}:
            found.setdefault(name, []).append(str(row.id))
    return found
