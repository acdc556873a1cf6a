"""HTTP of the search. Rules: contract/rules/search.md §4."""

import sqlalchemy as sa

from zou.people.rules import anyone
from zou.platform.http import Json, Resource, body, permission, returns
from zou.search import services
from zou.search.queries import Search, results, scope
from zou.search.schemas import INDEXES, SearchSchema

SHORTEST = 3  # characters of a query

HAS_TRIGRAMS = sa.text("SELECT to_regproc('word_similarity') IS NOT NULL")


class SearchResource(Resource):
    """The search over productions and people."""

    @permission(anyone)
    @body(SearchSchema)
    @returns()
    def post(self, body):
        """Assets and shots of open productions, and persons, by words of their names, descriptions and metadata."""
        if len(body["query"]) < SHORTEST:
            return {}
        services.catch_up(self.tx)
        project_id = str(body["project_id"]) if body["project_id"] else None
        search = Search(self.actor, body["query"], *scope(self.tx, self.actor, project_id), body["limit"], body["offset"])
        asked = [kind for kind in INDEXES if kind in body["index_names"]]
        found = self.found(search, asked, similar=False)
        if search.words and search.offset == 0 and not any(rows != "[]" for rows in found.values()) and self.tx.scalar(HAS_TRIGRAMS):
            found = self.found(search, asked, similar=True)
        return Json("{" + ",".join(f'"{kind}":{rows}' for kind, rows in found.items()) + "}")

    def found(self, search, kinds, similar):
        """{index: JSON list}; `similar`: of what is spelled nearly like the query."""
        return {kind: self.tx.scalar(results(search, kind, similar)) if search.words else "[]" for kind in kinds}
