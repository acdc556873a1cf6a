"""HTTP of productions, a module for each subject."""
