"""The logs of events and sign-ins, newest first. Rules: contract/rules/events.md §3."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from zou.people.models import LoginLog
from zou.people.rules import productions_of
from zou.platform.db.projection import aggregate
from zou.platform.errors import Invalid
from zou.platform.events.models import ApiEvent

MOST = 1000
FILE_EVENTS = ("preview-file:add-file", "organisation:set-thumbnail", "person:set-thumbnail", "project:set-thumbnail")


def older_than(tx, model, id, message):
    """Conditions: the entry is older than the one with this id, in the order of the log. Raises Invalid when there is none."""
    if id is None:
        return []
    found = tx.execute(sa.select(model.created_at, model.id).where(model.id == id)).first()
    if found is None:
        raise Invalid(message.format(id=id))
    return [sa.tuple_(model.created_at, model.id) < sa.tuple_(sa.literal(found.created_at), sa.literal(found.id))]


def between(model, wanted):
    """Conditions: the entry was made strictly after and before the given moments."""
    found = []
    if wanted.get("after") is not None:
        found.append(model.created_at > wanted["after"])
    if wanted.get("before") is not None:
        found.append(model.created_at < wanted["before"])
    return found


def newest(model, columns, conditions, limit):
    """Select of one text: the newest entries of a log."""
    moment = sa.func.date_trunc(sa.literal_column("'second'"), model.created_at).label("created_at")
    rows = sa.select(model.id, moment, *columns).where(*conditions).order_by(model.created_at.desc(), model.id.desc())
    return aggregate(rows.limit(min(max(limit, 0), MOST)))


def events(tx, actor, wanted):
    """Select of one text: the newest events that match, of the actor's productions; administrators see all. Raises Invalid.

    `wanted`: the parameters read, those not given absent.
    """
    conditions = between(ApiEvent, wanted)
    conditions += older_than(tx, ApiEvent, wanted.get("cursor_event_id"), "No event found with id: {id}")
    if not actor.is_admin:
        conditions.append(ApiEvent.project_id.in_(productions_of(actor)))
    if wanted.get("project_id") is not None:
        conditions.append(ApiEvent.project_id == wanted["project_id"])
    if wanted.get("name") is not None:
        conditions.append(ApiEvent.name == wanted["name"])
    if wanted.get("name_prefixes"):
        conditions.append(sa.or_(*[ApiEvent.name.startswith(f"{prefix}:", autoescape=True) for prefix in wanted["name_prefixes"]]))
    if wanted.get("name_suffixes"):
        conditions.append(sa.or_(*[ApiEvent.name.endswith(f":{suffix}", autoescape=True) for suffix in wanted["name_suffixes"]]))
    if wanted.get("person_ids"):
        conditions.append(ApiEvent.user_id.in_(wanted["person_ids"]))
    if wanted.get("only_files") == "true":
        conditions.append(ApiEvent.name.in_(FILE_EVENTS))
    return newest(ApiEvent, [ApiEvent.name, ApiEvent.user_id, ApiEvent.project_id, ApiEvent.data], conditions, wanted["limit"])


def event_names():
    """Select of one text: the names in the log, sorted, found by hopping through the index instead of reading the whole log."""
    hops = sa.select(sa.func.min(ApiEvent.name).label("name")).cte("names", recursive=True)
    following = sa.select(sa.func.min(ApiEvent.name)).where(ApiEvent.name > hops.c.name).scalar_subquery()
    hops = hops.union_all(sa.select(following).where(hops.c.name.is_not(None)))
    array = sa.func.json_agg(aggregate_order_by(hops.c.name, sa.collate(hops.c.name, "C")))
    return sa.select(sa.cast(sa.func.coalesce(array, sa.text("'[]'::json")), sa.Text)).select_from(hops).where(hops.c.name.is_not(None))


def logins(tx, wanted):
    """Select of one text: the newest sign-ins that match. Raises Invalid. `wanted`: the parameters read, those not given absent."""
    conditions = between(LoginLog, wanted)
    conditions += older_than(tx, LoginLog, wanted.get("cursor_login_log_id"), "No login log found with id: {id}")
    if wanted.get("person_ids"):
        conditions.append(LoginLog.person_id.in_(wanted["person_ids"]))
    return newest(LoginLog, [LoginLog.ip_address, LoginLog.person_id, LoginLog.origin], conditions, wanted["limit"])
