"""Revisions of the schema `tracker`, which holds the tables of our own; recorded in tracker.alembic_version.

Run by `zou.platform.db.schema`, which hands over its connection and has made the schema.
"""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, version_table_schema="tracker")
with context.begin_transaction():
    context.run_migrations()
