"""The news of productions: who reads which, filters, pages. Rules: contract/rules/notifications-and-news.md §5."""

import datetime

import pytest
import sqlalchemy as sa

from tests.making import open_status
from zou.comments.models import Comment
from zou.entities.models import Entity, EntityType
from zou.inbox.models import News, Notification, Subscription
from zou.previews.models import PreviewFile
from zou.productions.models import Project, ProjectPersonLink, ProjectStatus
from zou.tasks.models import Task, TaskStatus, TaskType


@pytest.fixture
def statuses(make):
    return [make(TaskStatus, name=name, short_name=name) for name in ("todo", "wip")]


@pytest.fixture
def shot(tx, make, project):
    """A shot of a sequence of an episode."""
    parent = None
    for kind, name in (("Episode", "E01"), ("Sequence", "SQ01"), ("Shot", "SH01")):
        type_id = tx.scalar(sa.select(EntityType.id).where(EntityType.name == kind)) or make(EntityType, name=kind).id
        parent = make(Entity, name=name, project_id=project.id, entity_type_id=type_id, parent_id=parent and parent.id)
    return parent


@pytest.fixture
def task(tx, make, shot, statuses, people):
    kind = make(TaskType, name="Animation", for_entity="Shot")
    row = make(Task, project_id=shot.project_id, entity_id=shot.id, task_type_id=kind.id, task_status_id=statuses[0].id)
    row.assignees = [people["user"]]
    tx.commit()
    return row


@pytest.fixture
def said(tx, make, people):
    """`said(task, status, day, change=False)`: a comment of the artist and its news, which is returned."""

    def add(task, status, day, change=False, author="user"):
        moment = datetime.datetime(2024, 3, day, 12)
        comment = make(Comment, object_id=task.id, object_type="Task", person_id=people[author].id, task_status_id=status.id)
        row = make(News, task_id=task.id, comment_id=comment.id, author_id=people[author].id, created_at=moment, change=change)
        tx.commit()
        return row

    return add


@pytest.fixture
def news(task, said, statuses):
    """Two of `task`: of the 1st, and of the 3rd with a new status."""
    return [said(task, statuses[0], 1), said(task, statuses[1], 3, change=True)]


def ids_of(answer):
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json["data"]]


def test_news_tell_what_was_said_where(api, people, project, task, shot, news, statuses):
    answer = api(people["user"], "get", f"/data/projects/{project.id}/news")
    assert ids_of(answer) == [str(news[1].id), str(news[0].id)]
    assert answer.json["stats"] == {str(statuses[1].id): 1}
    assert [answer.json[key] for key in ("total", "nb_pages", "limit", "offset", "page")] == [2, 1, 50, 0, 1]
    item = answer.json["data"][0]
    assert (item["full_entity_name"], item["task_entity_id"], item["change"]) == ("E01 / SQ01 / SH01", str(shot.id), True)
    assert (item["created_at"], item["task_status_id"]) == ("2024-03-03T12:00:00", str(statuses[1].id))
    assert item["person"]["id"] == str(people["user"].id)
    assert "email" not in item["person"]
    assert api(people["user"], "get", f"/data/projects/{project.id}/news/{news[1].id}").json == item
    entity = api(people["user"], "get", f"/data/entities/{shot.id}/news").json
    assert (entity["data"][0], entity["limit"], "stats" in entity) == (item, 2000, False)


def test_clients_read_none_and_vendors_what_they_work_on(api, tx, people, project, task, shot, news):
    paths = (f"/data/projects/{project.id}/news", f"/data/projects/{project.id}/news/{news[0].id}", f"/data/entities/{shot.id}/news")
    for role in ("client", "outsider"):
        assert [api(people[role], "get", path).status_code for path in paths] == [403, 403, 403]
        assert ids_of(api(people[role], "get", "/data/projects/news")) == []
    vendor = people["vendor"]
    assert [api(vendor, "get", path).status_code for path in paths] == [200, 403, 403]
    assert ids_of(api(vendor, "get", paths[0])) == ids_of(api(vendor, "get", "/data/projects/news")) == []
    task.assignees = [vendor]
    tx.commit()
    assert [api(vendor, "get", path).status_code for path in paths] == [200, 200, 200]
    assert len(ids_of(api(vendor, "get", paths[0]))) == len(ids_of(api(vendor, "get", "/data/projects/news"))) == 2
    link = tx.scalars(sa.select(ProjectPersonLink).where(ProjectPersonLink.person_id == people["user"].id)).one()
    link.role = "client"
    tx.commit()
    assert ids_of(api(people["user"], "get", "/data/projects/news")) == []


def test_news_of_all_productions_are_those_of_open_ones(api, tx, make, people, project, task, news, said, statuses):
    other = make(Project, project_status_id=open_status(tx).id)
    entity = make(Entity, name="Far", project_id=other.id, entity_type_id=make(EntityType, name="Props").id)
    ids = {"project_id": other.id, "entity_id": entity.id, "task_type_id": task.task_type_id, "task_status_id": statuses[0].id}
    far = said(make(Task, **ids), statuses[0], 2)
    assert len(ids_of(api(people["manager"], "get", "/data/projects/news"))) == 2
    assert len(ids_of(api(people["admin"], "get", "/data/projects/news"))) == 3
    assert ids_of(api(people["admin"], "get", f"/data/projects/news?project_id={other.id}")) == [str(far.id)]
    assert len(ids_of(api(people["manager"], "get", f"/data/projects/news?project_id={other.id}"))) == 2
    assert api(people["admin"], "get", f"/data/projects/{other.id}/news/{news[0].id}").status_code == 404
    project.project_status_id = make(ProjectStatus, name="Closed").id
    tx.commit()
    assert ids_of(api(people["manager"], "get", "/data/projects/news")) == []


def test_filters_and_pages(api, tx, make, people, project, task, shot, news, statuses):
    path = f"/data/projects/{project.id}/news"
    preview = make(PreviewFile, task_id=task.id, name="p", revision=2, extension="png")
    other = make(PreviewFile, task_id=task.id, name="q", revision=2, extension="mp4", position=2)
    news[0].preview_file_id = preview.id
    tx.commit()
    newest, oldest = str(news[1].id), str(news[0].id)
    episode = tx.get(Entity, tx.get(Entity, shot.parent_id).parent_id)
    cases = {
        "after=2024-03-02": [newest], "before=2024-03-02T00:00:00": [oldest], f"task_status_id={statuses[1].id}": [newest],
        f"person_id={people['manager'].id}": [], f"task_type_id={task.task_type_id}": [newest, oldest],
        f"episode_id={episode.id}": [newest, oldest], f"episode_id={shot.id}": [], "only_preview=true": [oldest],
        "limit=1": [newest], "limit=1&page=2": [oldest], "page=0": [newest, oldest], "page=99999999999999999999": [],
    }  # fmt: skip
    assert {query: ids_of(api(people["user"], "get", f"{path}?{query}")) for query in cases} == cases
    (item,) = api(people["user"], "get", f"{path}?only_preview=1").json["data"]
    assert [p["id"] for p in item["preview_files"]] == [str(preview.id), str(other.id)]
    assert (item["preview_file_revision"], item["preview_file_extension"]) == (2, "png")


@pytest.mark.parametrize("query", ["after=05/03/2024", "before=", "person_id=me", "only_preview=maybe", "page=x", "limit=x"])
def test_odd_filters_are_refused(api, people, project, news, query):
    assert api(people["user"], "get", f"/data/projects/{project.id}/news?{query}").status_code == 400
    assert api(people["user"], "get", f"/data/projects/news?{query}").status_code == 400


def test_the_inbox_of_a_production_is_for_administrators(api, tx, make, people, project, task):
    told = make(Notification, task_id=task.id, person_id=people["user"].id, author_id=people["manager"].id, type="assignation")
    follows = make(Subscription, task_id=task.id, person_id=people["user"].id)
    for name, row in (("notifications", told), ("subscriptions", follows)):
        path = f"/data/projects/{project.id}/{name}"
        assert [found["id"] for found in api(people["admin"], "get", path).json] == [str(row.id)]
        assert api(people["manager"], "get", path).status_code == 403
    page = api(people["admin"], "get", f"/data/projects/{project.id}/notifications?page=1").json
    assert (page["total"], page["page"], page["data"][0]["notification_type"]) == (1, 1, "assignation")


def test_many_news_take_as_many_statements_as_none(api, people, project, task, said, statuses, statements):
    path = f"/data/projects/{project.id}/news"
    with statements() as none:
        assert ids_of(api(people["user"], "get", path)) == []
    for day in range(1, 21):
        said(task, statuses[0], day)
    with statements() as many:
        assert len(ids_of(api(people["user"], "get", path))) == 20
    assert len(many) == len(none)
