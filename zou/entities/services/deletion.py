"""The end of entities: canceled or removed. Rules: contract/rules/entities.md §9."""

import sqlalchemy as sa

from zou.entities.models import Entity, EntityLink
from zou.entities.queries.kinds import kind_of, kind_of_row, slug, type_named
from zou.entities.rules import removes
from zou.entities.services.readiness import refresh_shots
from zou.people import removal
from zou.people.rules import table
from zou.platform import events
from zou.platform.errors import Denied, Invalid

GROUPS = ("Sequence", "Episode")
SINGLE = ("Asset", "Shot", "Edit", "Concept")
"""The kinds that are removed by lists."""


def delete(tx, entity, force=False):
    """Cancel an entity that has tasks, or remove it; `force` removes it with all that hangs on it.

    Raises Invalid for a sequence or episode on which something hangs. Emits <kind>:update or <kind>:delete.
    """
    kind = kind_of_row(tx, entity)
    if force and kind != "Scene":
        remove(tx, [entity, *below(tx, entity, kind)])
    elif kind in (*GROUPS, "Scene"):
        if hangs_on(tx, entity):
            if kind != "Scene":
                raise Invalid(f"Some data are still linked to this {kind.lower()}.", shape="plain")
            entity.canceled = True
            tell(tx, entity, kind, "delete")
        else:
            remove(tx, [entity])
    elif tx.scalar(sa.select(sa.exists().where(table("task").c.entity_id == entity.id))):
        cancel(tx, [(entity, kind)])
    else:
        remove(tx, [entity])


def delete_many(tx, project, verdict, ids, force):
    """Cancel or remove assets, shots, edits and concepts of a production; canceled ones and concepts are removed in any case.

    `verdict`: SQL, whether the actor may remove an entity. Returns the ids handled, in the order given: unknown ids, entities of other
    productions and of other kinds are left out. Raises Denied, and does nothing, when one entity of the production may not be removed.
    """
    kind = kind_of(Entity).label("kind")
    statement = sa.select(Entity, kind, verdict.label("verdict")).where(Entity.id.in_(ids), Entity.project_id == project.id)
    found = tx.execute(statement.order_by(Entity.id).with_for_update(of=Entity)).all()
    if not all(row.verdict for row in found):
        raise Denied(rule=removes)
    chosen = {str(row.Entity.id): row for row in found if row.kind in SINGLE}
    handled = [id for id in dict.fromkeys(id.lower() for id in ids) if id in chosen]
    task = table("task")
    working = set(tx.scalars(sa.select(task.c.entity_id).distinct().where(task.c.entity_id.in_(handled)))) if handled else set()
    rows = [chosen[id] for id in handled]
    cancels = [row for row in rows if row.Entity.id in working and not (force or row.Entity.canceled or row.kind == "Concept")]
    cancel(tx, [(row.Entity, row.kind) for row in cancels])
    kept = {row.Entity.id for row in cancels}
    remove(tx, [row.Entity for row in rows if row.Entity.id not in kept])
    return handled


def cancel(tx, entities):
    """Cancel (entity, kind)s; the shots that a canceled asset is cast in are counted anew. Emits <kind>:update."""
    if not entities:
        return
    for entity, kind in entities:
        entity.canceled = True
        tell(tx, entity, kind, "update")
    tx.flush()
    refresh_shots(tx, shots_with(tx, [entity.id for entity, _ in entities]))


def remove(tx, entities):
    """Remove entities and what hangs on them, in one walk; the shots that a removed asset was cast in are counted anew."""
    if not entities:
        return
    ids = [entity.id for entity in entities]
    kinds = dict(tx.execute(sa.select(Entity.id, kind_of(Entity)).where(Entity.id.in_(ids))).all())
    told = [(slug(kinds[entity.id]), entity.id, entity.project_id) for entity in entities]
    shots = [id for id in shots_with(tx, ids) if id not in ids]
    for entity in entities:
        tx.expunge(entity)
    removal.remove(tx, "entity", ids)
    for name, id, project_id in reversed(told):
        events.emit(tx, f"{name}:delete", {f"{name.replace('-', '_')}_id": id}, project_id=project_id)
    refresh_shots(tx, shots)


def tell(tx, entity, kind, verb):
    """Emit the event of what happened to an entity."""
    name = slug(kind)
    events.emit(tx, f"{name}:{verb}", {f"{name.replace('-', '_')}_id": entity.id}, project_id=entity.project_id)


def shots_with(tx, asset_ids):
    """The shots that assets are cast in."""
    shots = sa.select(Entity.id).where(Entity.entity_type_id == type_named("Shot"))
    return tx.scalars(shots.where(Entity.id.in_(sa.select(EntityLink.entity_in_id).where(EntityLink.entity_out_id.in_(asset_ids))))).all()


def below(tx, entity, kind):
    """What goes with a sequence or an episode that is removed by force, the nearest first."""
    if kind not in GROUPS:
        return []
    children = tx.scalars(sa.select(Entity).where(Entity.parent_id == entity.id)).all()
    if kind == "Sequence":
        return children
    grandchildren = tx.scalars(sa.select(Entity).where(Entity.parent_id.in_([child.id for child in children]))).all()
    return [*children, *grandchildren, *tx.scalars(sa.select(Entity).where(Entity.source_id == entity.id))]


def hangs_on(tx, entity):
    """Whether rows refer to an entity that do not simply go with it."""
    refers = [("entity", "parent_id"), ("entity", "source_id"), ("task", "entity_id"), ("asset_instance", "scene_id"),
              ("asset_instance", "entity_id"), ("working_file", "entity_id"), ("output_file", "entity_id"),
              ("asset_instance", "asset_id"), ("asset_instance", "target_asset_id"), ("output_file", "temporal_entity_id"),
              ("playlist", "episode_id"), ("entity_version", "entity_id"), ("subscription", "entity_id"),
              ("entity_concept_link", "entity_out_id")]  # fmt: skip
    found = [sa.exists().where(table(name).c[column] == entity.id) for name, column in refers]
    return tx.scalar(sa.select(sa.or_(*found)))
