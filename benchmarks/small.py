"""What a small request costs beside the database: milliseconds of processor time of the process that answers it.

    python benchmarks/small.py --dsn postgresql://postgres@127.0.0.1:5432/bench

The database holds the studio of `../shared/bench/seed.py`. The application runs in this process and is asked by the client of the tests,
as an administrator and as an artist; what that client costs is in the figures, what PostgreSQL does in its own processes is not. A row is
the median of --calls requests, after some that nobody counts. The exit status tells whether those marked with * keep to --limit.
"""

import argparse
import os
import statistics
import sys
import time

from measuring import cursor_on

WHO = ("admin", "user")
LARGEST = "SELECT project_id FROM entity GROUP BY project_id ORDER BY count(*) DESC LIMIT 1"
OF_KIND = """
    SELECT id FROM entity WHERE project_id = %(project)s AND entity_type_id = (SELECT id FROM entity_type WHERE name = '{}')
    ORDER BY id LIMIT 1
"""
IDS = {
    "shot": OF_KIND.format("Shot"),
    "sequence": OF_KIND.format("Sequence"),
    "episode": OF_KIND.format("Episode"),
    "asset": "SELECT entity_out_id FROM entity_link JOIN entity e ON e.id = entity_in_id WHERE project_id = %(project)s ORDER BY 1 LIMIT 1",
    "task": "SELECT object_id FROM comment JOIN task ON task.id = object_id WHERE project_id = %(project)s"
    " GROUP BY 1 HAVING count(*) > 3 ORDER BY 1 LIMIT 1",
    "task_type": "SELECT id FROM task_type WHERE for_entity = 'Shot' AND name = 'Animation'",
    "person": "SELECT id FROM person WHERE role = 'user' ORDER BY id LIMIT 1",
    "playlist": "SELECT id FROM playlist WHERE project_id = %(project)s ORDER BY id LIMIT 1",
    "preview": "SELECT f.id FROM preview_file f JOIN task t ON t.id = task_id WHERE project_id = %(project)s ORDER BY 1 LIMIT 1",
}
PATHS = """
* /auth/authenticated
* /data/shots/{shot}
* /data/assets/{asset}
* /data/sequences/{sequence}
* /data/episodes/{episode}
* /data/entities/{shot}
* /data/tasks/{task}
* /data/tasks/{task}/full
* /data/tasks/{task}/comments
* /data/tasks/{task}/previews
* /data/shots/{shot}/tasks
* /data/assets/{asset}/cast-in
* /data/projects/{project}/entities/{shot}/casting
* /data/projects/{project}
* /data/persons/{person}
* /data/preview-files/{preview}
* /data/user/context
* /data/user/notifications
* /data/user/projects/open
* /data/task-types
  /data/projects/{project}/team
  /data/projects/{project}/sequences/{sequence}/casting
  /data/persons
  /data/entities?project_id={project}&page=2&limit=100
  /data/tasks?project_id={project}&relations=true&page=2
  /data/user/tasks
  /data/persons/{person}/tasks
  /data/projects/{project}/news
  /data/projects/{project}/playlists
  /data/projects/{project}/playlists/{playlist}
  /data/projects/{project}/quotas/{task_type}
  /data/persons/{person}/time-spents/year/2026
  /data/tasks/open-tasks?limit=100
  /data/events/last?limit=100
  /data/shots/with-tasks?project_id={project}&episode_id={episode}
  /data/projects/{project}/sequences
"""


def application(dsn):
    """The application on this database."""
    os.environ.update(ZOU_DATABASE_URL=dsn, SECRET_KEY="a secret for benchmarks, long enough for HS256")
    from zou.app import create_app

    return create_app({})


def ids_of(dsn):
    """{name: id} of what the paths are about."""
    cursor = cursor_on(dsn)
    found = {}
    for name, sql in {"project": LARGEST, **IDS}.items():
        cursor.execute(sql, found)
        [found[name]] = cursor.fetchone()
    return found


def cost(client, path, headers, calls):
    """(status, bytes, median of milliseconds of this process) of a request."""
    for _ in range(4):  # the second one of a form is still compiled
        answer = client.get(path, headers=headers)
        size = len(answer.data)
    times = []
    for _ in range(calls):
        start = time.process_time()
        client.get(path, headers=headers).get_data()
        times.append((time.process_time() - start) * 1000)
    return answer.status_code, size, statistics.median(times)


def main():
    """Measure and print; the exit status tells whether the limit is kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dsn", required=True)
    parser.add_argument("--calls", type=int, default=25)
    parser.add_argument("--limit", type=float, default=3.0)
    parser.add_argument("--password", default="benchpassword")
    options = parser.parse_args()
    client, ids = application(options.dsn).test_client(), ids_of(options.dsn)
    headers = {}
    for who in WHO:
        login = client.post("/auth/login", json={"email": f"{who}@bench.example.com", "password": options.password})
        headers[who] = {"Authorization": f"Bearer {login.json['access_token']}"}
    above = 0
    for line in filter(None, PATHS.split("\n")):
        cells = []
        for who in WHO:
            status, size, median = cost(client, line[2:].format(**ids), headers[who], options.calls)
            above += line.startswith("*") and median > options.limit
            cells.append(f"{who} {status} {size / 1000:8.1f} kB {median:6.1f} ms")
        print(f"{line:66} {'   '.join(cells)}", flush=True)
    return 1 if above else 0


if __name__ == "__main__":
    sys.exit(main())
