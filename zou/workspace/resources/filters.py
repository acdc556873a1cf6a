"""Saved searches of the person, and their folders."""

from zou.people.rules import person
from zou.platform.http import Json, Resource, body, permission, returns
from zou.workspace import services
from zou.workspace.answers import FILTER_GROUPS, FILTERS
from zou.workspace.bodies import FilterChangesSchema, FilterGroupChangesSchema, FilterGroupSchema, FilterSchema
from zou.workspace.models import SearchFilter, SearchFilterGroup
from zou.workspace.queries.context import searches
from zou.workspace.schemas import SearchFilterGroupSchema, SearchFilterSchema


class MyFiltersResource(Resource):
    """Saved searches."""

    @permission(person)
    @returns(FILTERS)
    def get(self):
        """Saved searches, one's own and shared ones, by kind of list and by production (`all`: of none)."""
        return Json(self.tx.scalar(*searches(self.actor, schema=SearchFilterSchema, model=SearchFilter)))

    @permission(person)
    @body(FilterSchema)
    @returns(SearchFilterSchema, status=201)
    def post(self, body):
        """Save a search. It is shared only with a production that one manages; otherwise it becomes private."""
        return services.create_filter(self.tx, self.actor, **body)


class MyFilterResource(Resource):
    """One saved search."""

    @permission(person)
    @body(FilterChangesSchema)
    @returns(SearchFilterSchema)
    def put(self, filter_id, body):
        """Change a saved search of one's own; administrators, anybody's."""
        return services.update_filter(self.tx, self.actor, services.find(self.tx, self.actor, SearchFilter, filter_id), body)

    @permission(person)
    @returns(status=204)
    def delete(self, filter_id):
        """Remove a saved search of one's own; administrators, anybody's."""
        self.tx.delete(services.find(self.tx, self.actor, SearchFilter, filter_id))


class MyFilterGroupsResource(Resource):
    """Folders of saved searches."""

    @permission(person)
    @returns(FILTER_GROUPS)
    def get(self):
        """Folders of saved searches, one's own and shared ones, by kind of list and by production (`all`: of none)."""
        return Json(self.tx.scalar(*searches(self.actor, schema=SearchFilterGroupSchema, model=SearchFilterGroup)))

    @permission(person)
    @body(FilterGroupSchema)
    @returns(SearchFilterGroupSchema, status=201)
    def post(self, body):
        """Make a folder. It is shared only with a production that one manages; otherwise it becomes private."""
        return services.create_group(self.tx, self.actor, **body)


class MyFilterGroupResource(Resource):
    """One folder of saved searches."""

    @permission(person)
    @returns(SearchFilterGroupSchema)
    def get(self, filter_group_id):
        """A folder of one's own; administrators, anybody's."""
        return services.find(self.tx, self.actor, SearchFilterGroup, filter_group_id)

    @permission(person)
    @body(FilterGroupChangesSchema)
    @returns(SearchFilterGroupSchema)
    def put(self, filter_group_id, body):
        """Change a folder of one's own; administrators, anybody's. Its searches are shared as it is."""
        return services.update_group(self.tx, self.actor, services.find(self.tx, self.actor, SearchFilterGroup, filter_group_id), body)

    @permission(person)
    @returns(status=204)
    def delete(self, filter_group_id):
        """Remove a folder of one's own with the searches in it; administrators, anybody's."""
        services.remove_group(self.tx, services.find(self.tx, self.actor, SearchFilterGroup, filter_group_id))
