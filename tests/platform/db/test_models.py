"""The models against contract/orm.json, and what a row does with values."""

import warnings

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session, aliased, configure_mappers

from zou.domains import import_models
from zou.entities.models import Entity, EntityType
from zou.people.models import Person
from zou.platform.db import Base
from zou.platform.db.types import Choice, Email, InvalidValue, Locale, Timezone
from zou.productions.models import Project
from zou.tasks.models import TaskType

from . import contract

import_models()
ORM = contract.read("orm.json")
MODELS = {
    m.local_table.name: m.class_
    for m in sorted(Base.registry.mappers, key=lambda m: m.local_table.name)
}
CALLABLES = {
    "callable:gen_uuid": "uuid4",
    "callable:get_utc_now_datetime": "utcnow",
    "callable:list": "list",
}
SEMANTICS = {"EmailType": Email, "TimezoneType": Timezone, "LocaleType": Locale}


@pytest.fixture
def tx(database_url):
    """A session on the worker's database that is rolled back."""
    engine = create_engine(database_url)
    with Session(engine) as session:
        yield session
    engine.dispose()


def default_of(column):
    """A column's default in the form of orm.json."""
    if column.default is None:
        return None
    if not column.default.is_callable:
        return column.default.arg
    made = column.default.arg(None)
    if column.type.python_type is list or isinstance(made, list):
        return made
    name = next(
        (
            text
            for text, function in CALLABLES.items()
            if column.default.arg.__name__ == function
        ),
        None,
    )
    return name or "callable:<lambda>"


def expected_default(table, column, told):
    default = told.get("default")
    # Text columns hold text: the reference gave this one a number.
    return {("project", "fps"): "25"}.get(
        (table, column), [] if default == "callable:list" else default
    )


@pytest.mark.parametrize("table", sorted(ORM))
def test_defaults_choices_and_kinds_of_columns_are_the_contracts(table):
    columns = Base.metadata.tables[table].columns
    for name, told in ORM[table]["columns"].items():
        column = columns[name]
        assert default_of(column) == expected_default(table, name, told), name
        assert (column.onupdate is not None) == bool(told.get("onupdate")), name
        codes = (
            getattr(column.type, "codes", None)
            if isinstance(column.type, Choice)
            else None
        )
        assert codes == (
            tuple(code for code, _ in told["choices"]) if "choices" in told else None
        ), name
        if "semantic" in told:
            assert isinstance(column.type, SEMANTICS[told["semantic"]]), name
    undeclared = set(columns.keys()) - set(ORM[table]["columns"])
    assert [name for name in undeclared if columns[name].default is not None] == []


@pytest.mark.parametrize("table", sorted(name for name in ORM if name in MODELS))
def test_relationships_are_the_contracts(table):
    found = {
        relationship.key: {
            "to": relationship.mapper.local_table.name,
            "many": relationship.uselist,
            "secondary": relationship.secondary.name
            if relationship.secondary is not None
            else None,
            "cascade": f"CascadeOptions('{','.join(sorted(relationship.cascade))}')",
        }
        for relationship in MODELS[table].__mapper__.relationships
    }
    assert found == ORM[table]["relationships"]


def test_mappers_fit_together_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        configure_mappers()


@pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.__name__)
def test_a_model_is_described_and_named_after_its_table(model):
    assert model.__doc__
    assert model.__name__.lower() == model.__tablename__.replace("_", "")


REACHING = [model for model in MODELS.values() if hasattr(model, "project_key")]


def test_every_model_with_a_production_tells_how_to_reach_it():
    without = {"Person", "ProjectTemplate"}
    owning = {
        model.__name__
        for model in MODELS.values()
        if "project_id" in model.__table__.columns
    }
    assert owning - without <= {model.__name__ for model in REACHING}


@pytest.mark.parametrize("model", REACHING, ids=lambda model: model.__name__)
@pytest.mark.parametrize("view", [lambda model: model, aliased], ids=["model", "alias"])
def test_the_production_of_a_row_is_a_statement_postgresql_takes(tx, model, view):
    seen, production = view(model), aliased(Project)
    assert (
        tx.execute(
            select(seen).join(production, production.id == seen.project_key())
        ).all()
        == []
    )


def test_a_row_gets_its_defaults_and_keeps_an_explicit_null(tx):
    project = Project(name="Caminandes", fps=None, homepage=None)
    tx.add(project)
    tx.flush()
    tx.refresh(project)
    assert (project.fps, project.homepage, project.ratio, project.production_style) == (
        None,
        None,
        "16:9",
        "2d3d",
    )
    assert project.created_at.tzinfo is None
    assert project.id is not None


def test_casting_links_are_seen_from_both_ends(tx):
    project, kind = Project(name="Caminandes"), EntityType(name="Prop")
    tx.add_all([project, kind])
    tx.flush()
    shot, asset = (
        Entity(name=name, project_id=project.id, entity_type_id=kind.id)
        for name in ("SH01", "Llama")
    )
    shot.entities_out = [asset]
    tx.add_all([shot, asset])
    tx.flush()
    tx.expire_all()
    assert asset.entities_in == [shot]
    assert shot.entities_in == []
    assert (
        tx.scalar(select(Entity.project_id).where(Entity.id == asset.id)) == project.id
    )


@pytest.mark.parametrize(
    "column, value",
    [
        ("role", "boss"),
        ("timezone", "Mars/Olympus"),
        ("locale", "xx_YY"),
        ("position", "chief"),
    ],
)
def test_a_value_outside_its_set_is_refused(tx, column, value):
    tx.add(Person(first_name="Ada", last_name="Lovelace", **{column: value}))
    with pytest.raises(InvalidValue):
        tx.flush()


def test_an_email_is_kept_and_found_in_lower_case(tx):
    tx.add(Person(first_name="Ada", last_name="Lovelace", email="Ada@Example.COM"))
    tx.flush()
    assert (
        tx.scalar(select(Person.email).where(Person.email == "ADA@example.com"))
        == "ada@example.com"
    )


def test_bots_may_share_an_email(tx):
    tx.add_all(
        [
            Person(
                first_name=name, last_name="Bot", email="bot@example.com", is_bot=True
            )
            for name in ("A", "B")
        ]
    )
    tx.flush()
    assert (
        len(tx.scalars(select(Person).where(Person.email == "bot@example.com")).all())
        == 2
    )


def test_a_task_type_gets_the_colour_kind_and_priority_that_are_not_given(tx):
    task_type = TaskType(name="Modeling")
    tx.add(task_type)
    tx.flush()
    assert (task_type.color, task_type.for_entity, task_type.priority) == (
        "#FFFFFF",
        "Asset",
        1,
    )
