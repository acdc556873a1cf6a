"""Which previews the maintenance commands work on. Rules: contract/rules/cli.md, section Maintenance."""

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from zou.entities.models import Entity
from zou.entities.queries.kinds import is_kind
from zou.platform.db.payload import is_uuid
from zou.platform.errors import NotFound
from zou.previews.models import PreviewFile
from zou.productions.models import Project, ProjectStatus
from zou.tasks.models import Task


def of_project(project_id):
    """Conditions: the preview belongs to that production; none without one."""
    if project_id is None:
        return []
    return [PreviewFile.task_id.in_(sa.select(Task.id).where(Task.project_id == project_id))]


def check_project(tx, id):
    """Raise NotFound when there is no production of that id; None is fine."""
    if id is not None and (not is_uuid(id) or tx.get(Project, id) is None):
        raise NotFound(f"There is no production {id}.")


def usable(extensions):
    """Ids of the ready previews of open productions with one of these extensions, as a select."""
    return (
        sa.select(PreviewFile.id)
        .join(Task, Task.id == PreviewFile.task_id)
        .join(Entity, Entity.id == Task.entity_id)
        .join(Project, Project.id == Task.project_id)
        .join(ProjectStatus, ProjectStatus.id == Project.project_status_id)
        .where(ProjectStatus.name == "Open", PreviewFile.status == "ready", PreviewFile.extension.in_(extensions))
    )


def narrowed(tx, statement, project=None, entity_id=None, episode=(), only_shots=False, only_assets=False):
    """A select of `usable` narrowed to a production (id or name), an entity, episodes (ids, or names in that production), a kind.

    Raises NotFound for what is not there.
    """
    project_id = None
    if project:
        project_id = named(tx, Project, project)
        statement = statement.where(Task.project_id == project_id)
    if entity_id:
        if not is_uuid(entity_id) or tx.get(Entity, entity_id) is None:
            raise NotFound(f"There is no entity {entity_id}.")
        statement = statement.where(Entity.id == entity_id)
    if episode:
        ids = [episode_named(tx, given, project_id) for given in episode]
        sequence = aliased(Entity)
        below = sa.select(sequence.id).where(sequence.parent_id.in_(ids))
        statement = statement.where(
            sa.or_(Entity.id.in_(ids), Entity.parent_id.in_(ids), Entity.parent_id.in_(below), Entity.source_id.in_(ids))
        )
    kinds = [kind for kind, wanted in (("Shot", only_shots), ("Asset", only_assets)) if wanted]
    return statement.where(sa.or_(*[is_kind(kind) for kind in kinds])) if kinds else statement


def named(tx, model, given, *conditions):
    """Id of the row of a model whose id or name was given. Raises NotFound."""
    by_id = [model.id == given] if is_uuid(given) else []
    found = tx.scalar(sa.select(model.id).where(sa.or_(model.name == given, *by_id), *conditions).limit(1))
    if found is None:
        raise NotFound(f"There is no {model.__tablename__} {given}.")
    return found


def episode_named(tx, given, project_id):
    """Id of an episode by its id, or by its name in a production. Raises NotFound."""
    in_project = [Entity.project_id == project_id] if project_id is not None else []
    if project_id is None and not is_uuid(given):
        raise NotFound(f"The episode {given} needs its production: --project.")
    try:
        return named(tx, Entity, given, is_kind("Episode"), *in_project)
    except NotFound:
        raise NotFound(f"There is no episode {given}.") from None


def in_pages(tx, conditions, size, newest_first=False):
    """Yield lists of (id, extension, created_at) of previews in the order of their creation, `size` at a time.

    A page is read when the one before is done with, so that each may be its own transaction.
    """
    place = sa.tuple_(PreviewFile.created_at, PreviewFile.id)
    order = [column.desc() if newest_first else column for column in (PreviewFile.created_at, PreviewFile.id)]
    last = None
    while True:
        statement = sa.select(PreviewFile.id, PreviewFile.extension, PreviewFile.created_at).where(*conditions)
        if last is not None:
            statement = statement.where(place < last if newest_first else place > last)
        page = tx.execute(statement.order_by(*order).limit(size)).all()
        if not page:
            return
        yield page
        last = sa.tuple_(sa.literal(page[-1].created_at), sa.literal(page[-1].id))


def locked(tx, id):
    """The preview, locked for the rest of the transaction; None when it is gone."""
    statement = sa.select(PreviewFile).where(PreviewFile.id == id)
    return tx.scalar(statement.with_for_update().execution_options(populate_existing=True))


def known_ids(tx, texts):
    """Ids of the previews named by these texts, the oldest first, and the texts that name none."""
    ids = {uuid.UUID(text): text for text in texts if is_uuid(text)}
    found = list(tx.scalars(sa.select(PreviewFile.id).where(PreviewFile.id.in_(ids)).order_by(PreviewFile.created_at, PreviewFile.id)))
    return found, [text for text in texts if not is_uuid(text) or uuid.UUID(text) not in found]
