"""A bound on pictures and movies served at once (MEDIA_MAX_CONCURRENT_REQUESTS), so that they leave threads for everything else.

A slot is held until the last byte of an answer is sent, or its client is gone. Rules: contract/rules/previews.md §5.
"""

import threading
from typing import Any

from flask import Flask, Response, g, request

from zou.platform.errors import Unavailable

FOLDERS = ("/pictures/", "/movies/")
BUSY = "Too many media requests, retry later."


def register(app: Flask) -> None:
    """Bound the media requests of an application, when the setting says so."""
    most = app.config["MEDIA_MAX_CONCURRENT_REQUESTS"]
    if not most or most < 0:
        return
    slots = threading.BoundedSemaphore(most)

    @app.before_request
    def wait() -> None:
        if request.method not in ("GET", "HEAD") or not request.path.startswith(FOLDERS):
            return
        patience_s = app.config["MEDIA_SLOT_WAIT_TIMEOUT"]
        if not slots.acquire(timeout=patience_s if patience_s > 0 else None):
            raise Unavailable(BUSY)
        g.media_slot = Slot(slots)

    @app.after_request
    def hand_over(response: Response) -> Response:
        slot = g.pop("media_slot", None)
        if slot is not None:
            slot.follow(response)
        return response

    @app.teardown_request
    def give_back(error: BaseException | None) -> None:
        slot = g.pop("media_slot", None)
        if slot is not None:  # no answer was made
            slot.release()


class Slot:
    """A slot that is taken; it is given back once."""

    def __init__(self, slots: threading.BoundedSemaphore):
        self.slots: threading.BoundedSemaphore | None = slots

    def release(self) -> None:
        slots, self.slots = self.slots, None
        if slots is not None:
            slots.release()

    def follow(self, response: Response) -> None:
        """Give the slot back when the answer is closed. A file that goes out by itself (sendfile) is all that the server closes."""
        response.call_on_close(self.release)
        if not response.direct_passthrough:
            return
        body: Any = response.response
        close = getattr(body, "close", None)

        def close_and_release() -> None:
            try:
                if close is not None:
                    close()
            finally:
                self.release()

        body.close = close_and_release
