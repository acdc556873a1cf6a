"""Planning: schedules, milestones, days off, time spent, budgets, salary scales."""

from zou.people.rules import admin, directs, is_vendor_of, manages, member, not_restricted, self_as
from zou.planning.models import (
    Budget,
    BudgetEntry,
    DayOff,
    HardwareItem,
    Milestone,
    ProductionScheduleVersion,
    ProductionScheduleVersionTaskLink,
    SalaryScale,
    ScheduleItem,
    TimeSpent,
)
from zou.planning.resources import hours, project_quotas, schedule
from zou.planning.resources.rows import SalaryScalesResource, ScheduleVersionsResource, ScheduleVersionTaskLinksResource, TimeSpentsResource
from zou.planning.rules import changes_day_off, reads_day_off, reads_reason, removes_hours
from zou.planning.schemas import (
    BudgetEntrySchema,
    BudgetSchema,
    DayOffDatesSchema,
    DayOffSchema,
    HardwareItemSchema,
    MilestoneSchema,
    SalaryScaleSchema,
    ScheduleItemSchema,
    ScheduleVersionSchema,
    ScheduleVersionTaskLinkSchema,
    TimeSpentSchema,
)
from zou.planning.services.costs import SalaryScaleRows
from zou.planning.services.hours import DayOffRows, TimeSpentRows
from zou.planning.services.schedule import ScheduleItemRows, ScheduleVersionRows, ScheduleVersionTaskLinkRows
from zou.platform.http import Crud, Domain
from zou.platform.rows import Rows

owns = admin | self_as("person_id")
of_managers = {"creates": manages, "writes": manages, "removes": manages}

domain = Domain("planning")
domain.crud(
    Crud(Milestone, MilestoneSchema, "milestones", reads=member & ~is_vendor_of, **of_managers),
    Crud(
        ScheduleItem,
        ScheduleItemSchema,
        "schedule-items",
        creates=manages,
        writes=directs,
        removes=manages,
        service=ScheduleItemRows,
    ),
    Crud(
        DayOff,
        DayOffSchema,
        "day-offs",
        reads=reads_day_off,
        creates=owns,
        writes=changes_day_off,
        removes=owns,
        service=DayOffRows,
        views=((~reads_reason, DayOffDatesSchema),),
    ),
    Crud(
        TimeSpent,
        TimeSpentSchema,
        "time-spents",
        removes=removes_hours,
        service=TimeSpentRows,
        models_resource=TimeSpentsResource,
    ),
    Crud(Budget, BudgetSchema, "budgets", service=Rows(Budget, protected={"revision"})),
    Crud(BudgetEntry, BudgetEntrySchema, "budget-entries", service=Rows(BudgetEntry, protected={"budget_id"})),
    Crud(SalaryScale, SalaryScaleSchema, "salary-scales", service=SalaryScaleRows, models_resource=SalaryScalesResource),
    Crud(HardwareItem, HardwareItemSchema, "hardware-items"),
    Crud(
        ProductionScheduleVersion,
        ScheduleVersionSchema,
        "production-schedule-versions",
        reads=member & not_restricted,
        **of_managers,
        service=ScheduleVersionRows,
        models_resource=ScheduleVersionsResource,
    ),
    Crud(
        ProductionScheduleVersionTaskLink,
        ScheduleVersionTaskLinkSchema,
        "production-schedule-version-task-links",
        reads=member & not_restricted,
        **of_managers,
        service=ScheduleVersionTaskLinkRows,
        models_resource=ScheduleVersionTaskLinksResource,
    ),
)

domain.route("/actions/tasks/<task_id>/time-spents", hours.TaskHoursResource)
domain.route("/actions/tasks/<task_id>/time-spents/<date>", hours.TaskHoursResource)
domain.route("/actions/tasks/<task_id>/time-spents/<date>/persons/<person_id>", hours.LogHoursResource)
domain.route("/actions/tasks/<task_id>/time-spents/<date>/persons/<person_id>/add", hours.AddHoursResource)

domain.route("/actions/production-schedule-versions/<production_schedule_version_id>/apply-to-production", schedule.ApplyScheduleResource)

domain.route("/data/projects/<project_id>/quotas/<task_type_id>", project_quotas.QuotasResource)
domain.route("/data/projects/<project_id>/quotas/persons/<person_id>", project_quotas.PersonQuotasResource)
domain.route("/data/entities/<entity_id>/time-spents", hours.EntityHoursResource)
