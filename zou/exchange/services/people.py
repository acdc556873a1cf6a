"""Files of persons. Rules: contract/rules/imports.md §7."""

import uuid

import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email

from zou.exchange.services.cells import boolean, integer
from zou.people.models import CONTRACT_TYPES, POSITIONS, ROLES, SENIORITIES, Department, Person, Studio, department_link
from zou.people.services import BAD_COUNTRY, country, is_protected
from zou.platform.db.types import utcnow
from zou.platform.errors import Invalid

TEXTS = {"first_name": "First Name", "last_name": "Last Name", "phone": "Phone"}
CHOICES = {
    "role": ("Role", ROLES),
    "contract_type": ("Contract Type", CONTRACT_TYPES),
    "position": ("Position", POSITIONS),
    "seniority": ("Seniority", SENIORITIES),
}


def run(tx, sheet, update):
    """Import the persons of a file; returns their ids, one for each line. Raises Invalid, and has written nothing then."""
    sheet.require("First Name", "Last Name", "Email")
    if not sheet.lines:
        return []
    tx.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended("persons of a file", 0))))
    directory = Directory(tx)
    found = sheet.judged(lambda line: (directory.email(line), directory.read(line)))
    sheet.settle()
    known = directory.known([email for email, _ in found])
    if update:
        for line, (email, values) in zip(sheet.lines, found, strict=True):
            check_protected(line, known.get(email), values)
        sheet.settle()
    return directory.write(found, known, update)


class Directory:
    """What lines about persons refer to."""

    def __init__(self, tx):
        self.tx = tx
        self.studios = dict(tx.execute(sa.select(Studio.name, Studio.id)).all())
        self.departments = dict(tx.execute(sa.select(Department.name, Department.id)).all())
        self.limits = {name: Person.__table__.c[name].type.length for name in TEXTS}

    def email(self, line):
        """The address of a line in its normal form."""
        text = line.text("Email").strip()
        try:
            return validate_email(text, check_deliverability=False).normalized.lower()
        except EmailNotValidError as error:
            line.wrong("Email", f"A value is invalid: Email: {text[:80]} ({error})")
            return text

    def read(self, line):
        """{column: value} of the cells that are filled, and `departments` as ids when the file has that column."""
        values = {name: line.text(header, self.limits[name]) for name, header in TEXTS.items() if line.get(header)}
        for name, (header, codes) in CHOICES.items():
            if (line.get(header) or "").strip():
                values[name] = choice(line, header, codes)
        if (line.get("Country") or "").strip():
            try:
                values["country"] = country(line.get("Country"))
            except Invalid:
                line.wrong("Country", f"A value is invalid: Country: {line.text('Country')[:80]} ({BAD_COUNTRY})")
        salary = integer(line, "Daily Salary", "Daily Salary")
        if salary is not None:
            values["daily_salary"] = salary
        if (line.get("Active") or "").strip():
            values["active"] = boolean(line.text("Active"))
            if values["active"] is None:
                line.wrong("Active", f"A value is invalid: Active: {line.text('Active')[:80]}")
        if line.get("Studio"):
            values["studio_id"] = named(line, "Studio", line.text("Studio"), self.studios)
        if line.get("Departments"):
            names = [name.strip() for name in line.text("Departments").split(",") if name.strip()]
            values["departments"] = [named(line, "Department", name, self.departments, "Departments") for name in names]
        return values

    def known(self, emails):
        """{e-mail: person} of those who are there, locked and detached from the unit of work."""
        given = sa.any_(sa.cast(emails, sa.ARRAY(sa.Text)))
        rows = self.tx.scalars(
            sa.select(Person).where(Person.email == given, Person.is_bot.is_(False)).order_by(Person.id).with_for_update()
        )
        known = {person.email: person for person in rows}
        for person in known.values():
            self.tx.expunge(person)
        return known

    def write(self, found, known, update):
        """Make the persons who are new and, with `update`, change the others. Returns the ids."""
        new, changed, departments = {}, {}, {}
        for email, values in found:
            own = {key: value for key, value in values.items() if key != "departments"}
            if email in known and not update or email in new and not update:
                continue
            target = changed.setdefault(email, {}) if email in known else new.setdefault(email, {})
            target |= own
            if "departments" in values:
                departments[email] = values["departments"]
        ids = {email: person.id for email, person in known.items()} | {email: uuid.uuid4() for email in new}
        self.insert(new, ids)
        self.change(changed, known)
        self.place(departments, ids)
        return [ids[email] for email, _ in found]

    def insert(self, new, ids):
        """Make persons, without password."""
        columns = {key for values in new.values() for key in values} | {"first_name", "last_name"}
        plain = {key: Person.__table__.c[key].default for key in columns}
        absent = {key: default.arg if default is not None else None for key, default in plain.items()}
        absent |= {"first_name": "", "last_name": ""}
        rows = [{"id": ids[email], "email": email, **absent, **values} for email, values in new.items()]
        if rows:
            self.tx.execute(sa.insert(Person), rows)

    def change(self, changed, known):
        """Change persons; what no line of the file says stays."""
        columns = sorted({key for values in changed.values() for key in values})
        now = utcnow()
        rows = []
        for email, values in changed.items():
            kept = {key: values.get(key, getattr(known[email], key)) for key in columns}
            rows.append({"id": known[email].id, **kept, "updated_at": now})
        if rows:
            self.tx.execute(sa.update(Person), rows)

    def place(self, departments, ids):
        """Give persons exactly these departments."""
        if departments:
            owners = sa.any_(sa.cast([str(ids[email]) for email in departments], sa.ARRAY(sa.Uuid(as_uuid=False))))
            self.tx.execute(sa.delete(department_link).where(department_link.c.person_id == owners))
            links = [{"person_id": ids[e], "department_id": id} for e, own in departments.items() for id in dict.fromkeys(own)]
            if links:
                self.tx.execute(sa.insert(department_link), links)


def check_protected(line, person, values):
    """The same that holds for a single person: a protected account stays active and keeps its role."""
    if person is None or not is_protected(person):
        return
    if values.get("active") is False:
        line.wrong("Active", "Can't set this person as inactive it's a protected account.")
    if values.get("role", person.role) != person.role:
        line.wrong("Role", "Can't change the role of this person it's a protected account.")


def choice(line, header, codes):
    """The code that a cell names by itself or by its label, in any case."""
    word = line.text(header).strip()
    for code, label in codes.items():
        if word.lower() in (code.lower(), label.lower()):
            return code
    line.wrong(header, f"A value is invalid: {header}: {word[:80]} (accepted values: {', '.join(codes.values())})")
    return None


def named(line, kind, name, known, header=None):
    """The id of what a cell names exactly."""
    if name not in known:
        line.wrong(header or kind, f"{kind} not found: {name[:80]}")
    return known.get(name)
