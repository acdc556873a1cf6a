"""Bars move where a terminal looks on, and nothing is written where none does."""

import io
import sys

import pytest

from zou.platform.cli.progress import bars, counted, progress


class Terminal(io.StringIO):
    """What a terminal is given."""

    def isatty(self):
        return True


@pytest.mark.parametrize("kind, is_shown", [(Terminal, True), (io.StringIO, False)])
def test_work_is_shown_on_a_terminal_only(kind, is_shown, monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    stderr = kind()
    monkeypatch.setattr(sys, "stderr", stderr)  # here: pytest puts its own there between a fixture and the test
    assert list(progress(["a", "b"], "Reading")) == ["a", "b"]
    with counted("Writing", 3) as done:
        done(3)
    with bars() as advance:
        assert (advance is not None) is is_shown
        if advance:
            advance("files", 1)
            advance("files", 2)
    written = stderr.getvalue()
    assert [word in written for word in ("Reading", "Writing", "files")] == [is_shown] * 3
    assert bool(written) is is_shown
