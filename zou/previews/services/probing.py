"""What the storage really holds of each preview: `zou probe-preview-files`. Rules: contract/rules/storage.md §6."""

import logging
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa

from zou.platform.storage import store
from zou.previews.models import PreviewFile, PreviewFileStorageState
from zou.previews.services import selection, states

AT_ONCE = 8  # questions that an object store gets at the same time
PAGE = 200
log = logging.getLogger(__name__)


def conditions(project_id=None, only_unknown=False):
    """Conditions on the previews to ask for: ready ones, of a production, those of which nothing is known yet."""
    found = [PreviewFile.status == "ready", *selection.of_project(project_id)]
    if only_unknown:
        found.append(~sa.exists().where(PreviewFileStorageState.preview_file_id == PreviewFile.id))
    return found


def pages(tx, asked, limit=None):
    """Yield lists of previews to ask for, the oldest first, at most `limit` of them. `asked`: `conditions`."""
    left = limit
    for page in selection.in_pages(tx, asked, PAGE):
        if left is not None and left <= len(page):
            yield page[:left]
            return
        left = left and left - len(page)
        yield page


def count(tx, asked, limit=None):
    """How many previews `pages` yields."""
    found = tx.scalar(sa.select(sa.func.count()).select_from(PreviewFile).where(*asked))
    return found if limit is None else min(found, limit)


def probe(tx, page, record=True):
    """Ask the storage for every expected file of some previews and note what it says; returns [(preview id, bucket, prefix)] missing.

    What it does not answer stays as it was known. `record` false: nothing is written.
    """
    kept, missing = store(), []
    wanted = [(row.id, bucket, prefix) for row in page for bucket, prefix in states.expected(row)]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(threads.map(lambda file: answer(kept, *file), wanted))
    by_state = {}
    for (id, bucket, prefix), is_there in zip(wanted, answers, strict=True):
        if is_there is not None:
            by_state.setdefault((id, "ok" if is_there else "missing"), []).append((bucket, prefix))
        if is_there is False:
            missing.append((id, bucket, prefix))
    if record:
        for (id, state), files in sorted(by_state.items(), key=lambda item: str(item[0])):
            if tx.scalar(sa.select(PreviewFile.id).where(PreviewFile.id == id).with_for_update(read=True, key_share=True)):
                states.record(tx, id, files, state)
    return missing


def answer(kept, id, bucket, prefix):
    """Whether a file is in the storage; None when it did not say."""
    try:
        return kept.exists(bucket, prefix, id)
    except Exception as error:
        log.warning("The storage did not say whether it has %s-%s: %s", prefix, id, error)
        return None
