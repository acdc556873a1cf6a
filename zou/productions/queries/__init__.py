"""The read side of productions, a module for each subject."""
