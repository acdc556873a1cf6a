"""Requests whose uploaded files wait in TMP_DIR until they are stored: never in memory, nor in a system folder that may be memory."""

import tempfile
from typing import IO

import flask
from flask import current_app

from zou.platform.storage import temporary_folder

IN_MEMORY_BYTES = 512 * 1024


class Request(flask.Request):
    """A request; what is uploaded with it has no name in the folder and is gone with the request, or the process."""

    def _get_file_stream(
        self, total_content_length: int | None, content_type: str | None, filename: str | None = None, content_length: int | None = None
    ) -> IO[bytes]:
        return tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES, "rb+", dir=temporary_folder(current_app.config))
