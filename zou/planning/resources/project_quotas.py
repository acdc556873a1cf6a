"""HTTP of the quotas of a production. Rules: contract/rules/entities.md §10."""

from flask import current_app, request

from zou.people.models import Person
from zou.people.rules import is_client_of, member, supervises_or_manages
from zou.planning.answers import QUOTAS
from zou.planning.queries import project_quotas as queries
from zou.planning.resources.quotas import MODES, count_mode
from zou.planning.rules import about_themselves
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Invalid, NotFound
from zou.platform.http import Json, Resource, asks, permission, returns
from zou.platform.http.shapes import ID
from zou.productions.models import Project
from zou.productions.queries.lists import role_on
from zou.productions.services.frame_rate import frame_rate


class QuotasResource(Resource):
    """Quotas of the people of a production."""

    @permission(member & ~is_client_of, on=Project)
    @asks(count_mode={"type": "string", "enum": list(MODES)}, studio_id=ID)
    @returns(QUOTAS)
    def get(self, project, task_type_id):
        """What each person finished on shots in tasks of a type, by day, week, month and year."""
        if not is_uuid(task_type_id):
            raise NotFound()
        return self.quotas(project, "person_id", task_type_id=task_type_id)

    def quotas(self, project, key, **asked):
        """The answer, keyed by a column of the shares of work."""
        studio_id = request.args.get("studio_id") or None
        if studio_id is not None and not is_uuid(studio_id):
            raise Invalid(f"Invalid UUID format for studio_id: {studio_id}")
        as_vendor = role_on(self.tx, self.actor, str(project.id)) == "vendor"
        wanted = queries.Asked(project.id, self.timezone(), studio_id=studio_id, **asked)
        form = {"mode": count_mode(), "key": key, "as_vendor": as_vendor}
        return Json(self.tx.scalar(*queries.quotas(self.actor, wanted, frame_rate(project), **form)))

    def timezone(self):
        """The time zone of who asks: days are meant there."""
        reader = self.tx.get(Person, self.actor.id)
        return str(reader.timezone or current_app.config["DEFAULT_TIMEZONE"])


class PersonQuotasResource(QuotasResource):
    """Quotas of one person in a production."""

    @permission(member & ~is_client_of, on=Project, then=about_themselves | supervises_or_manages)
    @asks(count_mode={"type": "string", "enum": list(MODES)}, studio_id=ID)
    @returns(QUOTAS)
    def get(self, project, person_id):
        """What a person finished on shots, by task type; for themselves, and who manages or supervises the production."""
        person = self.tx.get(Person, person_id) if is_uuid(person_id) else None
        if person is None:
            raise NotFound()
        if person.id != self.actor.id:
            self.need(supervises_or_manages, project)
        return self.quotas(project, "task_type_id", person_id=person.id)
