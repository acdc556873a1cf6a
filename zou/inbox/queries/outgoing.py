"""All that a mail or a chat message about a notification says, by one statement."""

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from zou.comments.models import Comment
from zou.entities.models import Entity
from zou.entities.queries import naming
from zou.inbox.models import Notification
from zou.inbox.queries.notifications import answer
from zou.people.models import Organisation, Person
from zou.people.rules import table
from zou.people.schemas import full_name
from zou.productions.models import Project, ProjectPersonLink
from zou.tasks.models import Task, TaskStatus, TaskType

CHANNELS = ("slack", "mattermost", "discord")


def facts_of(tx, notification_id, default_locale):
    """What is known of a notification, its recipient and the studio; None when the notification is gone."""
    author, playlist = aliased(Person), table("playlist").alias("list")
    reader_link, author_link, episode = aliased(ProjectPersonLink), aliased(ProjectPersonLink), aliased(Entity)
    reply = answer()
    size = sa.case((sa.func.jsonb_typeof(playlist.c.shots) == "array", sa.func.jsonb_array_length(playlist.c.shots)), else_=0)
    studio = sa.select(Organisation).order_by(Organisation.created_at, Organisation.id).limit(1).subquery("studio")
    columns = [
        Notification.type, Notification.task_id, Person.email, Person.active, Person.locale,
        sa.literal(default_locale).label("default_locale"),
        *[getattr(Person, f"notifications_{channel}_userid") for channel in CHANNELS],
        author.first_name.label("author_first_name"), full_name(author).label("author_name"),
        Project.id.label("project_id"), Project.name.label("project_name"), Project.production_type,
        naming.full_name().label("entity_name"), naming.episode_id().label("episode_id"),
        TaskType.name.label("task_type_name"), TaskType.for_entity, TaskStatus.short_name.label("status_short_name"),
        Comment.text.label("comment_text"), reply.c.reply["text"].astext.label("reply_text"),
        sa.and_(effective(author, author_link) == "client", effective(Person, reader_link) == "user").label("is_veiled"),
        playlist.c.id.label("playlist_id"), playlist.c.name.label("playlist_name"), playlist.c.for_entity.label("playlist_for_entity"),
        playlist.c.is_for_all.label("playlist_is_for_all"), size.label("playlist_size"),
        episode.id.label("playlist_episode_id"), episode.name.label("playlist_episode_name"),
        sa.func.coalesce(studio.c.name, "Kitsu").label("organisation_name"),
        studio.c.chat_token_slack, studio.c.chat_webhook_mattermost, studio.c.chat_token_discord,
    ]  # fmt: skip
    statement = (
        sa.select(*columns)
        .select_from(Notification)
        .join(Person, Person.id == Notification.person_id)
        .join(author, author.id == Notification.author_id)
        .outerjoin(Task, Task.id == Notification.task_id)
        .outerjoin(TaskType, TaskType.id == Task.task_type_id)
        .outerjoin(Entity, Entity.id == Task.entity_id)
        .outerjoin(Comment, Comment.id == Notification.comment_id)
        .outerjoin(reply, sa.true())
        .outerjoin(TaskStatus, TaskStatus.id == Comment.task_status_id)
        .outerjoin(playlist, playlist.c.id == Notification.playlist_id)
        .outerjoin(episode, episode.id == playlist.c.episode_id)
        .outerjoin(Project, Project.id == sa.func.coalesce(Task.project_id, playlist.c.project_id))
        .outerjoin(reader_link, on_team(reader_link, Person.id))
        .outerjoin(author_link, on_team(author_link, author.id))
        .outerjoin(studio, sa.true())
        .where(Notification.id == notification_id)
    )
    return tx.execute(statement).first()


def effective(person, link):
    """The role of a person where a team link (or none) is."""
    return sa.case((person.role == "admin", "admin"), else_=sa.func.coalesce(sa.func.nullif(link.role, "admin"), person.role))


def on_team(link, person_id):
    """Condition: the link of a person to the production of the notification."""
    return sa.and_(link.project_id == Project.id, link.person_id == person_id)
