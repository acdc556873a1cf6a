"""HTTP of entities, where it differs from the generic routes."""

from flask import request

from zou.entities.queries.criteria import Viewer, columns_seen, json_seen
from zou.entities.schemas import EntitySchema, PlainEntitySchema
from zou.platform.db.copying import copied_list
from zou.platform.db.projection import aggregate, json_row
from zou.platform.http import BaseModelResource, BaseModelsResource
from zou.platform.http.filters import wanted_keys


class EntitiesResource(BaseModelsResource):
    """Entities of every kind."""

    def whole(self, statement, relations):
        return copied_list(self.tx, self.rows(statement, relations))

    def listing(self, statement, relations):
        return aggregate(self.rows(statement, relations))

    def rows(self, statement, relations):
        """The rows of a statement, one column a key, as the actor sees them."""
        columns = columns_seen(EntitySchema, Viewer(self.actor), relations=relations, only=wanted_keys())
        return statement.with_only_columns(*columns, maintain_column_froms=True)

    def json_of(self, source, relations, only=None):
        """What a creation answers: the contract's server does not look the kind up here."""
        return json_row(PlainEntitySchema, source, relations, only)


class EntityResource(BaseModelResource):
    """One entity of any kind."""

    def json_of(self, source, relations, only=None):
        return json_seen(EntitySchema, self.actor, source, relations, only)

    @property
    def error_shape(self):
        return "bare" if request.method == "DELETE" else "plain"
