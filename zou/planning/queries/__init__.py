"""The read side of planning, a module for each subject."""
