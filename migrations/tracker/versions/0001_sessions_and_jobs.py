"""Revoked tokens, short-lived secrets, and the tables of the job queue."""

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager

from zou.platform.db.schema import execute_script

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "revoked_token",
        sa.Column("jti", sa.Text(), primary_key=True),
        sa.Column("expires_at", sa.TIMESTAMP(), nullable=False),
        schema="tracker",
    )
    op.create_index("ix_revoked_token_expires_at", "revoked_token", ["expires_at"], schema="tracker")
    # Reset tokens, one-time codes and their counters, codes of the login in an app.
    op.create_table(
        "secret",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("value", sa.Text()),
        sa.Column("expires_at", sa.TIMESTAMP()),
        schema="tracker",
    )
    # The functions of procrastinate name their tables without schema: whoever calls them needs `tracker` in its search path.
    execute_script(op.get_bind(), SchemaManager.get_schema(), search_path="tracker")


def downgrade():
    op.execute("DROP SCHEMA tracker CASCADE")
    # Alembic still removes its record of this revision.
    op.execute("CREATE SCHEMA tracker")
    op.execute("CREATE TABLE tracker.alembic_version (version_num VARCHAR(32) PRIMARY KEY)")
    op.execute("INSERT INTO tracker.alembic_version VALUES ('0001')")
