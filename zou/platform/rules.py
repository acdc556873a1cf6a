"""Permission rules: predicates over a model and an actor that compile to SQL.

    @rule
    def in_team(source, actor):
        \"\"\"the actor works on the production of the row\"\"\"
        return exists()...

    reads = in_team | admin

The same object guards one row, filters a listing, writes the sentence in OpenAPI and the message of the 403: what the item route
refuses, no listing shows. A rule that needs no row answers a plain bool; combinations of plain bools need no SQL at all.
"""

import sqlalchemy as sa


class Rule:
    """A predicate: `clause(source, actor)` is a bool or a SQL condition; `sentence` says it in words.

    `joint` and `parts`: how the rule is made of others ("or", "and", "not"), which the table of permissions shows.
    """

    def __init__(self, predicate, sentence, joint=None, parts=()):
        self.predicate = predicate
        self.sentence = sentence
        self.joint = joint
        self.parts = parts

    def clause(self, source, actor):
        """Bool, or SQL condition over `source` (a model, an alias of it, or a `Draft`)."""
        return self.predicate(source, actor)

    def __or__(self, other):
        return Rule(
            lambda source, actor: either(self.clause(source, actor), lambda: other.clause(source, actor)),
            f"{self.within('or')}, or {other.within('or')}",
            "or",
            (self, other),
        )

    def __and__(self, other):
        return Rule(
            lambda source, actor: both(self.clause(source, actor), lambda: other.clause(source, actor)),
            f"{self.within('and')} and {other.within('and')}",
            "and",
            (self, other),
        )

    def __invert__(self):
        return Rule(lambda source, actor: negated(self.clause(source, actor)), f"not {self.within('not')}", "not", (self,))

    def within(self, joint):
        """The sentence as a part of a longer one: in brackets when it would be read otherwise without."""
        return self.sentence if self.joint in (None, "not", joint) else f"({self.sentence})"

    def __repr__(self):
        return f"<Rule {self.sentence}>"


def rule(predicate):
    """Make a rule of a function; its docstring is the sentence."""
    return Rule(predicate, predicate.__doc__.strip().rstrip("."))


@rule
def anyone(source, actor):
    """anybody who is signed in"""
    return True


@rule
def admin(source, actor):
    """an administrator"""
    return actor.is_admin


def either(left, right):
    """`left or right()`, in SQL only when neither is a plain bool that decides."""
    if isinstance(left, bool):
        return True if left else right()
    other = right()
    if isinstance(other, bool):
        return True if other else left
    return sa.or_(left, other)


def both(left, right):
    """`left and right()`, in SQL only when neither is a plain bool that decides."""
    if isinstance(left, bool):
        return right() if left else False
    other = right()
    if isinstance(other, bool):
        return left if other else False
    return sa.and_(left, other)


def negated(clause):
    """`not clause`."""
    return not clause if isinstance(clause, bool) else sa.not_(clause)


def as_sql(clause):
    """The clause as a SQL condition, for a select list. A condition over a null is no permission."""
    return sa.literal(clause) if isinstance(clause, bool) else sa.func.coalesce(clause, sa.false())


class Draft:
    """A row that is not there yet: the model's columns as literals of the values sent. For rules about creation."""

    def __init__(self, model, values):
        self._model = model
        self._values = values

    def __getattr__(self, name):
        column = getattr(self._model, name)
        return sa.literal(self._values.get(name), column.type)

    def project_key(self):
        """The project that the row will belong to."""
        return self.project_id


class NoRow:
    """No row at all: whatever is asked of it is null. For rules that are asked before the row is known."""

    def __getattr__(self, name):
        return sa.null()

    def project_key(self):
        return sa.null()

    entity_key = task_key = task_type_key = project_key
