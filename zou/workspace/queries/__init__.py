"""The read side of what the signed-in person sees, a module for each subject."""
