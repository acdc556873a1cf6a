"""The platform's tests start processes."""

from tests.processes import data_folder, free_port, spawn  # noqa: F401  (fixtures)
