"""A production tracker for animation, VFX and game studios that answers the Kitsu/Zou 1.0 HTTP API."""

__version__ = "0.1.0"
API_VERSION = "1.0.97"  # the contract's version, which clients read at `GET /`
