"""What mails and chat messages say, in eight languages: a catalogue for each, the layout of mails, and how keys become text.

Keys and placeholders: contract/rules/notifications-and-news.md §6.4. `expected/` holds whole mails that the tests compare with.
"""

import json
from functools import cache
from importlib import resources

from markupsafe import Markup, escape

LOCALES = ("en_US", "fr_FR", "es_ES", "ja_JP", "de_DE", "nl_NL", "zh_CN", "pt_BR")
BY_LANGUAGE = {name.partition("_")[0]: name for name in LOCALES}


def locale_of(*names):
    """The locale of ours for the first of these names that is given, such as fr_FR for `fr-CA`; English for a language we do not have.

    >>> locale_of(None, "zh-Hans-CN"), locale_of("fr_CA"), locale_of("pt"), locale_of("it_IT"), locale_of("JA_jp")
    ('zh_CN', 'fr_FR', 'pt_BR', 'en_US', 'ja_JP')
    """
    name = next((str(name) for name in names if name), "en_US")
    return BY_LANGUAGE.get(name.replace("-", "_").split("_")[0].lower(), "en_US")


@cache
def catalogue(locale):
    """{key: template} of a locale of ours."""
    return json.loads(resources.files(__name__).joinpath(f"{locale}.json").read_text("utf-8"))


@cache
def layout():
    """The Jinja template around every mail."""
    from jinja2 import Environment

    source = resources.files(__name__).joinpath("mail.html").read_text("utf-8")
    return Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(source)


def has(key):
    """Whether there is a text of this key."""
    return key in catalogue("en_US")


def is_plain(key):
    """Whether the text of a key is no HTML: subjects, titles, chat messages, and the segment that the body escapes as a whole."""
    return key.endswith(("_subject", "_title")) or key.startswith("chat_") or key == "playlist_episode_segment"


def phrase(locale, key, **values):
    """The text of a key. Values are escaped where it is HTML; a template whose placeholder has no value comes back as it is."""
    template = catalogue(locale)[key]
    if is_plain(key):
        return filled(template, values)
    shown = {name: value if isinstance(value, Markup) else escaped(value) for name, value in values.items()}
    return Markup(filled(template, shown))


def filled(template, values):
    try:
        return template.format_map(values)
    except (KeyError, IndexError, ValueError):
        return template


def escaped(value):
    """A value as HTML that keeps its line breaks."""
    return escape("" if value is None else str(value)).replace("\r", "").replace("\n", Markup("<br>"))
