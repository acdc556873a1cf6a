"""Budgets of productions and their entries. Rules: contract/rules/schedule-and-budget.md §4."""

import sqlalchemy as sa

from zou.people import removal
from zou.planning.models import Budget, BudgetEntry
from zou.platform import events
from zou.platform.errors import Invalid, NotFound
from zou.platform.rows import Rows

BAD_EXCEPTIONS = "The amounts of exceptions must be numbers."
entries = Rows(BudgetEntry)


def find(tx, project, id, lock=False):
    """A budget of a production. Raises NotFound, also for one of another production."""
    statement = sa.select(Budget).where(Budget.id == id, Budget.project_id == project.id)
    return found(tx, statement.with_for_update() if lock else statement)


def find_entry(tx, project, budget_id, id, lock=False):
    """An entry of a budget of a production. Raises NotFound, also for one of another budget."""
    statement = sa.select(BudgetEntry).join(Budget, Budget.id == BudgetEntry.budget_id)
    statement = statement.where(BudgetEntry.id == id, Budget.id == budget_id, Budget.project_id == project.id)
    return found(tx, statement.with_for_update(of=BudgetEntry) if lock else statement)


def found(tx, statement):
    """The row of a statement. Raises NotFound."""
    row = tx.scalar(statement)
    if row is None:
        raise NotFound()
    return row


def create(tx, project, name, currency):
    """A budget with the next revision of the production, which is locked meanwhile. Emits budget:create."""
    last = tx.scalar(sa.select(sa.func.max(Budget.revision)).where(Budget.project_id == project.id))
    budget = Budget(project_id=project.id, name=name, currency=currency, revision=(last or 0) + 1)
    tx.add(budget)
    tx.flush()
    tell(tx, budget, "create")
    return budget


def update(tx, budget, changes):
    """Change the name or currency of a budget; nulls are left out. Emits budget:update."""
    for key, value in changes.items():
        if value is not None:
            setattr(budget, key, value)
    tx.flush()
    tell(tx, budget, "update")
    return budget


def remove(tx, budget):
    """Delete a budget with its entries. Emits budget:delete."""
    tx.expunge(budget)
    removal.remove(tx, "budget", [budget.id])
    tell(tx, budget, "delete")


def tell(tx, budget, verb):
    """Emit the event of a write of a budget."""
    events.emit(tx, f"budget:{verb}", {"budget_id": budget.id}, project_id=budget.project_id)


def create_entry(tx, budget, values):
    """Add an entry; what is null takes its default, and what the table needs must be there. Emits budget-entry:create."""
    entry = BudgetEntry(budget_id=budget.id, exceptions={})
    for key, value in values.items():
        if value is not None:
            setattr(entry, key, entries.read(key, value))
    tx.add(entry)
    tx.flush()
    tell_entry(tx, budget, entry, "create")
    return entry


def replace_entry(tx, budget, entry, values):
    """Write all of an entry: what is left out becomes null, but what the table needs stays. Emits budget-entry:update."""
    for key, value in values.items():
        if value is not None:
            setattr(entry, key, entries.read(key, value))
        elif entries.columns[key].column.nullable:
            setattr(entry, key, sa.null())
    entry.exceptions = exceptions(values["exceptions"])
    tx.flush()
    tell_entry(tx, budget, entry, "update")
    return entry


def exceptions(sent):
    """{month: whole amount}: what is sent without nulls and amounts that are not above zero. Raises Invalid."""
    try:
        amounts = {month: float(amount) for month, amount in (sent or {}).items() if amount is not None}
        return {month: int(amount) for month, amount in amounts.items() if amount > 0}
    except (TypeError, ValueError, OverflowError):
        raise Invalid(BAD_EXCEPTIONS, field="exceptions") from None


def remove_entry(tx, budget, entry):
    """Delete an entry. Emits budget-entry:delete."""
    tx.delete(entry)
    tx.flush()
    tell_entry(tx, budget, entry, "delete")


def tell_entry(tx, budget, entry, verb):
    """Emit the event of a write of an entry."""
    data = {"budget_id": budget.id, "budget_entry_id": entry.id}
    events.emit(tx, f"budget-entry:{verb}", data, project_id=budget.project_id)
