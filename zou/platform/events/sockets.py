"""Flask-SocketIO without aiohttp: python-engineio's client, of no use to a server, would import it, for a third of a second and 15 MiB."""

import sys

absent = "aiohttp" not in sys.modules
if absent:
    sys.modules["aiohttp"] = None  # type: ignore[assignment]  # an import of it fails, which engineio expects
try:
    from flask_socketio import ConnectionRefusedError, SocketIO, disconnect
finally:
    if absent:
        del sys.modules["aiohttp"]

__all__ = ["ConnectionRefusedError", "SocketIO", "disconnect"]
