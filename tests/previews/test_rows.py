"""Rows of previews and of backgrounds."""

import datetime as dt

import pytest
import sqlalchemy as sa

from zou.comments.models import Comment
from zou.entities.models import Entity, EntityType
from zou.files.models import StoredFile
from zou.inbox.models import News
from zou.platform.events.models import ApiEvent
from zou.previews.models import PreviewBackgroundFile, PreviewFile
from zou.tasks.models import Task


@pytest.fixture
def task(make, project, people, tx):
    kind = make(EntityType, name="Shot")
    made = make(Task, project_id=project.id, entity_id=make(Entity, project_id=project.id, entity_type_id=kind.id).id)
    made.assignees = [people["user"]]
    tx.commit()
    return made


@pytest.fixture
def previews(make, task, tx):
    """Three revisions; the last one stands for the task and its entity."""
    made = [make(PreviewFile, task_id=task.id, revision=n, created_at=dt.datetime(2026, 3, n)) for n in (1, 2, 3)]
    task.last_preview_file_id = made[2].id
    tx.get(Entity, task.entity_id).preview_file_id = made[2].id
    tx.commit()
    return made


def names(tx):
    return [event.name for event in tx.scalars(sa.select(ApiEvent).order_by(ApiEvent.created_at))]


@pytest.mark.parametrize("automated", [True, False])
def test_another_preview_stands_for_what_the_removed_one_did(api, people, task, previews, project, tx, automated):
    project.is_set_preview_automated = automated
    tx.commit()
    assert api(people["manager"], "delete", f"/data/preview-files/{previews[2].id}").status_code == 204
    tx.expire_all()
    assert tx.get(Task, task.id).last_preview_file_id == previews[1].id
    assert tx.get(Entity, task.entity_id).preview_file_id == (previews[1].id if automated else None)
    assert names(tx) == ["task:update", "preview-file:set-main", "shot:update", "preview-file:delete"]


def test_everything_forgets_a_removed_preview(api, people, task, previews, make, tx):
    comment = make(Comment, object_id=task.id, person_id=people["user"].id, preview_file_id=previews[0].id)
    comment.previews = [previews[0]]
    news = [make(News, author_id=people["user"].id, task_id=task.id, preview_file_id=previews[0].id) for _ in range(2)]
    assert api(people["manager"], "delete", f"/data/preview-files/{previews[0].id}").status_code == 204
    tx.expire_all()
    assert [tx.get(News, row.id).preview_file_id for row in news] == [None, None]
    assert (tx.get(Comment, comment.id).preview_file_id, tx.get(Comment, comment.id).previews) == (None, [])


@pytest.mark.parametrize("force", [False, True])
def test_the_files_of_a_removed_preview_are_marked(api, people, previews, tx, force):
    query = "?force=true" if force else ""
    assert api(people["manager"], "delete", f"/data/preview-files/{previews[0].id}{query}").status_code == 204
    stored = tx.scalars(sa.select(StoredFile)).all()
    assert sorted(row.prefix for row in stored) == ["original", "previews", "thumbnails", "thumbnails-square"]
    assert {row.purge_forced for row in stored} == {force}
    assert all(row.deleted_at is not None and (row.purged_at is not None) == force for row in stored)


@pytest.mark.parametrize("who", ["user", "supervisor", "client", "vendor", "outsider"])
def test_a_refused_removal_changes_nothing(api, people, task, previews, tx, who):
    assert api(people[who], "delete", f"/data/preview-files/{previews[2].id}").status_code == 403
    tx.expire_all()
    assert tx.get(Task, task.id).last_preview_file_id == previews[2].id
    assert tx.scalars(sa.select(StoredFile)).all() == []
    assert names(tx) == []


def test_the_files_of_a_revision_keep_together(api, people, task, previews, make, tx):
    second = make(PreviewFile, task_id=task.id, revision=1, position=2)
    path = f"/data/preview-files/{previews[0].id}"
    assert api(people["user"], "put", path, json={"revision": 2}).status_code == 400
    assert api(people["user"], "put", path, json={"revision": 7}).status_code == 200
    tx.expire_all()
    assert [tx.get(PreviewFile, row.id).revision for row in (previews[0], second, previews[1])] == [7, 7, 2]


@pytest.mark.parametrize(
    "who, item, listed", [("user", 200, 3), ("supervisor", 200, 3), ("vendor", 403, 0), ("outsider", 403, 0), ("admin", 200, 3)]
)
def test_lists_hold_what_the_item_route_shows(api, people, previews, project, who, item, listed):
    assert api(people[who], "get", f"/data/preview-files/{previews[0].id}").status_code == item
    assert len(api(people[who], "get", "/data/preview-files").json) == listed
    assert len(api(people[who], "get", f"/data/preview-files?project_id={project.id}").json) == listed


def test_one_background_is_the_default(api, people, make, tx):
    first, second = make(PreviewBackgroundFile, is_default=True), make(PreviewBackgroundFile, name="Night")
    assert api(people["admin"], "put", f"/data/preview-background-files/{second.id}", json={"is_default": True}).status_code == 200
    tx.expire_all()
    assert [tx.get(PreviewBackgroundFile, row.id).is_default for row in (first, second)] == [False, True]
    assert api(people["admin"], "post", "/data/preview-background-files", json={"name": "Night"}).status_code == 400
    assert len(tx.scalars(sa.select(PreviewBackgroundFile.id)).all()) == 2


def test_statements(api, people, previews, statements):
    for path, most in [("/data/preview-files", 2), (f"/data/preview-files/{previews[0].id}", 3)]:
        with statements() as seen:
            assert api(people["user"], "get", path).status_code == 200
        assert len(seen) <= most
