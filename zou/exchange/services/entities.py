"""Files of entities: assets, shots and edits. Rules: contract/rules/imports.md §2 to §4.

Everything that lines refer to is looked up at once, the lines are judged in memory, and what they say is written in a fixed number of
statements for a thousand of them, by the services that make single rows.
"""

from dataclasses import dataclass, field

import sqlalchemy as sa

from zou.entities.models import Entity
from zou.entities.queries.kinds import is_kind
from zou.entities.services import batch
from zou.entities.services.creation import lock_names
from zou.exchange.services.cells import CustomColumns, Persons
from zou.exchange.services.progress import Progress
from zou.platform import events

NAME_LENGTH = 160
SERIES = "tvshow"
NO_EPISODES = "An episode column is present for a production that isn't a TV Show"


@dataclass(eq=False)
class Target:
    """An entity that lines are about: what it is, what it is to become, and what they say of its tasks."""

    values: dict = field(default_factory=dict)
    entity: Entity | None = None  # None until it is made
    updates: int = 0  # lines that change it
    states: list = field(default_factory=list)  # of (task type, State)

    @property
    def data(self):
        """The metadata as the lines until now leave it."""
        stored = self.entity.data if self.entity is not None else None
        return self.values.get("data") or stored or {}

    def set(self, name, cell):
        """Take a text over from a cell; an empty one leaves what was never set."""
        is_same = self.entity is not None and name not in self.values and cell == (getattr(self.entity, name) or "")
        if cell is not None and not is_same:
            self.values[name] = cell


class EntitySheet:
    """An import of one kind of entity.

    Subclasses `load` what the lines refer to, filling `targets` with the entities that are there; `identify` the target of a line by a
    key; `read` its cells; and `write` what the lines say.
    """

    kind: str
    required: tuple[str, ...]

    def __init__(self, tx, actor, project, sheet, update):
        self.tx, self.actor, self.project, self.sheet, self.update = tx, actor, project, sheet, update
        self.is_series = project.production_type == SERIES
        self.headers = set(sheet.headers)
        self.targets = {}

    def run(self):
        """Import the file; returns the ids of the entities, one for each line. Raises Invalid, and has written nothing then."""
        self.sheet.require(*self.required)
        if not self.sheet.lines:
            return []
        lock_names(self.tx, self.project.id)
        self.custom = CustomColumns(self.tx, self.project, self.kind, self.headers)
        self.progress = Progress(self.tx, self.actor, self.project, self.kind, self.headers)
        names = {name for line in self.sheet.lines for name in (*self.custom.names(line), *self.progress.names(line))}
        self.persons = Persons(self.tx, names)
        self.episodes = Names(self, "Episode") if self.is_series else None
        self.load()
        found = self.sheet.judged(self.judge)
        self.sheet.settle()
        self.seen = dict.fromkeys(found)
        self.write()
        return [target.entity.id for target in found]

    def judge(self, line):
        """The target of a line, with what the line says."""
        key = self.identify(line)
        target = self.targets.get(key)
        if target is None:
            target = self.targets[key] = Target()
        elif self.update:
            target.updates += 1
        else:
            return target
        self.read(line, target, key)
        values = self.custom.read(line, self.persons, target.data if target.entity is not None else None)
        if values:
            target.values["data"] = {**target.data, **values}
        target.states += self.progress.read(line, self.persons).items()
        return target

    def read(self, line, target, key):
        """Take over the cells of a line. `key`: as of `identify`."""
        target.set("description", line.get("Description"))

    # --- parts ---

    def existing(self, *conditions):
        """The entities of the kind with a name that the file has, locked, the first made first."""
        names = sa.any_(sa.cast(list({line.text("Name") for line in self.sheet.lines}), sa.ARRAY(sa.Text)))
        own = Entity.project_id == self.project.id
        return sorted(batch.locked(self.tx, own, is_kind(self.kind), Entity.name == names, *conditions), key=lambda e: e.created_at)

    def episode_of(self, line, *, none=("",)):
        """The name of the episode of a line; None for none. Filled in a production without episodes it is wrong."""
        name = line.text("Episode", NAME_LENGTH)
        if name and not self.is_series:
            line.wrong("Episode", NO_EPISODES)
        return None if name in none or not self.is_series else name

    def sort(self):
        """(targets to make, targets to change)."""
        new = [target for target in self.seen if target.entity is None]
        return new, [target for target in self.seen if target.updates and target.entity is not None]

    def change(self, targets):
        """Write changed entities."""
        batch.update_all(self.tx, [(target.entity, target.values) for target in targets])

    def tell(self, data=lambda target: {}):
        """Emit <kind>:update for each line that changed something. `data`: further keys, of a target."""
        name = self.kind.lower()
        for target in self.seen:
            for _ in range(target.updates):
                events.emit(self.tx, f"{name}:update", {f"{name}_id": target.entity.id, **data(target)}, project_id=self.project.id)

    def write_states(self, wanted):
        """Make tasks and write what the lines say of them. `wanted`: {entity: task types} beyond those that lines name."""
        states = [(target.entity, task_type, state) for target in self.seen for task_type, state in target.states]
        for entity, task_type, _ in states:
            wanted.setdefault(entity, {})[task_type] = None
        tasks = self.progress.make(wanted)
        self.progress.apply(tasks, states)


class Names:
    """Entities of a kind by their name and parent, and those that the file makes."""

    def __init__(self, importing, kind):
        self.importing, self.kind = importing, kind
        rows = sa.select(Entity.name, Entity.parent_id, Entity.id).where(Entity.project_id == importing.project.id, is_kind(kind))
        has_parents = kind == "Sequence" and importing.is_series
        self.found, self.parents = {}, {}
        for name, parent_id, id in importing.tx.execute(rows.order_by(Entity.parent_id.isnot(None), Entity.created_at, Entity.id)):
            self.found.setdefault((name, parent_id if has_parents else None), id)
            self.parents[id] = parent_id

    def make(self, keys):
        """Make those of the (name, parent id) keys that are missing."""
        missing = [key for key in dict.fromkeys(keys) if key not in self.found]
        if missing:
            rows = [
                {"name": name, "parent_id": parent_id, "description": "", "data": {}, "status": "running"} for name, parent_id in missing
            ]
            made = batch.create_all(self.importing.tx, self.importing.actor, self.importing.project, self.kind, rows)
            self.found.update(zip(missing, [entity.id for entity in made], strict=True))
            self.parents.update((entity.id, entity.parent_id) for entity in made)

    def keys(self):
        """{id: (name, parent id)}."""
        return {id: key for key, id in self.found.items()}
