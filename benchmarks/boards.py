"""How much the boards of a production cost beyond one SQL statement that makes the same JSON, and what an unchanged board costs.

    python benchmarks/boards.py --dsn postgresql://postgres@127.0.0.1:5432/bench

The database holds the studio of `../shared/bench/seed.py --scale M`. For its largest production the script asks for the boards, whole and
of one episode, for the tasks and the castings and, in turn, sends a bare statement with the same keys on a connection of its own, and asks
again with the `ETag` of the board, which is answered 304. It prints the medians, how much memory the process of the server took beyond
what it held, in multiples of the answer, and how many statements a small production takes and the large one. It fails when a ratio is
above --limit, memory above three times the answer, or a number of statements depends on the rows.
"""

import json
import sys

import psutil
import sqlalchemy as sa
from daily_statements import TASK
from measuring import cursor_on, forget_peak, options_of, peak_bytes, report, signed_in, turns
from small import application
from sqlalchemy.engine import Engine

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


GROUPS = """
SELECT json_agg(r)::text FROM (
    SELECT e.id, e.name, e.status, coalesce(e.parent_id::text, 'None') AS episode_id, e.description, e.data->'frame_in' AS frame_in,
           e.data->'frame_out' AS frame_out, e.data->'fps' AS fps, coalesce(e.preview_file_id::text, '') AS preview_file_id, e.canceled,
           coalesce(e.data, '{{}}'::jsonb) AS data, coalesce(k.tasks, '[]'::json) AS tasks
    FROM entity e LEFT JOIN ({tasks}) k ON k.entity_id = e.id WHERE e.project_id = %(project)s AND e.{kind}
) r
"""
IS_SEQUENCE, IS_EPISODE = (f"entity_type_id = (SELECT id FROM entity_type WHERE name = '{name}')" for name in ("Sequence", "Episode"))
OF_EPISODE = "parent_id IN (SELECT id FROM entity WHERE parent_id = %(episode)s)"
PROJECT_TASKS = f"""
SELECT json_agg(r)::text FROM (
    SELECT {TASK.replace("ARRAY(SELECT person_id FROM task_person_link l WHERE l.task_id = t.id)", "coalesce(a.ids, '[]'::json)")}
    FROM task t LEFT JOIN (SELECT task_id, json_agg(person_id) AS ids FROM task_person_link GROUP BY task_id) a ON a.task_id = t.id
    WHERE t.project_id = %(project)s ORDER BY t.updated_at DESC, t.id
) r
"""
CASTING = """
SELECT json_object_agg(id, casting)::text FROM (
    SELECT u.id, json_agg(json_build_object('asset_id', a.id, 'asset_name', a.name, 'asset_type_name', y.name,
        'preview_file_id', a.preview_file_id, 'nb_occurences', l.nb_occurences, 'label', l.label, 'is_shared', a.is_shared,
        'project_id', a.project_id, 'name', a.name, 'sequence_name', q.name) ORDER BY y.name, a.name) AS casting
    FROM entity_link l JOIN entity a ON a.id = l.entity_out_id JOIN entity_type y ON y.id = a.entity_type_id
    JOIN entity u ON u.id = l.entity_in_id JOIN entity q ON q.id = u.parent_id
    WHERE u.project_id = %(project)s AND u.{kind} AND a.canceled IS NOT TRUE GROUP BY u.id
) AS shot
""".replace("{kind}", IS_SHOT)
ROWS = {
    "assets": ("/data/assets/with-tasks?project_id={project}", ASSETS),
    "shots": ("/data/shots/with-tasks?project_id={project}", SHOTS),
    "shots, 1 episode": (
        "/data/shots/with-tasks?project_id={project}&episode_id={episode}",
        SHOTS.replace(IS_SHOT, f"{IS_SHOT} AND {OF_EPISODE}", 1).replace(f"e.{IS_SHOT}", f"e.{IS_SHOT} AND e.{OF_EPISODE}"),
    ),
    "sequences": ("/data/sequences/with-tasks?project_id={project}", GROUPS.format(tasks=tasks(IS_SEQUENCE), kind=IS_SEQUENCE)),
    "episodes": ("/data/episodes/with-tasks?project_id={project}", GROUPS.format(tasks=tasks(IS_EPISODE), kind=IS_EPISODE)),
    "tasks": ("/data/projects/{project}/tasks", PROJECT_TASKS),
    "castings of shots": ("/data/projects/{project}/sequences/all/casting", CASTING),
}
MOST_MEMORY = 3  # times the answer, beyond what the process held
SMALL_ANSWER = 4_000_000  # bytes below which the memory of an interpreter's own arenas is the larger part


def canonical(text):
    """The rows of a board by id, their lists in one order."""
    rows = json.loads(text)
    if isinstance(rows, dict):
        return rows
    for row in rows:
        for task in row.get("tasks", [row]):
            task["assignees"].sort()
        row.get("tasks", []).sort(key=lambda task: task["id"])
        row["casting_episode_ids"] = sorted(row.get("casting_episode_ids", []))
    return {row["id"]: row for row in rows}


def measure(name, get, cursor, pid, ids, calls):
    """Print what one board costs; returns (the ratio, times of the answer in memory, whether the JSON is the same)."""
    path, statement = ROWS[name][0].format(**ids), ROWS[name][1]

    def bare():
        cursor.execute(statement, ids)
        return cursor.fetchone()[0]

    first = get(path)
    size, tag = len(first.content), first.headers.get("ETag")
    same = canonical(bare()) == canonical(first.content)
    held = forget_peak(pid)
    get(path)
    memory = (peak_bytes(pid) - held) / size
    asked = {"bare SQL": bare, "HTTP": lambda: get(path).content}
    if tag is not None:
        same = same and get(path, **{"If-None-Match": tag}).status_code == 304
        asked["HTTP, 304"] = lambda: get(path, **{"If-None-Match": tag})
    times = turns(asked, calls)
    print(f"{name}: {len(first.json())} rows, {size / 1e6:.1f} MB; the same JSON: {'yes' if same else 'NO'}")
    medians = report(times)
    ratio = medians["HTTP"] / medians["bare SQL"]
    print(f"ratio        {ratio:8.2f}       memory {memory:6.2f} times the answer", flush=True)
    return ratio, memory if size > SMALL_ANSWER else 0, same


def statements_of(dsn, password, projects):
    """{name: number of statements for each of the productions}: the application is asked in this process."""
    client = application(dsn).test_client()
    login = client.post("/auth/login", json={"email": "admin@bench.example.com", "password": password})
    headers, sent = {"Authorization": f"Bearer {login.json['access_token']}"}, []
    sa.event.listen(Engine, "before_cursor_execute", lambda *args: sent.append(args[2]))
    found = {}
    for name, (path, _) in ROWS.items():
        for ids in projects:
            sent.clear()
            client.get(path.format(**ids), headers=headers).get_data()
            found.setdefault(name, []).append(len(sent))
    return found


def ids_of(cursor, order):
    """{name: id} of the production with the most or fewest entities (`order`), an episode of it, and who asks."""
    cursor.execute(f"SELECT project_id FROM entity GROUP BY project_id ORDER BY count(*) {order} LIMIT 1")
    ids = {"project": cursor.fetchone()[0]}
    cursor.execute(f"SELECT id FROM entity WHERE project_id = %(project)s AND {IS_EPISODE} ORDER BY name LIMIT 1", ids)
    ids["episode"] = (cursor.fetchone() or [ids["project"]])[0]
    cursor.execute("SELECT id FROM person WHERE email = 'admin@bench.example.com'")
    return {**ids, "person": cursor.fetchone()[0]}


def main():
    """Measure and print; the exit status tells whether the limits are kept."""
    options = options_of(__doc__).parse_args()
    cursor = cursor_on(options.dsn)
    large, small = ids_of(cursor, "DESC"), ids_of(cursor, "ASC")
    with signed_in(options.dsn, options.password) as get:
        pid = psutil.Process().children(recursive=True)[-1].pid
        results = [measure(name, get, cursor, pid, large, options.calls) for name in ROWS]
    counts = statements_of(options.dsn, options.password, (small, large))
    print(
        "statements of a small production and of the large one:", ", ".join(f"{name} {few}, {many}" for name, (few, many) in counts.items())
    )
    kept = all(same and ratio <= options.limit and memory <= MOST_MEMORY for ratio, memory, same in results)
    return 0 if kept and all(few == many for few, many in counts.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
