"""The read side of tasks, a module for each subject."""
