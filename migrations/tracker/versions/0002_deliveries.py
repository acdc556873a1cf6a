"""What left by mail and chat, and what became of it."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("channel", sa.Text(), nullable=False),  # mail, slack, mattermost, discord
        sa.Column("kind", sa.Text(), nullable=False),  # of the notification, or of the mail when it is none
        # Without foreign keys: the other server, which knows nothing of this table, removes persons and notifications.
        sa.Column("person_id", sa.Uuid()),
        sa.Column("notification_id", sa.Uuid()),
        sa.Column("address", sa.Text()),
        sa.Column("status", sa.Text(), nullable=False),  # waiting, sent, refused, failed, dropped, logged
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("created_at", sa.TIMESTAMP(), nullable=False),
        sa.Column("updated_at", sa.TIMESTAMP(), nullable=False),
        sa.Column("next_attempt_at", sa.TIMESTAMP()),
        schema="tracker",
    )
    op.create_index("ix_delivery_created_at", "delivery", ["created_at"], schema="tracker")
    waiting = sa.text("status = 'waiting'")
    op.create_index("ix_delivery_waiting", "delivery", ["next_attempt_at"], schema="tracker", postgresql_where=waiting)


def downgrade():
    op.drop_table("delivery", schema="tracker")
