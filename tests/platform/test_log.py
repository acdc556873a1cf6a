"""Log lines: one a request, whole, and without secrets."""

import json
import logging

import pytest
from flask import Flask

from zou.platform import log


@pytest.fixture
def client():
    app = Flask("log")
    log.register(app)
    app.add_url_rule("/things/<thing_id>", view_func=lambda thing_id: {"id": thing_id}, methods=["GET", "POST"], endpoint="things")
    return app.test_client()


def test_a_request_is_one_line_that_tells_no_secret(client, caplog):
    caplog.set_level(logging.INFO, logger="zou.request")
    answer = client.post("/things/share-token?password=hidden", json={"password": "hidden"}, headers={"Authorization": "Bearer hidden"})
    [record] = [record for record in caplog.records if record.name == "zou.request"]
    fields = json.loads(log.JsonLines().format(record))
    assert (fields["method"], fields["path"], fields["status"], fields["person"]) == ("POST", "/things/<thing_id>", 200, None)
    assert fields["request"] == answer.headers["X-Request-ID"]
    assert fields["duration_ms"] >= 0
    line = log.Logfmt().format(record)
    assert "hidden" not in line and "share-token" not in line and "\n" not in line


def test_a_request_keeps_the_id_that_a_proxy_gave_it_if_it_is_one(client):
    assert client.get("/things/1", headers={"X-Request-ID": "proxy-1.2"}).headers["X-Request-ID"] == "proxy-1.2"
    assert client.get("/things/1", headers={"X-Request-ID": "a b=c"}).headers["X-Request-ID"] != "a b=c"


@pytest.mark.parametrize(
    "text, shown", [("plain", "plain"), ("two words", '"two words"'), ("a=b", '"a=b"'), ("a\nb", '"a\\nb"'), ("", '""')]
)
def test_a_value_cannot_forge_a_line(text, shown):
    assert log.quoted(text) == shown
