"""What goes with a production, an entity, a task, a comment, a preview, a playlist or a person: one graph for every forced removal.

    removal.remove(tx, "task", ids)      -> {table: ids of what went}

It stands here, in the first domain, because every later one may need it. Rules: contract/rules/deletion.md. Where the contract's server
stops half-way at a row that it forgot, or leaves rows that nobody can reach, the graph takes these too, or lets go of them. A foreign
key that cascades in the database itself is not repeated.
"""

import sqlalchemy as sa

from zou.people.rules import table
from zou.platform import events
from zou.platform.db import cascade
from zou.platform.db.cascade import Cleared, Gone, GoneOwn, GoneThrough

GRAPH = {
    "project": (
        Gone("person", "preview_project_id"),  # the preview account
        Gone("task", "project_id"),
        Gone("entity", "project_id"),
        Gone("playlist", "project_id"),
        Gone("budget", "project_id"),
        Gone("metadata_descriptor", "project_id"),
        Gone("milestone", "project_id"),
        Gone("schedule_item", "project_id"),
        Gone("search_filter_group", "project_id"),
        Gone("search_filter", "project_id"),
        Gone("api_event", "project_id"),
        Gone("project_person_link", "project_id"),
        Gone("project_asset_type_link", "project_id"),
        Gone("project_task_type_link", "project_id"),
        Gone("project_task_status_link", "project_id"),
        Gone("project_status_automation_link", "project_id"),
        Gone("project_preview_background_file_link", "project_id"),
    ),
    "entity": (
        Gone("task", "entity_id"),
        Gone("entity_version", "entity_id"),
        Gone("entity_link", "entity_in_id"),
        Gone("entity_link", "entity_out_id"),
        Gone("entity_concept_link", "entity_in_id"),
        Gone("entity_concept_link", "entity_out_id"),
        Gone("asset_instance", "asset_id"),
        Gone("asset_instance", "target_asset_id"),
        Gone("asset_instance", "scene_id"),
        Gone("asset_instance", "entity_id"),
        Gone("asset_instance_link", "entity_id"),
        Gone("working_file", "entity_id"),
        Gone("output_file", "entity_id"),
        Gone("output_file", "temporal_entity_id"),
        Gone("subscription", "entity_id"),
        Gone("schedule_item", "object_id"),
        Gone("chat", "object_id"),
        Gone("playlist", "episode_id"),
        Cleared("entity", "parent_id"),
        Cleared("entity", "source_id"),
    ),
    "asset_instance": (
        Gone("asset_instance_link", "asset_instance_id"),
        Gone("output_file", "asset_instance_id"),
    ),
    "task": (
        Gone("comment", "object_id"),
        Gone("preview_file", "task_id"),
        Gone("working_file", "task_id"),
        Gone("time_spent", "task_id"),
        Gone("subscription", "task_id"),
        Gone("notification", "task_id"),
        Gone("news", "task_id"),
        Gone("task_person_link", "task_id"),
    ),
    "comment": (
        Gone("attachment_file", "comment_id"),
        Gone("notification", "comment_id"),
        Gone("news", "comment_id"),
        Gone("comment_preview_link", "comment"),
        Gone("comment_mentions", "comment"),
        Gone("comment_department_mentions", "comment"),
        Gone("comment_acknoledgments", "comment"),
        GoneOwn("preview_file", "preview_file_id"),
        GoneThrough("preview_file", "comment_preview_link", "comment", "preview_file"),
    ),
    "preview_file": (
        Gone("comment_preview_link", "preview_file"),
        Cleared("comment", "preview_file_id"),
        Cleared("entity", "preview_file_id"),
        Cleared("news", "preview_file_id"),
    ),
    "working_file": (Gone("output_file", "source_file_id"),),
    "output_file": (Cleared("preview_file", "source_file_id"),),
    "playlist": (
        Gone("notification", "playlist_id"),
        Gone("build_job", "playlist_id"),
        Gone("playlist_share_link", "playlist_id"),
    ),
    "budget": (Gone("budget_entry", "budget_id"),),
    "metadata_descriptor": (Gone("department_metadata_descriptor_link", "metadata_descriptor_id"),),
    "search_filter_group": (Gone("search_filter", "search_filter_group_id"),),
    "chat": (
        Gone("chat_message", "chat_id"),
        Gone("chat_participant", "chat_id"),
    ),
    "chat_message": (Gone("attachment_file", "chat_message_id"),),
    "person": (
        Gone("comment", "person_id"),
        Gone("comment_acknoledgments", "person"),
        Gone("comment_mentions", "person"),
        Gone("chat_message", "person_id"),
        Gone("chat_participant", "person_id"),
        Gone("news", "author_id"),
        Gone("notification", "person_id"),
        Gone("notification", "author_id"),
        Gone("subscription", "person_id"),
        Gone("search_filter_group", "person_id"),
        Gone("search_filter", "person_id"),
        Gone("api_event", "user_id"),
        Gone("login_log", "person_id"),
        Gone("desktop_login_log", "person_id"),
        Gone("time_spent", "person_id"),
        Gone("day_off", "person_id"),
        Gone("playlist_share_link", "created_by"),
        Gone("project_person_link", "person_id"),
        Gone("task_person_link", "person_id"),
        Gone("department_link", "person_id"),
        Cleared("comment", "editor_id"),
        Cleared("task", "assigner_id"),
        Cleared("entity", "created_by"),
        Cleared("entity_version", "person_id"),
        Cleared("playlist", "created_by"),
        Cleared("budget_entry", "person_id"),
        Cleared("working_file", "person_id"),
        Cleared("output_file", "person_id"),
        Cleared("preview_file", "person_id"),
    ),
}


def remove(tx, root, ids):
    """Remove rows of the table `root` and all that hangs on them; the log and the clients hear of tasks, news and playlists.

    Returns {table: ids} of what went. Emits task:delete, news:delete, playlist:delete.
    """
    return cascade.remove(tx, GRAPH, root, ids)


def project_of_news(news):
    """The production of a news, while its task is still there."""
    task = table("task")
    return sa.select(task.c.project_id).where(task.c.id == news.c.task_id).scalar_subquery().label("project_id")


@cascade.removed("task", "id", "entity_id", "task_type_id", "project_id")
def tell_tasks(tx, rows):
    """The tasks are gone."""
    for row in rows:
        data = {"task_id": row.id, "entity_id": row.entity_id, "task_type_id": row.task_type_id}
        events.emit(tx, "task:delete", data, project_id=row.project_id)


@cascade.removed("news", "id", project_of_news)
def tell_news(tx, rows):
    """The news are gone."""
    for row in rows:
        events.emit(tx, "news:delete", {"news_id": row.id}, project_id=row.project_id)


@cascade.removed("playlist", "id", "project_id")
def tell_playlists(tx, rows):
    """The playlists are gone."""
    for row in rows:
        events.emit(tx, "playlist:delete", {"playlist_id": row.id}, project_id=row.project_id)
