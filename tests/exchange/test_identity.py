"""What was exported can be imported again, and changes nothing; into an empty production it makes the same."""

import datetime as dt
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from zou.entities.models import Entity, EntityLink
from zou.people.models import Person, department_link
from zou.productions.models import MetadataDescriptor, Project, ProjectTaskTypeLink
from zou.tasks.models import Task, task_person_link

IGNORED = {"updated_at"}


@pytest.fixture
def filled(show, make, tx):
    """The series with episodes, shots, assets, edits, tasks, assignees, odd texts and castings; `descriptors` of all kinds of values."""
    project = show.project

    def entity(kind, name, **columns):
        type_ = show.props if kind == "Asset" else show.kinds[kind]
        return make(Entity, name=name, project_id=project.id, entity_type_id=type_.id, **columns)

    odd = 'a "quoted"; text,\nof two lines'
    episodes = [entity("Episode", name) for name in ("E01", "E02")]
    sequences = [entity("Sequence", "S01", parent_id=episode.id) for episode in episodes]
    data = {"size": "12", "done": True, "owner": str(show.artist.id), "count": 3, "frame_in": 1, "frame_out": 20, "fps": "25"}
    shots = [
        entity("Shot", "SH01", parent_id=sequences[0].id, nb_frames=20, data=data, description=odd),
        entity("Shot", "SH01", parent_id=sequences[1].id, data={"frame_in": "5", "frame_out": "9"}),
        entity("Shot", "=SH02", parent_id=sequences[1].id, data=None, description=""),
    ]
    assets = [
        entity("Asset", "Chair", source_id=episodes[0].id, data=data, description=odd, ready_for=show.types["Shot"].id),
        entity("Asset", "Table", data={"done": "false", "size": ""}),
        entity("Asset", "chair", data=None),
    ]
    edits = [entity("Edit", "Cut", parent_id=episodes[0].id, data=data), entity("Edit", "Trailer", description=odd)]
    for kind, rows in (("Shot", shots), ("Asset", assets), ("Edit", edits)):
        for n, row in enumerate(rows):
            columns = {"entity_id": row.id, "task_type_id": show.types[kind].id, "project_id": project.id}
            columns["nb_assets_ready"] = int(row is shots[0])  # the chair is ready for it
            task = make(Task, **columns, task_status_id=(show.wip if n == 0 else show.todo).id)
            if n == 0:
                tx.execute(sa.insert(task_person_link).values(task_id=task.id, person_id=show.artist.id))
    for target, asset, columns in (
        (shots[0], assets[0], {"nb_occurences": 2, "label": "Set Dress"}),
        (shots[1], assets[1], {"nb_occurences": None, "label": None}),
        (assets[0], assets[1], {"label": "fixed"}),
        (assets[1], assets[2], {"label": "fixed"}),
        (episodes[0], assets[0], {"label": "fixed"}),
        (episodes[0], assets[1], {"label": "fixed"}),
    ):
        make(EntityLink, entity_in_id=target.id, entity_out_id=asset.id, **columns)
    tx.execute(sa.update(Entity).where(Entity.project_id == project.id).values(nb_entities_out=live_links()))
    tx.commit()
    return SimpleNamespace(**vars(show), shots=shots, assets=assets, edits=edits)


def live_links():
    """Scalar subquery: how many assets an entity uses."""
    return sa.select(sa.func.count()).where(EntityLink.entity_in_id == Entity.id).scalar_subquery()


def rows(tx, model):
    """The rows of a table without the dates of their last change, in a fixed order."""
    columns = [column for column in model.__table__.columns if column.name not in IGNORED]
    return sorted(map(str, tx.execute(sa.select(*columns)).all()))


def without_derived(tx):
    """What counts of all tables: entities, links, tasks and who is assigned."""
    links = sorted(map(str, tx.execute(sa.select(task_person_link)).all()))
    return {"entity": rows(tx, Entity), "link": rows(tx, EntityLink), "task": rows(tx, Task), "assigned": links}


@pytest.mark.parametrize("update", [True, False])
@pytest.mark.parametrize("kind", ["assets", "shots", "edits"])
def test_an_exported_file_changes_nothing(api, people, send, filled, tx, kind, update):
    path = f"/export/csv/projects/{filled.project.id}/{kind}.csv"
    file, before = api(people["manager"], "get", path).data, without_derived(tx)
    answer = send(f"/import/csv/projects/{filled.project.id}/{kind}", file, update=update)
    assert answer.status_code == 201, answer.json
    assert len(answer.json) == {"assets": 3, "shots": 3, "edits": 2}[kind]
    assert without_derived(tx) == before
    assert api(people["manager"], "get", path).data == file


@pytest.mark.parametrize("query", ["", "?is_shot_casting=true", "?episode_id=all", "?episode_id=main"])
def test_exported_castings_change_nothing(api, people, send, filled, tx, query):
    path = f"/export/csv/projects/{filled.project.id}/casting.csv{query}"
    file, before = api(people["manager"], "get", path).data, without_derived(tx)
    lines = file.decode().count("\r\n") - 1
    answer = send(f"/import/csv/projects/{filled.project.id}/casting", file)
    assert (answer.status_code, answer.json) == (201, [None] * lines)
    assert lines > 0
    after = without_derived(tx)
    assert after == before
    assert api(people["manager"], "get", path).data == file


@pytest.mark.parametrize("kind", ["assets", "shots", "edits"])
def test_an_exported_file_fills_an_empty_production_alike(api, people, send, filled, make, tx, kind):
    copy = make(Project, name="Copy", production_type="tvshow", project_status_id=filled.project.project_status_id)
    for descriptor in tx.scalars(sa.select(MetadataDescriptor).where(MetadataDescriptor.project_id == filled.project.id)).all():
        same = {name: getattr(descriptor, name) for name in ("name", "field_name", "data_type", "entity_type", "position")}
        make(MetadataDescriptor, project_id=copy.id, **same)
    for type_ in filled.types.values():
        make(ProjectTaskTypeLink, project_id=copy.id, task_type_id=type_.id)
    file = api(people["admin"], "get", f"/export/csv/projects/{filled.project.id}/{kind}.csv").data.decode()
    if kind == "shots":  # a shot without a number of frames gets 0, or what lies between its first and last (imports.md §3)
        file = file.replace(";0.00;;5;9;", ";0.00;5;5;9;").replace("=SH02;;0.00;;", "=SH02;;0.00;0;")
    answer = send(f"/import/csv/projects/{copy.id}/{kind}", file, who="admin")
    assert answer.status_code == 201, answer.json
    exported = api(people["admin"], "get", f"/export/csv/projects/{copy.id}/{kind}.csv").data.decode()
    assert exported == file.replace(filled.project.name, "Copy")


def test_exported_persons_change_nothing(api, people, send, show, make, tx):
    work = {"role": "supervisor", "position": "lead", "seniority": "senior", "contract_type": "freelance", "daily_salary": 300}
    own = {"email": "ada@byron.example.com", "country": "GB", "phone": "+44 1", "studio_id": show.studio.id, "active": False}
    ada = make(Person, first_name="Ada", last_name="Byron, Lady", **work, **own)
    tx.execute(sa.insert(department_link).values(person_id=ada.id, department_id=show.department.id))
    for person in tx.scalars(sa.select(Person)):
        person.email = f"{person.id}@studio.example.com"
    tx.commit()
    file, before = api(people["admin"], "get", "/export/csv/persons.csv").data, rows(tx, Person)
    links = sorted(map(str, tx.execute(sa.select(department_link)).all()))
    for update in (False, True):
        answer = send("/import/csv/persons", file, who="admin", update=update)
        assert answer.status_code == 201, answer.json
        assert rows(tx, Person) == before
        assert sorted(map(str, tx.execute(sa.select(department_link)).all())) == links
        assert api(people["admin"], "get", "/export/csv/persons.csv").data == file


def test_exported_persons_fill_an_empty_studio_alike(api, people, send, show, make, tx):
    ada = make(Person, first_name="Ada", last_name="Lovelace", email="ada@studio.example.com", role="vendor", country="FR", daily_salary=7)
    tx.execute(sa.insert(department_link).values(person_id=ada.id, department_id=show.department.id))
    tx.commit()
    export = api(people["admin"], "get", "/export/csv/persons.csv").data.decode()
    lines = export.split("\r\n")
    own = next(line for line in lines if "ada@" in line)
    tx.execute(sa.delete(department_link))
    tx.execute(sa.delete(Person).where(Person.id == ada.id))
    tx.commit()
    assert send("/import/csv/persons", "\r\n".join([lines[0], own]), who="admin").status_code == 201
    assert api(people["admin"], "get", "/export/csv/persons.csv").data.decode() == export
    assert tx.scalar(sa.select(Person.password).where(Person.email == "ada@studio.example.com")) is None
    assert tx.scalar(sa.select(Person.created_at).where(Person.email == "ada@studio.example.com")).date() <= dt.date(2100, 1, 1)
