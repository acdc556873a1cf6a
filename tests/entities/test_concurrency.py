"""Many people build the same scene at the same moment."""

import threading
from collections import Counter

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.conftest import token_of
from tests.making import join_team, make, open_status
from zou.entities.models import AssetInstance, Entity, EntityLink, EntityType
from zou.people.models import Person
from zou.productions.models import Project

PEOPLE = 10


def test_what_ten_people_make_at_once_is_numbered_named_and_counted_once(own_application):
    app, engine = own_application
    with Session(engine, expire_on_commit=False) as tx:
        project = make(tx, Project, project_status_id=open_status(tx).id)
        person = make(tx, Person, role="manager")
        join_team(tx, project, person)
        kinds = {name: make(tx, EntityType, name=name).id for name in ("Shot", "Scene", "Props")}
        scene, shot = (make(tx, Entity, name=kind, project_id=project.id, entity_type_id=kinds[kind]) for kind in ("Scene", "Shot"))
        assets = [make(tx, Entity, name=f"P{n}", project_id=project.id, entity_type_id=kinds["Props"]) for n in range(PEOPLE)]
        tx.commit()
    headers = {"Authorization": f"Bearer {token_of(app, person)}"}
    codes, start = Counter(), threading.Barrier(PEOPLE)

    def work(number):
        start.wait()
        ours, client = f"/data/projects/{project.id}", app.test_client()
        for verb, path, body in (
            ("post", f"/data/scenes/{scene.id}/asset-instances", {"asset_id": str(assets[0].id)}),
            ("post", f"{ours}/concepts", {"name": "Tower"}),
            ("put", f"{ours}/entities/casting/assets/{assets[number].id}", {"entity_ids": [str(shot.id)]}),
        ):
            codes[getattr(client, verb)(path, json=body, headers=headers).status_code] += 1

    threads = [threading.Thread(target=work, args=(number,)) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == {201: 2 * PEOPLE, 200: PEOPLE}
    with Session(engine) as tx:
        assert sorted(tx.scalars(sa.select(AssetInstance.number))) == list(range(1, PEOPLE + 1))
        assert tx.scalar(sa.select(sa.func.count()).where(Entity.name == "Tower")) == 1
        assert tx.scalar(sa.select(sa.func.count()).select_from(EntityLink)) == PEOPLE
        assert tx.get(Entity, shot.id).nb_entities_out == PEOPLE
