"""Every route, asked by every role in and outside the team: who is refused is whom the table of permissions refuses.

The table is the declaration of the route (docs/permissions.md is written from it). What a rule says is asked of PostgreSQL, about the
row that the path names; what the program does is asked over HTTP. A request runs in a transaction that is rolled back.
"""

import pytest
import sqlalchemy as sa

from tests.permissions import asking
from tests.permissions.cast import path_of
from zou.app import domains
from zou.platform.http.crud import RULES
from zou.platform.http.declare import public
from zou.platform.http.permissions import lines
from zou.platform.rules import Draft, NoRow, Rule, as_sql


def verdict(tx, line, who, world, ids):
    """Whether the table lets somebody in."""
    route = line.route
    if who.actor is None:
        return route.rule is public
    if line.key in asking.BY_HAND:
        return who.name in asking.BY_HAND[line.key]
    if not judged(tx, line, who, world, ids):
        return False
    if route.then is None:
        return True
    return holds(tx, route.then, world[asking.ABOUT[line.key]], who.actor)


def judged(tx, line, who, world, ids):
    """The verdict of a route's own rule: about the row that the path names, about what is sent, or about nobody in particular."""
    route, crud = line.route, getattr(line.resource, "crud", None)
    if crud is not None:
        kind = RULES["BaseModelResource" if "instance_id" in ids else "BaseModelsResource"][line.verb.lower()]
        if kind == "creates":
            sent = asking.REQUESTS.get(line.key, lambda world: {"json": asking.creation(crud, world)})(world)["json"]
            return holds(tx, crud.creates, Draft(crud.model, sent), who.actor)
        if kind == "lists":
            return crud.lists.clause(None, who.actor) is True
        rule = getattr(crud, kind)
        if not isinstance(rule, Rule):
            rule = rule(who, {})
        return holds(tx, rule, world[crud.model], who.actor)
    if route.on is None:
        return route.rule.clause(NoRow(), who.actor) is not False
    key = route.key or next((key for key in ids if key == f"{route.on.__tablename__}_id"), None) or next(iter(ids))
    row = next((row for row in world.values() if str(getattr(row, "id", None)) == ids[key] and isinstance(row, route.on)), None)
    assert row is not None, f"{line.key}: the world has no {route.on.__name__} for {key}"
    return holds(tx, route.rule, row, who.actor)


def depends_on_place(line, everybody):
    """Whether a route may answer two people of one role differently: it looks at rows."""
    if line.route.then is not None or line.key in asking.BY_HAND:
        return True
    crud = getattr(line.resource, "crud", None)
    source = line.route.on or (crud and crud.model) or NoRow()
    return not all(isinstance(line.route.rule.clause(source, who.actor), bool) for who in everybody if who.actor)


def one_of_each_role(everybody):
    """The first person of each role, and nobody."""
    return list({who.actor and who.actor.role: who for who in reversed(everybody)}.values())


def holds(tx, rule, source, actor):
    """Whether a rule lets an actor in, about a row or a draft."""
    is_draft = isinstance(source, Draft)
    clause = rule.clause(source if is_draft else type(source), actor)
    if isinstance(clause, bool):
        return clause
    statement = sa.select(as_sql(clause))
    return tx.scalar(statement if is_draft else statement.where(type(source).id == source.id))


@pytest.mark.parametrize("domain", [domain.name for domain in domains()])
def test_a_route_refuses_whom_the_table_refuses(stage, ask, domain):
    world, everybody = stage.world, stage.everybody
    wrong, asked, refused = [], 0, 0
    for line in lines(stage.app):
        if line.domain != domain or line.key in asking.NOT_ASKED:
            continue
        path, ids = path_of(line, world)
        request = asking.request_of(line, world)
        for who in everybody if depends_on_place(line, everybody) else one_of_each_role(everybody):
            headers = getattr(who, "refresh_headers", {}) if line.path == "/auth/refresh-token" else None
            answer = ask(line.verb, path, who, headers, **request)
            expected = verdict(stage.tx, line, who, world, ids)
            asked, refused = asked + 1, refused + (not expected)
            if answer.status_code >= 500 or (answer.status_code in (401, 403)) is expected:
                said = f"answers {answer.status_code} {answer.get_data()[:200]}"
                wrong.append(f"{line.key} by {who}: {'let in' if expected else 'refused'} by the table, {said}")
    assert not wrong, "\n".join(wrong)
    assert asked > refused > 0
    assert stage.kept.different == []  # no statement that is kept for all who ask alike differs from one's own
