"""Whether a request costs what it answers, whatever else is in the installation: the same requests on a small and on a large studio.

    python benchmarks/growth.py --dsn …/studio_s --large …/studio_l

The databases hold the studios of `../shared/bench/seed.py --scale S` and `--scale L` (80 times as many rows). In both the script chooses
rows with about as much around them: an asset with as many castings, a task with as many comments, a person with as many tasks. Compared
is processor time of the server and of its connection to the database, the least of --rounds rounds that take turns.
It fails when one costs more than --limit times as much on the large one, less what its answer is longer.
"""

import sys

import psutil
import requests
from measuring import cursor_on, options_of, processor_seconds, server

LARGEST = "SELECT project_id FROM entity GROUP BY project_id ORDER BY count(*) DESC LIMIT 1"
SHOT = "entity_type_id = (SELECT id FROM entity_type WHERE name = 'Shot')"
NEAREST = {
    "asset": f"""SELECT l.entity_out_id FROM entity_link l JOIN entity s ON s.id = l.entity_in_id
        WHERE s.project_id = %(project)s AND s.{SHOT} GROUP BY 1 ORDER BY abs(count(*) - 12), 1 LIMIT 1""",
    "shot": f"""SELECT s.id FROM entity s JOIN task t ON t.entity_id = s.id
        WHERE s.project_id = %(project)s AND s.{SHOT} GROUP BY 1 ORDER BY abs(count(*) - 5), 1 LIMIT 1""",
    "task": """SELECT t.id FROM task t JOIN comment c ON c.object_id = t.id WHERE t.project_id = %(project)s
        GROUP BY 1 ORDER BY abs(count(*) - 4), 1 LIMIT 1""",
    "person": """SELECT p.id FROM person p JOIN task_person_link l ON l.person_id = p.id JOIN task t ON t.id = l.task_id
        JOIN task_status s ON s.id = t.task_status_id AND s.is_done IS NOT TRUE JOIN project j ON j.id = t.project_id
        JOIN project_status u ON u.id = j.project_status_id AND u.name = 'Open'
        WHERE p.role = 'user' GROUP BY p.id ORDER BY abs(count(*) - 100), p.id LIMIT 1""",
    "task_type": "SELECT id FROM task_type WHERE name = 'Animation' LIMIT 1",
    "sequence": """SELECT e.id FROM entity e WHERE e.project_id = %(project)s AND e.entity_type_id =
        (SELECT id FROM entity_type WHERE name = 'Sequence') ORDER BY name LIMIT 1""",
    "episode": """SELECT e.id FROM entity e WHERE e.project_id = %(project)s AND e.entity_type_id =
        (SELECT id FROM entity_type WHERE name = 'Episode') ORDER BY name LIMIT 1""",
}
PATHS = {
    "casting of an asset": "/data/assets/{asset}/cast-in",
    "one asset": "/data/assets/{asset}",
    "casting of a shot": "/data/projects/{project}/entities/{shot}/casting",
    "one shot": "/data/shots/{shot}",
    "tasks of a shot": "/data/shots/{shot}/tasks",
    "one task": "/data/tasks/{task}/full",
    "comments of a task": "/data/tasks/{task}/comments",
    "to-do of a person": "/data/persons/{person}/tasks",
    "related tasks": "/data/persons/{person}/related-tasks/{task_type}",
    "hours of a person": "/data/persons/{person}/time-spents/year/2026",
    "one person": "/data/persons/{person}",
    "previews of a task": "/data/tasks/{task}/previews",
    "casting of a sequence": "/data/projects/{project}/sequences/{sequence}/casting",
    "shots of an episode": "/data/shots/with-tasks?project_id={project}&episode_id={episode}",
}


class Studio:
    """The application on one database, asked by its administrator."""

    def __init__(self, dsn, url, password, pids):
        self.cursor, self.url, self.session, self.pids = cursor_on(dsn), url, requests.Session(), pids
        login = self.session.post(f"{url}/auth/login", json={"email": "admin@bench.example.com", "password": password}, timeout=60)
        self.session.headers.update({"Authorization": f"Bearer {login.json()['access_token']}", "Accept-Encoding": "identity"})
        self.ids = {}
        for name, sql in {"project": LARGEST, **NEAREST}.items():
            self.cursor.execute(sql, self.ids)
            [self.ids[name]] = self.cursor.fetchone()

    def ask(self, name):
        """The answer to one of the paths."""
        answer = self.session.get(self.url + PATHS[name].format(**self.ids), timeout=60)
        answer.raise_for_status()
        return answer.content

    def milliseconds(self, name, count):
        """Processor time of one request: of the server and of its connections to the database."""
        self.cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        pids = self.pids + [pid for (pid,) in self.cursor.fetchall()]
        before = sum(map(processor_seconds, pids))
        for _ in range(count):
            self.ask(name)
        return (sum(map(processor_seconds, pids)) - before) * 1000 / count


def children():
    return {child.pid for child in psutil.Process().children(recursive=True)}


def main():
    """Measure and print; the exit status tells whether the limit is kept."""
    parser = options_of(__doc__)
    parser.add_argument("--large", required=True)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with server(options.dsn) as small_url:
        first = children()
        with server(options.large) as large_url:
            small = Studio(options.dsn, small_url, options.password, list(first))
            large = Studio(options.large, large_url, options.password, list(children() - first))
            return compare(small, large, options)


def compare(small, large, options):
    """Print a row for each path; returns the exit status."""
    above = 0
    for name in PATHS:
        sizes = [len(studio.ask(name)) for studio in (small, large)]
        count = 20 if max(sizes) > 100_000 else 100
        for studio in (small, large):
            for _ in range(12):
                studio.ask(name)
        times = [min(studio.milliseconds(name, count) for _ in range(options.rounds)) for studio in (small, large)]
        ratio, longer = times[1] / times[0], sizes[1] / sizes[0]
        above += ratio > options.limit * max(1, longer)
        print(
            f"{name:22} {sizes[0] / 1000:8.1f} / {sizes[1] / 1000:8.1f} kB   cpu {times[0]:7.2f} / {times[1]:7.2f} ms = {ratio:5.2f}",
            flush=True,
        )
    return 1 if above else 0


if __name__ == "__main__":
    sys.exit(main())
