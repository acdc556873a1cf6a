"""Episodes, sequences, scenes, shots and assets from Shotgun."""

import uuid

import orjson
import sqlalchemy as sa

from zou.entities.models import Entity, EntityLink, EntityType
from zou.entities.queries.kinds import TEMPORAL_KINDS, is_kind
from zou.entities.schemas import PlainEntitySchema
from zou.entities.services.creation import type_id
from zou.exchange.services.shotgun.entries import ByShotgunId, Skipped, each, texts, write
from zou.platform import events
from zou.platform.db.projection import json_list
from zou.platform.db.types import utcnow
from zou.productions.models import Project


class Projects:
    """Productions by their name and by their id in Shotgun."""

    def __init__(self, tx, entries):
        self.by_id = ByShotgunId(tx, Project, entries)
        self.by_name = {}
        for name, id in tx.execute(sa.select(Project.name, Project.id).order_by(Project.created_at)):
            self.by_name.setdefault(name, id)

    def named(self, entry):
        """The id of the production that an entry names."""
        found = self.by_name.get(entry.linked("project", "name"))
        if found is None:
            raise Skipped("the production is unknown")
        return found

    def numbered(self, entry):
        """The id of the production whose id in Shotgun an entry has."""
        found = self.by_id.key(entry.linked("project"))
        if found is None:
            raise Skipped("the production is unknown")
        return found


def entity(actor):
    """A new entity of the actor's."""
    return Entity(id=uuid.uuid4(), created_by=actor.id)


def episodes(tx, actor, entries):
    """Make and change episodes."""
    projects, known, kind_id = Projects(tx, entries), ByShotgunId(tx, Entity, entries, is_kind("Episode")), type_id(tx, "Episode")

    def read(entry):
        id = entry.id()
        values = {"name": entry.name("code"), "description": entry.text("description"), "project_id": projects.named(entry)}
        row = write(tx, known.get(id) or entity(actor), {**values, "shotgun_id": id, "entity_type_id": kind_id})
        known.add(row)
        return row

    return each(entries, read)


def sequences(tx, actor, entries):
    """Make and change sequences; one of the same name and parent only gets its description and id."""
    projects, known, kind_id = Projects(tx, entries), ByShotgunId(tx, Entity, entries, is_kind("Sequence")), type_id(tx, "Sequence")
    parents = ByShotgunId(tx, Entity, entries, is_kind("Episode"))
    named = Entity.name == sa.any_(sa.cast(texts(entries, "code"), sa.ARRAY(sa.Text)))
    rows = tx.scalars(sa.select(Entity).where(is_kind("Sequence"), named))
    by_name = {(row.name, row.project_id, row.parent_id): row for row in rows}

    def read(entry):
        id, name, description = entry.id(), entry.name("code"), entry.text("description")
        key = (name, projects.named(entry), parents.key(entry.linked("episode")))
        same = by_name.get(key)
        if same is not None:
            row = write(tx, same, {"description": description, "shotgun_id": id})
        else:
            place = dict(zip(("name", "project_id", "parent_id"), key, strict=True))
            values = {**place, "description": description, "shotgun_id": id, "entity_type_id": kind_id}
            row = write(tx, known.get(id) or entity(actor), values)
        known.add(row)
        by_name.setdefault(key, row)
        return row

    return each(entries, read)


def scenes(tx, actor, entries):
    """Make and change scenes."""
    projects, known, kind_id = Projects(tx, entries), ByShotgunId(tx, Entity, entries, is_kind("Scene")), type_id(tx, "Scene")
    parents = ByShotgunId(tx, Entity, entries, is_kind("Sequence"))

    def read(entry):
        id, above = entry.id(), entry.all_linked("sequence_sg_scenes_1_sequences")
        values = {"name": entry.name("code"), "project_id": projects.named(entry), "parent_id": parents.key(above[0]) if above else None}
        row = write(tx, known.get(id) or entity(actor), {**values, "shotgun_id": id, "entity_type_id": kind_id})
        known.add(row)
        return row

    return each(entries, read)


def shots(tx, actor, entries):
    """Make and change shots, with their casting."""
    projects, known, kind_id = Projects(tx, entries), ByShotgunId(tx, Entity, entries, is_kind("Shot")), type_id(tx, "Shot")
    parents, stages = ByShotgunId(tx, Entity, entries, is_kind("Sequence")), ByShotgunId(tx, Entity, entries, is_kind("Scene"))
    cast = ByShotgunId(tx, Entity, entries, is_kind("Asset"))
    wanted = {}

    def read(entry):
        id, project_id, first, length = (
            entry.id(),
            projects.named(entry),
            entry.number("sg_cut_in", None),
            entry.number("sg_cut_duration", None),
        )
        row = known.get(id) or entity(actor)
        last = first + length if first is not None and length is not None else None
        data = {**(row.data or {}), **entry.custom("sg_cut_in", "sg_sequence"), "frame_in": first, "frame_out": last}
        values = {"name": entry.name("code"), "project_id": project_id, "shotgun_id": id, "entity_type_id": kind_id, "data": data}
        values |= {"parent_id": parents.key(entry.linked("sg_sequence")), "source_id": stages.key(entry.linked("sg_scene"))}
        assets = [cast.key(asset) for asset in entry.all_linked("assets")]
        write(tx, row, values)
        known.add(row)
        if "assets" in entry.values:
            wanted[row.id] = {asset for asset in assets if asset is not None}
        return row

    rows = each(entries, read)
    tx.flush()
    replace_castings(tx, wanted)
    return rows


def replace_castings(tx, wanted):
    """Give entities exactly these castings. `wanted`: {entity id: ids of assets}."""
    stored = sa.select(EntityLink.entity_in_id, EntityLink.entity_out_id).where(EntityLink.entity_in_id.in_(list(wanted)))
    known = {tuple(row) for row in tx.execute(stored)} if wanted else set()
    links = {(entity_id, asset_id) for entity_id, assets in wanted.items() for asset_id in assets}
    for entity_id, asset_id in sorted(known - links, key=str):
        gone = sa.delete(EntityLink).where(EntityLink.entity_in_id == entity_id, EntityLink.entity_out_id == asset_id)
        tx.execute(gone.execution_options(synchronize_session=False))
    insert_links(tx, links - known)


def insert_links(tx, links):
    """Cast assets. `links`: (entity id, asset id) each."""
    if links:
        tx.execute(sa.insert(EntityLink), [{"id": uuid.uuid4(), "entity_in_id": a, "entity_out_id": b} for a, b in sorted(links, key=str)])


def assets(tx, actor, entries):
    """Make and change assets, and cast them in their parents. Emits asset-type:new for types that are missing, asset:update for parents."""
    projects, known = Projects(tx, entries), ByShotgunId(tx, Entity, entries, is_kind("Asset"))
    types = AssetTypes(tx)
    parents = {}

    def read(entry):
        id, type_name = entry.id(), entry.text("sg_asset_type")
        if not type_name:
            return None
        values = {"name": entry.name("code"), "description": entry.text("description"), "project_id": projects.numbered(entry)}
        row = write(tx, known.get(id) or entity(actor), {**values, "shotgun_id": id, "entity_type_id": types.id(type_name)})
        known.add(row)
        for parent in entry.all_linked("parents"):
            parents.setdefault(parent, []).append(row.id)
        return row

    rows = each(entries, read)
    tx.flush()
    above = {known.get(parent): ids for parent, ids in parents.items() if known.get(parent) is not None}
    cast_in_parents(tx, above)
    return rows


def cast_in_parents(tx, parents):
    """Add castings. `parents`: {asset: ids of the assets that it uses}. Emits asset:update, with all that the parent uses."""
    if not parents:
        return
    stored = sa.select(EntityLink.entity_in_id, EntityLink.entity_out_id).where(EntityLink.entity_in_id.in_([row.id for row in parents]))
    known = {tuple(row) for row in tx.execute(stored)}
    insert_links(tx, {(row.id, id) for row, ids in parents.items() for id in ids} - known)
    for row in parents:
        row.updated_at = utcnow()
        used = sa.select(Entity).join(EntityLink, EntityLink.entity_out_id == Entity.id).where(EntityLink.entity_in_id == row.id)
        told = orjson.loads(tx.scalar(json_list(PlainEntitySchema, used)))
        events.emit(tx, "asset:update", {"asset_id": row.id, "data": {"entities_out": told}}, project_id=row.project_id)


class AssetTypes:
    """Asset types by their name, made when they are missing."""

    def __init__(self, tx):
        self.tx = tx
        self.ids = dict(tx.execute(sa.select(EntityType.name, EntityType.id).where(EntityType.name.not_in(TEMPORAL_KINDS))).all())

    def id(self, name):
        """The id of a type. Emits asset-type:new for a new one."""
        if name in TEMPORAL_KINDS:
            raise Skipped(f"{name} is no type of assets")
        if name not in self.ids:
            self.ids[name] = uuid.uuid4()
            self.tx.add(EntityType(id=self.ids[name], name=name))
            self.tx.flush()
            events.emit(self.tx, "asset-type:new", {"asset_type_id": self.ids[name]})
        return self.ids[name]
