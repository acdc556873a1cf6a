"""What comments and their replies say, folded, for the search."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SAID = r"""
    CREATE FUNCTION tracker.said(said text, replies jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT btrim(tracker.fold(coalesce(said, '')) || E'\n' || tracker.fold(coalesce(
            (SELECT string_agg(reply ->> 'text', E'\n') FROM jsonb_array_elements(CASE jsonb_typeof(replies) WHEN 'array' THEN replies END)
                AS r (reply) WHERE jsonb_typeof(reply) = 'object'), '')), E' \n')
    $$
"""
FILL = """
    INSERT INTO tracker.search_comment (id, task_id, project_id, created_at, content)
    SELECT comment.id, task.id, task.project_id, comment.created_at, content
    FROM public.comment JOIN public.task ON task.id = comment.object_id, tracker.said(comment.text, comment.replies) AS content
    WHERE content <> ''
"""


def upgrade():
    op.execute(SAID)
    op.create_table(
        "search_comment",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.TIMESTAMP(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        schema="tracker",
    )
    op.execute(FILL)
    op.create_index("ix_search_comment_created_at", "search_comment", ["created_at"], schema="tracker")
    index_trigrams(op.get_bind())
    op.execute("ANALYZE tracker.search_comment")


def index_trigrams(connection):
    """An index over parts of words where the extension pg_trgm is, which revision 0003 made if it could."""
    place = connection.scalar(sa.text("SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'pg_trgm'"))
    if place is not None:
        index = f"CREATE INDEX ix_search_comment_words ON tracker.search_comment USING gin (content {place}.gin_trgm_ops)"
        connection.execute(sa.text(index))


def downgrade():
    op.drop_table("search_comment", schema="tracker")
    op.execute("DROP FUNCTION tracker.said(text, jsonb)")
