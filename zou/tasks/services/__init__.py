"""Rules of the trade of tasks, by subject."""
