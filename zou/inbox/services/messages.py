"""What a notification says by mail and by chat. Rules: contract/rules/notifications-and-news.md §6."""

from markupsafe import Markup

from zou.inbox.services.mail import Written, site
from zou.inbox.texts import has, locale_of, phrase

PLACES = {"Shot": "shots", "Edit": "edits"}
QUOTED = {"comment": "comment_text", "mention": "comment_text", "reply": "reply_text", "reply-mention": "reply_text"}


def task_name(facts):
    """Production, entity and task type."""
    return f"{facts.project_name} / {facts.entity_name} / {facts.task_type_name}"


def task_url(facts):
    """The page of a task."""
    episode = f"/episodes/{facts.episode_id or 'main'}" if facts.production_type == "tvshow" else ""
    place = PLACES.get(facts.for_entity, "assets")
    return f"{site()}/productions/{facts.project_id}{episode}/{place}/tasks/{facts.task_id}"


def playlist_url(facts):
    """The page of a playlist."""
    episode = ""
    if facts.playlist_episode_id is not None:
        episode = f"episodes/{facts.playlist_episode_id}/"
    elif facts.production_type == "tvshow" and facts.playlist_for_entity == "asset":
        episode = "episodes/all/" if facts.playlist_is_for_all else "episodes/main/"
    return f"{site()}/productions/{facts.project_id}/{episode}playlists/{facts.playlist_id}"


def quoted(facts):
    """The text that a notification quotes: that of the comment or of the reply, empty when its reader may not read it."""
    column = QUOTED.get(facts.type)
    return "" if column is None or facts.is_veiled else (getattr(facts, column) or "")


def kind_of(facts):
    """(name of the texts, key of the body)."""
    if facts.type == "comment":
        return "comment", "comment_body_with_text" if quoted(facts) else "comment_body_status_only"
    kind = {"reply-mention": "mention", "playlist-ready": "playlist"}.get(facts.type, facts.type)
    return kind, f"{kind}_body"


def values_of(facts, locale):
    """The values of the placeholders."""
    text = quoted(facts)
    values = {"author_first_name": facts.author_first_name, "author_full_name": facts.author_name, "project_name": facts.project_name}
    if facts.type == "playlist-ready":
        name = facts.playlist_episode_name
        segment = phrase(locale, "playlist_episode_segment", episode_name=name) if name else ""
        return values | {"playlist_name": facts.playlist_name, "playlist_url": playlist_url(facts), "episode_segment": segment}
    status = (facts.status_short_name or "").upper()
    named = {"task_name": task_name(facts), "task_url": task_url(facts), "task_status_name": status}
    return values | named | {"comment_text": text, "reply_text": text}


def mail(facts):
    """The mail of a notification, in the language of its recipient."""
    locale = locale_of(facts.locale, facts.default_locale)
    kind, body = kind_of(facts)
    values = values_of(facts, locale)
    html = phrase(locale, body, **values)
    if kind == "playlist" and facts.playlist_size > 1:
        html += Markup("\n\n") + phrase(locale, "playlist_elements_count", count=facts.playlist_size)
    subject, title = phrase(locale, f"{kind}_subject", **values), phrase(locale, f"{kind}_title", **values)
    return Written(subject, title, html, locale, facts.organisation_name)


def chat(facts, channel):
    """The line of a notification on a chat channel, with what it quotes below."""
    locale = locale_of(facts.locale, facts.default_locale)
    kind, body = kind_of(facts)
    values = values_of(facts, locale)
    is_list = kind == "playlist"
    name, url = (values["playlist_name"], values["playlist_url"]) if is_list else (values["task_name"], values["task_url"])
    link = f"[{name}]({url})" if channel == "discord" else f"<{url}|{name}>"
    key = "chat_comment_status_only" if body == "comment_body_status_only" else f"chat_{kind}"
    place = values.get("episode_segment", "") + facts.project_name
    line = phrase(locale, key, author=f"*{facts.author_name}*", link=link, status=f"*{values.get('task_status_name')}*", place=place)
    text = quoted(facts)
    return f"{line}\n\n_{text}_" if text else line


def letter(kind, values, locale):
    """A mail that is no notification: of signing in, an invitation, a download. Source: contract/rules/auth.md §10.

    `values`: those of its texts, `organisation` and, for a button, `link` or `share_url` among them. Raises KeyError for a kind without
    texts.
    """
    prefix = kind if has(f"{kind}_subject") else f"auth_{kind}"
    values = dict(values)
    if prefix == "share_invitation":
        message = values.pop("message", None)
        values["message_segment"] = phrase(locale, "share_invitation_message_segment", message=message) if message else ""
    if "time" in values:
        values["time"] = moment(values["time"], locale)
    parts = [phrase(locale, f"{prefix}_{part}", **values) for part in ("subject", "title", "body")]
    link = values.get("link") or values.get("share_url")
    button = (phrase(locale, f"{prefix}_button"), link) if link and has(f"{prefix}_button") else None
    return Written(*parts, locale, values["organisation"], button)


def moment(time, locale):
    """A moment as people of that language write it, with the name of its time zone."""
    from babel.dates import format_datetime

    return f"{format_datetime(time, 'medium', locale=locale)} ({time.tzinfo})" if hasattr(time, "tzinfo") else str(time)
