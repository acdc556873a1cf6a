"""HTTP of the search. Rules: contract/rules/search.md §4."""

from dataclasses import replace

import orjson
import sqlalchemy as sa

from zou.people.rules import anyone
from zou.platform.http import Json, Resource, body, permission, returns
from zou.search import services
from zou.search.answers import RESULTS
from zou.search.queries import Search, by_comments, number, results, scope
from zou.search.schemas import INDEXES, SearchSchema

SHORTEST = 3  # characters of a query

HAS_TRIGRAMS = sa.text("SELECT to_regproc('word_similarity') IS NOT NULL")


class SearchResource(Resource):
    """The search over productions and people."""

    @permission(anyone)
    @body(SearchSchema)
    @returns(RESULTS)
    def post(self, body):
        """Assets and shots of open productions, and persons, by words of their names, descriptions, metadata and comments."""
        if len(body["query"]) < SHORTEST:
            return {}
        services.catch_up(self.tx)
        project_id = str(body["project_id"]) if body["project_id"] else None
        search = Search(self.actor, body["query"], *scope(self.tx, self.actor, project_id), body["limit"], body["offset"])
        asked = [kind for kind in INDEXES if kind in body["index_names"]]
        found = {kind: self.page(search, kind) for kind in asked} if search.words else dict.fromkeys(asked, "[]")
        if search.words and search.offset == 0 and not any(rows != "[]" for rows in found.values()) and self.tx.scalar(HAS_TRIGRAMS):
            found = {kind: self.tx.scalar(results(search, kind, similar=True)) for kind in asked}
        return Json("{" + ",".join(f'"{kind}":{rows}' for kind, rows in found.items()) + "}")

    def page(self, search, kind):
        """JSON list of an index; a page that what is found by its own words does not fill goes on with what is found by its comments."""
        rows = self.tx.scalar(results(search, kind))
        count = 0 if rows == "[]" else len(orjson.loads(rows))
        if kind == "persons" or count == search.limit:
            return rows
        offset = 0 if count or not search.offset else max(search.offset - self.tx.scalar(number(search, kind)), 0)
        more = self.tx.scalar(by_comments(replace(search, limit=search.limit - count, offset=offset), kind))
        return rows if more == "[]" else more if rows == "[]" else f"{rows[:-1]},{more[1:]}"
