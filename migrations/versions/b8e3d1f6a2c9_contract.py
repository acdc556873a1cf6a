"""The contract's schema, as installations of the API version 1.0.97 have it.

Its SQL is frozen in the file beside this one. Existing installations carry this revision already and are taken over as they are.
"""

from pathlib import Path

from alembic import op

from zou.platform.db.schema import SchemaRefused, execute_script

revision = "b8e3d1f6a2c9"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    execute_script(op.get_bind(), Path(__file__).with_suffix(".sql").read_text())


def downgrade():
    raise SchemaRefused("b8e3d1f6a2c9 is the oldest schema this server knows. `zou clear-db` empties the database.")
