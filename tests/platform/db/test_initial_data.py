"""The rows a new installation starts with."""

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from zou.entities.models import EntityType
from zou.people.models import Department
from zou.platform.errors import Invalid
from zou.productions.models import ProjectStatus
from zou.studio.initial_data import init_data
from zou.tasks.models import TaskStatus, TaskType

from . import contract

INITIAL = contract.read("initial_data.json")
MODELS = {
    "entity_type": EntityType,
    "task_type": TaskType,
    "task_status": TaskStatus,
    "department": Department,
    "project_status": ProjectStatus,
}
# The file names departments by ids of the installation it was read from; these are told by the colours of their task types.
DEPARTMENT_IDS = {
    "b4a52347-7d42-4fb0-9541-d2dc3878df63": "Concept",
    "5bcc3343-bdd4-4832-beb7-62d300528186": "Modeling",
    "12cbd4b7-d3be-4880-a91b-c3adeefcebea": "Animation",
    "d2457a9d-acb6-424c-b861-f9e82598a69d": "Layout",
    "f02e03b2-46bf-4bab-96aa-833a2f8ed974": "Compositing",
    "5d1a9874-afbd-4481-b119-686878280dd1": "FX",
}


@pytest.fixture
def tx(database_url):
    """A session on the worker's database that is rolled back."""
    engine = create_engine(database_url)
    with Session(engine) as session:
        yield session
    engine.dispose()


def rows(tx, table):
    """Rows of a table with the columns that the contract tells, departments by name."""
    names = {
        department.id: department.name for department in tx.scalars(select(Department))
    }
    keys = {key for row in INITIAL[table] for key in row}
    found = [
        {key: getattr(row, key) for key in keys}
        for row in tx.scalars(select(MODELS[table]))
    ]
    for row in found:
        if "department_id" in row:
            row["department_id"] = names.get(row["department_id"])
    return sorted(found, key=repr_sorted)


def expected(table):
    keys = {key for row in INITIAL[table] for key in row}
    told = [{key: row.get(key) for key in keys} for row in INITIAL[table]]
    for row in told:
        if "department_id" in row:
            row["department_id"] = DEPARTMENT_IDS.get(row["department_id"])
    return sorted(told, key=repr_sorted)


def repr_sorted(row):
    return sorted((key, repr(value)) for key, value in row.items())


@pytest.mark.parametrize("table", MODELS)
def test_a_3d_studio_starts_with_the_contracts_rows_however_often_it_is_asked(
    tx, table
):
    lines = init_data(tx)
    assert (
        init_data(tx, "3D")
        == lines
        == [
            "Project status initialized.",
            "Asset types initialized (domain: 3d).",
            "Shot types initialized.",
            "Edit type initialized.",
            "Task types initialized.",
            "Task status initialized.",
        ]
    )
    assert rows(tx, table) == expected(table)


# Source: the table of contract/rules/cli.md, `init-data`. (name, priority) by kind of studio and of entity.
TASK_TYPES = [
    ("2d", "Asset", "Concept 1"),
    (
        "2d",
        "Shot",
        "Storyboard 1, Layout 2, Animation 3, Clean-up 4, Color 5, Compositing 6",
    ),
    ("2d", "Edit", "Edit 7"),
    ("vfx", "Asset", "Concept 1, Modeling 2, Shading 3, Rigging 4"),
    (
        "vfx",
        "Shot",
        "Matchmove 1, Storyboard 1, Layout 2, Rotomation 2, Animation 3, Lighting 4, FX 5, Rendering 6, Compositing 7, DMP 8",
    ),
    ("vfx", "Edit", "Edit 9"),
    ("vfx", "Concept", "Concept 1"),
    (
        "games",
        "Asset",
        "Game Design 1, Level Design 2, Character Art 3, Environment Art 4, Animation 5, VFX 6",
    ),
    ("games", "Shot", "QA 1"),
    ("games", "Edit", ""),
    ("games", "Concept", "Concept 1"),
]


@pytest.mark.parametrize("domain, kind, steps", TASK_TYPES)
def test_each_kind_of_studio_has_its_task_types(tx, domain, kind, steps):
    init_data(tx, domain)
    found = tx.scalars(
        select(TaskType)
        .where(TaskType.for_entity == kind)
        .order_by(TaskType.priority, TaskType.name)
    ).all()
    assert (
        ", ".join(f"{task_type.name} {task_type.priority}" for task_type in found)
        == steps
    )


@pytest.mark.parametrize(
    "domain, names",
    [
        ("2d", {"Background"}),
        ("3d", {"Environment"}),
        ("vfx", {"Environment", "Vehicle"}),
        ("games", {"Environment", "UI"}),
    ],
)
def test_each_kind_of_studio_has_its_asset_types(tx, domain, names):
    init_data(tx, domain)
    everywhere = {
        "Shot",
        "Scene",
        "Sequence",
        "Episode",
        "Edit",
        "Concept",
        "ConceptFolder",
        "Character",
        "Prop",
        "FX",
    }
    assert set(tx.scalars(select(EntityType.name))) == everywhere | names


def test_an_unknown_kind_of_studio_changes_nothing(tx):
    with pytest.raises(Invalid):
        init_data(tx, "4d")
    assert tx.scalars(select(ProjectStatus)).all() == []
