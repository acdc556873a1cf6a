"""Payloads of playlists. Keys: contract/rules/serialisation.md §1.1, playlists.md §2 to §6."""

import sqlalchemy as sa

from zou.comments.models import Comment
from zou.comments.schemas import ATTACHED, CommentItemSchema, attachments_of, replies_with_authors
from zou.people.models import Person
from zou.people.schemas import SENSITIVE, FullName, PersonShortSchema
from zou.platform.db.payload import Computed, Embedded, Fixed, RelatedIds, RowSchema
from zou.platform.http.shapes import FLAG, many
from zou.playlists.models import BuildJob, Playlist, PlaylistShareLink
from zou.tasks.models import TaskStatus, TaskType

LISTED = ("id", "name", "project_id", "episode_id", "task_type_id", "for_client", "for_entity", "is_for_all", "created_at", "updated_at")


class PlaylistSchema(RowSchema):
    """A list of previews to review together."""

    class Meta(RowSchema.Meta):
        model = Playlist

    build_jobs = RelatedIds()


class PlaylistItemSchema(RowSchema):
    """A playlist in the lists of a production: without its entries."""

    class Meta(RowSchema.Meta):
        model = Playlist
        fields = (*LISTED, "created_by", "type")


class BuildJobSchema(RowSchema):
    """The making of one movie out of a playlist."""

    class Meta(RowSchema.Meta):
        model = BuildJob


class BuildJobItemSchema(RowSchema):
    """The same on the page of its playlist."""

    class Meta(RowSchema.Meta):
        model = BuildJob
        fields = ("id", "status", "created_at", "message")


class PlaylistShareLinkSchema(RowSchema):
    """A share link; whether it has a password is told, the password never."""

    class Meta(RowSchema.Meta):
        model = PlaylistShareLink
        exclude = ("password",)

    has_password = Computed(lambda source: source.password.is_not(None), described=FLAG)


class GuestColumns(RowSchema):
    """A guest of a shared playlist, as the answer to their creation: with the columns that no answer shows, always empty."""

    class Meta(RowSchema.Meta):
        model = Person

    full_name = FullName()


EMPTY = {name: Fixed("0" if name == "login_failed_attemps" else "null") for name in SENSITIVE}
GuestSchema = type("GuestSchema", (GuestColumns,), {**EMPTY, "__doc__": GuestColumns.__doc__})


class SharedTaskTypeSchema(RowSchema):
    """A task type on a shared page."""

    class Meta(RowSchema.Meta):
        model = TaskType
        fields = ("id", "name", "color", "for_entity")


class SharedTaskStatusSchema(RowSchema):
    """A task status on a shared page."""

    class Meta(RowSchema.Meta):
        model = TaskStatus
        fields = ("id", "name", "short_name", "color")


class SharedPersonSchema(PersonShortSchema):
    """The author of a comment on a shared page."""

    class Meta(PersonShortSchema.Meta):
        model = Person
        fields = (*PersonShortSchema.Meta.fields, "is_guest")


class SharedCommentSchema(RowSchema):
    """A comment on a shared page."""

    class Meta(RowSchema.Meta):
        model = Comment

    person = Embedded(SharedPersonSchema, link="person_id")
    task_status = Embedded(SharedTaskStatusSchema, link="task_status_id")
    replies = Computed(lambda source: sa.case((source.replies.is_(None), sa.text("'[]'::jsonb")), else_=replies_with_authors(source)))
    attachment_files = Computed(
        lambda source: attachments_of(source, "id", "name", "extension", "reply_id", "size"), described=many(ATTACHED)
    )


class GuestCommentSchema(CommentItemSchema):
    """A comment of a guest, as the answer to its change."""

    class Meta(CommentItemSchema.Meta):
        model = Comment
        exclude = ("person",)
