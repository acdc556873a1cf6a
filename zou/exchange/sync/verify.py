"""Both sides counted, for one production; nothing is written. Rules: contract/rules/sync-and-backup.md §7."""

from dataclasses import dataclass

import sqlalchemy as sa

from zou.comments.models import AttachmentFile, Comment
from zou.entities.models import AssetInstance, Entity, EntityLink, EntityType
from zou.exchange.sync.remote import RemoteFailure
from zou.files.models import OutputFile, WorkingFile
from zou.inbox.models import News, Notification, Subscription
from zou.planning.models import Budget, BudgetEntry, Milestone, ProductionScheduleVersion, ScheduleItem, TimeSpent
from zou.playlists.models import BuildJob, Playlist, PlaylistShareLink
from zou.previews.models import PreviewFile
from zou.productions.models import MetadataDescriptor
from zou.tasks.models import Task
from zou.workspace.models import SearchFilter, SearchFilterGroup

STRUCTURE = ("Episode", "Sequence", "Shot", "Scene", "Edit", "Concept", "ConceptFolder")


@dataclass(frozen=True)
class Line:
    """A line of the table; a count that cannot be read is None."""

    model: str
    there: int | None
    here: int | None
    is_synced: bool

    @property
    def delta(self):
        return None if self.there is None or self.here is None else self.here - self.there

    @property
    def status(self):
        """What the contract calls it."""
        if not self.is_synced:
            return "NOT SYNCED"
        if self.delta is None:
            return "ok"
        return "OK" if self.delta == 0 else "DIFF"


def entities_of(project_id, name):
    """Select of the ids of the entities of a kind; `Asset` is every type that is no structure."""
    rows = sa.select(Entity.id).join(EntityType, EntityType.id == Entity.entity_type_id).where(Entity.project_id == project_id)
    return rows.where(EntityType.name.not_in(STRUCTURE) if name == "Asset" else EntityType.name == name)


def of_task(model, column):
    """A function from a production to the ids of rows that name a task of it."""
    return lambda project_id: sa.select(model.id).join(Task, Task.id == column).where(Task.project_id == project_id)


def own(model):
    """A function from a production to the ids of rows that name it."""
    return lambda project_id: sa.select(model.id).where(model.project_id == project_id)


def of_entity(model, column):
    """A function from a production to the ids of rows that name an entity of it."""
    return lambda project_id: sa.select(model.id).join(Entity, Entity.id == column).where(Entity.project_id == project_id)


def attachments(project_id):
    """Ids of the attachments of comments on tasks of a production."""
    rows = sa.select(AttachmentFile.id).join(Comment, Comment.id == AttachmentFile.comment_id).join(Task, Task.id == Comment.object_id)
    return rows.where(Task.project_id == project_id)


def budget_entries(project_id):
    """Ids of the entries of the budgets of a production."""
    return sa.select(BudgetEntry.id).join(Budget, Budget.id == BudgetEntry.budget_id).where(Budget.project_id == project_id)


def of_playlist(model):
    """A function from a production to the ids of rows that name a playlist of it."""
    return lambda project_id: sa.select(model.id).join(Playlist, Playlist.id == model.playlist_id).where(Playlist.project_id == project_id)


SYNCED = {
    "Episode": ("data/projects/{id}/episodes", lambda id: entities_of(id, "Episode")),
    "Sequence": ("data/projects/{id}/sequences", lambda id: entities_of(id, "Sequence")),
    "Asset": ("data/projects/{id}/assets", lambda id: entities_of(id, "Asset")),
    "Shot": ("data/projects/{id}/shots", lambda id: entities_of(id, "Shot")),
    "Concept": ("data/projects/{id}/concepts", lambda id: entities_of(id, "Concept")),
    "EntityLink": ("data/projects/{id}/entity-links", of_entity(EntityLink, EntityLink.entity_in_id)),
    "Task": ("data/projects/{id}/tasks", own(Task)),
    "Comment": ("data/projects/{id}/comments", of_task(Comment, Comment.object_id)),
    "TimeSpent": ("data/projects/{id}/time-spents", of_task(TimeSpent, TimeSpent.task_id)),
    "PreviewFile": ("data/projects/{id}/preview-files", of_task(PreviewFile, PreviewFile.task_id)),
    "Playlist": ("data/projects/{id}/playlists/all", own(Playlist)),
    "BuildJob": ("data/projects/{id}/build-jobs", of_playlist(BuildJob)),
    "AttachmentFile": ("data/projects/{id}/attachment-files", attachments),
    "MetadataDescriptor": ("data/projects/{id}/metadata-descriptors", own(MetadataDescriptor)),
    "ScheduleItem": ("data/projects/{id}/schedule-items", own(ScheduleItem)),
    "Subscription": ("data/projects/{id}/subscriptions", of_task(Subscription, Subscription.task_id)),
    "Notification": ("data/projects/{id}/notifications", of_task(Notification, Notification.task_id)),
    "News": ("data/projects/{id}/news", of_task(News, News.task_id)),
    "Milestone": ("data/projects/{id}/milestones", own(Milestone)),
    "SearchFilter": ("data/search-filters?project_id={id}", own(SearchFilter)),
    "SearchFilterGroup": ("data/search-filter-groups?project_id={id}", own(SearchFilterGroup)),
}
NOT_SYNCED = {
    "Budget": ("data/projects/{id}/budgets", own(Budget)),
    "BudgetEntry": (
        None,
        lambda id: sa.select(BudgetEntry.id).join(Budget, Budget.id == BudgetEntry.budget_id).where(Budget.project_id == id),
    ),
    "OutputFile": ("data/projects/{id}/output-files", of_entity(OutputFile, OutputFile.entity_id)),
    "WorkingFile": (None, of_entity(WorkingFile, WorkingFile.entity_id)),
    "AssetInstance": (None, of_entity(AssetInstance, AssetInstance.asset_id)),
    "Chat": (None, None),
    "ProductionSchedule": ("data/production-schedule-versions?project_id={id}", own(ProductionScheduleVersion)),
    "PlaylistShareLink": (None, of_playlist(PlaylistShareLink)),
}


def compare(tx, remote, project_id):
    """The lines of both tables, in the contract's order."""
    lines = []
    for tables, is_synced in ((SYNCED, True), (NOT_SYNCED, False)):
        for model, (route, rows) in tables.items():
            here = tx.scalar(sa.select(sa.func.count()).select_from(rows(project_id).subquery())) if rows else None
            lines.append(Line(model, route and count_there(remote, route.format(id=project_id)), here, is_synced))
    return lines


def count_there(remote, route):
    """How many rows a route lists, or None when it cannot be read."""
    try:
        path, _, query = route.partition("?")
        parameters = dict(part.split("=") for part in query.split("&")) if query else {}
        answer = remote.get(path, page=1, **parameters)
        if isinstance(answer, list):
            return len(answer)
        if "total" in answer:
            return answer["total"]
        return sum(len(page) for page in remote.pages(path, **parameters))
    except RemoteFailure:
        return None


def verdict(lines):
    """The closing lines."""
    different = sum(line.status == "DIFF" for line in lines)
    left_out = [line for line in lines if not line.is_synced and (line.there or line.here)]
    if not different and not left_out:
        return ["All comparable models match and no unsynced tables hold data."]
    told = [f"{different} models have a delta."] if different else ["All comparable models match."]
    if left_out:
        told.append(f"{len(left_out)} tables that are not synced hold data: {', '.join(line.model for line in left_out)}.")
    return told
