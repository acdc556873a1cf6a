"""Signing in over HTTP, by subject."""
