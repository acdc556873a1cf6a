"""Salary scales: a row for every department, position and seniority. Rules: contract/rules/schedule-and-budget.md §5."""

import sqlalchemy as sa

from zou.people.models import POSITIONS, SENIORITIES, Department
from zou.planning.models import SalaryScale
from zou.platform.errors import Invalid
from zou.platform.rows import Rows

KEY = ("department_id", "position", "seniority")


class SalaryScaleRows(Rows):
    """Salary scales come with their department; only the amounts are changed."""

    protected = frozenset({"department_id"})

    def check_new(self, tx, actor, values):
        raise Invalid("Salary scales cannot be created")


def add_missing_scales(tx):
    """Insert the rows that are missing, with salary 0. No event. Two requests at once wait for each other, so that no row comes twice."""
    if missing_scales(tx):
        tx.execute(sa.text("LOCK TABLE salary_scale IN SHARE ROW EXCLUSIVE MODE"))
        for key in missing_scales(tx):
            tx.add(SalaryScale(**dict(zip(KEY, key, strict=True)), salary=0))
        tx.flush()


def missing_scales(tx):
    """[(department id, position, seniority)] without a row, in the order of their departments."""
    present = sa.func.array_agg(sa.func.concat(SalaryScale.position, " ", SalaryScale.seniority))
    departments = sa.select(Department.id, present).outerjoin(SalaryScale, SalaryScale.department_id == Department.id)
    found = tx.execute(departments.group_by(Department.id).order_by(Department.created_at, Department.id)).all()
    pairs = [(position, seniority) for position in POSITIONS for seniority in SENIORITIES]
    return [(id, *pair) for id, have in found for pair in pairs if " ".join(pair) not in have]
