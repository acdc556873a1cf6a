"""The version of a production: a number that grows with every committed change of its entities, their tasks, castings and columns.

Triggers count it (migrations/tracker/versions/0004_versions.py), so a validator costs two rows however large the production is.
"""

import hashlib

import sqlalchemy as sa

EVERY = "00000000-0000-0000-0000-000000000000"  # counts the changes that concern all productions
VERSION = sa.text("SELECT coalesce(sum(n), 0) FROM tracker.production_version WHERE project_id IN (:project_id, :every)")


def validator(tx, project_id, *salt):
    """A text that differs when the production changed or any of `salt` differs, which says who asks for what."""
    version = tx.scalar(VERSION, {"project_id": str(project_id), "every": EVERY})
    return hashlib.blake2b(repr((str(project_id), int(version), *salt)).encode(), digest_size=16).hexdigest()
