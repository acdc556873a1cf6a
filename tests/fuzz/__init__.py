"""Random requests over the whole description of the API, by schemathesis."""
