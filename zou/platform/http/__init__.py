"""HTTP: declarations, the base Resource, the generic routes, errors, OpenAPI."""

from zou.platform.http.crud import BaseModelResource, BaseModelsResource, Crud
from zou.platform.http.declare import asks, body, permission, public, query, returns, takes
from zou.platform.http.domain import Domain
from zou.platform.http.resource import Json, Resource, json_body, json_ids, json_object

__all__ = [
    "BaseModelResource",
    "BaseModelsResource",
    "Crud",
    "Domain",
    "Json",
    "Resource",
    "asks",
    "body",
    "json_body",
    "json_ids",
    "json_object",
    "permission",
    "public",
    "query",
    "returns",
    "takes",
]
