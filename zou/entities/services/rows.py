"""The rows of entities, their types and instances, as the generic routes write them: contract/rules/crud.md §6.2 and §6.5."""

import sqlalchemy as sa

from zou.entities.models import ENTITY_STATUSES, AssetInstance, Entity, EntityConceptLink, EntityLink, EntityType, asset_instance_link
from zou.entities.queries.kinds import TEMPORAL_KINDS
from zou.entities.services import readiness, versions
from zou.people.rules import table
from zou.platform import events
from zou.platform.errors import Invalid
from zou.platform.rows import Rows

PREFIXES = {"ConceptFolder": "concept-folder"}


class EntityTypeRows(Rows):
    """Types of entities; events call them asset types."""

    model = EntityType
    event = "asset-type"

    def check_new(self, tx, actor, values):
        """Refuse a name that is taken; case does not count."""
        name = values.get("name")
        if isinstance(name, str) and tx.scalar(sa.select(sa.exists().where(EntityType.name.ilike(name)))):
            raise Invalid("Entity type with this name already exists")


class EntityRows(Rows):
    """Entities of every kind; each tells of itself under the name of its kind."""

    model = Entity
    protected = frozenset({"instance_casting", "entities_in", "entities_out", "type", "shotgun_id", "created_by"})

    def check_new(self, tx, actor, values):
        """The person who asks is the creator."""
        self.check_status(values)
        values["created_by"] = str(actor.id)

    def check_change(self, tx, actor, row, values):
        """Keys of `data` that are not sent stay; the row is locked, so two people who change different keys lose none."""
        self.check_status(values)
        if values.get("source_id") == "null":
            values["source_id"] = None
        sent = values.get("data")
        if sent is not None and not isinstance(sent, dict):
            raise Invalid("data must be an object.", shape=self.shape)
        values["data"] = {**(row.data or {}), **(sent or {})}
        self.check_unique(tx, row, values)

    def check_status(self, values):
        """Refuse an unknown status."""
        if "status" in values and values["status"] not in tuple(ENTITY_STATUSES):
            raise Invalid("Invalid status")

    def check_unique(self, tx, row, values):
        """Refuse to make an entity the namesake of another one of its type and parent; without parent, the table allows it."""
        identity = {}
        for key in ("name", "project_id", "entity_type_id", "parent_id"):
            value = self.read(key, values[key]) if key in values and values[key] not in ("", "null", None) else None
            identity[key] = value if key in values else getattr(row, key)
        if all(str(identity[key]) == str(getattr(row, key)) for key in identity):
            return
        same = [getattr(Entity, key) == value for key, value in identity.items()]
        if tx.scalar(sa.select(sa.exists().where(Entity.id != row.id, *same))):
            told = ", ".join(f"{key} '{value}'" for key, value in identity.items())
            raise Invalid(
                f"An entity with {told} already exists. Names are unique within a production, a type and a parent.", shape=self.shape
            )

    def changed(self, tx, actor, row, before):
        """Keep the history of a shot; recount what is ready when an asset is."""
        kind = self.kind(tx, row)
        if kind == "Shot":
            versions.keep(tx, actor, row, before.get("name", row.name), before["data"])
        if kind == "Asset" and "ready_for" in before and str(before["ready_for"]) != str(row.ready_for):
            readiness.refresh_shots_of(tx, [row.id])

    def check_remove(self, tx, actor, row, force):
        """Links go with the entity, whichever side of them it is; tasks, children and versions make the removal fail."""
        for link in (EntityLink.__table__, EntityConceptLink.__table__):
            tx.execute(sa.delete(link).where(sa.or_(link.c.entity_in_id == row.id, link.c.entity_out_id == row.id)))
        tx.execute(sa.delete(asset_instance_link).where(asset_instance_link.c.entity_id == row.id))
        if self.kind(tx, row) == "Sequence":
            subscription = table("subscription")
            tx.execute(sa.delete(subscription).where(subscription.c.entity_id == row.id))

    def tell(self, tx, row, verb):
        """Emit shot:new, asset:update..."""
        kind = self.kind(tx, row)
        prefix = PREFIXES.get(kind, kind.lower())
        events.emit(tx, f"{prefix}:{verb}", {f"{prefix.replace('-', '_')}_id": row.id}, project_id=row.project_id)

    def kind(self, tx, row):
        """The kind of an entity, asked once for each type in a unit of work."""
        known = tx.info.setdefault("entities.kinds", {})
        if row.entity_type_id not in known:
            name = tx.scalar(sa.select(EntityType.name).where(EntityType.id == row.entity_type_id))
            known[row.entity_type_id] = name if name in TEMPORAL_KINDS else "Asset"
        return known[row.entity_type_id]


class AssetInstanceRows(Rows):
    """Asset instances; their number is given once."""

    model = AssetInstance
    protected = frozenset({"number"})


class ShotRows(Rows):
    """Shots through their own route: `data` is replaced and not merged, and no version is kept."""

    model = Entity
    event = "shot"
    protected = frozenset({"instance_casting", "entities_in", "entities_out", "type", "shotgun_id", "created_by"})
