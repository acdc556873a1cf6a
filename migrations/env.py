"""Revisions of the schema `public`, which the contract fixes; recorded in public.alembic_version.

`zou.platform.db.schema` hands over its connection; `zou migrate-db` runs inside the application instead.
"""

from alembic import context
from flask import current_app

from zou.domains import import_models
from zou.platform.db import Base

import_models()


def run(connection):
    context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True, compare_server_default=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with current_app.extensions["migrate"].db.engine.connect() as connection:
        run(connection)
