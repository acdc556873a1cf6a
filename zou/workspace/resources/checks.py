"""Tasks that wait for the person's verdict."""

from orjson import Fragment

from zou.people.rules import person
from zou.platform.http import Json, Resource, permission, query, returns
from zou.workspace.answers import TO_CHECK, TO_CHECK_VALUES
from zou.workspace.bodies import ToCheckSchema
from zou.workspace.queries import work


class TasksToCheckResource(Resource):
    """Tasks that wait for a verdict."""

    @permission(person)
    @query(ToCheckSchema)
    @returns(TO_CHECK)
    def get(self, query):
        """Tasks with a status that asks for feedback, for those who give it; as a list, or with `page` in pages."""
        statement = work.to_check(self.actor, query)
        data, total, worked, estimated = ("[]", 0, 0, 0) if statement is None else self.tx.execute(*statement).one()
        page, limit = query.get("page"), query["limit"]
        if page is None:
            return Json(data)
        stats = {"total": total, "total_duration": worked, "total_estimation": estimated}
        return {"data": Fragment(data), "stats": stats, "page": page, "limit": limit, "is_more": page * limit < total}


class TasksToCheckValuesResource(Resource):
    """What to narrow the tasks to check by."""

    @permission(person)
    @returns(TO_CHECK_VALUES)
    def get(self):
        """Ids of productions, task types, statuses, episodes and persons of the tasks that wait for one's verdict."""
        if work.may_check(self.actor) is None:
            return dict.fromkeys(("project_ids", "task_type_ids", "task_status_ids", "episode_ids", "person_ids"), [])
        return Json(self.tx.scalar(*work.values_to_check(self.actor)))
