"""A domain: the routes and rows of one subject, on one page.

domain = Domain("planning")
domain.crud(Crud(Milestone, MilestoneSchema, "milestones", ...))
domain.route("/data/projects/<project_id>/milestones", ProjectMilestonesResource)
"""

from flask import Blueprint

from zou.platform.http.resource import Api, route_of

VERBS = ("GET", "POST", "PUT", "DELETE", "PATCH")


class Domain:
    """A blueprint to be; plug-ins have the same shape."""

    def __init__(self, name):
        self.name = name
        self.routes = []  # (path, Resource class)
        self.cruds = []
        self.heard = {}  # {table, or name of an event: (model, rule, for_staff, key)}, see `hears`

    def route(self, path, resource, **defaults):
        """Serve a Resource at a path."""
        self.routes.append((path, resource))
        return self

    def crud(self, *rows):
        """Serve the generic routes of models."""
        for row in rows:
            self.cruds.append(row)
            self.routes.extend(row.routes())
        return self

    def hears(self, name, model, rule, for_staff=False, key=None):
        """Say who hears of events about rows, where that is not who reads an item of the generic routes.

        `name`: of the table, or of one event. `for_staff`: the whole team but clients and vendors; `key`: how events name the row.
        """
        self.heard[name] = (model, rule, for_staff, key)
        return self

    def blueprint(self):
        """The Flask blueprint. Raises TypeError for a method without rule or answer: such a program must not start."""
        blueprint = Blueprint(self.name, f"zou.{self.name}")
        api = Api(blueprint)
        for path, resource in self.routes:
            check(path, resource)
            api.add_resource(resource, path, endpoint=f"{resource.__name__}:{path}".replace(".", "_"))
        return blueprint


def check(path, resource):
    """Every method says who may and what comes back."""
    verbs = [verb for verb in VERBS if hasattr(resource, verb.lower())]
    if not verbs:
        raise TypeError(f"{resource.__name__} at {path} has no method")
    for verb in verbs:
        route = route_of(resource, verb)
        if route is None or route.rule is None or route.status is None:
            raise TypeError(f"{verb} {path}: declare its @permission and its @returns")
        if not getattr(resource, verb.lower()).__doc__:
            raise TypeError(f"{verb} {path}: say in a docstring what it does")
