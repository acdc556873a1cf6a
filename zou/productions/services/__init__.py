"""Rules of productions, by subject."""
