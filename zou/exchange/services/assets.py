"""Files of assets. Rules: contract/rules/imports.md §2."""

import sqlalchemy as sa

from zou.entities.models import EntityType
from zou.entities.queries.kinds import TEMPORAL_KINDS
from zou.entities.services import batch, readiness
from zou.exchange.services.entities import NAME_LENGTH, EntitySheet, Target
from zou.exchange.services.progress import workflows
from zou.platform import events
from zou.productions.models import project_asset_type_link
from zou.productions.services.links import insert_link
from zou.productions.services.team import tell
from zou.tasks.models import TaskType

MAIN_PACK = "MP"
TYPE_LENGTH = 30


class AssetSheet(EntitySheet):
    """An import of assets. An asset is known by its name and type."""

    kind = "Asset"
    required = ("Type", "Name")

    def load(self):
        self.types = AssetTypes(self)
        self.ready = shot_task_types(self.tx) if "Ready for" in self.headers else {}
        for asset in self.existing():
            self.targets.setdefault((asset.name, asset.entity_type_id), Target(entity=asset))

    def identify(self, line):
        """(name, type), the type by its id, or by its name when the file makes it."""
        type_ = self.types.of(line)
        return line.required("Name", NAME_LENGTH), type_

    def read(self, line, target, key):
        """Take over the cells of a line; a missing column leaves what is stored."""
        super().read(line, target, key)
        if target.entity is None:
            target.values |= {"name": key[0], "type": key[1]}
        if "Episode" in line.cells:
            target.values["episode"] = self.episode_of(line, none=("", MAIN_PACK))
        resolution = line.get("Resolution")
        if resolution is not None and (target.entity is None or resolution != str(target.data.get("resolution") or "")):
            target.values["data"] = {**target.data, "resolution": resolution}
        ready = line.get("Ready for")
        if ready is not None:
            target.values["ready_for"] = self.ready.get(ready.strip().lower())
            if ready.strip() and target.values["ready_for"] is None:
                line.wrong("Ready for", f"Task type not found for {ready.strip()[:80]}")

    def write(self):
        """Write types, episodes, assets, then tasks: those that an asset's workflow has and it lacks, whether or not lines change it."""
        new, changed = self.sort()
        self.types.make()
        if self.is_series:
            named = [target.values.get("episode") for target in (*new, *changed)]
            self.episodes.make([(name, None) for name in named if name is not None])
        for target in (*new, *changed):
            self.settle(target)
        rows = [target.values for target in new]
        for target, asset in zip(new, batch.create_assets(self.tx, self.actor, self.project, rows), strict=True):
            target.entity = asset
        before = {target: target.entity.ready_for for target in changed}
        self.change(changed)
        self.tell(self.told)
        moved = [target.entity.id for target in changed if target.entity.ready_for != before[target]]
        if moved:
            readiness.refresh_shots_of(self.tx, moved)
        only = workflows(self.tx)
        wanted = {}
        for target in self.seen:
            allowed = only.get(target.entity.entity_type_id)
            wanted[target.entity] = {t: None for t in self.progress.types if allowed is None or t.id in allowed}
        self.write_states(wanted)

    def settle(self, target):
        """Put ids in the place of the names that a file makes."""
        if target.entity is None:
            type_ = target.values.pop("type")
            target.values["entity_type_id"] = self.types.made.get(type_, type_)
        if "episode" in target.values:
            name = target.values.pop("episode")
            target.values["source_id"] = self.episodes.found[name, None] if name is not None else None

    def told(self, target):
        """What asset:update carries: the columns that a line writes."""
        asset = target.entity
        told = {"name": asset.name, "project_id": str(self.project.id), "entity_type_id": str(asset.entity_type_id)}
        told |= {"source_id": asset.source_id and str(asset.source_id)}
        if "Description" in self.headers:
            told["description"] = asset.description
        if "Ready for" in self.headers:
            told["ready_for"] = asset.ready_for and str(asset.ready_for)
        return {"data": {**told, "data": asset.data or {}}}


class AssetTypes:
    """The asset types that a file names; a production that lists its own takes no new ones."""

    def __init__(self, importing):
        self.importing = importing
        tx, project = importing.tx, importing.project
        self.exact, self.found = {}, {}
        for name, id in tx.execute(sa.select(EntityType.name, EntityType.id).order_by(EntityType.created_at, EntityType.id)):
            self.exact[name] = id
            self.found.setdefault(name.lower(), id)
        link = project_asset_type_link
        self.listed = set(tx.scalars(sa.select(link.c.asset_type_id).where(link.c.project_id == project.id)))
        names = {id: name for name, id in self.exact.items()}
        self.own = {names[id].lower(): id for id in self.listed}
        self.new, self.added, self.made = {}, {}, {}  # {lower name: name}, ids to list as a dict, {lower name: id}

    def of(self, line):
        """The id of the type of a line, or its name in lower case when the file makes it."""
        name = line.required("Type", TYPE_LENGTH, "An asset type is required in the Type column")
        if name in TEMPORAL_KINDS:
            line.wrong("Type", f"Asset type {name} is not configured for this project")
            return None
        word = name.lower()
        id = self.own.get(word) or self.exact.get(name) or self.found.get(word)
        if id is not None:
            if self.listed and id not in self.listed:
                self.added[id] = None
            return id
        if self.listed:
            line.wrong("Type", f"Asset type {name[:80]} is not configured for this project")
        self.new.setdefault(word, name)
        return word

    def make(self):
        """Write the types that are missing, and list those that the production uses from now on. Emits asset-type:new, project:update."""
        tx, project = self.importing.tx, self.importing.project
        rows = [EntityType(name=name) for name in self.new.values()]
        tx.add_all(rows)
        tx.flush()
        for word, row in zip(self.new, rows, strict=True):
            self.made[word] = row.id
            events.emit(tx, "asset-type:new", {"asset_type_id": row.id})
        if self.added and insert_link(tx, project, "asset_type", list(self.added)):
            tell(tx, project.id)


def shot_task_types(tx):
    """{name in lower case: id} of the task types of shots."""
    rows = sa.select(sa.func.lower(TaskType.name), TaskType.id).where(TaskType.for_entity == "Shot")
    found = {}
    for name, id in tx.execute(rows.order_by(TaskType.archived.is_(True), TaskType.created_at, TaskType.id)):
        found.setdefault(name, id)
    return found
