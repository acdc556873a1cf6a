"""What the search does when rows change: it indexes them in the same transaction."""

from zou.platform import events, jobs
from zou.platform.db.payload import is_uuid
from zou.search import services

ROWS = ("asset", "shot", "sequence", "episode", "entity", "person")


@events.within(*[f"{kind}:{verb}" for kind in ROWS for verb in ("new", "update", "delete")])
def index_rows(tx, changes):
    """Index the entities and persons that events name; a plug-in's event of the same name may hold anything."""
    services.index(tx, {data[key] for data in changes for key in (f"{kind}_id" for kind in ROWS) if is_uuid(data.get(key))})


@events.within("asset-type:update")
def index_types(tx, changes):
    """Index the assets of types that may have another name now."""
    services.index_types(tx, {data["asset_type_id"] for data in changes if is_uuid(data.get("asset_type_id"))})


@events.within("comment:new", "comment:update", "comment:delete", "comment:reply", "comment:delete-reply")
def index_comments(tx, changes):
    """Index the comments that events name."""
    services.index_comments(tx, {data["comment_id"] for data in changes if is_uuid(data.get("comment_id"))})


@events.within("task:delete")
def forget_comments(tx, changes):
    """Forget the comments of tasks that went."""
    services.forget_comments(tx, {data["task_id"] for data in changes if is_uuid(data.get("task_id"))})


@jobs.task("search.catch_up", cron="*/10 * * * *", queueing_lock="search.catch_up")
def catch_up(tx):
    """Index the comments that others wrote."""
    services.catch_up_comments(tx)
