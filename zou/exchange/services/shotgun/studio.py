"""Persons, productions, steps, statuses and teams from Shotgun."""

import uuid

import sqlalchemy as sa

from zou import config
from zou.exchange.services.shotgun.entries import ByShotgunId, Skipped, color, each, texts, write
from zou.files.services.trees import shipped
from zou.people.models import Department, Person, department_link
from zou.platform import events
from zou.productions.models import Project, ProjectPersonLink, ProjectStatus
from zou.productions.services.team import join
from zou.tasks.models import TaskStatus, TaskType

ROLES = {"Manager": "manager", "Admin": "admin"}
NOBODY = "changeme@email.com"  # what Shotgun writes for accounts without address


def persons(tx, actor, entries):
    """Make persons, without password; who is there only gets the department. Emits person:update for that."""
    known = ByShotgunId(tx, Person, entries)
    emails = [text.lower() for text in texts(entries, "email")]
    rows = sa.select(Person).where(Person.is_bot.is_(False), Person.email == sa.any_(sa.cast(emails, sa.ARRAY(sa.Text))))
    by_email = {person.email: person for person in tx.scalars(rows)}
    departments = Departments(tx)

    def read(entry):
        email = entry.name("email").lower()
        if email == NOBODY:
            return None
        id, department = entry.id(), entry.linked("department", "name")
        rules = entry.linked("permission_rule_set", "name")
        values = {
            "first_name": entry.text("firstname"), "last_name": entry.text("lastname"), "desktop_login": entry.text("login", None),
            "active": entry.text("sg_status_list", "act") == "act", "role": ROLES.get(rules, "user") if isinstance(rules, str) else "user",
        }  # fmt: skip
        person = known.get(id) or by_email.get(email)
        is_known = person is not None
        if not is_known:
            person = write(tx, Person(id=uuid.uuid4()), {**values, "email": email, "shotgun_id": id})
            known.add(person)
            by_email[email] = person
        if department:
            departments.place(person, department, is_known)
        return person

    return each(entries, read)


class Departments:
    """Departments by their name, made when they are missing."""

    def __init__(self, tx):
        self.tx = tx
        self.ids = dict(tx.execute(sa.select(Department.name, Department.id)).all())

    def id(self, name, hex_color="#000000"):
        """The id of a department."""
        if not isinstance(name, str):
            raise Skipped("the name of the department is no text")
        if name not in self.ids:
            self.ids[name] = uuid.uuid4()
            self.tx.add(Department(id=self.ids[name], name=name, color=hex_color))
        return self.ids[name]

    def place(self, person, name, is_known):
        """Make this the one department of a person."""
        id = self.id(name)
        self.tx.flush()
        self.tx.execute(sa.delete(department_link).where(department_link.c.person_id == person.id))
        self.tx.execute(sa.insert(department_link).values(person_id=person.id, department_id=id))
        if is_known:
            events.emit(self.tx, "person:update", {"person_id": person.id})


def projects(tx, actor, entries):
    """Make and change productions; statuses are made when they are missing, and new productions get the default file tree."""
    known = ByShotgunId(tx, Project, entries)
    statuses = {status.name: status for status in tx.scalars(sa.select(ProjectStatus))}

    def read(entry):
        id, name, status = entry.id(), entry.name("name"), entry.name("sg_status")
        if status not in statuses:
            statuses[status] = write(tx, ProjectStatus(id=uuid.uuid4()), {"name": status, "color": "#000000"})
            tx.flush()
        project = known.get(id)
        data = entry.custom("sg_status")
        values = {"name": name, "shotgun_id": id, "project_status_id": statuses[status].id}
        if project is None:
            project = Project(id=uuid.uuid4(), file_tree=shipped(config.value("DEFAULT_FILE_TREE")) or {})
        write(tx, project, {**values, "data": {**(project.data or {}), **data}})
        known.add(project)
        return project

    return each(entries, read)


def steps(tx, actor, entries):
    """Make and change task types; the first word of a step is its department, which is made when it is missing."""
    known = ByShotgunId(tx, TaskType, entries)
    by_name = {}
    for task_type in tx.scalars(sa.select(TaskType).order_by(TaskType.created_at)):
        by_name.setdefault((task_type.name.lower(), task_type.for_entity), task_type)
    departments = Departments(tx)

    def read(entry):
        id, name, hex_color = entry.id(), entry.name("code"), color(entry.required("color"))
        kind = entry.text("entity_type", "Asset") or "Asset"
        values = {"name": name, "short_name": entry.text("short_name", "") or "", "color": hex_color, "shotgun_id": id}
        values |= {"for_entity": kind, "department_id": departments.id(name.split()[0], hex_color)}
        tx.flush()
        task_type = known.get(id) or by_name.get((name.lower(), kind)) or TaskType(id=uuid.uuid4())
        write(tx, task_type, values)
        known.add(task_type)
        by_name.setdefault((name.lower(), kind), task_type)
        return task_type

    return each(entries, read)


def statuses(tx, actor, entries):
    """Make and change statuses of tasks."""
    known = ByShotgunId(tx, TaskStatus, entries)
    by_code = {status.short_name: status for status in tx.scalars(sa.select(TaskStatus))}

    def read(entry):
        id, code = entry.id(), entry.name("code")
        values = {"name": entry.name("name"), "short_name": code, "color": color(entry.required("bg_color")), "shotgun_id": id}
        status = write(tx, known.get(id) or by_code.get(code) or TaskStatus(id=uuid.uuid4()), values)
        known.add(status)
        by_code.setdefault(code, status)
        return status

    return each(entries, read)


def connections(tx, actor, entries):
    """Put persons in teams; the link keeps its id of Shotgun. Returns productions. Emits project:update for who was not in the team."""
    teams = ProjectPersonLink
    known = set(tx.scalars(sa.select(teams.shotgun_id).where(teams.shotgun_id.isnot(None))))
    all_projects, all_persons = ByShotgunId(tx, Project, entries), ByShotgunId(tx, Person, entries)

    def read(entry):
        id = entry.id()
        project, person = all_projects.get(entry.linked("project")), all_persons.get(entry.linked("user"))
        if project is None or person is None:
            raise Skipped("the production or the person is unknown")
        if id not in known:
            join(tx, project.id, person.id)
            own = sa.update(teams).where(teams.project_id == project.id, teams.person_id == person.id)
            tx.execute(own.values(shotgun_id=id).execution_options(synchronize_session=False))
            known.add(id)
        return project

    return each(entries, read)
