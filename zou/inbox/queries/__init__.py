"""The read side of the inbox, a module for each subject."""
