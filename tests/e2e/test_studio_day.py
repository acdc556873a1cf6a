"""A day in a studio, kept through gazu against `zou run` with its worker: briefs, takes, retakes, a client's review, validation.

After each step everybody's to-do and done lists, notifications, news and mails are what they must be, and nothing else.
"""

import time
from dataclasses import dataclass, field

import gazu
import pytest
import sqlalchemy as sa
from PIL import Image

from tests.e2e.conftest import EMAIL, Running
from tests.mail_server import mail_server, text_of  # noqa: F401  (a fixture)
from tests.processes import data_folder, free_port, spawn  # noqa: F401  (fixtures)
from zou.platform.db.embedded import EmbeddedServer

PASSWORD = "a-long-enough-password"
PATIENCE_S = 30
FILM = "The first film"
ADMIN = "Super"  # first name of the first administrator


@pytest.fixture
def server(spawn, data_folder, free_port, mail_server):  # noqa: F811
    """`zou run` with the job queue, which mails to the server of the test."""
    mail_server.handler.mails.clear()
    settings = {
        "BCRYPT_LOG_ROUNDS": "4", "MAIL_CHECK_DELIVERABILITY": "false", "MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(mail_server.port),
        "ENABLE_JOB_QUEUE": "true", "DOMAIN_PROTOCOL": "https", "DOMAIN_NAME": "kitsu.example",
    }  # fmt: skip
    running = Running(spawn, data_folder, free_port, **settings)
    yield running
    running.process.terminate()
    running.process.wait(60)


def log_in(server, email, password):
    client = gazu.client.create_client(server.url)
    gazu.log_in(email, password, client=client)
    return client


@dataclass
class Member:
    """Somebody at work: what is on their lists after the last step, and the ids of the notifications they know."""

    row: dict
    client: gazu.client.KitsuClient
    todo: dict = field(default_factory=dict)
    done: set = field(default_factory=set)
    check: set = field(default_factory=set)
    known: set = field(default_factory=set)

    def lists(self):
        """(to-do list as {entity: status}, names of what is done, names of what is to be checked)."""
        todo = {row["entity_name"]: row["task_status_short_name"] for row in gazu.user.all_tasks_to_do(client=self.client)}
        done = {row["entity_name"] for row in gazu.user.all_done_tasks(client=self.client)}
        return todo, done, {row["entity_name"] for row in gazu.user.all_tasks_requiring_feedback(client=self.client)}

    def notifications(self):
        """(kind, author's id, place, text) of what is new since the last call."""
        rows = [row for row in gazu.user.all_notifications(client=self.client) if row["id"] not in self.known]
        self.known |= {row["id"] for row in rows}
        return sorted(
            (row["notification_type"], row["author_id"], row["full_entity_name"] or row["playlist_name"], said(row)) for row in rows
        )


def said(notification):
    """What a notification quotes."""
    return notification["reply_text"] or notification["comment_text"] or ""


class Studio:
    """The people of a production, their work, and what is known of both."""

    def __init__(self, server, sink):
        self.server, self.sink = server, sink
        self.admin = log_in(server, EMAIL, server.password)
        self.members, self.tasks, self.known_news, self.sent = {}, {}, set(), 0
        self.admin_id = gazu.client.get_current_user(client=self.admin)["id"]
        self.engine = sa.create_engine(EmbeddedServer(server.folder).url())
        self.status = {row["short_name"]: row for row in gazu.task.all_task_statuses(client=self.admin) if not row["for_concept"]}
        self.project = gazu.project.new_project(FILM, client=self.admin)
        self.animation = gazu.task.get_task_type_by_name("Animation", client=self.admin)
        gazu.project.add_task_type(self.project, self.animation, 1, client=self.admin)
        self.sequence = gazu.shot.new_sequence(self.project, "SQ01", client=self.admin)

    def hire(self, first_name, last_name, role, departments=(), **more):
        """A person of the team, with a session of their own."""
        email = f"{first_name.lower()}@studio.example"
        row = gazu.person.new_person(first_name, last_name, email, role=role, password=PASSWORD, client=self.admin)
        gazu.person.update_person({"id": row["id"], "departments": list(departments), **more}, client=self.admin)
        gazu.project.add_person_to_team(self.project, row, client=self.admin)
        self.members[first_name] = Member(row, log_in(self.server, email, PASSWORD))

    def shoot(self, *names):
        """Shots, each with a task of animation."""
        for name in names:
            shot = gazu.shot.new_shot(self.project, self.sequence, name, client=self.admin)
            self.tasks[name] = gazu.task.new_task(shot, self.animation, client=self.admin)

    def client_of(self, name):
        return self.members[name].client if name else self.admin

    def id_of(self, name):
        return self.members[name].row["id"] if name else self.admin_id

    def assign(self, by, shot, name):
        gazu.task.assign_task(self.tasks[shot], self.members[name].row, client=self.client_of(by))

    def comment(self, name, shot, status, text="", **more):
        """What a person says about a shot; the administrator without a name."""
        return gazu.task.add_comment(self.tasks[shot], self.status[status], text, client=self.client_of(name), **more)

    def take(self, name, shot, text, picture):
        """A person hands in a take of a shot. Returns its preview."""
        comment = self.comment(name, shot, "wfa", text)
        return gazu.task.add_preview(self.tasks[shot], comment, str(picture), client=self.client_of(name))

    def mails(self):
        """Mails of the step, when the worker has sent all that were planned: the plan was committed before the step was answered."""
        waiting = sa.text("SELECT count(*) FROM tracker.delivery WHERE status = 'waiting'")
        deadline = time.monotonic() + PATIENCE_S
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while connection.scalar(waiting):
                assert time.monotonic() < deadline, "deliveries wait for ever"
                time.sleep(0.05)
        mails, self.sink.mails[:] = list(self.sink.mails), []
        self.sent += len(mails)
        return mails

    def news(self, name):
        """{id: (author's id, entity, status, whether it changed, whether a picture came)} of the news that a person reads."""
        rows = gazu.client.get(f"data/projects/{self.project['id']}/news", client=self.client_of(name))["data"]
        names = {row["id"]: short_name for short_name, row in self.status.items()}
        return {
            row["id"]: (
                row["author_id"], row["full_entity_name"], names[row["task_status_id"]], row["change"], bool(row["preview_file_id"])
            ) for row in rows
        }  # fmt: skip

    def sees(self, todo=None, done=None, check=None, told=None, mails=(), news=()):
        """Hold everybody to what a step changed; returns {first name: text of the mail}.

        `todo`: {name: {shot: status, or None when it leaves}}; `done`: {name: shot}; `check`: {shot: whether it waits for the supervisor};
        `told`: {name: [(kind, author, place, text)]}; `mails`: [(name, subject)]; `news`: [(author, shot, status, change, picture)].
        Who is not named has the lists of before, no notification and no mail.
        """
        for name, changes in (todo or {}).items():
            member = self.members[name]
            member.todo = {shot: status for shot, status in {**member.todo, **changes}.items() if status}
        for name, shot in (done or {}).items():
            self.members[name].done.add(shot)
        for shot, waits in (check or {}).items():
            self.members["Sue"].check ^= {shot} if waits != (shot in self.members["Sue"].check) else set()
        for name, member in self.members.items():
            assert member.lists() == (member.todo, member.done, member.check), name
            expected = [(kind, self.id_of(author), place, text) for kind, author, place, text in (told or {}).get(name, ())]
            assert member.notifications() == sorted(expected), name
        found = self.news("Sue")
        fresh = sorted(item for id, item in found.items() if id not in self.known_news)
        self.known_news |= found.keys()
        assert fresh == sorted((self.id_of(author), place(shot), *rest) for author, shot, *rest in news)
        sent = self.mails()
        assert sorted((mail["To"], mail["Subject"].strip()) for mail in sent) == sorted(
            (f"{name.lower()}@studio.example", f"[Kitsu] {subject}") for name, subject in mails
        )
        return {mail["To"].partition("@")[0].title(): text_of(mail) for mail in sent}


def place(shot):
    return f"SQ01 / {shot}"


def task(shot):
    return f"{FILM} / {place(shot)} / Animation"


@pytest.fixture
def studio(server, mail_server):  # noqa: F811
    """A supervisor, three artists, a client and a vendor; Ada reads French, Cleo wants no mail; four shots."""
    made = Studio(server, mail_server.handler)
    animators, mail = [made.animation["department_id"]], {"notifications_enabled": True}
    made.hire("Sue", "Pervisor", "supervisor", animators, **mail)
    made.hire("Ada", "Lovelace", "user", animators, locale="fr_FR", **mail)
    made.hire("Ben", "Franklin", "user", animators, **mail)
    made.hire("Cleo", "Patra", "user", animators)
    made.hire("Cora", "Client", "client", **mail)
    made.hire("Vic", "Vendor", "vendor", animators, **mail)
    made.shoot("SH01", "SH02", "SH03", "SH04")
    yield made
    made.engine.dispose()


def morning(studio):
    """Sue follows the sequence, gives out the work and briefs."""
    path = f"actions/user/sequences/{studio.sequence['id']}/task-types/{studio.animation['id']}/subscribe"
    gazu.client.post(path, {}, client=studio.client_of("Sue"))
    studio.sees()
    given = {"Ada": "SH01", "Ben": "SH02", "Cleo": "SH03", "Vic": "SH04"}
    for name, shot in given.items():
        studio.assign("Sue", shot, name)
    texts = studio.sees(
        todo={name: {shot: "todo"} for name, shot in given.items()},
        told={name: [("assignation", "Sue", place(shot), "")] for name, shot in given.items()},
        mails=[
            ("Ada", f"{task('SH01')} vous a été assigné"), ("Ben", f"You were assigned to {task('SH02')}"),
            ("Vic", f"You were assigned to {task('SH04')}"),
        ],
    )  # fmt: skip
    assert "Sue Pervisor vous a assigné à" in texts["Ada"]
    assert f"https://kitsu.example/productions/{studio.project['id']}/shots/tasks/{studio.tasks['SH02']['id']}" in texts["Ben"]

    brief = "Slow and heavy, @Ben Franklin has the rig and @Animation has seen it"
    checklist = [{"text": "Weight", "checked": False}]
    studio.comment("Sue", "SH01", "todo", brief, checklist=checklist)
    texts = studio.sees(
        told={
            "Ada": [("comment", "Sue", place("SH01"), brief), ("mention", "Sue", place("SH01"), brief)],
            "Ben": [("mention", "Sue", place("SH01"), brief)] * 2,  # by name and with the department; the mail comes once
            "Cleo": [("mention", "Sue", place("SH01"), brief)],
            "Vic": [("mention", "Sue", place("SH01"), brief)],
        },
        mails=[
            ("Ada", f"TODO - Sue a commenté {task('SH01')}"), ("Ada", f"Sue vous a mentionné dans {task('SH01')}"),
            ("Ben", f"Sue mentioned you in {task('SH01')}"), ("Vic", f"Sue mentioned you in {task('SH01')}"),
        ],
        news=[("Sue", "SH01", "todo", False, False)],
    )  # fmt: skip
    assert brief in texts["Ben"]


def first_takes(studio, picture):
    """Ada, Ben and Vic start; Ada and Vic hand in a take, and each sees of the news what is theirs to see."""
    for name, shot in (("Ada", "SH01"), ("Ben", "SH02"), ("Vic", "SH04")):
        studio.comment(name, shot, "wip")
        studio.sees(
            todo={name: {shot: "wip"}}, told={"Sue": [("comment", name, place(shot), "")]},
            mails=[("Sue", f"WIP - {name} commented {task(shot)}")], news=[(name, shot, "wip", True, False)],
        )  # fmt: skip
    for name, shot in (("Ada", "SH01"), ("Vic", "SH04")):
        studio.take(name, shot, "First take", picture)
        texts = studio.sees(
            todo={name: {shot: "wfa"}}, check={shot: True}, told={"Sue": [("comment", name, place(shot), "First take")]},
            mails=[("Sue", f"WFA - {name} commented {task(shot)}")], news=[(name, shot, "wfa", True, True)],
        )  # fmt: skip
        assert "First take" in texts["Sue"]


def retakes(studio, picture):
    """Sue wants both again; Ada asks, Sue answers, and the second take comes."""
    for name, shot in (("Ada", "SH01"), ("Vic", "SH04")):
        studio.comment("Sue", shot, "retake", "Heavier <please>")
        subject = f"RETAKE - Sue {'a commenté' if name == 'Ada' else 'commented'} {task(shot)}"
        texts = studio.sees(
            todo={name: {shot: "retake"}}, check={shot: False}, told={name: [("comment", "Sue", place(shot), "Heavier <please>")]},
            mails=[(name, subject)], news=[("Sue", shot, "retake", True, False)],
        )  # fmt: skip
        assert "Heavier <please>" in texts[name]
    asked = gazu.task.get_last_comment_for_task(studio.tasks["SH01"], client=studio.client_of("Ada"))
    gazu.task.reply_to_comment(studio.tasks["SH01"], asked, "The feet too?", client=studio.client_of("Ada"))
    studio.sees(told={"Sue": [("reply", "Ada", place("SH01"), "The feet too?")]}, mails=[("Sue", f"Ada replied on {task('SH01')}")])
    gazu.task.reply_to_comment(studio.tasks["SH01"], asked, "Them first.", client=studio.client_of("Sue"))
    texts = studio.sees(
        told={"Ada": [("reply", "Sue", place("SH01"), "Them first.")]}, mails=[("Ada", f"Sue a répondu sur {task('SH01')}")]
    )
    assert "Them first." in texts["Ada"]
    preview = studio.take("Ada", "SH01", "Second take", picture)
    assert preview["revision"] == 2
    studio.sees(
        todo={"Ada": {"SH01": "wfa"}}, check={"SH01": True}, told={"Sue": [("comment", "Ada", place("SH01"), "Second take")]},
        mails=[("Sue", f"WFA - Ada commented {task('SH01')}")], news=[("Ada", "SH01", "wfa", True, True)],
    )  # fmt: skip
    return preview


def client_review(studio, preview):
    """The client is called to a playlist, reads what is for clients only, and asks for more; Ada is told that, but not in which words."""
    shot = studio.tasks["SH01"]["entity_id"]
    playlist = gazu.playlist.new_playlist(studio.project, "For Cora", for_client=True, client=studio.admin)
    gazu.playlist.add_entity_to_playlist(playlist, shot, preview, client=studio.admin)
    gazu.playlist.notify_clients_playlist_ready(playlist, client=studio.admin)
    studio.sees(
        told={"Cora": [("playlist-ready", None, "For Cora", "")]}, mails=[("Cora", f"The playlist For Cora of {FILM} is ready for review")]
    )
    studio.comment(None, "SH01", "wfa", "What do you think?", for_client=True)
    studio.sees(
        told={name: [("comment", None, place("SH01"), "What do you think?")] for name in ("Sue", "Ada")},
        mails=[("Sue", f"WFA - {ADMIN} commented {task('SH01')}"), ("Ada", f"WFA - {ADMIN} a commenté {task('SH01')}")],
        news=[(None, "SH01", "wfa", False, False)],
    )
    read = [
        (row["text"], len(row["previews"]))
        for row in gazu.task.all_comments_for_task(studio.tasks["SH01"], client=studio.client_of("Cora"))
    ]
    assert read == [("What do you think?", 0), ("", 1), ("", 1)]
    studio.comment("Cora", "SH01", "retake", "Can it dance?")
    texts = studio.sees(
        todo={"Ada": {"SH01": "retake"}}, check={"SH01": False},
        told={"Sue": [("comment", "Cora", place("SH01"), "Can it dance?")], "Ada": [("comment", "Cora", place("SH01"), "")]},
        mails=[("Sue", f"RETAKE - Cora commented {task('SH01')}"), ("Ada", f"RETAKE - Cora a commenté {task('SH01')}")],
        news=[("Cora", "SH01", "retake", True, False)],
    )  # fmt: skip
    assert "Can it dance?" in texts["Sue"]
    assert "Can it dance?" not in texts["Ada"]
    assert "Can it dance?" not in str(gazu.task.all_comments_for_task(studio.tasks["SH01"], client=studio.client_of("Ada")))


def evening(studio):
    """Sue hands SH02 from Ben to Cleo and accepts SH01 and SH04."""
    gazu.task.clear_assignations([studio.tasks["SH02"]], client=studio.client_of("Sue"))
    studio.assign("Sue", "SH02", "Cleo")
    studio.sees(todo={"Ben": {"SH02": None}, "Cleo": {"SH02": "wip"}}, told={"Cleo": [("assignation", "Sue", place("SH02"), "")]})
    for name, shot in (("Ada", "SH01"), ("Vic", "SH04")):
        studio.comment("Sue", shot, "done", "Thank you")
        verb = "a commenté" if name == "Ada" else "commented"
        studio.sees(
            todo={name: {shot: None}}, done={name: shot}, told={name: [("comment", "Sue", place(shot), "Thank you")]},
            mails=[(name, f"DONE - Sue {verb} {task(shot)}")], news=[("Sue", shot, "done", True, False)],
        )  # fmt: skip


def night(studio):
    """What is left of the day: dates and counts of the tasks, news for each reader, read notifications, and every delivery's outcome."""
    first = gazu.task.get_task(studio.tasks["SH01"]["id"], client=studio.admin)
    assert first["retake_count"] == 2
    assert all(first[key] for key in ("real_start_date", "done_date", "last_comment_date", "last_preview_file_id"))
    assert {item[1] for item in studio.news("Vic").values()} == {place("SH04")}
    with pytest.raises(gazu.exception.NotAllowedException):
        studio.news("Cora")
    unread = gazu.user.get_context(client=studio.client_of("Ada"))["notification_count"]
    assert unread == len(studio.members["Ada"].known)
    gazu.user.mark_all_notifications_as_read(client=studio.client_of("Ada"))
    assert gazu.user.get_context(client=studio.client_of("Ada"))["notification_count"] == 0
    assert gazu.user.get_context(client=studio.client_of("Ben"))["notification_count"] == len(studio.members["Ben"].known)
    with studio.engine.connect() as connection:
        outcomes = connection.execute(sa.text("SELECT channel, status, attempts, count(*) FROM tracker.delivery GROUP BY 1, 2, 3")).all()
    assert [tuple(row) for row in outcomes] == [("mail", "sent", 1, studio.sent)]


def test_a_day_in_a_studio(studio, tmp_path):
    picture = tmp_path / "frame.png"
    Image.new("RGB", (320, 180), "teal").save(picture)
    morning(studio)
    first_takes(studio, picture)
    preview = retakes(studio, picture)
    client_review(studio, preview)
    evening(studio)
    night(studio)
