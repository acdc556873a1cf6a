"""How far episodes are: tasks of their shots by status and by retake."""

import pytest

from zou.entities.models import Entity, EntityType
from zou.tasks.models import Task, TaskStatus, TaskType


@pytest.fixture
def episode(make, people, project):
    """An episode with two shots of 10 frames: one done at its second take, one in work."""
    kinds = {name: make(EntityType, name=name).id for name in ("Episode", "Sequence", "Shot")}
    made = make(Entity, name="E01", project_id=project.id, entity_type_id=kinds["Episode"])
    sequence = make(Entity, name="SQ01", project_id=project.id, entity_type_id=kinds["Sequence"], parent_id=made.id)
    type_, done, wip = make(TaskType), make(TaskStatus, short_name="done", is_done=True), make(TaskStatus, short_name="wip")
    for name, status, retakes, who in (("SH1", done, 1, ["vendor"]), ("SH2", wip, 0, [])):
        shot = make(Entity, name=name, project_id=project.id, entity_type_id=kinds["Shot"], parent_id=sequence.id, nb_frames=10)
        make(
            Task, project_id=project.id, entity_id=shot.id, task_type_id=type_.id, task_status_id=status.id, retake_count=retakes,
            assignees=[people[person] for person in who],
        )  # fmt: skip
    return made


def test_tasks_by_status(api, people, project, episode):
    stats = api(people["user"], "get", f"/data/projects/{project.id}/episodes/stats").json
    cell = stats[str(episode.id)]["all"]
    assert sorted((bucket["name"], bucket["count"], bucket["frames"]) for bucket in cell.values()) == [("done", 1, 10), ("wip", 1, 10)]
    assert stats["all"]["all"] == cell


def test_tasks_by_retake(api, people, project, episode):
    stats = api(people["user"], "get", f"/data/projects/{project.id}/episodes/retake-stats").json
    cell = stats[str(episode.id)]["all"]
    assert (cell["max_retake_count"], cell["done"]["count"], cell["other"]["count"]) == (1, 1, 1)
    assert {state: bucket["count"] for state, bucket in cell["evolution"]["1"].items()} == {"done": 0, "retake": 1, "other": 1}
    assert stats["all"]["all"]["evolution"] == {}


def test_a_vendor_counts_their_tasks(api, people, project, episode):
    stats = api(people["vendor"], "get", f"/data/projects/{project.id}/episodes/stats").json
    assert [bucket["name"] for bucket in stats["all"]["all"].values()] == ["done"]


@pytest.mark.parametrize("visible, status", [(True, 200), (False, 403)])
def test_clients_see_statistics_where_the_production_lets_them(api, people, project, episode, tx, visible, status):
    project.is_client_stats_visible = visible
    tx.commit()
    assert api(people["client"], "get", f"/data/projects/{project.id}/episodes/stats").status_code == status
    assert api(people["client"], "get", f"/data/projects/{project.id}/episodes/retake-stats").status_code == 403
