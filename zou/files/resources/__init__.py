"""HTTP of files, a module for each subject."""
