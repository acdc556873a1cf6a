"""Boards: what they show to whom, their validator, and how many statements they take."""

import datetime

import pytest
import sqlalchemy as sa

from tests.making import make as insert
from zou.entities.models import Entity, EntityLink
from zou.productions.models import Project
from zou.tasks.models import Task


@pytest.fixture
def episode(make, kind, project):
    return make(Entity, name="E01", project_id=project.id, entity_type_id=kind("Episode").id)


def board(api, person, asset, **headers):
    return api(person, "get", f"/data/assets/with-tasks?project_id={asset.project_id}", headers=headers)


@pytest.mark.parametrize("who", ["admin", "user", "vendor"])
def test_a_board_is_one_statement_besides_person_role_and_validator(api, people, asset, make, statements, who):
    for n in range(20):
        make(Task, name=f"t{n}", project_id=asset.project_id, entity_id=asset.id, assignees=[people["vendor"], people["user"]])
    with statements() as seen:
        assert len(board(api, people[who], asset).json[0]["tasks"]) == 20
    assert len(seen) == 4


def test_an_unchanged_board_is_not_sent_again(api, people, asset, episode, make, tx):
    def again(tag):
        return board(api, people["user"], asset, **{"If-None-Match": tag})

    tag = board(api, people["user"], asset).headers["ETag"]
    assert again(tag).status_code == 304
    link = make(EntityLink, entity_in_id=episode.id, entity_out_id=asset.id)
    assert again(tag).json[0]["casting_episode_ids"] == [str(episode.id)]
    tag = board(api, people["user"], asset).headers["ETag"]
    tx.delete(link)
    tx.commit()
    assert again(tag).json[0]["casting_episode_ids"] == []
    assert board(api, people["manager"], asset).headers["ETag"] != board(api, people["user"], asset).headers["ETag"]


def test_a_change_that_was_made_before_the_latest_one_counts(api, people, asset, shot, tx):
    tag = board(api, people["user"], asset).headers["ETag"]
    earlier = asset.updated_at - datetime.timedelta(hours=1)
    tx.execute(sa.update(Entity).where(Entity.id == asset.id).values(description="committed late", updated_at=earlier))
    tx.commit()
    assert board(api, people["user"], asset, **{"If-None-Match": tag}).json[0]["description"] == "committed late"


@pytest.mark.parametrize("path", ["/data/assets", "/data/assets/all", "/data/assets/with-tasks"])
def test_an_episode_shows_no_asset_of_a_production_the_person_is_not_in(api, people, asset, episode, kind, make, tx, path):
    far = make(Entity, name="Far", project_id=insert(tx, Project).id, entity_type_id=kind("Props").id)
    for cast in (far, asset):
        make(EntityLink, entity_in_id=episode.id, entity_out_id=cast.id)
    names = {
        who: sorted(row["name"] for row in api(people[who], "get", f"{path}?episode_id={episode.id}").json) for who in ("admin", "user")
    }
    assert names == {"admin": ["Far", "Tree"], "user": ["Tree"]}
    assert api(people["vendor"], "get", f"{path}?episode_id={episode.id}").json == []


@pytest.mark.parametrize("path", ["/data/sequences?project_id={project}", "/data/projects/{project}/sequences"])
def test_a_vendor_has_the_sequences_that_hold_their_shots(api, people, shot, kind, make, tx, path):
    sequence = make(Entity, name="SQ01", project_id=shot.project_id, entity_type_id=kind("Sequence").id)
    make(Entity, name="SQ02", project_id=shot.project_id, entity_type_id=kind("Sequence").id)
    shot.parent_id = sequence.id
    tx.commit()
    make(Task, project_id=shot.project_id, entity_id=shot.id, assignees=[people["vendor"]])
    rows = {who: api(people[who], "get", path.format(project=shot.project_id)).json for who in ("vendor", "user")}
    assert [(row["name"], row["type"]) for row in rows["vendor"]] == [("SQ01", "Entity")]
    assert [(row["name"], row["type"]) for row in rows["user"]] == [("SQ01", "Sequence"), ("SQ02", "Sequence")]
