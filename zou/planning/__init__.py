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
from zou.planning.resources import absences, budgets, departments, hours, project_quotas, quotas, schedule, timesheets
from zou.planning.resources.rows import SalaryScalesResource, ScheduleVersionsResource, ScheduleVersionTaskLinksResource, TimeSpentsResource
from zou.planning.rules import changes_day_off, reads_day_off, reads_reason, removes_hours, sees_entry
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
from zou.planning.services.schedule import ScheduleItemRows
from zou.planning.services.versions import ScheduleVersionRows, ScheduleVersionTaskLinkRows
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

A_PERSON = "/data/persons/<person_id>"
domain.hears("schedule_item", ScheduleItem, member & not_restricted, for_staff=True)
domain.hears("time_spent", TimeSpent, member & sees_entry, for_staff=True)
domain.hears("budget", Budget, manages).hears("budget_entry", BudgetEntry, manages)

domain.route("/data/persons/time-spents/year-table", timesheets.HoursTableResource)
domain.route("/data/persons/time-spents/month-table/<year>", timesheets.MonthTableResource)
domain.route("/data/persons/time-spents/week-table/<year>", timesheets.WeekTableResource)
domain.route("/data/persons/time-spents/day-table/<year>/<month>", timesheets.DayTableResource)
domain.route(f"{A_PERSON}/time-spents", timesheets.PersonHoursResource)
domain.route(f"{A_PERSON}/time-spents/<date>", timesheets.PersonDayHoursResource)
domain.route(f"{A_PERSON}/time-spents/month/all/<year>/<month>", timesheets.PersonMonthRowsResource)
domain.route(f"{A_PERSON}/time-spents/year/<year>", timesheets.PersonYearHoursResource)
domain.route(f"{A_PERSON}/time-spents/month/<year>/<month>", timesheets.PersonMonthHoursResource)
domain.route(f"{A_PERSON}/time-spents/week/<year>/<week>", timesheets.PersonWeekHoursResource)
domain.route(f"{A_PERSON}/time-spents/day/<year>/<month>/<day>", timesheets.PersonDayTotalsResource)
domain.route("/data/persons/day-offs/<year>", absences.DayOffsResource)
domain.route("/data/persons/day-offs/<year>/<month>", absences.DayOffsResource)
domain.route(f"{A_PERSON}/day-offs", absences.PersonDayOffsResource)
domain.route(f"{A_PERSON}/day-offs/<date>", absences.PersonDayOffResource)
domain.route(f"{A_PERSON}/day-offs/year/<year>", absences.PersonYearDayOffsResource)
domain.route(f"{A_PERSON}/day-offs/month/<year>/<month>", absences.PersonMonthDayOffsResource)
domain.route(f"{A_PERSON}/day-offs/week/<year>/<week>", absences.PersonWeekDayOffsResource)
domain.route(f"{A_PERSON}/desktop-login-logs", absences.DesktopLoginLogsResource)
domain.route("/data/persons/presence-logs/<month_date>", absences.PresenceLogsResource)
domain.route(f"{A_PERSON}/quota-shots/month/<year>/<month>", quotas.MonthQuotaShotsResource)
domain.route(f"{A_PERSON}/quota-shots/week/<year>/<week>", quotas.WeekQuotaShotsResource)
domain.route(f"{A_PERSON}/quota-shots/day/<year>/<month>/<day>", quotas.DayQuotaShotsResource)

domain.route("/actions/tasks/<task_id>/time-spents", hours.TaskHoursResource)
domain.route("/actions/tasks/<task_id>/time-spents/<date>", hours.TaskHoursResource)
domain.route("/actions/tasks/<task_id>/time-spents/<date>/persons/<person_id>", hours.LogHoursResource)
domain.route("/actions/tasks/<task_id>/time-spents/<date>/persons/<person_id>/add", hours.AddHoursResource)

domain.route("/actions/production-schedule-versions/<production_schedule_version_id>/apply-to-production", schedule.ApplyScheduleResource)

domain.route("/data/projects/<project_id>/quotas/<task_type_id>", project_quotas.QuotasResource)
domain.route("/data/projects/<project_id>/quotas/persons/<person_id>", project_quotas.PersonQuotasResource)
domain.route("/data/entities/<entity_id>/time-spents", hours.EntityHoursResource)
domain.route("/data/projects/<project_id>/time-spents", hours.ProjectHoursResource)
domain.route("/data/projects/<project_id>/task-types/<task_type_id>/time-spents", hours.TaskTypeHoursResource)
domain.route("/data/projects/<project_id>/day-offs", hours.ProjectDaysOffResource)

domain.route("/data/projects/<project_id>/budgets", budgets.BudgetsResource)
domain.route("/data/projects/<project_id>/budgets/time-spents", budgets.BudgetHoursResource)
domain.route("/data/projects/<project_id>/budgets/<budget_id>", budgets.BudgetResource)
domain.route("/data/projects/<project_id>/budgets/<budget_id>/entries", budgets.EntriesResource)
domain.route("/data/projects/<project_id>/budgets/<budget_id>/entries/<entry_id>", budgets.EntryResource)

domain.route("/data/projects/<project_id>/milestones", schedule.ProjectMilestonesResource)
domain.route("/data/projects/<project_id>/schedule-items", schedule.ScheduleItemsResource)
domain.route("/data/projects/<project_id>/schedule-items/task-types", schedule.TaskTypeItemsResource)
for name, kind in {"asset-types": None, "sequences": "Sequence", "episodes": "Episode", "edits": "Edit"}.items():
    domain.route(f"/data/projects/<project_id>/schedule-items/<task_type_id>/{name}", schedule.items_of(kind))
domain.route("/data/production-schedule-versions/<production_schedule_version_id>/task-links", schedule.VersionTaskLinksResource)
domain.route(
    "/actions/production-schedule-versions/<production_schedule_version_id>/set-task-links-from-production",
    schedule.CopyProductionResource,
)
domain.route(
    "/actions/production-schedule-versions/<production_schedule_version_id>/set-task-links-from-production-schedule-version",
    schedule.CopyVersionResource,
)

domain.route("/data/departments/hardware-items", departments.HardwareOfDepartmentsResource)
domain.route("/data/departments/<department_id>/hardware-items", departments.DepartmentHardwareResource)
domain.route("/data/departments/<department_id>/hardware-items/<hardware_item_id>", departments.DepartmentHardwareItemResource)
