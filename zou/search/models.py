"""The documents of the search. They stand in the schema `tracker`, apart from the tables of the contract."""

import sqlalchemy as sa

documents = sa.Table(
    "search_document",
    sa.MetaData(),
    sa.Column("id", sa.Uuid(), primary_key=True),
    sa.Column("kind", sa.Text()),  # assets, shots, persons
    sa.Column("name", sa.Text()),
    sa.Column("content", sa.Text()),  # name, description and metadata, folded
    sa.Column("stamp", sa.DateTime()),  # latest change of what the document was made of
    schema="tracker",
)


comments = sa.Table(
    "search_comment",
    sa.MetaData(),
    sa.Column("id", sa.Uuid(), primary_key=True),
    sa.Column("task_id", sa.Uuid()),
    sa.Column("project_id", sa.Uuid()),
    sa.Column("created_at", sa.DateTime()),
    sa.Column("content", sa.Text()),  # the comment and its replies, folded
    schema="tracker",
)
"""What comments on tasks say; those without a word are left out."""


def fold(text):
    """SQL: text as it is compared: lower case, without accents, words instead of underscores and hyphens."""
    return sa.func.tracker.fold(text)
