"""Rows of previews and of backgrounds. Rules: contract/rules/previews.md §1.3, crud.md §6.3 and §6.5."""

import sqlalchemy as sa

from zou.platform.errors import Invalid
from zou.platform.rows import Rows
from zou.previews.models import PreviewBackgroundFile, PreviewFile
from zou.previews.services import backgrounds, removal
from zou.tasks.models import Task

NOT_LOADED = {"synchronize_session": False}


class PreviewFileRows(Rows):
    """Previews; the files of one revision of a task stay together."""

    def check_change(self, tx, actor, row, values):
        """A revision that is there already is not taken twice. The task is locked against a second request."""
        revision = number(values.get("revision"))
        if revision is None or revision == row.revision or row.position != 1:
            return
        tx.execute(sa.select(Task.id).where(Task.id == row.task_id).with_for_update(key_share=True))
        taken = sa.exists().where(PreviewFile.task_id == row.task_id, PreviewFile.revision == revision, PreviewFile.position == 1)
        if tx.scalar(sa.select(taken)):
            raise Invalid(f"Revision {revision} already exists for this task. Choose a different revision number.", shape="plain")

    def changed(self, tx, actor, row, before):
        """The other files of the revision follow the first one."""
        old, new = before.get("revision"), number(row.revision)
        if "revision" in before and old != new and row.position == 1:
            others = sa.update(PreviewFile).where(PreviewFile.task_id == row.task_id, PreviewFile.revision == old, PreviewFile.id != row.id)
            tx.execute(others.values(revision=new), execution_options=NOT_LOADED)

    def check_remove(self, tx, actor, row, force):
        removal.detach(tx, row, force)


def number(value):
    """A sent revision as a number; None for what is none, which is refused when the value is read."""
    try:
        found = int(value)
    except (TypeError, ValueError):
        return None
    return found if abs(found) < 2**31 else None


class PreviewBackgroundFileRows(Rows):
    """Backgrounds: no two of a name, one default."""

    def check_new(self, tx, actor, values):
        check_name(tx, values.get("name"))

    def check_change(self, tx, actor, row, values):
        if "name" in values:
            check_name(tx, values["name"], own_id=row.id)

    def created(self, tx, actor, row, values):
        keep_one_default(tx, row)

    def changed(self, tx, actor, row, before):
        if "is_default" in before:
            keep_one_default(tx, row)

    def check_remove(self, tx, actor, row, force):
        backgrounds.discard(tx, row)


def check_name(tx, name, own_id=None):
    """Raise Invalid when another background has that name. Writers wait for each other, since the table itself has no such rule."""
    tx.execute(sa.text("LOCK TABLE preview_background_file IN SHARE ROW EXCLUSIVE MODE"))
    same = [PreviewBackgroundFile.name == str(name)]
    if own_id is not None:
        same.append(PreviewBackgroundFile.id != own_id)
    if tx.scalar(sa.select(sa.exists().where(*same))):
        raise Invalid("A preview background file with similar name already exists")


def keep_one_default(tx, row):
    """When this background is the default, no other one is."""
    if row.is_default:
        others = sa.update(PreviewBackgroundFile).where(PreviewBackgroundFile.id != row.id, PreviewBackgroundFile.is_default)
        tx.execute(others.values(is_default=False), execution_options=NOT_LOADED)
