"""Films and archives made of playlists."""

import os

from flask import send_file

from zou.people.rules import anyone, manages
from zou.platform.errors import Invalid, NotFound
from zou.platform.http import Resource, permission, query, returns
from zou.platform.http.files import file_answer
from zou.platform.http.resource import dump
from zou.platform.storage import store
from zou.playlists.bodies import FullQuery
from zou.playlists.models import BuildJob, Playlist
from zou.playlists.rules import downloads_playlist, sees_builds
from zou.playlists.schemas import BuildJobSchema
from zou.playlists.services import archive, builds


class BuildResource(Resource):
    """A film to make."""

    @permission(manages, on=Playlist)
    @query(FullQuery)
    @returns(BuildJobSchema)
    def get(self, playlist, query):
        """Make one film of the movies of a playlist; `full`: encode every one of them again. Answers the build job."""
        job = builds.start(self.tx, playlist, self.actor, query["full"])
        if job.status == "failed":
            return dump({"error": True, "message": job.message}, 400)  # an answer, so that the failed job is kept
        return job


class ArchiveResource(Resource):
    """The files of a playlist."""

    @permission(downloads_playlist, on=Playlist)
    @returns(content="application/zip")
    def get(self, playlist):
        """The previews of a playlist in one zip archive."""
        path = store().temporary() / f"archive-{os.urandom(8).hex()}.zip"
        try:
            archive.pack(self.tx, playlist, path)
            file = path.open("rb")
        finally:
            path.unlink(missing_ok=True)  # the open file stays readable until the answer is sent
        response = send_file(file, "application/zip", as_attachment=True, download_name=archive.archive_name(self.tx, playlist), etag=False)
        response.content_length = os.fstat(file.fileno()).st_size
        response.headers["Cache-Control"] = "no-cache"
        return response


class BuildJobRoute(Resource):
    """What the routes about one build share."""

    def job_of(self, playlist, build_job_id):
        """The build of the playlist. Raises NotFound for one of another."""
        job = self.fetch(BuildJob, build_job_id, anyone)
        if job.playlist_id != playlist.id:
            raise NotFound()
        return job


class BuildJobResource(BuildJobRoute):
    """One build."""

    @permission(sees_builds, on=Playlist)
    @returns(BuildJobSchema)
    def get(self, playlist, build_job_id):
        """How the making of a film goes."""
        return self.job_of(playlist, build_job_id)

    @permission(manages, on=Playlist)
    @returns(status=204)
    def delete(self, playlist, build_job_id):
        """Remove a build and its film."""
        builds.remove(self.tx, self.job_of(playlist, build_job_id), playlist.project_id)


class BuildMovieResource(BuildJobRoute):
    """The film of a build."""

    @permission(downloads_playlist, on=Playlist)
    @returns(content="video/mp4")
    def get(self, playlist, build_job_id):
        """The film that a build made, as an attachment."""
        job = self.job_of(playlist, build_job_id)
        if job.status != "succeeded":
            raise Invalid("Build is not finished", shape="plain")
        try:
            path = store().local_path("movies", "playlists", job.id, "mp4")
        except FileNotFoundError:
            raise NotFound() from None
        return file_answer(path, "video/mp4", job.updated_at, download_as=archive.movie_name(self.tx, playlist, job))
