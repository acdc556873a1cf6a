"""How long the database works for a search as somebody types it, and by which index.

    python benchmarks/search.py --dsn postgresql://postgres@127.0.0.1:5432/bench_copy

The database holds the studio of `../shared/bench/seed.py --scale M`; the index is made first (`zou reset-search-index`; use a copy). For
each query the script runs the statements of `POST /data/search` as an administrator and as an artist, under EXPLAIN ANALYZE, prints the
sum of their times and the indexes that they used, and fails when one takes longer than --limit milliseconds (50).
"""

import re
import sys

import sqlalchemy as sa
from measuring import options_of

from zou.app import create_app
from zou.auth.actor import Actor
from zou.platform.db import db
from zou.search import services
from zou.search.queries import Search, by_comments, results, scope
from zou.search.schemas import INDEXES

QUERIES = ("sho", "cha", "rab", "010", "xyz", "sil", "pops lighting", "SH0100", "silhouette readable")
CALLS = 3


def actor_of(tx, role):
    """An account of the studio as it signs in."""
    id = tx.scalar(sa.text("SELECT id FROM person WHERE email = :email"), {"email": f"{role}@bench.example.com"})
    departments = tx.scalars(sa.text("SELECT department_id FROM department_link WHERE person_id = :id"), {"id": id}).all()
    return Actor(id, role, "person", list(departments), None, {})


def explained(tx, statement):
    """(milliseconds of the fastest of some runs, names of the indexes used)."""
    compiled = statement.compile(dialect=tx.get_bind().dialect, compile_kwargs={"render_postcompile": True})
    connection = tx.connection().connection.cursor()
    best, used = float("inf"), set()
    for _ in range(CALLS):
        connection.execute(f"EXPLAIN (ANALYZE, TIMING OFF) {compiled.string}", values_of(compiled))
        plan = "\n".join(line for (line,) in connection.fetchall())
        took = sum(float(found) for found in re.findall(r"(?:Planning|Execution) Time: ([\d.]+) ms", plan))
        best = min(best, took)
        used |= set(re.findall(r"(ix_search\w+|search_\w+_pkey)", plan))
    return best, used


def values_of(compiled):
    """The parameters of a compiled statement as the driver takes them."""
    processors = compiled._bind_processors
    return {name: processors[name](value) if name in processors else value for name, value in compiled.params.items()}


def main():
    """Measure and print; the exit status tells whether the limit is kept."""
    parser = options_of(__doc__)
    parser.set_defaults(limit=50)
    options = parser.parse_args()
    app = create_app({"SQLALCHEMY_DATABASE_URI": options.dsn, "SECRET_KEY": "a secret for benchmarks, long enough for HS256"})
    slowest = 0
    with app.app_context():
        tx = db.session
        print(services.reset(tx))
        tx.commit()
        tx.execute(sa.text("ANALYZE tracker.search_document, tracker.search_comment"))
        for role in ("admin", "user"):
            actor = actor_of(tx, role)
            for query in QUERIES:
                search = Search(actor, query, *scope(tx, actor))
                parts = {kind: explained(tx, results(search, kind)) for kind in INDEXES}
                parts |= {f"{kind} by comments": explained(tx, by_comments(search, kind)) for kind in INDEXES if kind != "persons"}
                whole = sum(took for took, _ in parts.values())
                slowest = max(slowest, whole)
                used = sorted(set().union(*[names for _, names in parts.values()]))
                print(f"{role:6} {query:22} {whole:6.1f} ms   " + ", ".join(f"{kind} {took:.1f}" for kind, (took, _) in parts.items()))
                print(f"{'':30} by {', '.join(used)}")
    print(f"slowest: {slowest:.1f} ms")
    return 0 if slowest <= options.limit else 1


if __name__ == "__main__":
    sys.exit(main())
