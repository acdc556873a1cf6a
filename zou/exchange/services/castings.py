"""Files of castings. Rules: contract/rules/imports.md §5, breakdown.md §3.

What a line names is found by its exact names, else by their slugs. Lines about what is not there are passed over.
"""

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from slugify import slugify
from sqlalchemy.orm import aliased

from zou.entities.models import Entity, EntityLink, EntityType
from zou.entities.queries.kinds import kind_of
from zou.entities.services.batch import array
from zou.entities.services.readiness import refresh_shots
from zou.exchange.queries.castings import MAIN_PACK
from zou.exchange.services.cells import integer
from zou.exchange.services.entities import SERIES
from zou.exchange.services.names import NameIndex
from zou.platform import events
from zou.platform.db.types import utcnow

LABEL_LENGTH = 80
KINDS = ("Shot", "Episode")  # that have a casting of their own name; everything else casts as an asset

parent, grandparent, source = aliased(Entity), aliased(Entity), aliased(Entity)


@dataclass
class Place:
    """An entity that lines name, and its number of links as lines add to it."""

    id: uuid.UUID
    kind: str
    type: str
    name: str
    group: str | None
    episode: str | None
    episode_id: uuid.UUID | None
    count: int


@dataclass
class Casting:
    """What a line says: this asset, so often, under this label."""

    target: Place
    asset: Place
    occurences: int | None
    cell: str
    label: str


def run(tx, project, sheet):
    """Import the castings of a file; returns nothing for each line. Raises Invalid, and has written nothing then."""
    has_episodes = project.production_type == SERIES
    sheet.require("Asset Type", "Parent", "Name", "Asset", "Occurences")
    if not sheet.lines:
        return []
    index = Index(tx, project)
    castings = sheet.judged(lambda line: read(line, index, has_episodes))
    sheet.settle()
    write(tx, project, [casting for casting in castings if casting is not None])
    return [None] * len(sheet.lines)


class Index:
    """The entities of a production by exact names and by slugs."""

    def __init__(self, tx, project):
        self.assets, self.targets = NameIndex(), NameIndex()
        rows = (
            sa.select(
                Entity.id, kind_of(Entity), EntityType.name, Entity.name, parent.name, sa.func.coalesce(grandparent.name, source.name),
                parent.parent_id, sa.func.coalesce(Entity.nb_entities_out, 0),
            )
            .join(EntityType, EntityType.id == Entity.entity_type_id)
            .outerjoin(parent, parent.id == Entity.parent_id)
            .outerjoin(grandparent, grandparent.id == parent.parent_id)
            .outerjoin(source, source.id == Entity.source_id)
            .where(Entity.project_id == project.id)
            .order_by(Entity.canceled.is_(True), Entity.created_at, Entity.id)
        )  # fmt: skip
        for row in tx.execute(rows):
            self.add(Place(*row))

    def add(self, place):
        """Enter an entity under the names that files use for it."""
        if place.kind == "Asset":
            self.assets.enter((place.type, place.name), place)
            self.targets.enter(("asset", place.episode or "", place.type, place.name), place)
            self.targets.enter(("asset", place.type, place.name), place)
        elif place.kind == "Shot":
            self.targets.enter(("shot", place.episode or "", place.group or "", place.name), place)
        elif place.kind == "Episode":
            self.targets.enter(("episode", "", "episode", place.name), place)

    def target(self, episode, group, name):
        """What a line casts in: a shot, else an asset, else an episode."""
        keys = [("shot", episode, group, name), ("asset", episode, group, name), ("asset", group, name), ("episode", episode, group, name)]
        return self.targets.find(*keys)

    def asset(self, type_, name):
        """What a line casts."""
        return self.assets.find((type_, name))


def read(line, index, has_episodes):
    """What a line says, or None when it names what is not there."""
    occurences = integer(line, "Occurences", "Occurences")
    label = line.get("Label")
    if label is not None and len(label) > LABEL_LENGTH:
        line.wrong("Label", f"A value is invalid: Label is longer than {LABEL_LENGTH} characters")
    episode = line.text("Episode") if has_episodes else ""
    target = index.target("" if episode == MAIN_PACK else episode, line.text("Parent"), line.text("Name"))
    asset = index.asset(line.text("Asset Type"), line.text("Asset"))
    if target is None or asset is None:
        return None
    return Casting(target, asset, occurences, (line.get("Occurences") or "").strip(), "fixed" if label is None else label)


def write(tx, project, castings):
    """Write links, counts and what follows. Emits entity-link:new, <kind>:casting-update, asset:update, and as `refresh_shots`."""
    if not castings:
        return
    places = {casting.target.id: casting.target for casting in castings}
    ids = sa.any_(array(places))
    tx.execute(sa.select(Entity.id).where(Entity.id == ids).order_by(Entity.id).with_for_update(key_share=True))
    rows = sa.select(EntityLink.id, EntityLink.entity_in_id, EntityLink.entity_out_id, EntityLink.nb_occurences, EntityLink.label)
    known = {(row.entity_in_id, row.entity_out_id): row._asdict() for row in tx.execute(rows.where(EntityLink.entity_in_id == ids))}
    links = Links(tx, project, known)
    for casting in castings:
        links.take(casting)
    links.write(places)
    enter_episodes(tx, project, [link for link in links.made if link["target"].episode_id is not None])
    refresh_shots(tx, [place.id for place in places.values() if place.kind == "Shot"])


class Links:
    """Links that are there, as lines change them and add to them."""

    def __init__(self, tx, project, known):
        self.tx, self.project, self.known = tx, project, known
        self.made, self.changed, self.grown = [], {}, set()

    def take(self, casting):
        """Take over a line. A cell that says what is stored changes nothing."""
        target, asset = casting.target, casting.asset
        link = self.known.get((target.id, asset.id))
        times = 1 if casting.occurences is None else casting.occurences
        if link is None:
            link = {"id": uuid.uuid4(), "entity_in_id": target.id, "entity_out_id": asset.id, "target": target}
            link |= {"nb_occurences": times, "label": slugify(casting.label)}
            self.known[target.id, asset.id] = link
            self.made.append(link)
            self.grown.add(target.id)
            target.count += 1
            data = {"entity_link_id": link["id"], "entity_in_id": target.id, "entity_out_id": asset.id, "nb_occurences": times}
            events.emit(self.tx, "entity-link:new", data, project_id=self.project.id)
        else:
            if casting.cell != ("" if link["nb_occurences"] is None else str(link["nb_occurences"])):
                link["nb_occurences"] = times
            if casting.label != (link["label"] or ""):
                link["label"] = slugify(casting.label)
            self.changed[link["id"]] = link
        self.tell(target)

    def tell(self, target):
        """Emit the event of a casting."""
        kind = target.kind.lower() if target.kind in KINDS else "asset"
        counted = {"nb_entities_out": target.count} if target.kind in KINDS else {}
        events.emit(self.tx, f"{kind}:casting-update", {f"{kind}_id": target.id, **counted}, project_id=self.project.id)

    def write(self, places):
        """Write links, and how many the entities have."""
        now, columns = utcnow(), ("id", "entity_in_id", "entity_out_id", "nb_occurences", "label")
        if self.made:
            self.tx.execute(sa.insert(EntityLink), [{key: link[key] for key in columns} for link in self.made])
        changed = [link for link in self.changed.values() if "target" not in link]
        if changed:
            self.tx.execute(sa.update(EntityLink), [{**{key: link[key] for key in columns}, "updated_at": now} for link in changed])
        if self.grown:
            counts = [{"id": id, "nb_entities_out": places[id].count, "updated_at": now} for id in self.grown]
            self.tx.execute(sa.update(Entity), counts)


def enter_episodes(tx, project, links):
    """Cast the assets of shots in their episodes too, marked as automatic. Emits asset:update for each."""
    wanted = {}
    for link in links:
        wanted.setdefault((link["target"].episode_id, link["entity_out_id"]), link["label"])
    if not wanted:
        return
    episodes = sa.any_(array({episode_id for episode_id, _ in wanted}))
    tx.execute(sa.select(Entity.id).where(Entity.id == episodes).order_by(Entity.id).with_for_update(key_share=True))
    rows = sa.select(EntityLink.entity_in_id, EntityLink.entity_out_id).where(EntityLink.entity_in_id == episodes)
    known = {tuple(row) for row in tx.execute(rows)}
    new = {pair: label for pair, label in wanted.items() if pair not in known}
    if not new:
        return
    same = {"nb_occurences": 1, "data": {"auto": True}}
    values = [
        {"id": uuid.uuid4(), "entity_in_id": episode, "entity_out_id": asset, "label": label, **same}
        for (episode, asset), label in new.items()
    ]
    tx.execute(sa.insert(EntityLink), values)
    grown = sa.select(EntityLink.entity_in_id, sa.func.count().label("n"))
    grown = grown.where(EntityLink.id == sa.any_(array([row["id"] for row in values]))).group_by(EntityLink.entity_in_id).subquery()
    more = sa.func.coalesce(Entity.nb_entities_out, 0) + grown.c.n
    counted = sa.update(Entity).where(Entity.id == grown.c.entity_in_id).values(nb_entities_out=more)
    tx.execute(counted.execution_options(synchronize_session=False))
    for _, asset in new:
        events.emit(tx, "asset:update", {"asset_id": asset}, project_id=project.id)
