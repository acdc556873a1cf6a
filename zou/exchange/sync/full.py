"""Everything once: shared data, then each production, then what belongs to persons. Rules: contract/rules/sync-and-backup.md §2."""

import logging

import sqlalchemy as sa

from zou.entities.models import Entity
from zou.exchange.sync.remote import RemoteFailure
from zou.exchange.sync.tables import DAY_OFFS, EVENTS, OF_PROJECT, OF_STUDIO, OURS_ONLY, PAGED, SHARED, WITH_MAIN_PREVIEW
from zou.exchange.sync.writing import Count, write_page
from zou.people.models import Person
from zou.platform.db.payload import is_uuid
from zou.previews.models import PreviewFile
from zou.productions.models import Project

log = logging.getLogger(__name__)


class Unknown(Exception):
    """The production is not on the other server."""


def synchronise(tx, remote, project=None, projects=True, shared=True, with_events=False, progress=None):
    """Take everything over; returns {path: Count}. `project`: name of the only production. `progress(path, rows)`: told after each page.

    Raises RemoteFailure, Unknown. Nothing is emitted. What was written stays, so the same call goes on where another ended.
    """
    counts = {}
    only = None
    if project is not None:
        only = remote.project(project)
        if only is None:
            raise Unknown(f"Project '{project}' not found on source.")

    def take(path, kind, pages):
        count = counts.setdefault(path, Count())
        for page in pages:
            done = write_page(tx, kind, page)
            count.written += done.written
            count.refused += done.refused
            if progress:
                progress(path, count.written)
        log.info("%s %s synced.", count.written, path)

    if shared:
        for path, kind in SHARED.items():
            take(path, kind, remote.pages(f"data/{path}", **shared_parameters(path, only)))
        link_preview_accounts(tx, remote)
    if projects:
        for found in [only] if only else remote.get("data/projects/open"):
            take_project(tx, remote, found, take)
        filters = {"project_id": only["id"]} if only else {}
        for path, kind in OF_STUDIO.items():
            take(path, kind, remote.pages(f"data/{path}", relations="true", **filters))
        if not only:
            take("day-offs", DAY_OFFS, remote.pages("data/day-offs", relations="true"))
        if with_events:
            take("events", EVENTS, remote.pages("data/events", relations="true"))
    return counts


def shared_parameters(path, only):
    """The query string of a list of shared data."""
    parameters = {"relations": "true"}
    if path == "persons":
        parameters["with_pass_hash"] = "true"
    if path == "projects" and only:
        parameters["id"] = only["id"]
    return parameters


def take_project(tx, remote, project, take):
    """Take the rows of a production over, and at the end what shows an entity: previews did not exist when it came."""
    for path, kind in OF_PROJECT.items():
        route = f"data/projects/{project['id']}/{path}"
        try:
            take(path, kind, remote.pages(route) if path in PAGED else [remote.whole(route)])
        except RemoteFailure as failure:
            if failure.status != 404 or path not in OURS_ONLY:
                raise
    for path in WITH_MAIN_PREVIEW:
        show_previews(tx, remote.whole(f"data/projects/{project['id']}/{path}"))


def show_previews(tx, entities):
    """Set the main previews of entities, and their dates of change as they are there."""
    for entity in entities:
        if is_uuid(entity.get("preview_file_id")):
            values = {"preview_file_id": entity["preview_file_id"]}
            if entity.get("updated_at"):
                values["updated_at"] = sa.cast(entity["updated_at"], sa.DateTime)
            there = sa.exists().where(PreviewFile.id == entity["preview_file_id"])
            tx.execute(sa.update(Entity).where(Entity.id == entity["id"], there).values(values))
    tx.commit()


def link_preview_accounts(tx, remote):
    """Tie the preview accounts to their productions, which came after them."""
    for page in remote.pages("data/persons", relations="true"):
        for person in page:
            if is_uuid(person.get("preview_project_id")):
                there = sa.exists().where(Project.id == person["preview_project_id"])
                values = {"preview_project_id": person["preview_project_id"], "updated_at": Person.updated_at}
                tx.execute(sa.update(Person).where(Person.id == person["id"], there).values(values))
    tx.commit()
