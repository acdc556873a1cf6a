"""What the item route refuses a person, no list shows them: every listing, asked by people of every role in a studio of mixed productions.

Cases are made of the routes of the program (`cases`), so that a new listing is asked as soon as it is there. An answer is read by its
objects, its ids and its words (`reading`); which item stands for a row, and what the contract shows on a list alone, is said in `rules`.
"""

import orjson
import pytest

from tests.permissions.listings.cases import cases, listings
from tests.permissions.listings.reading import Shown, more_than
from tests.permissions.listings.rules import ITEMS, excepted, generic_paths, is_masked
from tests.permissions.listings.studio import CAST, MARK

SILENT = {
    "/actions/persons/<person_id>/invite",  # sends a mail
    "/data/events/names",
    "/data/playlists/<playlist_id>/build/mp4",  # the playlists have no films
    "/data/projects/<project_id>/assets/shared-used",  # assets of other productions: tests/entities
    "/data/projects/<project_id>/episodes/<episode_id>/assets/shared-used",
    "/data/projects/<project_id>/preview-account",
    "/data/scenes/<scene_id>/camera-instances",
    "/data/tasks/open-tasks/burndown",  # numbers
    "/data/user/entities/<sequence_id>/task-types/<task_type_id>/subscribed",  # true or false, as the next two
    "/data/user/sequences/<sequence_id>/task-types/<task_type_id>/subscribed",
    "/data/user/tasks/<task_id>/subscribed",
}
"""Routes that tell nobody of a row here."""

SEARCHES = ("zq1", "zq2", "lovelace")


class Reader:
    """One of the cast, and the items that they read; each item is asked for once."""

    def __init__(self, studio, who, ask):
        self.studio, self.who, self.ask = studio, who, ask
        self.generic = generic_paths()
        self.answers = {}
        self.mine = {place.project_id.id for place in studio.productions.values() if who.name in place.team}
        self.wrong = set()

    def item(self, path):
        """The text of an item, or None where the person is refused."""
        if path not in self.answers:
            answer = self.ask(self.who, path)
            self.answers[path] = answer.get_data(as_text=True) if answer.status_code == 200 else None
        return self.answers[path]

    def paths(self, id):
        """Paths that must all answer for the row to be seen; None: nobody sees it."""
        row = self.studio.rows[id]
        made = ITEMS.get(row.__tablename__)
        if made is not None:
            return made(self.studio, self.who, row)
        generic = self.generic.get(row.__tablename__)
        return None if generic is None else [generic + id]

    def reads(self, id):
        """Whether the person reads the row."""
        paths = self.paths(id)
        return paths is not None and all(self.item(path) is not None for path in paths)

    def is_foreign(self, id):
        """Whether the row belongs to a production that the person is not in."""
        project_id = self.studio.projects.get(id)
        return project_id is not None and project_id not in self.mine and self.who.name != "administrator"

    def check(self, path, name, shown):
        """Note what an answer shows and the items do not."""
        for id in shown.ids & self.studio.rows.keys():
            if self.is_foreign(id):
                self.note(path, id, f"id of {self.studio.rows[id].__tablename__}", name, "of a production that they are not in")
        for found in shown.objects:
            if found["id"] in self.studio.rows:
                self.check_object(path, name, found)
        for word in shown.words:
            self.check_word(path, name, word)

    def check_item(self, url, text):
        """Note what an item shows that is not meant for the person."""
        for word in MARK.findall(text or ""):
            table, id, column = self.studio.marks[word]
            if is_masked(self.studio, self.who, self.studio.rows[id], column):
                self.note(url, id, f"{table}.{column}", url, "which is meant for departments that are not theirs")

    def check_object(self, path, name, found):
        id, row = found["id"], self.studio.rows[found["id"]]
        if not self.reads(id):
            self.note(path, id, row.__tablename__, name, "whose item is refused")
        elif row.__tablename__ not in ITEMS:
            columns = {column.key for column in row.__table__.columns}
            for key in more_than(orjson.loads(self.item(self.paths(id)[0])), found, columns):
                self.note(path, id, f"{row.__tablename__}.{key}", name, "which the item hides")

    def check_word(self, path, name, word):
        table, id, column = self.studio.marks[word]
        if is_masked(self.studio, self.who, self.studio.rows[id], column):
            self.note(path, id, f"{table}.{column}", name, "which is meant for departments that are not theirs")
        elif self.is_foreign(id):
            self.note(path, id, f"{table}.{column}", name, "of a production that they are not in")
        elif not self.reads(id):
            self.note(path, id, f"{table}.{column}", name, "whose item is refused")
        elif table not in ITEMS and word not in self.item(self.paths(id)[0]):
            self.note(path, id, f"{table}.{column}", name, "which the item hides")

    def note(self, path, id, what, name, why):
        if not excepted(self.studio, path, what, self.studio.rows[id]):
            self.wrong.add(f"{path} shows {self.who} {what} {why} ({name})")


@pytest.mark.parametrize("name", [name for name in CAST if name != "administrator"])
def test_no_list_shows_what_an_item_refuses(studio, ask, name):
    who = studio.cast[name]
    reader, shown_any = Reader(studio, who, ask), 0
    for case in cases(studio, who):
        answer = ask(who, case.url)
        assert answer.status_code < 500, f"{case} answers {answer.status_code} {answer.get_data()[:200]}"
        if answer.status_code == 200:
            shown = Shown(answer)
            shown_any += bool(shown.ids or shown.words)
            reader.check(case.path, str(case), shown)
    for url, text in list(reader.answers.items()):
        reader.check_item(url, text)
    for query in SEARCHES:
        answer = ask(who, "/data/search", "POST", json={"query": query, "limit": 100})
        reader.check("/data/search", f"search of {query}", Shown(answer))
    assert shown_any
    assert not reader.wrong, "\n".join(sorted(reader.wrong))


def test_every_listing_shows_something_to_somebody(studio, ask):
    silent = {line.path for line in listings(studio.app)}
    for name in ("administrator", "artist at work"):
        for case in cases(studio, studio.cast[name]):
            answer = ask(studio.cast[name], case.url) if case.path in silent else None
            if answer is not None and answer.status_code == 200 and (shown := Shown(answer)) and (shown.ids or shown.words):
                silent.discard(case.path)
    assert silent == SILENT, "\n".join(sorted(silent ^ SILENT))
