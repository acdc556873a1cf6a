"""Budgets of productions. Rules: contract/rules/schedule-and-budget.md §4."""

import sqlalchemy as sa

from zou.people.rules import admin, manages
from zou.planning.answers import BUDGET_HOURS, BUDGETS, ENTRIES
from zou.planning.bodies import BudgetChangesSchema, NewBudgetSchema, NewEntrySchema, WholeEntrySchema
from zou.planning.models import Budget, BudgetEntry
from zou.planning.queries import hours as queries
from zou.planning.schemas import BudgetEntrySchema, BudgetSchema
from zou.planning.services import budgets
from zou.platform.db.projection import json_list
from zou.platform.http import Json, Resource, body, permission, returns
from zou.productions.models import Project

BUDGET_KEYS = ("id", "project_id", "revision", "name", "currency")
ENTRY_KEYS = (
    "id", "budget_id", "department_id", "person_id", "start_date", "months_duration", "daily_salary", "position", "seniority", "exceptions",
)  # fmt: skip


class BudgetsRoute(Resource):
    """A route on budgets; malformed ids are refused."""

    uuids = ("project_id", "budget_id", "entry_id")


class BudgetsResource(BudgetsRoute):
    """Budgets of a production."""

    @permission(manages, on=Project)
    @returns(BUDGETS)
    def get(self, project):
        """Budgets of a production, by revision."""
        rows = sa.select(Budget).where(Budget.project_id == project.id).order_by(Budget.revision)
        return Json(self.tx.scalar(json_list(BudgetSchema, rows, only=BUDGET_KEYS)))

    @permission(manages, on=Project, lock=True)
    @body(NewBudgetSchema)
    @returns(BudgetSchema)
    def post(self, project, body):
        """Make a budget with the next revision."""
        return budgets.create(self.tx, project, **body)


class BudgetResource(BudgetsRoute):
    """A budget."""

    @permission(manages, on=Project)
    @returns(BudgetSchema)
    def get(self, project, budget_id):
        """A budget."""
        return budgets.find(self.tx, project, budget_id)

    @permission(manages, on=Project, lock=False)
    @body(BudgetChangesSchema)
    @returns(BudgetSchema)
    def put(self, project, budget_id, body):
        """Change the name or the currency of a budget."""
        return budgets.update(self.tx, budgets.find(self.tx, project, budget_id, lock=True), body)

    @permission(manages, on=Project, lock=False)
    @returns(None, 204)
    def delete(self, project, budget_id):
        """Remove a budget with its entries."""
        budgets.remove(self.tx, budgets.find(self.tx, project, budget_id, lock=True))


class EntriesResource(BudgetsRoute):
    """Entries of a budget."""

    @permission(manages, on=Project)
    @returns(ENTRIES)
    def get(self, project, budget_id):
        """Entries of a budget."""
        budget = budgets.find(self.tx, project, budget_id)
        rows = sa.select(BudgetEntry).where(BudgetEntry.budget_id == budget.id).order_by(BudgetEntry.created_at)
        return Json(self.tx.scalar(json_list(BudgetEntrySchema, rows, only=ENTRY_KEYS)))

    @permission(manages, on=Project, lock=False)
    @body(NewEntrySchema)
    @returns(BudgetEntrySchema)
    def post(self, project, budget_id, body):
        """Add an entry to a budget."""
        return budgets.create_entry(self.tx, budgets.find(self.tx, project, budget_id), body)


class EntryResource(BudgetsRoute):
    """An entry of a budget."""

    @permission(manages, on=Project)
    @returns(BudgetEntrySchema)
    def get(self, project, budget_id, entry_id):
        """An entry of a budget."""
        return budgets.find_entry(self.tx, project, budget_id, entry_id)

    @permission(manages, on=Project, lock=False)
    @body(WholeEntrySchema)
    @returns(BudgetEntrySchema)
    def put(self, project, budget_id, entry_id, body):
        """Write an entry of a budget, whole."""
        return budgets.replace_entry(self.tx, *self.found(project, budget_id, entry_id), body)

    @permission(manages, on=Project, lock=False)
    @returns(None, 204)
    def delete(self, project, budget_id, entry_id):
        """Remove an entry of a budget."""
        budgets.remove_entry(self.tx, *self.found(project, budget_id, entry_id))

    def found(self, project, budget_id, entry_id):
        """The budget, and its entry locked. Raises NotFound."""
        return budgets.find(self.tx, project, budget_id), budgets.find_entry(self.tx, project, budget_id, entry_id, lock=True)


class BudgetHoursResource(BudgetsRoute):
    """Hours to compare budgets with."""

    @permission(admin, on=Project)
    @returns(BUDGET_HOURS)
    def get(self, project):
        """Minutes logged on a production by department of the task type, person and month, with totals."""
        return Json(self.tx.scalar(queries.by_department(project.id)))
