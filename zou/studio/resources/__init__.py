"""HTTP of the studio, a module for each subject."""
