"""How much a generic list costs beyond the SQL statement that makes the same JSON.

    python benchmarks/entities_listing.py --dsn postgresql://postgres@127.0.0.1:5432/bench

The database holds the studio of `../shared/bench/seed.py --scale M`. The script starts the application under gunicorn on it, asks for
`GET /data/entities?entity_type_id=<Shot>` and, in turn, sends the bare statement on a connection of its own; it prints both medians and
their ratio, and fails when the ratio is above --limit (1.5).
"""

import json
import sys

from measuring import cursor_on, options_of, report, signed_in, turns

BARE = """
SELECT json_agg(row_to_json(e))::text FROM (
    SELECT id, name, code, description, shotgun_id, canceled, nb_frames, nb_entities_out, is_casting_standby, is_shared, status,
           project_id, entity_type_id, parent_id, source_id, preview_file_id, data, ready_for, created_by,
           date_trunc('second', entity.created_at) AS created_at, date_trunc('second', entity.updated_at) AS updated_at, 'Shot' AS type
    FROM entity WHERE entity_type_id = %s ORDER BY entity.created_at, entity.id
) AS e
"""


def main():
    """Measure and print; the exit status tells whether the limit is kept."""
    options = options_of(__doc__).parse_args()
    cursor = cursor_on(options.dsn)
    cursor.execute("SELECT id FROM entity_type WHERE name = 'Shot'")
    [shot] = cursor.fetchone()

    def bare():
        cursor.execute(BARE, (shot,))
        return cursor.fetchone()[0]

    with signed_in(options.dsn, options.password) as get:

        def ours():
            return get(f"/data/entities?entity_type_id={shot}").content

        same = json.loads(bare()) == json.loads(ours())
        times = turns({"bare SQL": bare, "HTTP": ours}, options.calls)
        count, size = len(json.loads(bare())), len(ours())
    print(f"{count} rows, {size / 1e6:.1f} MB, {options.calls} calls; the same JSON: {'yes' if same else 'NO'}")
    medians = report(times)
    ratio = medians["HTTP"] / medians["bare SQL"]
    print(f"ratio        {ratio:8.2f}      (limit {options.limit})")
    return 0 if same and ratio <= options.limit else 1


if __name__ == "__main__":
    sys.exit(main())
