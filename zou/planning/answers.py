"""What the routes of planning answer, where it is not the rows of a schema."""

from zou.entities.schemas import PlainEntitySchema
from zou.planning.queries.schedule import KEYS
from zou.planning.schemas import (
    BudgetEntrySchema,
    BudgetSchema,
    DayOffDatesSchema,
    DayOffSchema,
    MilestoneSchema,
    ScheduleItemSchema,
    TimeSpentSchema,
)
from zou.platform.http.shapes import FLAG, ID, NUMBER, TEXT, WHOLE, by, keys, many, maybe, one_of, row

DAY_OFF = one_of(DayOffSchema, DayOffDatesSchema)
DAY_OFFS = many(DAY_OFF)
DAY_OFF_OR_NONE = one_of(DayOffSchema, DayOffDatesSchema, keys())
TEAM_DAY_OFFS = by(DAY_OFFS)

# --- hours ------------------------------------------------------------------------------------------------------------------------

TASK_HOURS = by(many(TimeSpentSchema), total=NUMBER)
"""{person id: entries} and the minutes of all of them."""
HOURS_BY_PERSON = by(many(TimeSpentSchema))
HOURS = many(TimeSpentSchema)
HOURS_WITH_TASK = many(row(TimeSpentSchema, project_id=ID, task_type_id=maybe(ID)))
HOURS_BY_TASK = many(
    keys(
        task_id=ID,
        task_type_id=maybe(ID),
        project_id=ID,
        project_name=TEXT,
        entity_name=TEXT,
        entity_type_name=TEXT,
        sequence_name=maybe(TEXT),
        episode_name=maybe(TEXT),
        duration=NUMBER,
    )
)
HOURS_TABLE = by(by(NUMBER))
"""{unit of time: {person id: minutes}}."""

# --- quotas -----------------------------------------------------------------------------------------------------------------------

SUMS = dict.fromkeys(("frames", "seconds", "count", "drawings"), by(NUMBER))
PERIOD = keys(**SUMS, entries=by(WHOLE))
QUOTAS = by(keys(day=PERIOD, week=PERIOD, month=PERIOD, year=keys(**SUMS)))
QUOTA_SHOTS = many(row(PlainEntitySchema, full_name=TEXT, weight=NUMBER))

# --- schedules and budgets --------------------------------------------------------------------------------------------------------

MILESTONE_KEYS = ("id", "date", "name", "project_id", "task_type_id")
BUDGET_KEYS = ("id", "project_id", "revision", "name", "currency")
ENTRY_KEYS = (
    "id", "budget_id", "department_id", "person_id", "start_date", "months_duration", "daily_salary", "position", "seniority", "exceptions",
)  # fmt: skip
MILESTONES = many(row(MilestoneSchema, only=MILESTONE_KEYS))
BUDGETS = many(row(BudgetSchema, only=BUDGET_KEYS))
ENTRIES = many(row(BudgetEntrySchema, only=ENTRY_KEYS))
BUDGET_HOURS = by(by(one_of(NUMBER, by(NUMBER))))
"""{department id: {"total": minutes, person id: {"total": minutes, "YYYY-MM": minutes}}}."""
TASK_TYPE_ITEMS = many(row(ScheduleItemSchema, only=KEYS))
OBJECT_ITEMS = many(row(ScheduleItemSchema, only=KEYS, name=TEXT))
LINKS_COPIED = keys(success=FLAG, task_link_count=WHOLE)
APPLIED = keys(success=FLAG, task_count=WHOLE)


def used(resource):
    """What departments use, by department."""
    return by(many(resource.schema))


def used_item(resource):
    """What a department uses."""
    return resource.schema
