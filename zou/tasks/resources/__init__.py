"""HTTP of tasks, a module for each subject."""
