"""Requests that arrive at the same moment."""

import threading
from collections import Counter


def at_once(app, requests):
    """Counter of the statuses of requests sent at the same moment. `requests`: list of (verb, path, JSON, headers)."""
    codes, start = Counter(), threading.Barrier(len(requests))

    def send(verb, path, body, headers):
        start.wait()
        codes[app.test_client().open(path, method=verb, json=body, headers=headers).status_code] += 1

    threads = [threading.Thread(target=send, args=request) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return codes
