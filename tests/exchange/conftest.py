"""Fixtures of the tests of exchange that need a second server."""

from tests.databases import postgres_url  # noqa: F401  (fixture)
from tests.exchange.servers import here, there  # noqa: F401  (fixtures)
