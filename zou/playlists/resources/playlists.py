"""Playlists of a production, one with its previews, and what is added to them."""

import sqlalchemy as sa
from flask import request

from zou.entities.models import Entity
from zou.people.rules import admin, anyone, member, reads_entity
from zou.platform.db.payload import is_uuid
from zou.platform.errors import Invalid, NotFound
from zou.platform.http import Json, Resource, asks, body, permission, query, returns
from zou.platform.http.filters import integer
from zou.platform.http.paging import paged
from zou.platform.http.shapes import ID, TEXT, WHOLE
from zou.playlists.answers import PLAYLIST, PLAYLISTS, TEMPORARY
from zou.playlists.bodies import EntriesSchema, EntrySchema, SortQuery, TemporarySchema
from zou.playlists.models import BuildJob, Playlist
from zou.playlists.queries import lists, page, temporary
from zou.playlists.rules import changes_playlist, lists_playlists, reads_playlist
from zou.playlists.schemas import BuildJobSchema, PlaylistSchema
from zou.playlists.services import entries
from zou.previews import queries as previews
from zou.previews.answers import BY_TASK_TYPE
from zou.productions.models import Project


def uuid_argument(name):
    """A UUID of the query string, or None when it is not there or empty."""
    value = request.args.get(name) or None
    if value is not None and not is_uuid(value):
        raise Invalid(f"Invalid UUID format for {name}: {value}")
    return value


class ProjectPlaylistsResource(Resource):
    """Playlists of a production."""

    @permission(lists_playlists, on=Project)
    @asks(page=WHOLE, sort_by=TEXT, task_type_id=ID)
    @returns(PLAYLISTS)
    def get(self, project):
        """Playlists of a production, 20 a page, without their entries."""
        return self.listing(project, [])

    def listing(self, project, conditions):
        """A page of the playlists that meet the conditions and those of the query string."""
        task_type_id = uuid_argument("task_type_id")
        if task_type_id is not None:
            conditions = [*conditions, Playlist.task_type_id == task_type_id]
        number = max(integer("page", 1), 1)
        return Json(self.tx.scalar(lists.of_project(project.id, self.actor, conditions, request.args.get("sort_by"), number)))


class EpisodePlaylistsResource(ProjectPlaylistsResource):
    """Playlists of an episode."""

    @permission(lists_playlists, on=Project)
    @asks(page=WHOLE, sort_by=TEXT, task_type_id=ID, for_entity=TEXT)
    @returns(PLAYLISTS)
    def get(self, project, episode_id):
        """Playlists of an episode; `main`: of no episode, `all`: of all of them."""
        if episode_id not in ("main", "all"):
            self.fetch(Entity, episode_id, anyone)
        conditions = lists.of_episode(episode_id)
        if request.args.get("for_entity"):
            conditions.append(lists.made_of(request.args["for_entity"]))
        return self.listing(project, conditions)


class AllPlaylistsResource(Resource):
    """Every playlist of a production."""

    @permission(admin, on=Project)
    @asks(page=WHOLE, limit=WHOLE)
    @returns(PlaylistSchema, relations=True, paged=True)
    def get(self, project):
        """All playlists of a production with their entries, for whoever copies it; by pages when asked."""
        statement = sa.select(Playlist).where(Playlist.project_id == project.id).order_by(Playlist.updated_at.desc(), Playlist.id)
        return paged(self.tx, PlaylistSchema, statement, Playlist)


class ProjectBuildJobsResource(Resource):
    """Every build of a production."""

    @permission(admin, on=Project)
    @returns(BuildJobSchema, many=True)
    def get(self, project):
        """All builds of the playlists of a production."""
        found = sa.select(BuildJob).join(Playlist, Playlist.id == BuildJob.playlist_id).where(Playlist.project_id == project.id)
        return found.order_by(BuildJob.created_at, BuildJob.id)


class ProjectPlaylistResource(Resource):
    """One playlist."""

    @permission(lists_playlists, on=Project, then=reads_playlist)
    @returns(PLAYLIST)
    def get(self, project, playlist_id):
        """A playlist with its builds and, in each entry, the preview that it shows and all previews of its entity."""
        playlist = self.fetch(Playlist, playlist_id, reads_playlist)
        if playlist.project_id != project.id:
            raise NotFound()
        return Json(page.joined(*self.tx.execute(*page.of_playlist(playlist.id)).one()))


class TemporaryPlaylistResource(Resource):
    """A playlist that is not stored."""

    body_first = True

    @permission(member, on=Project)
    @body(TemporarySchema)
    @query(SortQuery)
    @returns(TEMPORARY)
    def post(self, project, body, query):
        """The entries of a playlist of tasks, and of the last task of entities, without storing one."""
        return temporary.of_tasks(self.tx, self.actor, project.id, body["task_ids"], body["entity_ids"], query["sort"])


class EntityPreviewFilesResource(Resource):
    """Previews of an entity."""

    @permission(reads_entity, on=Entity)
    @returns(BY_TASK_TYPE)
    def get(self, entity):
        """The previews of an entity by task type, the highest revision first; vendors have those of their tasks."""
        return previews.of_entity(previews.seen_of_entity(self.tx, self.actor, entity))


class AddEntityResource(Resource):
    """An entry to add."""

    @permission(changes_playlist, on=Playlist, lock=True)
    @body(EntrySchema)
    @returns(PlaylistSchema)
    def post(self, playlist, body):
        """Add an entity to a playlist, by default with its latest preview."""
        entries.add(self.tx, playlist, [(body["entity_id"], body["preview_file_id"])])
        return playlist


class AddEntitiesResource(Resource):
    """Entries to add."""

    @permission(changes_playlist, on=Playlist, lock=True)
    @body(EntriesSchema)
    @returns(PlaylistSchema)
    def post(self, playlist, body):
        """Add entities to a playlist, by default each with its latest preview."""
        if body["entities"] is None and body["entity_ids"] is None:
            raise Invalid("A required field is missing.", field="entities")
        wanted = [(entry["entity_id"], entry["preview_file_id"]) for entry in body["entities"] or []]
        entries.add(self.tx, playlist, wanted + [(entity_id, None) for entity_id in body["entity_ids"] or []])
        return playlist
