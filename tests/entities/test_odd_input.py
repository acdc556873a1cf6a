"""What clients get wrong on the routes of entities: every answer is a clear 4xx, or what an empty request gets; none is a 500."""

import itertools
import json
import uuid

import pytest

from tests.world import build
from zou.entities.models import Entity, EntityType
from zou.entities.queries.kinds import slug

MALFORMED, UNKNOWN, NUL = "not-a-uuid", str(uuid.UUID(int=7)), "%00"
QUERIES = (
    "", "?project_id=x&episode_id=[]", "?episode_id=main&limit=-1&page=a", "?page=9999999999999999999", "?name=%00", "?parent_id=[1",
    "?cursor_created_at=yesterday&count_mode=none&data=x", "?studio_id=x&sequence_id=null&nb_frames=x", "?entities_out=x&relations=[]",
)  # fmt: skip
BODIES = (
    None, [], {}, "text", 3, [None], ["x"], {"name": "a\u0000b"}, {UNKNOWN: [3]}, {"x": [{}]},
    {"name": ["a"], "asset_ids": "x", "concept_ids": [3], "entity_ids": [], "asset_id": 3, "shot_id": None, "nb_frames": 1.5},
    {"name": "x" * 300, "asset_ids": [{}], "is_shared": "maybe", "concept_ids": [], "concept_folder_id": "x", "nb_frames": 10**12},
    {"name": "a", "parent_id": 3, "sequence_id": "x", "episode_id": {}, "entity_ids": [UNKNOWN], "nb_occurences": 10**20},
    {"name": "n", "entity_concept_links": ["x", {"id": 3}], "asset_id": UNKNOWN, "description": 3}, {"data": {"a": "\u0000"}},
    [{"asset_id": "x", "nb_occurences": "y"}], [{"asset_id": UNKNOWN, "nb_occurences": 10**12, "label": "x" * 100}],
)  # fmt: skip
SUBJECTS = {
    "assets", "shots", "sequences", "episodes", "scenes", "edits", "concepts", "concept-folders", "entities", "entity-links", "casting",
    "quotas", "asset-types", "move-concepts", "delete-entities", "set-shot-nb-frames",
}  # fmt: skip


def ours(app):
    """(verb, path) of the routes that this package tests."""
    for rule in app.url_map.iter_rules():
        path = str(rule)
        parts = path.split("/")
        if set(parts) & SUBJECTS and parts[1] in ("data", "actions") and "user" not in parts and "persons" not in parts[:3]:
            yield from ((verb, path) for verb in sorted(rule.methods & {"GET", "POST", "PUT", "DELETE"}))


def filled(path, world, odd=None):
    """The path with ids of rows that exist, or with an odd text for the last of them."""
    parts = path.split("/")
    places = [n for n, part in enumerate(parts) if part.startswith("<")]
    for n in places:
        name = parts[n].strip("<>").split(":")[-1]
        row = world.get(name.removesuffix("_id"))
        parts[n] = odd if odd is not None and n == places[-1] else str(getattr(row, "id", UNKNOWN))
    return "/".join(parts)


@pytest.fixture
def world(tx, make, kind):
    """A row for each name that paths have: of every model by its table, and of each kind of entity."""
    rows = build(tx)
    found = {getattr(key, "__tablename__", key): row for key, row in rows.items()}
    production = found["project"].id
    for name in ("Sequence", "Episode", "Edit", "Concept", "ConceptFolder"):
        found[slug(name).replace("-", "_")] = make(Entity, name=name, project_id=production, entity_type_id=kind(name).id)
    return {**found, "asset": found["entity"], "asset_type": tx.get(EntityType, found["entity"].entity_type_id)}


@pytest.mark.parametrize("verb", ["GET", "POST", "PUT", "DELETE"])
def test_no_odd_request_is_a_fault(app, api, people, world, verb):
    routes = [path for method, path in ours(app) if method == verb]
    assert routes
    asked = itertools.product(routes, (None, MALFORMED, UNKNOWN, NUL))
    for path, odd in asked:
        queries = QUERIES if verb == "GET" and not path.endswith(">") else ("", "?force=x")
        for extra in queries if odd is None else ("",):
            for body in BODIES if verb in ("POST", "PUT") and odd is None and not extra else (None,):
                sent = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
                answer = api(people["admin"], verb.lower(), filled(path, world, odd) + extra, **sent)
                assert answer.status_code < 500, (verb, path, odd, extra, body, answer.text)
