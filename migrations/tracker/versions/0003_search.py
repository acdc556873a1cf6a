"""Documents of the search: folded text of what can be found, with trigrams where PostgreSQL has them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Lower case, no accents, no ligatures, and words where names have underscores or hyphens.
FOLD = r"""
    CREATE FUNCTION tracker.fold(source text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT translate(
            replace(replace(replace(lower(regexp_replace(normalize(source, NFKD), '[\u0300-\u036f]', '', 'g')),
                'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'),
            'øłđı_-', 'oldi  ')
    $$
"""


def upgrade():
    op.execute(FOLD)
    op.create_table(
        "search_document",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("stamp", sa.TIMESTAMP()),
        schema="tracker",
    )
    op.create_index("ix_search_document_name", "search_document", ["kind", "name", "id"], schema="tracker")
    op.create_table("search_state", sa.Column("checked_at", sa.TIMESTAMP(), nullable=False), schema="tracker")
    op.execute("INSERT INTO tracker.search_state VALUES ('epoch')")
    index_trigrams(op.get_bind())


def index_trigrams(connection):
    """An index over parts of words, if this role may have the extension pg_trgm; without it the documents are read one by one."""
    try:
        with connection.begin_nested():
            connection.execute(sa.text("CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA tracker"))
            place = connection.scalar(sa.text("SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'pg_trgm'"))
            for column in ("content", "name"):
                index = f"ix_search_document_{column}_words"
                connection.execute(sa.text(f"CREATE INDEX {index} ON tracker.search_document USING gin ({column} {place}.gin_trgm_ops)"))
    except sa.exc.DBAPIError:
        return


def downgrade():
    op.drop_table("search_document", schema="tracker")
    op.drop_table("search_state", schema="tracker")
    op.execute("DROP FUNCTION tracker.fold")
    # The extension stays: other tables of the installation may have come to need it.
