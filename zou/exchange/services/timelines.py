"""Edits of editorial programs (EDL, FCP XML, AAF, OTIO...) as the shots of a production. Rules: contract/rules/imports.md §8."""

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from string import Template

import opentimelineio as otio
import sqlalchemy as sa

from zou.entities.models import Entity
from zou.entities.queries.kinds import is_kind
from zou.entities.services import batch
from zou.entities.services.creation import lock_names
from zou.exchange.services.entities import NAME_LENGTH, SERIES
from zou.exchange.services.progress import task_types
from zou.platform import events
from zou.platform.errors import Invalid
from zou.tasks.services.creation import insert_tasks

CONVENTION = "${project_name}_${sequence_name}-${shot_name}"
EPISODE_CONVENTION = "${project_name}_${episode_name}-${sequence_name}-${shot_name}"
VARIABLE = re.compile(r"\$\{(\w+)\}|\$(\w+)")
LONGEST, MOST_VARIABLES = 400, 5  # of a convention: more would let one be written that takes for ever to match
DEFAULT_FPS = 25.0
NO_MEDIA = otio.media_linker.MediaLinkingPolicy.DoNotLinkMedia


@dataclass(frozen=True)
class Cut:
    """A clip of the timeline."""

    name: str
    first_frame: int
    last_frame: int
    nb_frames: int


def run(tx, actor, project, episode, file_name, content, naming, match_case):
    """Make or change the shots that the clips of a file name; returns (ids of changed, ids of new shots). Raises Invalid.

    `naming`: the convention, or None; `episode`: an entity, in a series only. Emits sequence:new, shot:new, shot:update, task:new.
    """
    if project.production_type == SERIES and episode is None:
        raise Invalid("An episode is required for a TV show production.")
    convention = Convention(naming or (EPISODE_CONVENTION if episode is not None else CONVENTION), match_case)
    cuts = read(file_name, content, fps_of(project))
    lock_names(tx, project.id)
    names = {"project_name": project.name, "episode_name": episode.name if episode is not None else ""}
    known = Known(tx, project, episode, convention, names)
    found = [known.find(number, cut) for number, cut in enumerate(cuts, 1)]
    known.settle()
    return write(tx, actor, project, episode, known, list(zip(cuts, found, strict=True)))


def fps_of(project):
    """Frames per second of a production."""
    try:
        rate = float(project.fps or DEFAULT_FPS)
    except ValueError:
        return DEFAULT_FPS
    return rate if rate > 0 else DEFAULT_FPS


# --- reading ---


def read(file_name, content, fps):
    """The cuts of a file, in the form that its extension says. Raises Invalid for another form and for what cannot be read."""
    suffix = Path(file_name).suffix.lower()
    forms = sorted(otio.adapters.suffixes_with_defined_adapters(read=True))
    if suffix.lstrip(".") not in forms:
        raise Invalid(f"Unsupported file type '{suffix}'. Supported formats: {', '.join(forms)}.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"timeline{suffix}"
        path.write_bytes(content)
        options = {"rate": fps, "ignore_timecode_mismatch": True} if suffix == ".edl" else {}
        try:
            timeline = otio.adapters.read_from_file(
                str(path), media_linker_name=otio.media_linker.MediaLinkingPolicy.DoNotLinkMedia, **options
            )
        except Exception as error:  # readers of any origin raise what they like; whatever it is, the file cannot be read
            raise Invalid(f"Failed to parse OTIO file: {told(error, folder)}") from None
    try:
        return [cut_of(clip) for clip in clips_of(timeline)]
    except Exception as error:  # a timeline that its reader took, and that has no times
        raise Invalid(f"{type(error).__name__}: {told(error, folder)}") from None


def told(error, folder):
    """What an error says, without the name of the folder that the file was read from."""
    return str(error).replace(f"{folder}/", "")[:400]


def clips_of(timeline):
    """The clips of what a file holds; of a timeline those of its pictures, unless it has only sound."""
    if isinstance(timeline, otio.schema.Timeline):
        pictures = [clip for track in timeline.video_tracks() for clip in track.find_clips()]
        return pictures or list(timeline.find_clips())
    if isinstance(timeline, otio.schema.Clip):
        return [timeline]
    return list(timeline.find_clips())


def cut_of(clip):
    """A clip's name and frames: its place in its track, which starts at 0, else its own range."""
    placed = clip.range_in_parent() if clip.parent() is not None else clip.trimmed_range()
    length = (clip.source_range or clip.trimmed_range()).duration
    return Cut(name_of(clip), placed.start_time.to_frames(), placed.end_time_inclusive().to_frames(), length.to_frames())


def name_of(clip):
    """The name of a clip without extension, else what its media is called."""
    media = clip.media_reference
    names = (clip.name, getattr(media, "name_prefix", None), getattr(media, "name", None), getattr(media, "target_url", None))
    return Path(next((name for name in names if name), "")).stem


# --- names ---


class Convention:
    """How the clips of an edit are named after their shots."""

    def __init__(self, text, match_case):
        self.text, self.match_case = text, match_case
        variables = [brace or bare for brace, bare in VARIABLE.findall(text)]
        if len(text) > LONGEST or len(variables) > MOST_VARIABLES:
            raise Invalid(f"The naming convention is longer than {LONGEST} characters or has more than {MOST_VARIABLES} variables.")
        if not {"sequence_name", "shot_name"} <= set(variables):
            raise Invalid("The naming convention must name ${sequence_name} and ${shot_name}.")
        parts, at, seen = [], 0, set()
        for match in VARIABLE.finditer(text):
            name = match[1] or match[2]
            parts += [re.escape(text[at : match.start()]), f"(?P={name})" if name in seen else rf"(?P<{name}>\w*)"]
            at = match.end()
            seen.add(name)
        try:
            self.pattern = re.compile("".join([*parts, re.escape(text[at:])]), 0 if match_case else re.IGNORECASE)
        except re.error as error:
            raise Invalid(f"The naming convention cannot be read: {error}.") from None

    def fold(self, name):
        """A name as it is compared."""
        return name if self.match_case else name.lower()

    def render(self, names):
        """The name of the clip of a shot."""
        return self.fold(Template(self.text).safe_substitute(names))

    def parse(self, name):
        """(sequence, shot) that a clip's name tells, or None."""
        found = self.pattern.match(name) if len(name) <= NAME_LENGTH else None
        return (found["sequence_name"], found["shot_name"]) if found and found["sequence_name"] and found["shot_name"] else None


class Known:
    """The sequences and shots of a production or of its episode, by their names and by those of their clips."""

    def __init__(self, tx, project, episode, convention, names):
        self.convention, self.problems = convention, []
        own = [Entity.project_id == project.id]
        below = [Entity.parent_id == episode.id] if episode is not None else []
        rows = sa.select(Entity.id, Entity.name).where(*own, *below, is_kind("Sequence")).order_by(Entity.created_at, Entity.id)
        sequences = tx.execute(rows).all()
        self.sequences, self.by_clip, self.shots = {}, {}, {}
        for row in sequences:
            self.sequences.setdefault(convention.fold(row.name), row.id)
        named = {row.id: row.name for row in sequences}
        for shot in batch.locked(tx, *own, is_kind("Shot"), Entity.parent_id == sa.any_(batch.array(named))):
            sequence = named[shot.parent_id]
            clip = convention.render({**names, "sequence_name": sequence, "shot_name": shot.name})
            self.by_clip.setdefault(clip, shot)
            self.shots.setdefault((convention.fold(sequence), convention.fold(shot.name)), shot)

    def find(self, number, cut):
        """The shot of a clip, or the (sequence, shot) names of a new one."""
        shot = self.by_clip.get(self.convention.fold(cut.name))
        if shot is not None:
            return shot
        names = self.convention.parse(cut.name)
        if names is None or any(len(name) > NAME_LENGTH for name in names):
            told = f"Clip name '{cut.name[:80]}' does not match the naming convention {self.convention.text}."
            self.problems.append({"line": number, "column": "clip", "field": "clip", "message": told})
            return None
        return self.shots.get(tuple(map(self.convention.fold, names)), names)

    def settle(self):
        """Refuse the file when a clip cannot be named. Raises Invalid."""
        if self.problems:
            raise Invalid(self.problems[0]["message"], data={"errors": self.problems})


# --- writing ---


def write(tx, actor, project, episode, known, found):
    """Write sequences, shots and tasks. `found`: (cut, shot or names) each, in the order of the edit."""
    fold = known.convention.fold
    missing = {fold(names[0]): names[0] for _, names in found if isinstance(names, tuple) and fold(names[0]) not in known.sequences}
    parent_id = episode.id if episode is not None else None
    same = {"parent_id": parent_id, "description": "", "data": {}}
    made = batch.create_all(tx, actor, project, "Sequence", [{"name": name, **same} for name in missing.values()])
    known.sequences.update(zip(missing, [sequence.id for sequence in made], strict=True))
    new, changes, updated = {}, {}, []
    for cut, shot in found:
        if isinstance(shot, tuple):
            new.setdefault(tuple(map(fold, shot)), (shot, []))[1].append(cut)
        else:
            changes[shot] = cut
            updated.append(shot)
    rows = []
    for (sequence, name), cuts in new.values():
        place = {"name": name, "parent_id": known.sequences[fold(sequence)], "event": {"episode_id": parent_id}}
        rows.append({**place, **frames(cuts[-1], {})})
    created = batch.create_all(tx, actor, project, "Shot", rows)
    batch.update_all(tx, [(shot, frames(cut, shot.data or {})) for shot, cut in changes.items()])
    again = [shot for shot, (_, cuts) in zip(created, new.values(), strict=True) for _ in cuts[1:]]
    for shot in (*updated, *again):
        events.emit(tx, "shot:update", {"shot_id": shot.id}, project_id=project.id)
    types = task_types(tx, project, "Shot") if created else []
    insert_tasks(tx, actor, project, [(shot, task_type) for shot in created for task_type in types], for_concept=False)
    return [shot.id for shot in (*updated, *again)], [shot.id for shot in created]


def frames(cut, data):
    """The columns of a shot that a cut says."""
    return {"nb_frames": cut.nb_frames, "data": {**data, "frame_in": cut.first_frame, "frame_out": cut.last_frame}}
