"""What exports read: `entities`, `castings`, `playlists`, `studio` (lists over all productions)."""

FROM_CURSOR = {"yield_per": 500}
"""Execution options of a statement whose rows are fetched as they are written: contract/rules/exports.md §1."""
