"""Saved searches and their folders. Rules: contract/rules/user.md §6."""

import sqlalchemy as sa

from zou.people.models import Department
from zou.people.rules import manages
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Invalid, NotFound
from zou.platform.rules import Draft, as_sql
from zou.workspace.models import SearchFilter, SearchFilterGroup

DIFFERENT = "A search filter should have the same value for is_shared than its search filter group."


def find(tx, actor, model, id):
    """A saved search or folder of the actor, locked; of anybody for an administrator. Raises NotFound."""
    if not is_uuid(id):
        raise NotFound()
    statement = sa.select(model).where(model.id == id)
    if not actor.is_admin:
        statement = statement.where(model.person_id == actor.id)
    found = tx.scalar(statement.with_for_update())
    if found is None:
        raise NotFound()
    return found


def may_share(tx, actor, project_id):
    """Whether the actor may share a search with everybody: only one of a production that they manage."""
    if not is_uuid(str(project_id)):
        return False
    return bool(tx.scalar(sa.select(as_sql(manages.clause(Draft(SearchFilter, {"project_id": str(project_id)}), actor)))))


def need_department(tx, id):
    """Raise NotFound unless there is such a department, or none is named."""
    if id is not None and (not is_uuid(id) or tx.get(Department, id) is None):
        raise NotFound()


def check_group(tx, group_id, is_shared):
    """Raise NotFound for an unknown folder, Invalid for one that is shared when the search is not, or the other way round."""
    if group_id is None:
        return
    group = tx.get(SearchFilterGroup, str(group_id)) if is_uuid(str(group_id)) else None
    if group is None:
        raise NotFound()
    if bool(group.is_shared) != is_shared:
        raise Invalid(DIFFERENT)


def create_filter(tx, actor, query, **values):
    """Save a search; it is shared only when the actor may do so, silently. Returns the row. Raises NotFound, Invalid."""
    shared = bool(values.pop("is_shared")) and may_share(tx, actor, values["project_id"])
    check_group(tx, values["search_filter_group_id"], shared)
    need_department(tx, values["department_id"])
    row = SearchFilter(**values, search_query=query, is_shared=shared, person_id=actor.id)
    tx.add(row)
    tx.flush()
    return row


def create_group(tx, actor, **values):
    """Make a folder; it is shared only when the actor may do so, silently. Returns the row. Raises NotFound."""
    shared = bool(values.pop("is_shared")) and may_share(tx, actor, values["project_id"])
    need_department(tx, values["department_id"])
    color = values.pop("color") or ""
    row = SearchFilterGroup(**values, color=color, is_shared=shared, person_id=actor.id)
    tx.add(row)
    tx.flush()
    return row


def share_as_allowed(tx, actor, row, changes):
    """Put into `changes` the `is_shared` that the actor may give; silently false without the right.

    A search that becomes shared needs the production in the request, and the right on it and on its present production. One that is
    moved while it is shared needs the right on the new production.
    """
    project_id = changes.get("project_id")
    moves = project_id is not None and project_id.lower() != str(row.project_id)
    shared = changes.get("is_shared", bool(row.is_shared))
    becomes_shared = shared and not row.is_shared
    if becomes_shared and not may_share(tx, actor, project_id):
        shared = False
    if shared and moves and not (may_share(tx, actor, project_id) and (row.project_id is None or may_share(tx, actor, row.project_id))):
        shared = False
    if "is_shared" in changes or shared != bool(row.is_shared):
        changes["is_shared"] = shared


def update_filter(tx, actor, row, body):
    """Change a saved search; null leaves a value, but a null group takes it out. Raises NotFound, Invalid."""
    changes = {key: value for key, value in body.items() if value is not None}
    share_as_allowed(tx, actor, row, changes)
    need_department(tx, changes.get("department_id"))
    if "search_filter_group_id" in body:
        changes["search_filter_group_id"] = body["search_filter_group_id"]
    group_id = changes.get("search_filter_group_id", row.search_filter_group_id)
    check_group(tx, group_id, changes.get("is_shared", bool(row.is_shared)))
    for key, value in changes.items():
        setattr(row, key, value)
    tx.flush()
    return row


def update_group(tx, actor, row, body):
    """Change a folder; null leaves a value. Its searches, whoever owns them, are shared as it is. Raises NotFound."""
    changes = {key: value for key, value in body.items() if value is not None}
    share_as_allowed(tx, actor, row, changes)
    need_department(tx, changes.get("department_id"))
    for key, value in changes.items():
        setattr(row, key, value)
    tx.flush()
    if "is_shared" in changes:
        inside = sa.update(SearchFilter).where(SearchFilter.search_filter_group_id == row.id)
        tx.execute(inside.values(is_shared=changes["is_shared"]))
    return row


def remove_group(tx, row):
    """Remove a folder with its searches, whoever owns them."""
    tx.execute(sa.delete(SearchFilter).where(SearchFilter.search_filter_group_id == row.id))
    tx.delete(row)
    tx.flush()
