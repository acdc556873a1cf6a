"""How much the boards of assets and shots cost beyond one SQL statement that makes the same JSON, and what an unchanged board costs.

    python benchmarks/boards.py --dsn postgresql://postgres@127.0.0.1:5432/bench

The database holds the studio of `../shared/bench/seed.py --scale M`. For its largest production the script asks for
`GET /data/assets/with-tasks` and `GET /data/shots/with-tasks` and, in turn, sends a bare statement with the same keys on a connection of
its own, and asks again with the `ETag` of the board, which is answered 304. It prints the medians and fails when a ratio is above --limit.
"""

import json
import sys

from measuring import cursor_on, options_of, report, signed_in, turns

TASKS = """
    SELECT t.entity_id, json_agg(t) AS tasks FROM (
        SELECT task.id, duration, {dates}, task.entity_id, estimation, s.id IS NOT NULL AS is_subscribed, last_preview_file_id,
               coalesce(priority, 0) AS priority, retake_count, difficulty, task_status_id, task.task_type_id, {more}
               coalesce(a.ids, '[]'::json) AS assignees, task.data
        FROM task
        LEFT JOIN (SELECT task_id, json_agg(person_id) AS ids FROM task_person_link GROUP BY task_id) a ON a.task_id = task.id
        LEFT JOIN subscription s ON s.task_id = task.id AND s.person_id = %(person)s
        WHERE task.project_id = %(project)s AND task.entity_id IN ({chosen})
    ) t GROUP BY t.entity_id
"""
DATES = ", ".join(
    f"date_trunc('second', {key}) AS {key}"
    for key in ("due_date", "done_date", "end_date", "last_comment_date", "real_start_date", "start_date")
)
OTHERS = "('Shot', 'Sequence', 'Episode', 'Scene', 'Edit', 'Concept', 'ConceptFolder')"
IS_ASSET = f"entity_type_id IN (SELECT id FROM entity_type WHERE name NOT IN {OTHERS})"
IS_SHOT = "entity_type_id = (SELECT id FROM entity_type WHERE name = 'Shot')"


def tasks(condition, more=""):
    """The tasks of the entities for which a condition holds."""
    chosen = f"SELECT id FROM entity WHERE project_id = %(project)s AND {condition}"
    return TASKS.format(dates=DATES, more=more, chosen=chosen)


ASSETS = f"""
SELECT json_agg(r)::text FROM (
    SELECT e.id, e.name, coalesce(e.preview_file_id::text, '') AS preview_file_id, e.description, y.name AS asset_type_name,
           y.id AS asset_type_id, e.canceled, coalesce(e.ready_for::text, 'None') AS ready_for,
           coalesce(e.source_id::text, '') AS episode_id,
           coalesce(n.ids, '[]'::json) AS casting_episode_ids, e.is_casting_standby, e.is_shared, coalesce(e.data, '{{}}'::jsonb) AS data,
           coalesce(k.tasks, '[]'::json) AS tasks
    FROM entity e JOIN entity_type y ON y.id = e.entity_type_id
    LEFT JOIN (
        SELECT l.entity_out_id, json_agg(h.id ORDER BY h.name) AS ids FROM entity_link l JOIN entity h ON h.id = l.entity_in_id
        WHERE h.project_id = %(project)s AND h.entity_type_id = (SELECT id FROM entity_type WHERE name = 'Episode')
        GROUP BY l.entity_out_id
    ) n ON n.entity_out_id = e.id
    LEFT JOIN ({tasks(IS_ASSET)}) k ON k.entity_id = e.id
    WHERE e.project_id = %(project)s AND e.{IS_ASSET} ORDER BY y.name, e.name
) r
"""
SHOTS = f"""
SELECT json_agg(r)::text FROM (
    SELECT e.canceled, coalesce(e.data, '{{}}'::jsonb) AS data, e.description, e.entity_type_id, p.id AS episode_id,
           coalesce(p.name, '') AS episode_name, e.data->'fps' AS fps, e.data->'frame_in' AS frame_in, e.data->'frame_out' AS frame_out,
           e.id, e.name, e.nb_frames, e.parent_id, e.preview_file_id, e.project_id, j.name AS project_name, s.id AS sequence_id,
           s.name AS sequence_name, e.source_id, e.nb_entities_out, e.is_casting_standby, 'Shot' AS type,
           coalesce(k.tasks, '[]'::json) AS tasks
    FROM entity e JOIN project j ON j.id = e.project_id JOIN entity s ON s.id = e.parent_id LEFT JOIN entity p ON p.id = s.parent_id
    LEFT JOIN ({tasks(IS_SHOT, "nb_assets_ready, nb_drawings,")}) k ON k.entity_id = e.id
    WHERE e.project_id = %(project)s AND e.{IS_SHOT}
) r
"""


def canonical(text):
    """The rows of a board by id, their lists in one order."""
    rows = json.loads(text)
    for row in rows:
        for task in row["tasks"]:
            task["assignees"].sort()
        row["tasks"].sort(key=lambda task: task["id"])
        row["casting_episode_ids"] = sorted(row.get("casting_episode_ids", []))
    return {row["id"]: row for row in rows}


def measure(get, cursor, path, statement, ids, calls):
    """Print what one board costs; returns (the ratio, whether the JSON is the same)."""

    def bare():
        cursor.execute(statement, ids)
        return cursor.fetchone()[0]

    first = get(path)
    size, tag = len(first.content), first.headers["ETag"]
    same = canonical(bare()) == canonical(first.content)
    unchanged = get(path, **{"If-None-Match": tag}).status_code == 304
    times = turns({"bare SQL": bare, "HTTP": lambda: get(path).content, "HTTP, 304": lambda: get(path, **{"If-None-Match": tag})}, calls)
    print(f"{path.partition('?')[0]}: {len(first.json())} rows, {size / 1e6:.1f} MB; the same JSON: {'yes' if same else 'NO'}")
    medians = report(times)
    print(f"ratio        {medians['HTTP'] / medians['bare SQL']:8.2f}")
    return medians["HTTP"] / medians["bare SQL"], same and unchanged


def main():
    """Measure and print; the exit status tells whether the limit is kept."""
    options = options_of(__doc__).parse_args()
    cursor = cursor_on(options.dsn)
    cursor.execute("SELECT project_id FROM entity GROUP BY project_id ORDER BY count(*) DESC LIMIT 1")
    [project] = cursor.fetchone()
    cursor.execute("SELECT id FROM person WHERE email = 'admin@bench.example.com'")
    ids = {"project": project, "person": cursor.fetchone()[0]}
    with signed_in(options.dsn, options.password) as get:
        results = [
            measure(get, cursor, f"/data/{kind}/with-tasks?project_id={project}", statement, ids, options.calls)
            for kind, statement in (("assets", ASSETS), ("shots", SHOTS))
        ]
    return 0 if all(same and ratio <= options.limit for ratio, same in results) else 1


if __name__ == "__main__":
    sys.exit(main())
