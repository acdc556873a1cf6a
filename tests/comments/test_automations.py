"""What a new status sets off: other tasks, assets that are ready, copies of previews. Rules: contract/rules/comments.md §2.5."""

import io

import pytest
import sqlalchemy as sa
from PIL import Image

from zou.comments.models import Comment
from zou.entities.models import Entity, EntityLink, EntityType
from zou.platform.events.models import ApiEvent
from zou.previews.models import PreviewFile
from zou.productions.models import ProjectTaskTypeLink, project_status_automation_link
from zou.tasks.models import StatusAutomation, Task, TaskType


@pytest.fixture
def rigging(tx, make, project, task, statuses):
    """The next task of the same asset; its type comes after that of `task` in the production's pipeline."""
    task_type = make(TaskType, name="Rigging", for_entity="Asset")
    tx.get(TaskType, task.task_type_id).for_entity = "Asset"
    for place, id in enumerate((task.task_type_id, task_type.id), 1):
        make(ProjectTaskTypeLink, project_id=project.id, task_type_id=id, priority=place)
    row = make(Task, project_id=project.id, task_type_id=task_type.id, entity_id=task.entity_id, task_status_id=statuses["todo"].id)
    tx.commit()
    return row


@pytest.fixture
def automation(tx, make, project, task, statuses):
    """`automation(status, out_status, task type, **columns)`: one of the production, fired by a status of `task`."""

    def add(status, out_status, task_type_id, **columns):
        values = {"entity_type": "asset", "out_field_type": "status", "in_task_type_id": task.task_type_id, **columns}
        row = make(
            StatusAutomation, in_task_status_id=statuses[status].id, out_task_type_id=task_type_id,
            out_task_status_id=out_status and statuses[out_status].id, **values,
        )  # fmt: skip
        tx.execute(sa.insert(project_status_automation_link).values(project_id=project.id, status_automation_id=row.id))
        tx.commit()
        return row

    return add


@pytest.fixture
def comment(api, people, task, statuses):
    """`comment(status, person="manager", task=task)`: the answer to a comment with that status."""

    def send(status, person="manager", on=task):
        return api(people[person], "post", f"/actions/tasks/{on.id}/comment", json={"task_status_id": str(statuses[status].id)})

    return send


def status_of(tx, row):
    tx.refresh(row)
    return row.task_status_id


def test_a_done_task_starts_the_next_one(tx, comment, automation, rigging, statuses):
    automation("done", "wip", rigging.task_type_id)
    assert comment("done").status_code == 201
    assert status_of(tx, rigging) == statuses["wip"].id
    assert tx.scalars(sa.select(Comment.text).where(Comment.object_id == rigging.id)).one() == "Change triggered by Modeling set to Done"


def test_nothing_is_repeated_while_the_status_stays(tx, comment, automation, rigging):
    automation("done", "wip", rigging.task_type_id)
    assert [comment("done").status_code for _ in range(2)] == [201, 201]
    assert tx.scalar(sa.select(sa.func.count()).where(Comment.object_id == rigging.id)) == 1


def test_an_automation_does_not_go_back_in_the_pipeline(tx, comment, automation, rigging, task, statuses):
    automation("done", "retake", task.task_type_id, in_task_type_id=rigging.task_type_id)
    assert comment("done", on=rigging).status_code == 201
    assert status_of(tx, task) == statuses["todo"].id


def test_two_automations_that_point_at_each_other_end(tx, make, comment, automation, rigging, task, statuses, project):
    for link in tx.scalars(sa.select(ProjectTaskTypeLink).where(ProjectTaskTypeLink.project_id == project.id)):
        link.priority = 1
    automation("done", "retake", rigging.task_type_id)
    automation("retake", "wip", task.task_type_id, in_task_type_id=rigging.task_type_id)
    automation("wip", "done", rigging.task_type_id)
    automation("done", "done", task.task_type_id, in_task_type_id=rigging.task_type_id)
    assert comment("done").status_code == 201
    assert tx.scalar(sa.select(sa.func.count()).select_from(Comment)) == 4
    assert (status_of(tx, task), status_of(tx, rigging)) == (statuses["wip"].id, statuses["done"].id)


def test_an_archived_automation_and_one_of_another_kind_do_nothing(tx, comment, automation, rigging, statuses):
    automation("done", "wip", rigging.task_type_id, archived=True)
    automation("done", "wip", rigging.task_type_id, entity_type="shot")
    automation("done", None, rigging.task_type_id)
    assert comment("done").status_code == 201
    assert status_of(tx, rigging) == statuses["todo"].id


def test_an_asset_gets_ready_and_the_shots_that_use_it_know(tx, make, comment, automation, task, project, statuses):
    compositing = make(TaskType, name="Compositing", for_entity="Shot")
    make(ProjectTaskTypeLink, project_id=project.id, task_type_id=compositing.id, priority=2)
    shot = make(Entity, name="SH01", project_id=project.id, entity_type_id=make(EntityType, name="Shot").id)
    work = make(
        Task, project_id=project.id, task_type_id=compositing.id, entity_id=shot.id, task_status_id=statuses["todo"].id, nb_assets_ready=0
    )
    make(EntityLink, entity_in_id=shot.id, entity_out_id=task.entity_id)
    automation("wfa", None, compositing.id, out_field_type="ready_for")
    assert comment("wfa", "user").status_code == 201
    asset = tx.get(Entity, task.entity_id, populate_existing=True)
    tx.refresh(work)
    assert (asset.ready_for, work.nb_assets_ready) == (compositing.id, 1)
    told = tx.scalars(sa.select(ApiEvent.data).where(ApiEvent.name == "asset:update")).all()
    assert told == [{"asset_id": str(asset.id), "data": {"ready_for": str(compositing.id)}, "project_id": str(project.id)}] * 2


def test_the_last_revision_comes_along_with_its_files(tx, api, people, comment, automation, rigging, task):
    automation("done", "wip", rigging.task_type_id, import_last_revision=True)
    first = comment("wip").json["id"]
    preview = api(people["manager"], "post", f"/actions/tasks/{task.id}/comments/{first}/add-preview", json={}).json["id"]
    picture = io.BytesIO()
    Image.new("RGB", (64, 32), "red").save(picture, "png")
    sent = {"file": (io.BytesIO(picture.getvalue()), "sketch.png")}
    assert api(people["manager"], "post", f"/pictures/preview-files/{preview}", data=sent).status_code == 201
    assert comment("done").status_code == 201
    copy = tx.scalars(sa.select(PreviewFile).where(PreviewFile.task_id == rigging.id)).one()
    assert (copy.revision, copy.original_name, copy.extension, copy.status, copy.width) == (1, "sketch", "png", "ready", 64)
    tx.refresh(rigging)
    assert rigging.last_preview_file_id == copy.id
    answer = api(people["manager"], "get", f"/pictures/originals/preview-files/{copy.id}.png")
    assert answer.status_code == 200
    assert Image.open(io.BytesIO(answer.data)).size == (64, 32)
