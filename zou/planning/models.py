"""Schedules, milestones, days off, time spent, budgets and what they rest on."""

import datetime as dt
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Table, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from zou.people.models import POSITIONS, SENIORITIES
from zou.platform.db.base import Base, Row, project_of
from zou.platform.db.types import Choice

if TYPE_CHECKING:
    from zou.people.models import Person


class ScheduleItem(Row, Base):
    """A bar of the production schedule."""

    __tablename__ = "schedule_item"
    __table_args__ = (UniqueConstraint("project_id", "task_type_id", "object_id", name="schedule_item_uc"),)

    start_date: Mapped[dt.date | None]
    end_date: Mapped[dt.date | None]
    man_days: Mapped[int | None]
    project_id: Mapped[UUID | None] = mapped_column(ForeignKey("project.id"), index=True)
    task_type_id: Mapped[UUID | None] = mapped_column(ForeignKey("task_type.id"), index=True)
    object_id: Mapped[UUID | None] = mapped_column(index=True)

    @classmethod
    def project_key(cls):
        return cls.project_id


class Milestone(Row, Base):
    """A date that a production must meet."""

    __tablename__ = "milestone"

    date: Mapped[dt.date | None]
    name: Mapped[str] = mapped_column(String(40))
    project_id: Mapped[UUID | None] = mapped_column(ForeignKey("project.id"), index=True)
    task_type_id: Mapped[UUID | None] = mapped_column(ForeignKey("task_type.id"), index=True)

    @classmethod
    def project_key(cls):
        return cls.project_id


class DayOff(Row, Base):
    """Days on which a person does not work, both ends included."""

    __tablename__ = "day_off"
    __table_args__ = (
        UniqueConstraint("person_id", "date", name="day_off_uc"),
        CheckConstraint("date <= end_date", name="day_off_date_check"),
    )

    date: Mapped[dt.date]
    end_date: Mapped[dt.date]
    description: Mapped[str | None] = mapped_column(Text())
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)


class TimeSpent(Row, Base):
    """Minutes that a person worked on a task on a day."""

    __tablename__ = "time_spent"
    __table_args__ = (
        UniqueConstraint("person_id", "task_id", "date", name="time_spent_uc"),
        CheckConstraint("duration > 0", name="check_duration_positive"),
    )

    duration: Mapped[float]
    date: Mapped[dt.date]
    task_id: Mapped[UUID | None] = mapped_column(ForeignKey("task.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)

    @classmethod
    def project_key(cls):
        return project_of(cls, "task", cls.task_id)


class Budget(Row, Base):
    """A revision of a production's budget."""

    __tablename__ = "budget"

    project_id: Mapped[UUID | None] = mapped_column(ForeignKey("project.id"), index=True)
    revision: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(String(255))
    currency: Mapped[str | None] = mapped_column(String(3))

    @classmethod
    def project_key(cls):
        return cls.project_id


class BudgetEntry(Row, Base):
    """A position of a budget: a person or a role, for some months."""

    __tablename__ = "budget_entry"

    budget_id: Mapped[UUID] = mapped_column(ForeignKey("budget.id"), index=True)
    department_id: Mapped[UUID] = mapped_column(ForeignKey("department.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    start_date: Mapped[dt.date]
    months_duration: Mapped[int]
    daily_salary: Mapped[float]
    position: Mapped[str | None] = mapped_column(Choice(POSITIONS), default="artist")
    seniority: Mapped[str | None] = mapped_column(Choice(SENIORITIES), default="mid")
    exceptions: Mapped[dict | None] = mapped_column(JSONB(none_as_null=True))

    @classmethod
    def project_key(cls):
        return project_of(cls, "budget", cls.budget_id)


class SalaryScale(Row, Base):
    """What a department pays for a position and a seniority, per day."""

    __tablename__ = "salary_scale"

    department_id: Mapped[UUID] = mapped_column(ForeignKey("department.id", ondelete="CASCADE"), index=True)
    position: Mapped[str | None] = mapped_column(Choice(POSITIONS), default="artist")
    seniority: Mapped[str | None] = mapped_column(Choice(SENIORITIES), default="mid")
    salary: Mapped[int] = mapped_column(default=0)


class ProductionScheduleVersion(Row, Base):
    """A variant of a production's schedule."""

    __tablename__ = "production_schedule_version"
    __table_args__ = (UniqueConstraint("name", "project_id", name="production_schedule_version_uc"),)

    name: Mapped[str] = mapped_column(String(80))
    project_id: Mapped[UUID] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"), index=True)
    production_schedule_from: Mapped[UUID | None] = mapped_column(
        ForeignKey("production_schedule_version.id", ondelete="SET NULL"), index=True
    )
    locked: Mapped[bool | None] = mapped_column(default=False)
    canceled: Mapped[bool | None] = mapped_column(default=False)

    @classmethod
    def project_key(cls):
        return cls.project_id


# Who does a task in a variant of the schedule.
production_schedule_version_task_link_person_link = Table(
    "production_schedule_version_task_link_person_link",
    Base.metadata,
    Column(
        "production_schedule_version_task_link_id",
        Uuid(),
        ForeignKey("production_schedule_version_task_link.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("person_id", Uuid(), ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
)


class ProductionScheduleVersionTaskLink(Row, Base):
    """The dates of a task in a variant of the schedule."""

    __tablename__ = "production_schedule_version_task_link"
    __table_args__ = (UniqueConstraint("production_schedule_version_id", "task_id", name="production_schedule_version_task_link_uc"),)

    production_schedule_version_id: Mapped[UUID] = mapped_column(
        ForeignKey("production_schedule_version.id", ondelete="CASCADE"), index=True
    )
    task_id: Mapped[UUID] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"), index=True)
    start_date: Mapped[dt.datetime | None]
    due_date: Mapped[dt.datetime | None]
    estimation: Mapped[float | None] = mapped_column(default=0)

    assignees: Mapped[list["Person"]] = relationship(secondary="production_schedule_version_task_link_person_link")

    @classmethod
    def project_key(cls):
        return project_of(cls, "production_schedule_version", cls.production_schedule_version_id)


class HardwareItem(Row, Base):
    """A kind of machine that the studio pays for."""

    __tablename__ = "hardware_item"

    name: Mapped[str] = mapped_column(String(40), unique=True)
    short_name: Mapped[str] = mapped_column(String(20))
    archived: Mapped[bool | None] = mapped_column(default=False)
    monthly_cost: Mapped[int | None] = mapped_column(default=0)
    inventory_amount: Mapped[int | None] = mapped_column(default=0)


class HardwareItemDepartmentLink(Row, Base):
    """A kind of machine that a department uses."""

    __tablename__ = "hardware_item_department_link"
    __table_args__ = (UniqueConstraint("hardware_item_id", "department_id", name="hardware_item_department_link_uc"),)

    department_id: Mapped[UUID] = mapped_column(ForeignKey("department.id"), primary_key=True, index=True)
    hardware_item_id: Mapped[UUID] = mapped_column(ForeignKey("hardware_item.id"), primary_key=True, index=True)
