"""Rules of the trade of productions, by subject."""
