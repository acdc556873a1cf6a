"""Rules of the trade of entities, by subject."""
