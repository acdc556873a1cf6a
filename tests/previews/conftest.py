"""A comment with a preview whose file is still to come, and files to send."""

import io
import subprocess

import numpy as np
import OpenImageIO as oiio
import pytest

from tests.processes import spawn  # noqa: F401  (fixture)
from zou.comments.models import Comment
from zou.entities.models import Entity, EntityType
from zou.platform.media import movies
from zou.tasks.models import Task, TaskStatus, TaskType


@pytest.fixture
def task(tx, make, project, people):
    """A task of the team's artist."""
    entity = make(Entity, name="Tree", project_id=project.id, entity_type_id=make(EntityType, name="Props").id)
    status = make(TaskStatus, is_default=True)
    task = make(Task, project_id=project.id, task_type_id=make(TaskType).id, entity_id=entity.id, task_status_id=status.id)
    task.assignees = [people["user"]]
    tx.commit()
    return task


@pytest.fixture
def comment(make, task, people):
    """A comment of the artist."""
    return make(Comment, object_id=task.id, person_id=people["user"].id, task_status_id=task.task_status_id)


@pytest.fixture
def picture(tmp_path):
    """The bytes of a PNG of 320 by 180 pixels, half transparent."""
    path = str(tmp_path / "render.png")
    spec = oiio.ImageSpec(320, 180, 4, "uint8")
    spec.attribute("oiio:UnassociatedAlpha", 1)
    output = oiio.ImageOutput.create(path)
    output.open(path, spec)
    output.write_image(np.full((180, 320, 4), (200, 100, 50, 128), dtype="uint8"))
    output.close()
    return (tmp_path / "render.png").read_bytes()


@pytest.fixture
def movie(tmp_path):
    """The bytes of a movie of one second."""
    path = tmp_path / "shot.mov"
    source = ["-f", "lavfi", "-i", "testsrc=size=160x90:rate=10:duration=1", "-pix_fmt", "yuv420p", str(path)]
    subprocess.run([movies.ffmpeg(), "-loglevel", "error", "-y", *source], check=True)
    return path.read_bytes()


@pytest.fixture
def add_preview(api, people, task, comment):
    """`add_preview(**body)`: the answer to a new preview of the comment, asked for by the artist."""

    def add(role="user", **body):
        return api(people[role], "post", f"/actions/tasks/{task.id}/comments/{comment.id}/add-preview", json=body)

    return add


@pytest.fixture
def upload(api, people):
    """`upload(id, content, name)`: the answer to the file of a preview, sent by the artist."""

    def send(id, content, name="render.png", role="user", query=""):
        return api(people[role], "post", f"/pictures/preview-files/{id}{query}", data={"file": (io.BytesIO(content), name)})

    return send
