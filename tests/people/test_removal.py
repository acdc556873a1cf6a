"""Forced removals: the graph knows every reference, and nothing blocks."""

import datetime

import pytest
import sqlalchemy as sa

from tests import world
from tests.making import DAY, make
from zou.comments.models import Comment, comment_acknoledgments, comment_mentions
from zou.entities.models import AssetInstance, Entity, EntityLink, EntityVersion
from zou.inbox.models import News, Notification
from zou.people.models import Department, DesktopLoginLog, LoginLog, Person
from zou.people.removal import GRAPH
from zou.planning.models import Budget, BudgetEntry, DayOff, TimeSpent
from zou.platform.db import Base, cascade
from zou.platform.events.models import ApiEvent
from zou.playlists.models import BuildJob, Playlist, PlaylistShareLink
from zou.previews.models import PreviewFile
from zou.productions.models import MetadataDescriptor, Project, ProjectStatus, ProjectTaskTypeLink
from zou.tasks.models import Task


def references():
    """(table, column, table referred to) of each foreign key that the database does not cascade by itself."""
    for name, table in Base.metadata.tables.items():
        for key in table.foreign_keys:
            if key.ondelete is None and key.column.table.name in GRAPH:
                yield name, key.parent.name, key.column.table.name


@pytest.mark.parametrize("table, column, target", sorted(references()))
def test_the_graph_knows_every_reference(table, column, target):
    assert any(edge.table == table and getattr(edge, "column", None) == column for edge in GRAPH[target])


@pytest.mark.parametrize("parent", GRAPH)
def test_the_graph_names_columns_that_exist(parent):
    for edge in GRAPH[parent]:
        named = Base.metadata.tables[parent if isinstance(edge, cascade.GoneOwn) else edge.link if hasattr(edge, "link") else edge.table]
        columns = {edge.own, edge.other} if hasattr(edge, "link") else {edge.column}
        assert columns <= set(named.columns.keys())
        cleared = isinstance(edge, cascade.Cleared)
        assert not cleared or named.columns[edge.column].nullable


@pytest.fixture
def studio(tx):
    """The whole studio, its production closed, and more that hangs on it and on its administrator; with a second administrator."""
    rows = world.build(tx)
    closed = make(tx, ProjectStatus, name="Closed")
    rows[Project].project_status_id = closed.id
    boss, artist, task, project = rows[Person], rows["artist"], rows[Task], rows[Project]
    other = rows["other production"] = make(tx, Project)
    rows["other shot"] = make(tx, Entity, project_id=other.id, entity_type_id=rows["shot"].entity_type_id, created_by=boss.id)
    make(tx, EntityLink, entity_in_id=rows["other shot"].id, entity_out_id=rows[Entity].id)
    make(tx, AssetInstance, asset_id=rows[Entity].id, scene_id=rows["scene"].id, name="Props_0002", number=2)
    make(tx, EntityVersion, name="1", entity_id=rows["shot"].id, person_id=boss.id)
    make(tx, PlaylistShareLink, token="t", playlist_id=rows[Playlist].id, created_by=boss.id)
    make(tx, BuildJob, playlist_id=rows[Playlist].id, status="running", job_type="movie")
    make(tx, Notification, person_id=boss.id, author_id=artist.id, playlist_id=rows[Playlist].id, type="playlist-ready")
    make(tx, LoginLog, person_id=boss.id)
    make(tx, DesktopLoginLog, person_id=boss.id, date=datetime.datetime(2026, 3, 2))
    make(tx, DayOff, person_id=boss.id)
    make(tx, TimeSpent, person_id=boss.id, task_id=task.id, date=DAY + datetime.timedelta(days=1))
    entry = {"start_date": DAY, "months_duration": 1, "daily_salary": 1, "department_id": rows[BudgetEntry].department_id}
    rows["entry"] = make(tx, BudgetEntry, budget_id=rows[Budget].id, person_id=boss.id, **entry)
    rows["edited"] = make(tx, Comment, object_id=task.id, person_id=artist.id, editor_id=boss.id)
    rows["edited"].preview_file_id = rows[PreviewFile].id
    make(tx, ProjectTaskTypeLink, project_id=project.id, task_type_id=task.task_type_id)
    make(tx, Person, preview_project_id=project.id, role="client")
    rows["shot"].preview_file_id = rows[PreviewFile].id
    rows["shot"].created_by = rows[Playlist].created_by = boss.id
    boss.departments = [rows[Department]]
    tx.execute(comment_mentions.insert().values(comment=rows["edited"].id, person=boss.id))
    tx.execute(comment_acknoledgments.insert().values(comment=rows["edited"].id, person=boss.id))
    rows["second"] = make(tx, Person, role="admin")
    tx.commit()
    return rows


def count(tx, model, *conditions):
    tx.expire_all()
    return tx.scalar(sa.select(sa.func.count()).select_from(model).where(*conditions))


def test_a_forced_removal_of_a_production_takes_everything(api, tx, studio):
    project_id, asset_id = studio[Project].id, studio[Entity].id
    answer = api(studio["second"], "delete", f"/data/projects/{project_id}?force=true")
    assert answer.status_code == 204
    for name, table in Base.metadata.tables.items():
        if "project_id" in table.c and name not in ("project_person_link",):
            assert tx.scalar(sa.select(sa.func.count()).select_from(table).where(table.c.project_id == project_id)) == 0, name
    assert [count(tx, model) for model in (Task, Comment, PreviewFile, News, TimeSpent, Playlist, MetadataDescriptor)] == [0] * 7
    assert count(tx, Person, Person.preview_project_id == project_id) == 0
    assert count(tx, EntityLink, EntityLink.entity_out_id == asset_id) == 0
    assert [row.id for row in tx.scalars(sa.select(Entity))] == [studio["other shot"].id]
    told = tx.execute(sa.select(ApiEvent.name, ApiEvent.project_id)).all()
    assert sorted(told) == [("news:delete", None), ("playlist:delete", None), ("project:delete", None), ("task:delete", None)]


def test_the_statements_of_a_removal_do_not_grow_with_the_rows(api, tx, studio, statements):
    def closed_production(tasks):
        project = make(tx, Project, project_status_id=studio[Project].project_status_id)
        asset = make(tx, Entity, project_id=project.id, entity_type_id=studio[Entity].entity_type_id)
        for n in range(tasks):
            task = make(tx, Task, name=str(n), project_id=project.id, entity_id=asset.id, task_type_id=studio[Task].task_type_id)
            make(tx, Comment, object_id=task.id, person_id=studio["artist"].id)
            make(tx, PreviewFile, task_id=task.id)
        return project.id

    seen = []
    for tasks in (1, 20):
        project_id = closed_production(tasks)
        with statements() as sent:
            assert api(studio["second"], "delete", f"/data/projects/{project_id}?force=true").status_code == 204
        seen.append(len(sent))
    assert seen[0] == seen[1]


def test_a_forced_removal_of_a_person_takes_theirs_and_lets_go_of_the_rest(api, tx, studio):
    boss, comment_id, task_id = studio[Person].id, studio[Comment].id, studio[Task].id
    answer = api(studio["second"], "delete", f"/data/persons/{boss}?force=true")
    assert answer.status_code == 204
    assert count(tx, Person, Person.id == boss) == 0
    assert count(tx, Comment, Comment.id == comment_id) == 0
    assert tx.get(Comment, studio["edited"].id).editor_id is None
    assert tx.get(BudgetEntry, studio["entry"].id).person_id is None
    assert tx.get(Entity, studio["shot"].id).created_by is None
    assert tx.get(Playlist, studio[Playlist].id).created_by is None
    assert tx.get(Task, task_id).assigner_id is None
    told = {event.name: event.data for event in tx.scalars(sa.select(ApiEvent))}
    assert told["person:delete"] == {"person_id": str(boss)}
    assert told["comment:delete"] == {"comment_id": str(comment_id), "task_id": str(task_id)}
    assert tx.scalar(sa.select(sa.func.count()).where(ApiEvent.name == "person:delete")) == 1


def test_without_force_a_person_with_work_stays_whole(api, tx, studio):
    answer = api(studio["second"], "delete", f"/data/persons/{studio[Person].id}")
    assert answer.status_code == 400
    assert answer.json == {"error": True, "message": "Some data are still linked to given person."}
    assert count(tx, Person, Person.id == studio[Person].id) == 1
    assert count(tx, LoginLog) == 1
    assert count(tx, ApiEvent, ApiEvent.name == "person:delete") == 0


def test_without_force_a_production_with_work_stays_whole(api, tx, studio):
    answer = api(studio["second"], "delete", f"/data/projects/{studio[Project].id}")
    assert answer.status_code == 400
    assert answer.json == {"message": "The change conflicts with records referencing this one."}
    assert count(tx, Person, Person.preview_project_id == studio[Project].id) == 1
    assert count(tx, ProjectTaskTypeLink) == 1
    assert count(tx, ApiEvent, ApiEvent.name == "project:delete") == 0


def test_an_open_production_is_not_deleted(api, tx, project, people):
    assert api(people["manager"], "delete", f"/data/projects/{project.id}?force=true").status_code == 403
    answer = api(people["admin"], "delete", f"/data/projects/{project.id}?force=true")
    assert answer.status_code == 400
    assert answer.json["message"] == "Only closed projects can be deleted"
    assert count(tx, Project) == 1
