"""Rows that are found by their name, or made. Rules: contract/rules/files.md §1."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from zou.files.models import FileStatus
from zou.platform import events

DEFAULT_STATUS = "To review"


def named(tx, model, name, is_told=True, **values):
    """The row of that name; made with further values when there is none. Two requests at once make one. Emits <table>:new."""
    find = sa.select(model).where(model.name == name)
    found = tx.scalar(find)
    if found is not None:
        return found
    made = tx.scalar(insert(model).values(name=name, **values).on_conflict_do_nothing().returning(model.id))
    if made is not None and is_told:
        table = model.__tablename__
        events.emit(tx, f"{table}:new", {f"{table}_id": made})
    return tx.scalar(find)


def default_file_status(tx):
    """The state of files that nobody gave one."""
    return named(tx, FileStatus, DEFAULT_STATUS, is_told=False, color="#FFFFFF")
