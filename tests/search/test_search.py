"""Search: what is found, by whom, and that the index follows every change."""

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from tests.commanding import zou  # noqa: F401  (fixture)
from tests.databases import database_url  # noqa: F401  (a fixture)
from zou.__main__ import COMMANDS
from zou.comments.models import Comment
from zou.entities.models import Entity, EntityType
from zou.people.models import Department, Person
from zou.platform.cli import LazyGroup
from zou.productions.models import MetadataDescriptor, Project, ProjectStatus
from zou.search import services
from zou.tasks.models import Task, TaskStatus, TaskType, task_person_link


@pytest.fixture
def assets(make, project, tx):
    """Two assets and a shot of an open production, one asset of another one, indexed."""
    prop, shot = make(EntityType, name="Props"), make(EntityType, name="Shot")
    elsewhere = make(Project, project_status_id=project.project_status_id)
    sequence = make(Entity, name="SQ01", project_id=project.id, entity_type_id=make(EntityType, name="Sequence").id)
    made = {
        "tool": make(Entity, name="L'ustensile_brûlé", project_id=project.id, entity_type_id=prop.id, data={"vendor": "Éclair"}),
        "hero": make(Entity, name="Hero", project_id=project.id, entity_type_id=prop.id, description="Wears a red cape"),
        "shot": make(Entity, name="SH010", project_id=project.id, entity_type_id=shot.id, parent_id=sequence.id, data={"fps": "987"}),
        "elsewhere": make(Entity, name="Hero elsewhere", project_id=elsewhere.id, entity_type_id=prop.id),
    }
    services.reset(tx)
    tx.commit()
    return made


def search(api, person, query, **more):
    answer = api(person, "post", "/data/search", json={"query": query, "limit": 20, **more})
    assert answer.status_code == 200
    return answer.json


def names(found, index="assets"):
    return [row["name"] for row in found[index]]


@pytest.mark.parametrize("query", ["usten", "USTENSILE", "brule", "brûlé usten", "l'ust", "props brule"])
def test_parts_of_words_are_found_without_accents_and_case(api, people, assets, query):
    assert names(search(api, people["user"], query)) == ["L'ustensile_brûlé"]


def test_terms_say_where_the_words_were(api, people, assets):
    assert search(api, people["user"], "eclair")["assets"][0]["matched_terms"] == ["vendor"]
    assert search(api, people["user"], "red cape")["assets"][0]["matched_terms"] == ["description"]
    assert search(api, people["user"], "hero")["assets"][0]["matched_terms"] == ["name"]


def test_a_misspelt_word_finds_what_is_near(api, people, assets):
    assert names(search(api, people["user"], "ustensyle")) == ["L'ustensile_brûlé"]


def test_a_shot_is_found_by_its_sequence_and_not_by_technical_metadata(api, people, assets):
    (row,) = search(api, people["user"], "sq01 sh0")["shots"]
    assert (row["name"], row["sequence_name"], row["type"], row["matched_terms"]) == ("SH010", "SQ01", "Shot", ["name"])
    assert "episode" not in row
    assert search(api, people["user"], "987")["shots"] == []


def test_percent_and_backslash_are_characters(api, people, assets):
    for query in ("%%%", "\\\\\\", "___", "a%b"):
        assert search(api, people["user"], query)["assets"] == []


def test_only_rows_of_ones_open_productions_are_found(api, people, assets, project, tx):
    assert names(search(api, people["user"], "hero")) == ["Hero"]
    assert names(search(api, people["admin"], "hero")) == ["Hero", "Hero elsewhere"]
    assert search(api, people["outsider"], "hero")["assets"] == []
    elsewhere = str(assets["elsewhere"].project_id)
    assert search(api, people["user"], "hero", project_id=elsewhere)["assets"] == []
    assert names(search(api, people["admin"], "hero", project_id=elsewhere)) == ["Hero elsewhere"]
    closed = ProjectStatus(name="Done", color="#000000")
    tx.add(closed)
    tx.flush()
    project.project_status_id = closed.id
    tx.commit()
    assert search(api, people["user"], "hero")["assets"] == []
    assert search(api, people["admin"], "hero", project_id=str(project.id))["assets"] == []


def test_a_vendor_finds_their_entities_and_no_hidden_metadata(api, people, assets, project, make, tx):
    assert search(api, people["vendor"], "hero")["assets"] == []
    task = make(Task, project_id=project.id, entity_id=assets["tool"].id)
    tx.execute(sa.insert(task_person_link).values(task_id=task.id, person_id=people["vendor"].id))
    tx.commit()
    assert names(search(api, people["vendor"], "eclair")) == ["L'ustensile_brûlé"]
    descriptor = make(MetadataDescriptor, project_id=project.id, field_name="vendor", entity_type="Asset")
    descriptor.departments.append(make(Department))
    tx.commit()
    assert search(api, people["vendor"], "eclair")["assets"] == []
    (row,) = search(api, people["vendor"], "usten")["assets"]
    assert (row["data"], row["matched_terms"]) == ({}, ["name"])


def test_persons_are_found_in_the_form_of_the_reader(api, people, project, make, tx):
    make(Person, first_name="Zoé", last_name="Active")
    make(Person, first_name="Zoé", last_name="Gone", active=False)
    guest = make(Person, first_name="Zoé", last_name="Guest", is_guest=True, role="client")
    services.reset(tx)
    tx.commit()
    assert [row["full_name"] for row in search(api, people["user"], "zoe")["persons"]] == ["Zoé Active"]
    assert "email" not in search(api, people["user"], "zoe")["persons"][0]
    assert search(api, people["admin"], "zoe")["persons"][0]["email"].startswith("person")
    assert search(api, people["client"], "zoe")["persons"] == []
    assert guest.is_guest


def test_the_index_follows_the_requests(api, people, project, make, tx):
    kind = make(EntityType, name="Props")
    path = f"/data/projects/{project.id}/asset-types/{kind.id}/assets/new"
    created = api(people["manager"], "post", path, json={"name": "Lantern"})
    assert created.status_code == 201
    id = created.json["id"]
    assert names(search(api, people["user"], "lantern")) == ["Lantern"]
    assert api(people["manager"], "put", f"/data/entities/{id}", json={"name": "Torch"}).status_code == 200
    assert search(api, people["user"], "lantern")["assets"] == []
    assert names(search(api, people["user"], "torch")) == ["Torch"]
    assert api(people["admin"], "put", f"/data/entity-types/{kind.id}", json={"name": "Lamps"}).status_code == 200
    assert names(search(api, people["user"], "lamps")) == ["Torch"]
    assert api(people["manager"], "delete", f"/data/entities/{id}").status_code == 204
    assert search(api, people["user"], "torch")["assets"] == []


def test_a_renamed_sequence_renames_its_shots_in_the_index(api, people, assets, tx):
    sequence_id = assets["shot"].parent_id
    assert api(people["manager"], "put", f"/data/entities/{sequence_id}", json={"name": "Opening"}).status_code == 200
    assert names(search(api, people["user"], "opening"), "shots") == ["SH010"]


def test_what_others_write_is_caught_up_with(api, people, project, make, tx):
    make(Entity, name="Written past us", project_id=project.id, entity_type_id=make(EntityType, name="Props").id)
    tx.execute(sa.text("UPDATE tracker.search_state SET checked_at = 'epoch'"))
    tx.commit()
    assert names(search(api, people["user"], "past us")) == ["Written past us"]


def test_pages_are_full_and_ordered_by_name(api, people, project, make, tx):
    kind = make(EntityType, name="Props")
    for number in range(5):
        make(Entity, name=f"Crate {number}", project_id=project.id, entity_type_id=kind.id)
    services.reset(tx)
    tx.commit()
    assert names(search(api, people["user"], "crate", limit=2, offset=2)) == ["Crate 2", "Crate 3"]


def test_short_queries_and_unknown_indexes_find_nothing(api, people, assets):
    assert search(api, people["user"], "he") == {}
    assert list(search(api, people["user"], "hero", index_names=["shots", "planets"])) == ["shots"]


def test_the_statements_do_not_grow_with_the_results(api, people, assets, statements):
    with statements() as seen:
        search(api, people["user"], "hero")
    assert len(seen) <= 8


def test_a_reset_counts_what_it_indexed(assets, people, tx):
    counts = services.reset(tx)
    assert (counts["assets"], counts["shots"], counts["comments"]) == (3, 1, 0)
    assert counts["persons"] == tx.scalar(sa.select(sa.func.count()).select_from(Person).where(Person.active, Person.is_guest.is_(False)))


@pytest.fixture
def said(tx, make, project, people, assets):
    """`said(text, author, **columns)`: a comment on the task of the asset `tool`, which the vendor works on."""
    craft = make(TaskType)
    task = make(Task, project_id=project.id, entity_id=assets["tool"].id, task_type_id=craft.id)
    task.assignees = [people["vendor"]]
    status = make(TaskStatus)

    def say(text, author="manager", **columns):
        comment = make(Comment, object_id=task.id, task_status_id=status.id, person_id=people[author].id, text=text, **columns)
        services.catch_up_comments(tx)
        tx.commit()
        return comment

    return say


def test_an_asset_is_found_by_what_is_said_about_it(api, people, said):
    comment = said("The Pédale squeaks", replies=[{"text": "Oiled with lithium"}, "odd"])
    for query in ("pedale", "squeaks ped", "lithium"):
        (row,) = search(api, people["user"], query)["assets"]
        assert (row["name"], row["type"], row["matched_terms"]) == ("L'ustensile_brûlé", "Asset", ["comment"])
        assert search(api, people["user"], query)["shots"] == []
    assert search(api, people["outsider"], "pedale")["assets"] == []
    assert search(api, people["user"], "pedale hero")["assets"] == []
    path = f"/data/comments/{comment.id}"
    assert api(people["manager"], "put", path, json={"text": "The handle squeaks"}).status_code == 200
    assert search(api, people["user"], "pedale")["assets"] == []
    assert names(search(api, people["user"], "handle")) == ["L'ustensile_brûlé"]
    assert api(people["admin"], "delete", path).status_code == 204
    assert search(api, people["user"], "handle")["assets"] == []


def test_comments_are_searched_as_far_as_they_may_be_read(api, people, said):
    said("Between colleagues: wobbly")
    said("To the client: splendid", for_client=True)
    said("From the client: charming", author="client")
    readers = {"manager": (1, 1, 1), "user": (1, 1, 0), "vendor": (1, 1, 0), "client": (0, 1, 1), "outsider": (0, 0, 0)}
    for role, expected in readers.items():
        assert tuple(len(search(api, people[role], word)["assets"]) for word in ("wobbly", "splendid", "charming")) == expected, role


def test_what_is_found_by_comments_follows_what_is_found_by_name(api, people, assets, said, make, project, tx):
    said("Like the hero")
    for limit, offset, expected in ((20, 0, ["Hero", "L'ustensile_brûlé"]), (1, 0, ["Hero"]), (1, 1, ["L'ustensile_brûlé"]), (1, 2, [])):
        assert names(search(api, people["user"], "hero", limit=limit, offset=offset)) == expected


def test_what_is_said_is_indexed_with_it_and_forgotten_with_its_task(api, people, tx, said):
    task_id, status_id = (
        str(id) for id in tx.execute(sa.select(Comment.object_id, Comment.task_status_id).where(Comment.id == said("").id)).one()
    )
    body = {"task_status_id": status_id, "comment": "Spoken just now"}
    posted = api(people["manager"], "post", f"/actions/tasks/{task_id}/comment", json=body)
    assert posted.status_code == 201
    reply = api(people["vendor"], "post", f"/data/tasks/{task_id}/comments/{posted.json['id']}/reply", json={"text": "Answered at once"})
    assert len(search(api, people["user"], "answered")["assets"]) == len(search(api, people["user"], "spoken")["assets"]) == 1
    path = f"/data/tasks/{task_id}/comments/{posted.json['id']}/reply/{reply.json['id']}"
    assert api(people["vendor"], "delete", path).status_code == 200
    assert search(api, people["user"], "answered")["assets"] == []
    assert api(people["manager"], "delete", f"/data/tasks/{task_id}?force=true").status_code == 204
    assert search(api, people["user"], "spoken")["assets"] == []
    assert tx.scalar(sa.text("SELECT count(*) FROM tracker.search_comment")) == 0


def test_comments_written_and_removed_past_this_server_are_caught_up_with(tx, said):
    comment = said("By the other server")
    count = sa.text("SELECT count(*) FROM tracker.search_comment WHERE id = :id")
    assert tx.scalar(count, {"id": comment.id}) == 1
    tx.execute(sa.delete(Comment).where(Comment.id == comment.id))
    services.catch_up_comments(tx)
    assert tx.scalar(count, {"id": comment.id}) == 0


def test_a_reset_indexes_comments_again(tx, said):
    comment = said("Forgotten")
    tx.execute(sa.text("DELETE FROM tracker.search_comment"))
    assert services.reset(tx)["comments"] == 1
    assert tx.scalar(sa.text("SELECT content FROM tracker.search_comment WHERE id = :id"), {"id": comment.id}) == "forgotten"


def test_the_command_names_the_first_assets_of_all_productions(app, assets, database_url, monkeypatch):  # noqa: F811
    monkeypatch.setenv("ZOU_DATABASE_URL", str(database_url))
    commands = LazyGroup(COMMANDS, lambda settings: app)
    told = CliRunner().invoke(commands, ["search-asset", "--query", "hero"])
    assert told.output == f"Hero {assets['hero'].id}\nHero elsewhere {assets['elsewhere'].id}\n"
    for query in ("nothing like it", ""):
        assert CliRunner().invoke(commands, ["search-asset", "--query", query]).output == "No asset found\n"


def test_the_index_is_made_anew(zou, api, people, assets, tx):  # noqa: F811
    tx.execute(sa.text("DELETE FROM tracker.search_document"))
    tx.commit()
    assert names(search(api, people["user"], "hero")) == []
    done = zou("reset-search-index")
    assert (done.exit_code, done.output.splitlines()[0]) == (0, "Resetting search index.")
    assert {"3 assets indexed", "1 shots indexed"} <= set(done.output.splitlines())
    assert names(search(api, people["user"], "hero")) == ["Hero"]
