"""Planning: schedules, milestones, days off, time spent, budgets, salary scales."""

from zou.people.rules import manages, member, not_restricted
from zou.planning.models import Milestone
from zou.planning.schemas import MilestoneSchema
from zou.platform.http import Crud, Domain

domain = Domain("planning")
domain.crud(
    Crud(Milestone, MilestoneSchema, "milestones", reads=member & not_restricted, creates=manages, writes=manages, removes=manages),
)
