"""The files of a playlist in one zip archive, and the names of what is downloaded. Rules: contract/rules/playlists.md §4.1."""

import os
import zipfile
from pathlib import Path

import sqlalchemy as sa

from zou.entities.models import Entity
from zou.platform.media.movies import MovieError
from zou.platform.storage import store
from zou.playlists.services import builds, entries
from zou.previews import queries as previews
from zou.previews.services import naming
from zou.productions.models import Project


def context(tx, playlist):
    """What the names of a playlist's downloads begin with: the production and, for a series, the episode."""
    found = tx.execute(
        sa.select(Project.name, Project.production_type, Entity.name.label("episode"))
        .outerjoin(Entity, Entity.id == playlist.episode_id)
        .where(Project.id == playlist.project_id)
    ).one()
    parts = [found.name]
    if found.production_type == "tvshow":
        for_all = "all assets" if playlist.for_entity == "asset" else "all shots"
        parts.append(found.episode or (for_all if playlist.is_for_all else "main pack"))
    return "_".join(naming.slug(part) for part in parts)


def archive_name(tx, playlist):
    """The name of the archive."""
    return f"{context(tx, playlist)}_{naming.slug(playlist.name)}.zip"


def movie_name(tx, playlist, job):
    """The name of a film that was made of the playlist."""
    return f"{job.created_at:%Y%m%d_%H%M%S}_{context(tx, playlist)}_{naming.slug(playlist.name)}.mp4"


def pack(tx, playlist, target):
    """Write the archive: of each entry in order, every position of the revision that it shows. Files that are not stored are left out."""
    shown = revisions_of(tx, playlist)
    subjects = naming.subjects(tx, {preview.task_id for preview in shown})
    taken = set()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:  # movies and pictures are compressed already
        for number, preview in enumerate(shown, 1):
            path = local_file(preview)
            if path is None:
                continue
            name = os.path.basename(naming.name_of(subjects[preview.task_id], preview))
            if name in taken:
                name = f"{number:04d}_{name}"
            taken.add(name)
            archive.write(path, name)


def revisions_of(tx, playlist):
    """The previews of the revisions that the entries of a playlist show, in their order, by position."""
    shots = entries.stored(playlist)
    rows = previews.of_entities(tx, {id for id in map(entries.entity_of, shots) if id})
    listed = []
    for entry in shots:
        of_entity = rows.get(entries.entity_of(entry), [])
        preview = next((row for row in of_entity if str(row.id) == entries.preview_of(entry)), None)
        if preview is not None:
            listed += [row for row in of_entity if (row.task_id, row.revision) == (preview.task_id, preview.revision)]
    return listed


def local_file(preview):
    """Path of the file of a preview on this machine, or None when it is not stored."""
    try:
        if preview.extension == "mp4":
            return builds.best_movie(preview.id)
        bucket, prefix = ("pictures", "original") if preview.extension == "png" else ("files", "previews")
        return Path(store().local_path(bucket, prefix, preview.id, preview.extension or ""))
    except (FileNotFoundError, MovieError):
        return None
