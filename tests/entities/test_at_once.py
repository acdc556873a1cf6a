"""Two and more people change the same entities at the same moment: no update is lost, nothing is made twice, nobody gets a 500."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.concurrency import at_once
from tests.conftest import token_of
from tests.making import join_team, make, open_status
from zou.entities.models import Entity, EntityLink, EntityType
from zou.people.models import Person
from zou.productions.models import Project

COUNT = 12


@pytest.fixture
def studio(own_application):
    """(application, engine, production's id, a manager's headers, {kind: id of its entity type})."""
    app, engine = own_application
    with Session(engine, expire_on_commit=False) as tx:
        project, manager = make(tx, Project, project_status_id=open_status(tx).id), make(tx, Person, role="manager")
        join_team(tx, project, manager)
        kinds = {name: make(tx, EntityType, name=name).id for name in ("Episode", "Sequence", "Shot", "Props")}
    return app, engine, project.id, {"Authorization": f"Bearer {token_of(app, manager)}"}, kinds


def test_different_keys_of_the_data_are_all_kept(studio):
    app, engine, project_id, headers, kinds = studio
    with Session(engine, expire_on_commit=False) as tx:
        asset = make(tx, Entity, project_id=project_id, entity_type_id=kinds["Props"], data={"first": 0})
    requests = [("PUT", f"/data/entities/{asset.id}", {"data": {f"key{n}": n}}, headers) for n in range(COUNT)]
    assert at_once(app, requests) == {200: COUNT}
    with Session(engine) as tx:
        assert tx.get(Entity, asset.id).data == {"first": 0, **{f"key{n}": n for n in range(COUNT)}}


def test_a_shot_and_the_shots_of_an_episode_are_cast_by_many(studio):
    app, engine, project_id, headers, kinds = studio
    with Session(engine, expire_on_commit=False) as tx:
        ids = {"project_id": project_id}
        episode = make(tx, Entity, **ids, entity_type_id=kinds["Episode"])
        sequence = make(tx, Entity, **ids, entity_type_id=kinds["Sequence"], parent_id=episode.id)
        shots = [make(tx, Entity, **ids, entity_type_id=kinds["Shot"], parent_id=sequence.id) for _ in range(4)]
        assets = [make(tx, Entity, **ids, entity_type_id=kinds["Props"]) for _ in range(3)]
    casting = [{"asset_id": str(asset.id), "nb_occurences": 1} for asset in assets]
    path = f"/data/projects/{project_id}/entities/{{}}/casting"
    requests = [("PUT", path.format(shot.id), casting, headers) for shot in shots * 3]
    assert at_once(app, requests) == {200: len(requests)}
    with Session(engine) as tx:
        assert tx.scalar(sa.select(sa.func.count()).select_from(EntityLink)) == (len(shots) + 1) * len(assets)
        assert {tx.get(Entity, shot.id).nb_entities_out for shot in shots} == {len(assets)}
        assert tx.get(Entity, episode.id).nb_entities_out == len(assets)


def test_a_casting_and_the_end_of_its_asset_do_not_contradict_each_other(studio):
    app, engine, project_id, headers, kinds = studio
    with Session(engine, expire_on_commit=False) as tx:
        shot = make(tx, Entity, project_id=project_id, entity_type_id=kinds["Shot"])
        assets = [make(tx, Entity, project_id=project_id, entity_type_id=kinds["Props"]) for _ in range(COUNT)]
    path = f"/data/projects/{project_id}/entities/{shot.id}/casting"
    casts = [("PUT", path, [{"asset_id": str(asset.id), "nb_occurences": 2}], headers) for asset in assets]
    removals = [("DELETE", f"/data/assets/{asset.id}?force=true", None, headers) for asset in assets]
    codes = at_once(app, casts + removals)
    assert codes[204] == COUNT
    assert set(codes) <= {200, 204, 400, 404}
    with Session(engine) as tx:
        assert tx.scalar(sa.select(sa.func.count()).select_from(EntityLink)) == 0


def test_a_name_is_made_once(studio):
    """Assets are left out: the contract lets them share a name."""
    app, engine, project_id, headers, kinds = studio
    with Session(engine, expire_on_commit=False) as tx:
        sequence = make(tx, Entity, project_id=project_id, entity_type_id=kinds["Sequence"])
        admin = make(tx, Person, role="admin")
    for kind in ("Shot", "Sequence", "Episode"):
        path = f"/data/projects/{project_id}/{kind.lower()}s"
        codes = at_once(app, [("POST", path, {"name": "Same"}, headers)] * COUNT)
        assert set(codes) <= {200, 201}
        with Session(engine) as tx:
            named = sa.select(sa.func.count()).where(Entity.name == "Same", Entity.entity_type_id == kinds[kind])
            assert tx.scalar(named) == 1
    headers = {"Authorization": f"Bearer {token_of(app, admin)}"}
    body = {"name": "Other", "project_id": str(project_id), "entity_type_id": str(kinds["Shot"]), "parent_id": str(sequence.id)}
    assert at_once(app, [("POST", "/data/entities", body, headers)] * COUNT) == {201: 1, 400: COUNT - 1}
