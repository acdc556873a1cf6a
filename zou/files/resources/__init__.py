"""Routes of files that are not generic."""
