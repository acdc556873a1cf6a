"""HTTP of exports and imports."""
