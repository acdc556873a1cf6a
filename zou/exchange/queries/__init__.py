"""What exports read: `entities`, `castings`, `playlists`, `studio` (lists over all productions)."""
