"""The studio of the tests can be built: every model that it names takes its rows."""

from tests.world import build


def test_every_row_of_the_world_is_stored(tx):
    world = build(tx)
    assert len(world) > 45
    assert all(row.id for row in world.values())
