"""HTTP of entities, a module for each subject."""
