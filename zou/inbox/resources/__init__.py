"""HTTP of the inbox, a module for each subject."""
