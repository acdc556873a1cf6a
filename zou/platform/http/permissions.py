"""docs/permissions.md, written from the running program: every route with its rule, and what each rule says.

python -m zou.platform.http.permissions > docs/permissions.md        (part of `make docs`)
"""

import sys
from dataclasses import dataclass

from zou.platform.http.domain import VERBS
from zou.platform.http.resource import route_of
from zou.platform.rules import Rule, anyone

HEAD = """# Who may do what

Written by `make docs` from the declarations that the program acts on; `tests/permissions/` holds it in step, and asks every route as
every role. A refusal answers 403 and says the rule that refused. A rule is about the row that the path names; *then*: what is asked
besides, about rows that the body, the query string or a second id names; *rows*: which of several rows are shown or changed, the
others being left out. `public` needs no token; every other route needs one. Roles and what is special about each:
[administration.md](administration.md).
"""


@dataclass
class Line:
    """One method of one path, with its declaration and the resource that serves it."""

    path: str
    verb: str
    domain: str
    route: object
    resource: type

    @property
    def key(self):
        return f"{self.verb} {self.path}"


def lines(app):
    """Every method of every route that a domain serves, by path."""
    found = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        resource = getattr(app.view_functions[rule.endpoint], "view_class", None)
        for verb in VERBS:
            route = route_of(resource, verb) if resource and verb in rule.methods else None
            if route is not None:
                found.append(Line(rule.rule, verb, rule.endpoint.split(".")[0], route, resource))
    return found


def names():
    """{id of a rule: its name}, for rules that a module of the program has as a global; the first module in order of imports counts."""
    found = {}
    for module in [module for name, module in list(sys.modules.items()) if name.split(".")[0] == "zou"]:
        for name, value in vars(module).items():
            if isinstance(value, Rule):
                found.setdefault(id(value), name)
    return found


class Page:
    """The page of an application."""

    def __init__(self, app):
        self.lines = lines(app)
        self.names = names()
        self.named = {}  # {name: Rule}, of those that are used

    def expression(self, rule, inside=None):
        """A rule by the names of what it is made of; what has none in words."""
        name = self.names.get(id(rule))
        if name is not None:
            self.named[name] = rule
            return name
        return self.parts(rule, inside)

    def parts(self, rule, inside=None):
        """A rule by its parts, whether or not it has a name of its own."""
        if rule.joint == "not":
            return f"not {self.expression(rule.parts[0], 'not')}"
        if rule.joint is None:
            return f"*{' '.join(rule.sentence.split())}*"
        text = f" {rule.joint} ".join(self.expression(part, rule.joint) for part in rule.parts)
        return f"({text})" if inside not in (None, rule.joint) else text

    def who(self, route):
        """The cell of the table: the rule, what is asked then, and of which rows."""
        text = self.expression(route.rule)
        if route.then is not None:
            text += f"; then: {self.expression(route.then)}"
        if route.each is not None and route.each is not anyone:
            text += f"; rows: {self.expression(route.each)}"
        return text

    def text(self):
        """The page, in Markdown."""
        tables, domain = [], None
        for line in sorted(self.lines, key=lambda line: (line.domain, line.path, VERBS.index(line.verb))):
            if line.domain != domain:
                domain = line.domain
                tables.append(f"\n## {domain.capitalize()}\n\n| method | path | who may |\n| --- | --- | --- |")
            tables.append(f"| {line.verb} | `{line.path}` | {self.who(line.route)} |")
        return "\n".join([HEAD + "\n## Rules\n\n| rule | is | in words |\n| --- | --- | --- |", *self.legend(), *tables]) + "\n"

    def legend(self):
        """A line for each rule that is used, and for those it is made of, which are known once it is written."""
        rows = {}
        while self.named.keys() - rows.keys():
            for name in self.named.keys() - rows.keys():
                rule = self.named[name]
                rows[name] = f"| {name} | {self.parts(rule) if rule.joint else ''} | {' '.join(rule.sentence.split())} |"
        return [rows[name] for name in sorted(rows)]


def render(app):
    """The page about the routes of an application."""
    return Page(app).text()


if __name__ == "__main__":
    from importlib import import_module

    settings = {"SECRET_KEY": "of no importance here, since nothing is served"}
    print(render(import_module("zou.app").create_app(settings)), end="")
