"""Many people work on the same tasks at the same moment: nobody hears of a deadlock, and nothing is lost or counted twice."""

import itertools
import random
from collections import Counter

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.concurrency import at_once
from tests.conftest import token_of
from tests.making import join_team, make, open_status
from zou.comments.models import Comment
from zou.entities.models import Entity, EntityLink, EntityType
from zou.inbox.models import News
from zou.people.models import Person
from zou.platform.events.models import ApiEvent
from zou.platform.http import resource
from zou.previews.models import PreviewFile
from zou.productions.models import Project, ProjectTaskTypeLink, project_status_automation_link
from zou.tasks.models import StatusAutomation, Task, TaskStatus, TaskType

PEOPLE, TASKS, IN_A_BATCH = 50, 10, 3


class Production:
    """A production with statuses, whose rows are really committed. `headers`: of its managers' requests."""

    def __init__(self, app, engine, people=1):
        self.app, self.engine = app, engine
        with Session(engine, expire_on_commit=False) as tx:
            self.project = make(tx, Project, project_status_id=open_status(tx).id)
            self.managers = [make(tx, Person, role="manager") for _ in range(people)]
            join_team(tx, self.project, *self.managers)
            self.statuses = [
                make(tx, TaskStatus, is_default=True),
                make(tx, TaskStatus, is_retake=True),
                make(tx, TaskStatus, is_done=True),
            ]
        self.headers = [{"Authorization": f"Bearer {token_of(app, person)}"} for person in self.managers]

    def entities(self, tx, kind, count, **columns):
        type_id = make(tx, EntityType, name=kind).id
        return [make(tx, Entity, project_id=self.project.id, entity_type_id=type_id, **columns) for _ in range(count)]

    def task(self, tx, entity, task_type):
        ids = {"project_id": self.project.id, "entity_id": entity.id, "task_type_id": task_type.id}
        return make(tx, Task, **ids, task_status_id=self.statuses[0].id)

    def automate(self, tx, before, after, **columns):
        """When a task of the type `before` is done, something happens to that of `after`."""
        done = self.statuses[2].id
        ids = {"in_task_type_id": before.id, "in_task_status_id": done, "out_task_type_id": after.id, "out_task_status_id": done}
        row = make(tx, StatusAutomation, entity_type="asset", **{"out_field_type": "status", **ids, **columns})
        tx.execute(sa.insert(project_status_automation_link).values(project_id=self.project.id, status_automation_id=row.id))
        tx.commit()


@pytest.fixture
def production(own_application):
    return lambda people=1: Production(*own_application, people)


def comments_of(tx, task):
    return tx.scalars(sa.select(Comment).where(Comment.object_id == task.id).order_by(Comment.created_at, Comment.id)).all()


def test_fifty_people_change_statuses_in_overlapping_batches(production):
    made = production(PEOPLE)
    with Session(made.engine, expire_on_commit=False) as tx:
        (episode,) = made.entities(tx, "Episode", 1)
        (sequence,) = made.entities(tx, "Sequence", 1, parent_id=episode.id)
        craft = make(tx, TaskType, for_entity="Shot")
        tasks = [made.task(tx, shot, craft) for shot in made.entities(tx, "Shot", TASKS, parent_id=sequence.id)]
    dice, sent, requests = random.Random(7), Counter(), []
    for number in range(PEOPLE):
        batch = dice.sample(tasks, IN_A_BATCH)  # each in an order of its own
        sent.update(task.id for task in batch)
        entries = [{"task_id": str(task.id), "task_status_id": str(dice.choice(made.statuses).id), "text": f"{number}"} for task in batch]
        requests.append(("POST", "/actions/tasks/batch-comment", {"comments": entries}, made.headers[number]))
    assert at_once(made.app, requests) == {201: PEOPLE}
    with Session(made.engine) as tx:
        for task in tasks:
            said, kept = comments_of(tx, task), tx.get(Task, task.id)
            assert len(said) == sent[task.id]
            assert kept.task_status_id == said[-1].task_status_id
            given = [made.statuses[0].id, *[comment.task_status_id for comment in said]]
            retakes = sum(now == made.statuses[1].id != before for before, now in itertools.pairwise(given))
            assert kept.retake_count == retakes
        names = Counter(tx.scalars(sa.select(ApiEvent.name)))
        assert (names["comment:new"], names["news:new"]) == (PEOPLE * IN_A_BATCH, PEOPLE * IN_A_BATCH)
        assert tx.scalar(sa.select(sa.func.count()).select_from(News)) == PEOPLE * IN_A_BATCH


def test_automations_that_point_at_each_other_end_for_everybody(production):
    made = production()
    with Session(made.engine, expire_on_commit=False) as tx:
        crafts = [make(tx, TaskType, for_entity="Asset") for _ in range(2)]
        (asset,) = made.entities(tx, "Props", 1)
        tasks = [made.task(tx, asset, craft) for craft in crafts]
        made.automate(tx, *crafts)
        made.automate(tx, *crafts[::-1])
    body = {"task_status_id": str(made.statuses[2].id)}
    requests = [("POST", f"/actions/tasks/{task.id}/comment", body, made.headers[0]) for task in tasks * 8]
    assert at_once(made.app, requests) == {201: 16}
    with Session(made.engine) as tx:
        assert [tx.get(Task, task.id).task_status_id for task in tasks] == [made.statuses[2].id] * 2
        assert sum(len(comments_of(tx, task)) for task in tasks) == 17  # the first sets the other task, which is set then
        assert tx.scalar(sa.select(sa.func.count()).select_from(News)) == 17


def test_hashtags_on_two_tasks_of_an_asset_copy_every_comment(production):
    made = production()
    with Session(made.engine, expire_on_commit=False) as tx:
        (asset,) = made.entities(tx, "Props", 1)
        tasks = [made.task(tx, asset, make(tx, TaskType, for_entity="Asset")) for _ in range(3)]
    body = {"task_status_id": str(made.statuses[0].id), "comment": "See #all"}
    requests = [("POST", f"/actions/tasks/{task.id}/comment", body, made.headers[0]) for task in tasks * 5]
    assert at_once(made.app, requests) == {201: 15}
    with Session(made.engine) as tx:
        assert [len(comments_of(tx, task)) for task in tasks] == [15, 15, 15]


def test_assets_that_become_ready_at_once_are_all_counted_in_their_shots(production):
    made, count = production(), 8
    with Session(made.engine, expire_on_commit=False) as tx:
        craft, shot_craft = make(tx, TaskType, for_entity="Asset"), make(tx, TaskType, for_entity="Shot")
        tx.add(ProjectTaskTypeLink(project_id=made.project.id, task_type_id=shot_craft.id, priority=1))
        assets, shots = made.entities(tx, "Props", count), made.entities(tx, "Shot", count)
        tx.add_all(EntityLink(entity_in_id=shot.id, entity_out_id=asset.id) for shot in shots for asset in assets)
        work, watched = [made.task(tx, asset, craft) for asset in assets], [made.task(tx, shot, shot_craft) for shot in shots]
        made.automate(tx, craft, shot_craft, out_field_type="ready_for", out_task_status_id=None)
    body = {"task_status_id": str(made.statuses[2].id)}
    requests = [("POST", f"/actions/tasks/{task.id}/comment", body, made.headers[0]) for task in work]
    assert at_once(made.app, requests) == {201: count}
    with Session(made.engine) as tx:
        assert [tx.get(Task, task.id).nb_assets_ready for task in watched] == [count] * count


def test_revisions_come_without_gap_or_double(production):
    made, count = production(), 20
    with Session(made.engine, expire_on_commit=False) as tx:
        (asset,) = made.entities(tx, "Props", 1)
        task = made.task(tx, asset, make(tx, TaskType, for_entity="Asset"))
        comments = [
            make(tx, Comment, object_id=task.id, task_status_id=made.statuses[0].id, person_id=made.managers[0].id) for _ in range(count)
        ]
    path = f"/actions/tasks/{task.id}/comments/{{}}/add-preview"
    requests = [("POST", path.format(comment.id), {}, made.headers[0]) for comment in comments]
    assert at_once(made.app, requests) == {201: count}
    with Session(made.engine) as tx:
        assert sorted(tx.scalars(sa.select(PreviewFile.revision))) == list(range(1, count + 1))


def test_who_was_stopped_by_a_deadlock_begins_again(production, monkeypatch):
    """Two requests lock two rows in opposite orders on purpose: without a second attempt one of them would hear of it."""
    made = production()
    with Session(made.engine, expire_on_commit=False) as tx:
        first, second = [make(tx, EntityType, name=name) for name in ("First", "Second")]
    starts = []
    run = resource.Resource.attempt

    def crosswise(self, **url):
        starts.append(url)
        own, other = (first, second) if url["asset_type_id"] == str(first.id) else (second, first)
        self.tx = resource.db.session()
        for row in (own, other):
            self.tx.execute(sa.select(EntityType.id).where(EntityType.id == row.id).with_for_update())
            self.tx.execute(sa.text("SELECT pg_sleep(0.2)"))
        return run(self, **url)

    monkeypatch.setattr(resource.Resource, "attempt", crosswise)
    requests = [("GET", f"/data/asset-types/{row.id}", None, made.headers[0]) for row in (first, second)]
    assert at_once(made.app, requests) == {200: 2}
    assert len(starts) == 3
