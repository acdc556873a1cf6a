"""HTTP of entities, where it differs from the generic routes."""

from flask import request

from zou.entities.schemas import PlainEntitySchema
from zou.platform.db.projection import json_row
from zou.platform.http import BaseModelResource, BaseModelsResource


class EntitiesResource(BaseModelsResource):
    """Entities of every kind."""

    def json_of(self, source, relations, only=None):
        """What a creation answers: the contract's server does not look the kind up here."""
        return json_row(PlainEntitySchema, source, relations, only)


class EntityResource(BaseModelResource):
    """One entity of any kind."""

    @property
    def error_shape(self):
        return "bare" if request.method == "DELETE" else "plain"
