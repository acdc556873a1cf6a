"""Commands on previews. Texts and exits: contract/rules/cli.md, section Maintenance."""

import datetime
from collections import Counter

import click

from zou import config
from zou.platform.cli.database import with_transaction
from zou.platform.cli.progress import counted
from zou.platform.db import db
from zou.platform.errors import NotFound, Unavailable

PROJECT = click.option("--project-id", help="Only previews of this production.")
PROGRESS = click.option("--progress", is_flag=True, help="Show a bar on a terminal.")
ALONE = "--only-missing-tiles goes without --with-tiles, --with-metadata, --with-thumbnails and --force-regenerate-tiles."
NO_WORK = "Say what to make: --with-tiles, --with-metadata, --with-thumbnails, or --only-missing-tiles."
NO_QUEUE = "ENABLE_JOB_QUEUE is off: there is no queue for the tiles. --with-tiles makes them here."


@click.command("renormalize-movie-preview-files")
@click.option("--preview-file-id", "preview_file_id", multiple=True, help="This one, whatever its extension and status; may be repeated.")
@PROJECT
@click.option("--all-broken", is_flag=True, help="Movies that could not be encoded.")
@click.option("--all-missing", is_flag=True, help="Movies whose source was not in the storage.")
@click.option("--all-processing", is_flag=True, help="Movies that are still waiting.")
@click.option("--days", type=click.IntRange(min=0), help="Only those made within so many days; added to --hours and --minutes.")
@click.option("--hours", type=click.IntRange(min=0), help="Hours of the same.")
@click.option("--minutes", type=click.IntRange(min=0), help="Minutes of the same.")
@with_transaction
def renormalize_movie_preview_files(preview_file_id, project_id, days, hours, minutes, **wanted):
    """Encode movies once more from their stored sources, the oldest first: by workers with the job queue, else here."""
    from zou.previews.services import renormalising, selection

    statuses = [name.removeprefix("all_") for name, is_wanted in wanted.items() if is_wanted]
    if not preview_file_id and not statuses:
        raise click.ClickException("Say which: --preview-file-id, --all-broken, --all-missing or --all-processing.")
    check_project(project_id)
    named, unknown = selection.known_ids(db.session, preview_file_id)
    for text in unknown:
        click.echo(f"There is no preview file {text}.", err=True)
    age = datetime.timedelta(days=days or 0, hours=hours or 0, minutes=minutes or 0)
    ids = renormalising.chosen(db.session, named, statuses, project_id, age)
    if not ids:
        raise click.ClickException("No preview file to renormalize.")
    for number, id in enumerate(ids, 1):
        click.echo(f"Renormalizing preview file {id} ({number}/{len(ids)}).")
        try:
            status = renormalising.again(db.session, id)
            db.session.commit()
        except Unavailable as error:
            raise click.ClickException(f"{error.message} The previews from {id} on stay as they are.") from None
        if status in ("missing", "broken"):
            click.echo(f"Preview file {id} is {status}: {failure_of(id)}", err=True)


def failure_of(id):
    """Why a preview has no movie."""
    from zou.previews.models import PreviewFile

    return (db.session.get(PreviewFile, id).data or {}).get("failure")


@click.command("probe-preview-files")
@PROJECT
@click.option("--only-unknown", is_flag=True, help="Only previews of which no file is known to be there or missing.")
@click.option("--limit", type=click.IntRange(min=1), help="At most so many previews, the oldest first.")
@click.option("--dry-run", is_flag=True, help="Count only, note nothing.")
@PROGRESS
@with_transaction
def probe_preview_files(project_id, only_unknown, limit, dry_run, progress):
    """Ask the storage for every file that ready previews should have, and note which are missing."""
    from zou.previews.services import probing

    check_project(project_id)
    asked = probing.conditions(project_id, only_unknown)
    count, missing = probing.count(db.session, asked, limit), Counter()
    with counted("Previews", count, progress) as done:
        for page in probing.pages(db.session, asked, limit):
            missing.update((bucket, prefix) for _, bucket, prefix in probing.probe(db.session, page, record=not dry_run))
            db.session.commit()
            done(len(page))
    for (bucket, prefix), number in sorted(missing.items(), key=lambda item: (item[0] != ("pictures", "tiles"), item[0])):
        click.echo(f"{bucket}/{prefix}: {number} missing")
    click.echo(f"{count} preview files checked.")


@click.command("normalize-annotation-times")
@PROJECT
@click.option("--dry-run", is_flag=True, help="Tell only, change nothing.")
@with_transaction
def normalize_annotation_times(project_id, dry_run):
    """Put annotations on the frames that players show, and merge those of one frame."""
    from zou.previews.services import selection, times

    check_project(project_id)
    total = changed = 0
    for page in selection.in_pages(db.session, times.annotated(project_id), 100):
        for row in page:
            counts = times.normalise(db.session, row.id, dry_run)
            db.session.commit()
            total += 1
            if counts is not None:
                changed += 1
                click.echo(f"{row.id}: {counts[0]} annotations, {counts[1]} on their frames.")
    click.echo(f"{changed}/{total} annotated preview files {'need normalization' if dry_run else 'normalized'}.")


@click.command("reset-movie-files-metadata")
@with_transaction
def reset_movie_files_metadata():
    """Measure the stored movies of open productions anew: width, height, duration, file size."""
    reset_metadata("mp4")


@click.command("reset-picture-files-metadata")
@with_transaction
def reset_picture_files_metadata():
    """Measure the stored pictures of open productions anew: width, height, file size."""
    reset_metadata("png")


def reset_metadata(extension):
    """Measure every usable preview of an extension, a line for each."""
    from zou.previews.models import PreviewFile
    from zou.previews.services import extras, selection

    ids = db.session.scalars(selection.usable([extension]).order_by(PreviewFile.created_at, PreviewFile.id)).all()
    with counted("Previews", len(ids)) as done:
        for id in ids:
            if attempt(extras.measure, id):
                found = db.session.get(PreviewFile, id)
                click.echo(f"{id}: {found.width}x{found.height}, {found.file_size} bytes" if found else f"{id}: removed meanwhile")
            done(1)


def attempt(make, id):
    """Whether something could be made of a preview; why not is told as a warning. What was made is committed."""
    from zou.previews.services import extras

    try:
        make(db.session, id)
        db.session.commit()
        return True
    except extras.UNREADABLE as error:
        db.session.rollback()
        click.echo(f"Warning: {id}: {error}", err=True)
        return False


@click.command("generate-preview-extra")
@click.option("--project", help="Only this production: its name or id.")
@click.option("--entity-id", help="Only previews of this shot, asset or other entity.")
@click.option("--episode", multiple=True, help="Only this episode: its id, or its name with --project; may be repeated.")
@click.option("--only-shots", is_flag=True, help="Only previews of shots.")
@click.option("--only-assets", is_flag=True, help="Only previews of assets.")
@click.option("--with-tiles", is_flag=True, help="Make the tiles of movies that have none.")
@click.option("--with-metadata", is_flag=True, help="Measure width, height, size and duration.")
@click.option("--with-thumbnails", is_flag=True, help="Make the pictures of every size.")
@click.option("--force-regenerate-tiles", is_flag=True, help="With --with-tiles: also of movies that have some.")
@click.option("--only-missing-tiles", is_flag=True, help="Leave the tiles that are missing to workers, the newest movies first.")
@click.option("--force", is_flag=True, help="With --only-missing-tiles: also movies that were tried within the hour.")
@click.option("--limit", type=click.IntRange(min=1), help="With --only-missing-tiles: at most so many jobs.")
@PROGRESS
@with_transaction
def generate_preview_extra(
    with_tiles, with_metadata, with_thumbnails, force_regenerate_tiles, only_missing_tiles, force, limit, progress, **filters
):
    """Make tiles, measures and pictures of the ready movies and pictures of open productions again."""
    from zou.previews.services import extras, selection

    work = {extras.make_pictures: with_thumbnails, extras.measure: with_metadata, extras.make_tiles: with_tiles}
    if only_missing_tiles and (force_regenerate_tiles or any(work.values())):
        raise click.UsageError(ALONE)
    if not only_missing_tiles and not any(work.values()):
        raise click.UsageError(NO_WORK)
    try:
        chosen = selection.narrowed(db.session, selection.usable(["mp4"] if only_missing_tiles else extras.MADE_OF), **filters)
    except NotFound as error:
        raise click.ClickException(error.message) from None
    if only_missing_tiles:
        return queue_tiles(chosen, force, limit, progress)
    return make_extras(chosen, [make for make, is_wanted in work.items() if is_wanted], force_regenerate_tiles, progress)


def make_extras(chosen, work, force_tiles, shown):
    """Make something of each chosen preview, here."""
    from zou.previews.models import PreviewFile
    from zou.previews.services import extras

    rows = db.session.execute(chosen.add_columns(PreviewFile.extension).order_by(PreviewFile.created_at, PreviewFile.id)).all()
    made, failed = Counter(), 0
    with counted("Previews", len(rows), shown) as done:
        for id, extension in rows:
            for make in work:
                if not extras.applies(make, extension):
                    continue
                if make is extras.make_tiles and not force_tiles and extras.has_tiles(db.session, id):
                    continue
                if attempt(make, id):
                    made[make.__name__] += 1
                else:
                    failed += 1
            done(1)
    names = {"make_pictures": "thumbnails", "measure": "metadata", "make_tiles": "tiles"}
    click.echo(f"{len(rows)} preview files: " + ", ".join(f"{made[make.__name__]} {names[make.__name__]}" for make in work) + ".")
    if failed:
        click.echo(f"{failed} could not be made.", err=True)


def queue_tiles(chosen, force, limit, shown):
    """Queue a job for each chosen movie without tiles, the newest first."""
    from zou.previews.models import PreviewFile
    from zou.previews.services import extras

    if not config.value("ENABLE_JOB_QUEUE"):
        raise click.ClickException(NO_QUEUE)
    ids = db.session.scalars(chosen.order_by(PreviewFile.created_at.desc(), PreviewFile.id)).all()
    count = Counter()
    with counted("Movies", len(ids), shown) as done:
        for id in ids:
            if limit is not None and count["queued"] >= limit:
                break
            count["checked"] += 1
            count[tiles_state(extras, id, force)] += 1
            db.session.commit()
            done(1)
    click.echo(
        f"{count['checked']} movies checked: {count['queued']} queued, {count['there']} already there, "
        f"{count['tried']} skipped (attempt within the hour), {count['error']} storage errors"
    )


def tiles_state(extras, id, force):
    """What was found of the tiles of a movie, or done about them: there, tried, queued, error."""
    try:
        if extras.has_tiles(db.session, id):
            return "there"
    except Unavailable:
        return "error"
    if not force and extras.was_tried(db.session, id):
        return "tried"
    extras.leave_tiles(db.session, id)
    return "queued"


def check_project(id):
    """End the command when there is no such production."""
    from zou.previews.services import selection

    try:
        selection.check_project(db.session, id)
    except NotFound as error:
        raise click.ClickException(error.message) from None
