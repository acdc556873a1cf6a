"""Search: finding entities and people by what is written about them."""

from zou.platform.http import Domain
from zou.search import handlers  # noqa: F401  (registers what keeps the index)
from zou.search.resources import SearchResource

domain = Domain("search")
domain.route("/data/search", SearchResource)
