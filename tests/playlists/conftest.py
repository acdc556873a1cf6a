"""A playlist of shots whose previews have files, and links to it."""

import uuid

import pytest

from zou.entities.models import Entity, EntityType
from zou.platform.storage import store
from zou.playlists.models import Playlist, PlaylistShareLink
from zou.previews.models import PreviewFile
from zou.tasks.models import Task, TaskStatus, TaskType


@pytest.fixture
def status(make):
    """A status that clients may give."""
    return make(TaskStatus, is_client_allowed=True)


@pytest.fixture
def shots(make, project, status):
    """[(shot, its task, previews of its revisions 1 and 2)] of three shots of a sequence."""
    shot, sequence = (make(EntityType, name=name) for name in ("Shot", "Sequence"))
    above = make(Entity, name="SQ01", project_id=project.id, entity_type_id=sequence.id)
    animation = make(TaskType, name="Animation", for_entity="Shot")
    found = []
    for n in range(3):
        entity = make(Entity, name=f"SH0{n}", project_id=project.id, entity_type_id=shot.id, parent_id=above.id)
        task = make(Task, project_id=project.id, entity_id=entity.id, task_type_id=animation.id, task_status_id=status.id)
        previews = [make(PreviewFile, task_id=task.id, revision=revision, extension="mp4") for revision in (1, 2)]
        found.append((entity, task, previews))
    return found


@pytest.fixture
def playlist(make, project, shots):
    """A playlist of the first two shots, in their first revision."""
    entries = [{"entity_id": str(entity.id), "preview_file_id": str(previews[0].id)} for entity, _, previews in shots[:2]]
    return make(Playlist, name="Dailies", project_id=project.id, shots=entries, for_client=True)


@pytest.fixture
def stored(app):
    """`stored(preview, path)`: keep a film as the file of a preview."""

    def keep(preview, path, bucket="movies", prefix="previews"):
        with app.app_context():
            store().put(bucket, prefix, preview.id, path)

    return keep


@pytest.fixture
def link(make, playlist, people):
    """`link(**columns)`: a link that shares the playlist."""

    def share(**columns):
        values = {"token": str(uuid.uuid4()), "playlist_id": playlist.id, "created_by": people["manager"].id}
        return make(PlaylistShareLink, **{**values, **columns})

    return share
