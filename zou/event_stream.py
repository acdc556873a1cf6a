"""`zou.event_stream:app`: Socket.IO alone, for installations that run it on its own port (EVENT_STREAM_HOST, EVENT_STREAM_PORT)."""

from zou.app import bare_app, serve
from zou.people.rules import anyone
from zou.platform.events import realtime
from zou.platform.http import Domain, Resource, permission, public, returns
from zou.platform.http.shapes import TEXT, WHOLE, keys

NAME = keys(name=TEXT)


class EventStreamResource(Resource):
    @permission(public)
    @returns(NAME)
    def get(self):
        """What answers here."""
        return {"name": "Zou Event stream"}


class ConnectionsResource(Resource):
    @permission(public)
    @returns(keys(nb_connections=WHOLE))
    def get(self):
        """How many clients are connected."""
        return {"nb_connections": len(realtime.stream().clients)}


class RoomsResource(Resource):
    @permission(anyone)
    @returns(NAME)
    def get(self):
        """What serves the review rooms."""
        return {"name": "Zou Review rooms"}

    @permission(anyone)
    @returns(NAME)
    def post(self):
        """What serves the review rooms."""
        return {"name": "Zou Review rooms"}


def create_app(settings=None):
    """The application that serves Socket.IO and says how it is. `settings`: as for `zou.app.create_app`."""
    domain = Domain("event_stream")
    domain.route("/", EventStreamResource)
    domain.route("/stats", ConnectionsResource)
    domain.route("/rooms", RoomsResource)
    app = bare_app(settings)
    app.register_blueprint(domain.blueprint())
    return app


def __getattr__(name):
    """`zou.event_stream:app`, made when a server asks for it."""
    if name == "app":
        globals()["app"] = app = serve(create_app())
        return app
    raise AttributeError(name)
