"""Castings. Rules: contract/rules/breakdown.md."""

import datetime

import orjson
import sqlalchemy as sa
from flask import current_app, request

from zou.entities.answers import (
    ASSET_CASTINGS,
    CASTING,
    CASTING_READ,
    CASTING_SENT,
    CASTINGS_SENT,
    CASTINGS_SET,
    EPISODE_CASTINGS,
    LINKS,
    SHOT_CASTINGS,
    USERS,
)
from zou.entities.bodies import CAST_ENTRY, CastAssetSchema, CastEntrySchema
from zou.entities.models import Entity, EntityLink
from zou.entities.queries import castings, links
from zou.entities.queries.kinds import is_kind, kind_of_row
from zou.entities.resources.base import EntityResource
from zou.entities.schemas import EntityLinkSchema
from zou.entities.services import casting
from zou.entities.services.creation import asset_type
from zou.people.rules import is_vendor_of, manages, member, reads_entity
from zou.platform.db.copying import copied
from zou.platform.db.payload import is_uuid
from zou.platform.db.prepared import prepared
from zou.platform.errors import Denied, Invalid, NotFound
from zou.platform.http import Json, Resource, asks, body, permission, returns, takes
from zou.platform.http.filters import MAX_LIMIT, integer
from zou.platform.http.resource import json_body
from zou.platform.http.shapes import TEXT, WHOLE, by, many
from zou.productions.models import Project

reads_casting = member & ~is_vendor_of


@prepared
def an_entity(id, *, kind):
    """Select of an entity, of a kind or of any."""
    return sa.select(Entity).where(Entity.id == id, *([is_kind(kind)] if kind else []))


class CastingResource(Resource):
    """What castings of a production share."""

    def entity_of(self, project, id, kind=None):
        """An entity of the production. Raises NotFound without it, Denied for one of another production."""
        found = self.tx.scalar(*an_entity(id, kind=kind)) if is_uuid(id) else None
        if found is None:
            raise NotFound()
        if found.project_id != project.id:
            raise Denied("The entity is of another production.")
        return found

    def answered(self, made):
        """The body of the JSON object of which a prepared statement yields the members."""
        return copied(self.tx, made.statement, b"{", b",", b"}", made.values)


def complete(entries):
    """The entries of a casting that say what and how often. Raises Invalid for what is no list of objects."""
    if not isinstance(entries, list):
        raise Invalid("Request body must be a JSON array", shape="plain")
    return [entry for entry in entries if isinstance(entry, dict) and {"asset_id", "nb_occurences"} <= entry.keys()]


class EntityCastingResource(CastingResource):
    """The casting of one entity."""

    @permission(reads_casting, on=Project)
    @returns(CASTING)
    def get(self, project, entity_id):
        """Assets that an entity uses, by type and name."""
        return Json(self.tx.scalar(*castings.of_entity(self.entity_of(project, entity_id).id)))

    @permission(manages, on=Project, lock=False)
    @takes(many(CAST_ENTRY))
    @returns(CASTING_SENT)
    def put(self, project, entity_id):
        """Replace the casting of an entity; answers what was sent."""
        entity = self.entity_of(project, entity_id)
        entries = json_body()
        casting.replace(self.tx, entity, complete(entries))
        return entries


class EntitiesCastingResource(CastingResource):
    """Castings of several entities."""

    @permission(manages, on=Project, lock=False)
    @takes(by(many(CAST_ENTRY)))
    @returns(CASTINGS_SENT)
    def put(self, project):
        """Replace the castings of several entities; answers what was sent."""
        wanted = json_body()
        if not isinstance(wanted, dict) or not all(isinstance(entries, list) for entries in wanted.values()):
            raise Invalid("Request body must be a JSON object mapping entity ids to casting arrays", shape="plain")
        entities = [self.entity_of(project, id) for id in sorted(wanted)]
        for entity, id in zip(entities, sorted(wanted), strict=True):
            casting.replace(self.tx, entity, complete(wanted[id]))
        return wanted


class CastAssetResource(CastingResource):
    """One asset in several entities."""

    @permission(manages, on=Project, lock=False)
    @body(CastAssetSchema)
    @returns(CASTINGS_SET)
    def put(self, project, asset_id, body):
        """Cast an asset in several entities, change how often, or take it out with 0; answers their castings."""
        ids = dict.fromkeys(str(id) for id in body["entity_ids"])
        entities = {id: self.entity_of(project, id) for id in sorted(ids)}
        if not is_uuid(asset_id) or not self.tx.scalar(sa.select(Entity.id).where(Entity.id == asset_id, is_kind("Asset"))):
            raise NotFound()
        for entity in entities.values():
            casting.cast(self.tx, entity, asset_id, body["nb_occurences"], body["label"])
        texts = [f'"{id}":{self.tx.scalar(*castings.of_entity(id))}' for id in ids]
        return Json("{" + ",".join(texts) + "}")


class AssetCastingResource(EntityResource):
    """The casting of an asset."""

    kind = "Asset"

    @permission(reads_entity, on=Entity, key="asset_id")
    @returns(CASTING)
    def get(self, asset):
        """Assets that an asset uses; a vendor sees those that hold a task of theirs."""
        return Json(self.tx.scalar(*castings.seen_of_entity(self.actor, asset.id)))

    @permission(manages, on=Entity, key="asset_id", lock=False)
    @takes(many(CAST_ENTRY))
    @returns(CASTING_READ)
    def put(self, asset):
        """Replace the casting of an asset; answers it with all keys."""
        sent = json_body()
        if not isinstance(sent, list):
            raise Invalid("Request body must be a JSON array", shape="plain")
        entries = CastEntrySchema(many=True, unknown="exclude").load(sent)
        casting.replace(self.tx, asset, entries)
        return [{**entry, "asset_id": str(entry["asset_id"])} for entry in entries]


class CastInResource(EntityResource):
    """Where an asset is cast."""

    kind = "Asset"

    @permission(reads_entity, on=Entity, key="asset_id")
    @returns(USERS)
    def get(self, asset):
        """Shots, then assets, that use an asset; a vendor sees those that hold a task of theirs."""
        return Json(self.tx.scalar(*castings.cast_in(self.actor, asset.id)))


class EpisodesCastingResource(CastingResource):
    """Castings of a production."""

    @permission(reads_casting, on=Project)
    @returns(EPISODE_CASTINGS)
    def get(self, project):
        """Castings of everything in a production, by entity."""
        return self.answered(castings.of_production(project.id))


class SequencesCastingResource(CastingResource):
    """Castings of the shots of a production."""

    @permission(reads_casting, on=Project)
    @returns(SHOT_CASTINGS)
    def get(self, project):
        """Castings of all shots of a production, by shot."""
        return self.answered(castings.of_shots(project.id))


class SequenceCastingResource(CastingResource):
    """Castings of the shots of a sequence."""

    @permission(reads_casting, on=Project)
    @returns(SHOT_CASTINGS)
    def get(self, project, sequence_id):
        """Castings of the shots of a sequence, by shot."""
        sequence = self.entity_of(project, sequence_id, "Sequence")
        return self.answered(castings.of_sequence(sequence.id))


class EpisodeShotsCastingResource(CastingResource):
    """Castings of the shots of an episode."""

    @permission(reads_casting, on=Project)
    @returns(SHOT_CASTINGS)
    def get(self, project, episode_id):
        """Castings of the shots of an episode, by shot; the main pack has none."""
        if episode_id == "main":
            return {}
        episode = self.entity_of(project, episode_id, "Episode")
        return self.answered(castings.of_episode(episode.id))


class AssetTypeCastingResource(CastingResource):
    """Castings of the assets of one type."""

    @permission(reads_casting, on=Project)
    @returns(ASSET_CASTINGS)
    def get(self, project, asset_type_id):
        """Castings of the assets of a type in a production, by asset."""
        type_ = asset_type(self.tx, asset_type_id)
        return self.answered(castings.of_asset_type(project.id, type_.id))


class ProjectEntityLinksResource(Resource):
    """Casting links of a production."""

    @permission(manages, on=Project)
    @asks(page=WHOLE, limit=WHOLE, cursor_created_at=TEXT)
    @returns(LINKS)
    def get(self, project):
        """Casting links of a production, oldest first: all or the first `limit`, a `page`, or those after `cursor_created_at`."""
        page, limit = integer("page", -1), min(max(integer("limit", 0), 0), MAX_LIMIT)
        moment = request.args.get("cursor_created_at")
        if moment:
            return self.after(project, moment, limit)
        if page < 1:
            return Json(self.tx.scalar(links.plain(project.id, limit or None)))
        page = min(page, MAX_LIMIT)
        limit = limit or current_app.config["NB_RECORDS_PER_PAGE"]
        total, rows = self.tx.scalar(links.count(project.id)), self.tx.scalar(links.page(project.id, page, limit))
        envelope = {"total": total, "nb_pages": -(-total // limit), "limit": limit, "offset": (page - 1) * limit, "page": page}
        return Json('{"data":' + rows + "," + orjson.dumps(envelope).decode()[1:])

    def after(self, project, moment, limit):
        """The links made after a moment. Raises Invalid for what is no moment."""
        try:
            start = datetime.datetime.fromisoformat(moment)
        except ValueError:
            raise Invalid("cursor_created_at must be a moment such as 2026-01-31T12:00:00.000000.") from None
        limit = limit or current_app.config["NB_RECORDS_PER_PAGE"]
        rows, total = self.tx.scalar(links.after(project.id, start.replace(tzinfo=None), limit)), self.tx.scalar(links.count(project.id))
        return Json('{"data":' + rows + f',"total":{total},"limit":{limit}' + "}")


class ProjectEntityLinkResource(CastingResource):
    """One casting link of a production."""

    @permission(manages, on=Project, lock=False)
    @returns(EntityLinkSchema)
    def delete(self, project, entity_link_id):
        """Remove a casting link; answers it."""
        link = self.tx.scalar(sa.select(EntityLink).where(EntityLink.id == entity_link_id)) if is_uuid(entity_link_id) else None
        if link is None:
            raise NotFound()
        entity = self.entity_of(project, str(link.entity_in_id))
        text = self.project(EntityLinkSchema, link)
        casting.remove_link(self.tx, entity, kind_of_row(self.tx, entity), link)
        return Json(text)
