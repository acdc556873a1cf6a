"""The contract's schema, and a database seen in the same form."""

import json
from pathlib import Path

from sqlalchemy import inspect

FOLDER = Path(__file__).parents[2] / "contract"


def read(name):
    """A JSON file of the contract."""
    return json.loads((FOLDER / name).read_text())


def described(connection):
    """The tables in `public` in the form of tables.json, lists sorted by name, columns by their own."""
    inspector = inspect(connection)
    return {
        name: table(inspector, name)
        for name in inspector.get_table_names("public")
        if name != "alembic_version"
    }


def table(inspector, name):
    """One table in the form of tables.json."""
    uniques = [
        {"name": key["name"], "columns": key["column_names"]}
        for key in inspector.get_unique_constraints(name)
    ]
    backing = {unique["name"] for unique in uniques}
    found = {
        "columns": {
            column["name"]: described_column(column)
            for column in inspector.get_columns(name)
        },
        "primary_key": inspector.get_pk_constraint(name)["constrained_columns"],
        "foreign_keys": [foreign_key(key) for key in inspector.get_foreign_keys(name)],
        "unique": uniques,
        "indexes": [
            {
                "name": index["name"],
                "columns": index["column_names"],
                "unique": index["unique"],
            }
            for index in inspector.get_indexes(name)
            if index["name"] not in backing
        ],
    }
    if checks := inspector.get_check_constraints(name):
        found["checks"] = [
            {"name": check["name"], "sql": check["sqltext"]} for check in checks
        ]
    return ordered(found)


def described_column(column):
    """A column in the form of tables.json."""
    kind = column["type"]
    name = {"ENUM": f"ENUM {getattr(kind, 'name', '')}", "ARRAY": "ARRAY"}.get(
        type(kind).__name__, str(kind)
    )
    found = {"type": name, "null": column["nullable"]}
    return found | (
        {"default": column["default"]} if column["default"] is not None else {}
    )


def foreign_key(key):
    """A foreign key in the form of tables.json."""
    found = {
        "columns": key["constrained_columns"],
        "references": f"{key['referred_table']}({','.join(key['referred_columns'])})",
    }
    return found | ({"options": key["options"]} if key["options"] else {})


def ordered(table):
    """The table with its lists in an order that does not depend on who wrote them."""
    lists = ("foreign_keys", "unique", "indexes", "checks")
    return table | {
        name: sorted(table[name], key=lambda item: item.get("name") or item["columns"])
        for name in lists
        if name in table
    }
