"""Pictures of persons, productions and the studio: GET and POST /pictures/thumbnails/<kind>/<id>[.png]."""

from flask import jsonify, request

from zou.people.models import Organisation, Person
from zou.people.rules import admin, anyone, manager, manages, member, person, self_as
from zou.platform.errors import Invalid, NotFound
from zou.platform.http import Resource, permission, returns, takes
from zou.platform.http.files import file_answer
from zou.platform.http.shapes import upload
from zou.platform.storage import store
from zou.previews.answers import KEPT
from zou.previews.services import avatars
from zou.productions.models import Project

USE_OTHER_PATH = "Upload project thumbnails on the url without extension: /pictures/thumbnails/projects/<project_id>."
is_self_or_admin = admin | self_as("id")


class AvatarResource(Resource):
    """What the three kinds share."""

    kind = collection = ""

    def show(self, row):
        """The picture of a row. Raises NotFound for a row without one."""
        if not row.has_avatar:
            raise NotFound()
        try:
            path = store().local_path("pictures", "thumbnails", row.id, "png")
        except FileNotFoundError:
            raise NotFound() from None
        return file_answer(path, "image/png", row.updated_at)

    def keep(self, row):
        """Store the sent picture of a row."""
        sent = request.files.get("file")
        if sent is None:
            raise Invalid("File not provided.")
        avatars.keep(self.tx, row, self.kind, sent.stream)
        return {"thumbnail_path": f"pictures/thumbnails/{self.collection}/{row.id}.png"}


class PersonAvatarResource(AvatarResource):
    """The picture of a person."""

    kind, collection = "person", "persons"

    @permission(anyone, on=Person, key="instance_id")
    @returns(content="image/png")
    def get(self, row):
        """The picture of a person."""
        return self.show(row)

    @permission(is_self_or_admin, on=Person, key="instance_id", lock=True)
    @takes(upload(), "multipart/form-data")
    @returns(KEPT, 201)
    def post(self, row):
        """Upload the picture of a person, in the multipart field `file`."""
        return self.keep(row)


class OrganisationAvatarResource(AvatarResource):
    """The logo of the studio."""

    kind, collection = "organisation", "organisations"

    @permission(anyone, on=Organisation, key="instance_id")
    @returns(content="image/png")
    def get(self, row):
        """The logo of the studio."""
        return self.show(row)

    @permission(admin, on=Organisation, key="instance_id", lock=True)
    @takes(upload(), "multipart/form-data")
    @returns(KEPT, 201)
    def post(self, row):
        """Upload the logo of the studio, in the multipart field `file`."""
        return self.keep(row)


class ProjectAvatarResource(AvatarResource):
    """The picture of a production."""

    kind, collection = "project", "projects"

    @permission(manager | member, on=Project, key="instance_id")
    @returns(content="image/png")
    def get(self, row):
        """The picture of a production."""
        return self.show(row)

    @permission(manages, on=Project, key="instance_id", lock=True)
    @takes(upload(), "multipart/form-data")
    @returns(KEPT, 201)
    def post(self, row):
        """Upload the picture of a production, in the multipart field `file`."""
        return self.keep(row)


class ProjectAvatarFileResource(AvatarResource):
    """The picture of a production under its name as a file."""

    @permission(manager | member, on=Project, key="instance_id")
    @returns(content="image/png")
    def get(self, row):
        """The picture of a production."""
        return self.show(row)

    @permission(anyone)
    @returns(status=405)
    def post(self, instance_id):
        """Refused: pictures of productions are sent to the path without extension."""
        response = jsonify({"error": True, "message": USE_OTHER_PATH})
        response.status_code = 405
        return response


class ClearPersonAvatarResource(Resource):
    """The picture of a person, to remove."""

    @permission(admin, on=Person, lock=True)
    @returns(status=204)
    def delete(self, row):
        """Take the picture of a person away."""
        avatars.clear(self.tx, row, "person")


class ClearOwnAvatarResource(Resource):
    """One's own picture, to remove."""

    @permission(person)
    @returns(status=204)
    def delete(self):
        """Take one's own picture away."""
        avatars.clear(self.tx, self.tx.get(Person, self.actor.id), "person")
