"""Files of shots and of edits. Rules: contract/rules/imports.md §3 and §4."""

from zou.entities.services import batch
from zou.exchange.services.cells import integer
from zou.exchange.services.entities import NAME_LENGTH, EntitySheet, Names, Target

FRAMES = {"nb_frames": ("Nb Frames", "Frames"), "frame_in": ("Frame In", "In"), "frame_out": ("Frame Out", "Out")}
TEXTS = {"fps": "FPS", "resolution": "Resolution"}


class TaskedSheet(EntitySheet):
    """An import of entities that get every task of their kind when they are made."""

    def write_tasks(self, new):
        """Make the tasks of new entities, and those that lines name."""
        self.write_states({target.entity: dict.fromkeys(self.progress.types) for target in new})


class ShotSheet(TaskedSheet):
    """An import of shots. A shot is known by its name and sequence, a sequence of a series by its name and episode."""

    kind = "Shot"

    @property
    def required(self):
        """Columns that the file must have."""
        return ("Episode", "Sequence", "Name") if self.is_series else ("Sequence", "Name")

    def load(self):
        self.sequences = Names(self, "Sequence")
        episodes = {id: name for id, (name, _) in self.episodes.keys().items()} if self.is_series else {}
        places = {id: (name, episodes.get(parent_id)) for id, (name, parent_id) in self.sequences.keys().items()}
        for shot in self.existing():
            if shot.parent_id in places:
                self.targets.setdefault((shot.name, *places[shot.parent_id]), Target(entity=shot))

    def identify(self, line):
        """(name, name of the sequence, name of the episode or None)."""
        episode = line.required("Episode", NAME_LENGTH) if self.is_series else None
        sequence = line.required("Sequence", NAME_LENGTH)
        return line.required("Name", NAME_LENGTH), sequence, episode

    def read(self, line, target, key):
        """Take over the cells of a line."""
        super().read(line, target, key)
        if target.entity is None:
            target.values |= {"name": key[0], "place": key[1:]}
        data, changed = target.data, {}
        found = {key: integer(line, key, *headers) for key, headers in FRAMES.items()}
        for key in ("frame_in", "frame_out"):
            if found[key] is not None and str(data.get(key)) != str(found[key]):
                changed[key] = found[key]
        for key, header in TEXTS.items():
            cell = line.get(header)
            if cell is not None and (target.entity is None or cell != str(data.get(key) or "")):
                changed[key] = cell
        self.count(target, found, bool(changed.keys() & {"frame_in", "frame_out"}))
        if changed:
            target.values["data"] = {**data, **changed}

    def count(self, target, found, is_moved):
        """Set the number of frames: that of the line, else that between its first and last; a new shot has 0 otherwise."""
        first, last = found["frame_in"], found["frame_out"]
        if found["nb_frames"] is not None:
            target.values["nb_frames"] = found["nb_frames"]
        elif first is not None and last is not None and last > first:
            # An exported file shows a shot that has a range and no count as it is: with an empty cell.
            stored = target.entity is not None and target.entity.nb_frames is None and not is_moved
            if not stored or not self.headers & set(FRAMES["nb_frames"]):
                target.values["nb_frames"] = last - first + 1
        elif target.entity is None:
            target.values.setdefault("nb_frames", 0)

    def write(self):
        """Write episodes, sequences and shots, then their tasks."""
        new, changed = self.sort()
        places = [target.values.pop("place") for target in new]
        if self.is_series:
            self.episodes.make([(episode, None) for _, episode in places])
        keys = [(name, self.episodes.found[episode, None] if self.is_series else None) for name, episode in places]
        self.sequences.make(keys)
        rows = []
        for target, key in zip(new, keys, strict=True):
            parent_id = self.sequences.found[key]
            rows.append({**target.values, "parent_id": parent_id, "event": {"episode_id": self.sequences.parents[parent_id]}})
        for target, shot in zip(new, batch.create_all(self.tx, self.actor, self.project, "Shot", rows), strict=True):
            target.entity = shot
        self.change(changed)
        self.tell()
        self.write_tasks(new)


class EditSheet(TaskedSheet):
    """An import of edits. An edit is known by its name and episode."""

    kind = "Edit"
    required = ("Name",)

    def load(self):
        episodes = {id: name for id, (name, _) in self.episodes.keys().items()} if self.is_series else {}
        for edit in self.existing():
            if edit.parent_id is None or edit.parent_id in episodes or not self.is_series:
                self.targets.setdefault((edit.name, episodes.get(edit.parent_id)), Target(entity=edit))

    def identify(self, line):
        """(name, name of the episode or None)."""
        return line.required("Name", NAME_LENGTH), self.episode_of(line)

    def read(self, line, target, key):
        """Take over the cells of a line."""
        super().read(line, target, key)
        if target.entity is None:
            target.values |= {"name": key[0], "episode": key[1]}

    def write(self):
        """Write episodes and edits, then their tasks."""
        new, changed = self.sort()
        episodes = [target.values.pop("episode") for target in new]
        if self.is_series:
            self.episodes.make([(name, None) for name in episodes if name is not None])
        rows = []
        for target, name in zip(new, episodes, strict=True):
            parent_id = self.episodes.found[name, None] if name is not None else None
            rows.append({"description": "", **target.values, "parent_id": parent_id, "event": {"parent_id": parent_id}})
        for target, edit in zip(new, batch.create_all(self.tx, self.actor, self.project, "Edit", rows), strict=True):
            target.entity = edit
        self.change(changed)
        self.tell()
        self.write_tasks(new)
