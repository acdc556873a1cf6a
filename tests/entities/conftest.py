"""Fixtures of entities: an asset and a shot of the production."""

import pytest
import sqlalchemy as sa

from zou.entities.models import Entity, EntityType
from zou.platform.events.models import ApiEvent


@pytest.fixture
def kind(tx, make):
    """`kind(name)`: the entity type of that name."""

    def find(name):
        return tx.scalar(sa.select(EntityType).where(EntityType.name == name)) or make(EntityType, name=name)

    return find


@pytest.fixture
def asset(make, kind, project):
    return make(Entity, name="Tree", project_id=project.id, entity_type_id=kind("Props").id, data={"size": "big"})


@pytest.fixture
def shot(make, kind, project):
    return make(Entity, name="SH010", project_id=project.id, entity_type_id=kind("Shot").id, data={"frame_in": 1, "frame_out": 10})


@pytest.fixture
def told(tx):
    """`told()`: (name, data) of the events stored so far, oldest first."""

    def read():
        tx.expire_all()
        return [(event.name, event.data) for event in tx.scalars(sa.select(ApiEvent).order_by(ApiEvent.created_at))]

    return read
