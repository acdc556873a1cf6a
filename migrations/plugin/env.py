"""Revisions of a plug-in's tables, recorded in public.alembic_version_<id>; it sees no other tables.

Run by `zou.platform.plugins.migrations`, which hands over its connection, the plug-in's id and, to generate a revision, its models.
"""

from alembic import context

given = context.config.attributes
prefix = f"plugin_{given['plugin_id']}_"


def is_own(name, kind, parent_names):
    """Whether an object of the database is of the plug-in: a table of its own, or anything inside one."""
    return kind != "table" or name.startswith(prefix)


def is_declared(item, name, kind, reflected, compare_to):
    """The same for the models, among which are those of the server."""
    return kind != "table" or name.startswith(prefix)


context.configure(
    connection=given["connection"],
    target_metadata=given["metadata"],
    version_table=f"alembic_version_{given['plugin_id']}",
    version_table_schema="public",
    include_name=is_own,
    include_object=is_declared,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
