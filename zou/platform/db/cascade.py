"""Cascades: what goes when a row goes. A graph says it once, for every removal; `remove` walks it.

    GRAPH = {
        "task": (Gone("comment", "object_id"), Gone("task_person_link", "task_id"), Cleared("entity", "ready_for")),
        "comment": (Gone("news", "comment_id"), GoneThrough("preview_file", "comment_preview_link", "comment", "preview_file")),
        ...
    }
    remove(tx, GRAPH, "task", ids)

Tables are named by text, because a cascade reaches those of later domains. The number of statements depends on the graph and not on
the number of rows: one select for each table on which something hangs, one update for each cleared column, one delete for each table.
A domain that has more to do for rows that went (files, totals) registers a hook with `removed`, or `around` when it must see them first;
with `gone` it hears of rows too that were removed alone.
"""

from dataclasses import dataclass
from graphlib import TopologicalSorter

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from zou.platform.db.base import Base

hooks: dict[str, list] = {}
"""{table: [(columns, function)]}, filled by `removed`."""


listeners: dict[str, list] = {}
"""{table: [function]}, filled by `alone`: those who hear of rows that are deleted alone, through the session."""


watchers: dict[str, list] = {}
"""{table: [generator function]}, filled by `around`."""


@dataclass(frozen=True)
class Gone:
    """Rows of `table` whose `column` names the removed row are removed too."""

    table: str
    column: str


@dataclass(frozen=True)
class Cleared:
    """Rows of `table` whose `column` names the removed row stay; the column becomes null."""

    table: str
    column: str


@dataclass(frozen=True)
class GoneThrough:
    """Rows of `table` that `link` ties to the removed row (its columns `own` and `other`) are removed too."""

    table: str
    link: str
    own: str
    other: str


@dataclass(frozen=True)
class GoneOwn:
    """The row of `table` that the removed row names in its `column` is removed too."""

    table: str
    column: str


def removed(table, *columns):
    """Decorator: after rows of `table` went, call the function with the transaction and a list of them.

    `columns`: what it needs of each, as names or as functions from the table to a labelled expression.
    """

    def register(function):
        hooks.setdefault(table, []).append((columns, function))
        return function

    return register


def alone(table):
    """Decorator: call the function with (tx, [row]) for a row that is deleted alone, through the session."""

    def register(function):
        listeners.setdefault(table, []).append(function)
        return function

    return register


def gone(table, *columns):
    """Decorator: both, `removed` and `alone`."""
    return lambda function: alone(table)(removed(table, *columns)(function))


@event.listens_for(Session, "after_flush")
def tell_listeners(tx, context):
    """Rows were deleted alone."""
    for row in tx.deleted:
        for listener in listeners.get(getattr(row, "__tablename__", None), ()):
            listener(tx, [row])


def around(table):
    """Decorator: run a generator function up to its `yield` before rows of `table` go, and the rest when all is gone.

    It gets the transaction and {table: ids of the rows to remove}. Only for tables on which something hangs, in the graph.
    """

    def register(function):
        watchers.setdefault(table, []).append(function)
        return function

    return register


def remove(tx, graph, root, ids):
    """Remove rows of the table `root` and all that hangs on them. Returns {table: ids} of what went, for tables that the graph has."""
    order = sequence(graph, root)
    doomed = collect(tx, graph, root, ids, order)
    watching = [watcher(tx, doomed) for name in order if doomed.get(name) for watcher in watchers.get(name, ())]
    for watch in watching:
        next(watch)
    for parent, edges in graph.items():
        for edge in edges:
            if isinstance(edge, Cleared) and doomed.get(parent):
                clear(tx, edge, parent, doomed[parent])
    gone = []
    for name in reversed(order):
        if name in graph:
            clause = named(table(name).c.id, doomed[name]) if doomed[name] else None
        else:
            clause = hanging(graph, name, doomed)
        if clause is not None:
            gone.append((name, delete(tx, name, clause)))
    for name, rows in gone:
        for _columns, hook in hooks.get(name, ()) if rows else ():
            hook(tx, rows)
    for watch in watching:
        next(watch, None)
    return doomed


def sequence(graph, root):
    """The tables that a removal of `root` reaches, each after all on which it hangs."""
    sorter, waiting, seen = TopologicalSorter(), [root], {root}
    sorter.add(root)
    while waiting:
        parent = waiting.pop()
        for edge in graph.get(parent, ()):
            if isinstance(edge, Cleared):
                continue
            sorter.add(edge.table, parent)
            if edge.table not in seen:
                seen.add(edge.table)
                waiting.append(edge.table)
    return list(sorter.static_order())


def collect(tx, graph, root, ids, order):
    """{table: ids of the rows to remove} for the tables on which something hangs."""
    doomed = {name: set() for name in order if name in graph}
    doomed[root] = {str(id) for id in ids}
    for name in order:
        if name in graph and name != root:
            clause = hanging(graph, name, doomed)
            if clause is not None:
                doomed[name] = {str(id) for id in tx.scalars(sa.select(table(name).c.id).where(clause))}
    return doomed


def hanging(graph, name, doomed):
    """The condition on rows of the table `name` that go with doomed rows of other tables; None when there are none."""
    clauses = []
    for parent, edges in graph.items():
        ids = doomed.get(parent)
        for edge in edges if ids else ():
            if isinstance(edge, Cleared) or edge.table != name:
                continue
            if isinstance(edge, Gone):
                clauses.append(named(table(name).c[edge.column], ids))
            elif isinstance(edge, GoneThrough):
                link = table(edge.link)
                clauses.append(table(name).c.id.in_(sa.select(link.c[edge.other]).where(named(link.c[edge.own], ids))))
            else:
                owner = table(parent)
                clauses.append(table(name).c.id.in_(sa.select(owner.c[edge.column]).where(named(owner.c.id, ids))))
    return sa.or_(*clauses) if clauses else None


def clear(tx, edge, parent, ids):
    """Set a column to null where it names a doomed row."""
    target = table(edge.table)
    clause = named(target.c[edge.column], ids)
    if edge.table == parent:
        clause = clause & sa.not_(named(target.c.id, ids))  # the rows that go need no change
    tx.execute(sa.update(target).where(clause).values({edge.column: None}))


def delete(tx, name, clause):
    """Delete rows; returns what the hooks of the table ask for."""
    target = table(name)
    statement = sa.delete(target).where(clause)
    wanted = dict.fromkeys(column for columns, hook in hooks.get(name, ()) for column in columns)
    if not wanted:
        tx.execute(statement)
        return []
    return tx.execute(statement.returning(*[column(target) if callable(column) else target.c[column] for column in wanted])).all()


def named(column, ids):
    """The column holds one of these ids, given as one array: a statement takes any number of them."""
    return column == sa.any_(sa.literal(sorted(ids), ARRAY(sa.Uuid(as_uuid=False))))


def table(name):
    """A table of the contract, by name: for rules and removals that speak of domains which come later."""
    return Base.metadata.tables[name]
