"""What the routes of news, notifications and subscriptions answer, where it is not the rows of a schema."""

from zou.people.schemas import PersonShortSchema
from zou.platform.http.shapes import FLAG, ID, MOMENT, TEXT, WHOLE, by, keys, many, maybe, named, page

PREVIEW = keys(id=ID, name=maybe(TEXT), extension=maybe(TEXT), revision=maybe(WHOLE), position=maybe(WHOLE), status=maybe(TEXT))
NEWS = named(
    "NewsItem",
    "An entry of the news feed, with the names of what it is about.",
    keys(
        {"preview_files": many(PREVIEW)},
        id=ID,
        type=TEXT,
        author_id=maybe(ID),
        person=maybe(PersonShortSchema),
        comment_id=maybe(ID),
        task_id=ID,
        task_type_id=maybe(ID),
        task_status_id=maybe(ID),
        task_entity_id=ID,
        preview_file_id=maybe(ID),
        preview_file_extension=maybe(TEXT),
        preview_file_revision=maybe(WHOLE),
        project_id=ID,
        project_name=TEXT,
        created_at=MOMENT,
        change=FLAG,
        full_entity_name=TEXT,
        episode_id=maybe(ID),
        entity_preview_file_id=maybe(ID),
    ),
)
NEWS_PAGE = page(NEWS, stats=by(WHOLE))
ENTITY_NEWS = page(NEWS)

NOTIFICATION = named(
    "NotificationItem",
    "A notification with the names of what it is about.",
    keys(
        id=ID,
        type=TEXT,
        notification_type=TEXT,
        author_id=ID,
        comment_id=maybe(ID),
        task_id=maybe(ID),
        task_type_id=maybe(ID),
        task_status_id=maybe(ID),
        mentions=many(ID),
        department_mentions=many(ID),
        reply_mentions=many(ID),
        reply_department_mentions=many(ID),
        preview_file_id=maybe(ID),
        project_id=maybe(ID),
        project_name=maybe(TEXT),
        comment_text=maybe(TEXT),
        reply_text=TEXT,
        created_at=MOMENT,
        read=FLAG,
        change=FLAG,
        full_entity_name=TEXT,
        episode_id=maybe(ID),
        entity_preview_file_id=maybe(ID),
        subscription_id=maybe(ID),
        playlist_id=maybe(ID),
        playlist_name=TEXT,
        playlist_for_entity=TEXT,
        playlist_is_for_all=FLAG,
    ),
)
ALL_READ = keys(success=FLAG)
IDS_SENT = many(TEXT)
