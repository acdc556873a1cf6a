"""Routes of comments."""
