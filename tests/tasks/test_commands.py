"""Commands that recompute what tasks and shots hold."""

import sqlalchemy as sa

from tests.commanding import zou  # noqa: F401  (fixture)
from tests.world import build
from zou.comments.models import Comment
from zou.entities.models import Entity
from zou.people.models import Person
from zou.productions.models import Project
from zou.tasks.models import Task, TaskStatus


def test_tasks_are_recomputed_from_their_comments(zou, tx, make):  # noqa: F811
    world = build(tx)
    retake = make(TaskStatus, is_retake=True)
    make(Comment, object_id=world[Task].id, person_id=world[Person].id, task_status_id=retake.id)
    done = zou("clean-tasks-data", "--project-id", str(world[Project].id))
    assert (done.exit_code, done.stdout) == (0, "1 tasks cleaned.\n")
    task = tx.execute(sa.select(Task.task_status_id, Task.retake_count).where(Task.id == world[Task].id)).one()
    assert task == (retake.id, 1)


def test_a_production_must_be_named_and_be_there(zou):  # noqa: F811
    assert zou("clean-tasks-data").exit_code == 2
    for id in ("nonsense", "00000000-0000-0000-0000-000000000000"):
        done = zou("clean-tasks-data", "--project-id", id)
        assert (done.exit_code, done.stderr) == (1, f"Error: There is no production {id}.\n")


def test_the_casting_of_shots_is_counted_anew(zou, tx):  # noqa: F811
    world = build(tx)
    shot = world["shot"]
    tx.execute(sa.update(Entity).where(Entity.id == shot.id).values(nb_entities_out=7))
    tx.commit()
    done = zou("reset-breakdown-data")
    assert done.exit_code == 0
    assert done.stdout.splitlines() == ["Resetting breakdown data for open projects.", "Breakdown data reset (1 shots)."]
    assert tx.scalar(sa.select(Entity.nb_entities_out).where(Entity.id == shot.id)) == 1
