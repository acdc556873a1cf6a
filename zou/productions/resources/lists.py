"""Lists of productions."""

from flask import request

from zou.people.rules import anyone
from zou.platform.errors import NotFound
from zou.platform.http import Json, Resource, asks, permission, returns
from zou.platform.http.shapes import TEXT
from zou.productions.answers import OPEN_PROJECT, PROJECTS
from zou.productions.queries import lists as queries


class OpenProjectsResource(Resource):
    """Open productions."""

    @permission(anyone)
    @asks(name=TEXT)
    @returns(OPEN_PROJECT, many=True)
    def get(self):
        """Open productions with their team, settings and custom columns: all for administrators, else those one is in."""
        return Json(self.tx.scalar(*queries.open_ones(self.actor, request.args.get("name"))))


class AllProjectsResource(Resource):
    """All productions."""

    @permission(anyone)
    @asks(name=TEXT)
    @returns(PROJECTS)
    def get(self):
        """Productions, open or closed: all for administrators, else those one is in. `name`: the one of that name."""
        name = request.args.get("name")
        text = self.tx.scalar(*queries.all_projects(self.actor, name))
        if name is not None and text == "[]":
            raise NotFound()
        return Json(text)
