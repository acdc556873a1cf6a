"""A small Swift with its Keystone, in this process: what the driver asks of them, kept in memory."""

import hashlib
import json
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Swift:
    """The server. `objects`: {container: {name: content}}; `refusals`: {method: status} that it answers next; `tokens` given out."""

    def __init__(self):
        self.objects, self.refusals, self.tokens, self.headers, self.ranges = {}, {}, [], [], []
        self.wrong_etag = False
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), handler_for(self))
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def stop(self):
        self.http.shutdown()
        self.http.server_close()

    def settings(self, tmp_path, **more):
        """Settings of a store on it."""
        return {
            "FS_BACKEND": "swift", "FS_BUCKET_PREFIX": "studio-", "FS_SWIFT_AUTHURL": f"{self.url}/v3", "FS_SWIFT_USER": "zou",
            "FS_SWIFT_KEY": "secret", "FS_SWIFT_TENANT_NAME": "studio", "FS_SWIFT_REGION_NAME": "GRA", "FS_SWIFT_AUTH_VERSION": "3",
            "FS_SWIFT_CREATE_CONTAINER": True, "FS_SWIFT_POOL_SIZE": 4, "FS_SWIFT_RETRIES": 0, "FS_SWIFT_TIMEOUT": 10,
            "FS_SWIFT_TOKEN_CACHE_TTL": 3600, "TMP_DIR": str(tmp_path / "tmp"), **more,
        }  # fmt: skip


def handler_for(swift):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *arguments):
            """Nothing: tests print nothing."""

        def answer(self, status, content=b"", **headers):
            self.send_response(status)
            for name, value in {"Content-Length": len(content), "X-Trans-Id": "tx1", **headers}.items():
                self.send_header(name.replace("_", "-"), str(value))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def place(self):
            """(container, name) of the path, and the content that was sent."""
            if self.headers.get("Transfer-Encoding") == "chunked":
                content = b""
                while size := int(self.rfile.readline().split(b";")[0], 16):
                    content += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
            else:
                content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = self.path.split("?")[0].split("/")[3:]
            return parts[0], "/".join(parts[1:]), content

        def refused(self):
            status = swift.refusals.pop(self.command, None)
            if status is None and self.headers.get("X-Auth-Token") not in swift.tokens:
                status = 401
            if status is not None:
                self.answer(status)
            return status is not None

        def do_POST(self):
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            user = asked["auth"]["identity"]["password"]["user"]
            if (user["name"], user["password"]) != ("zou", "secret"):
                return self.answer(401, b'{"error": {"code": 401, "message": "no", "title": "Unauthorized"}}')
            swift.tokens.append(uuid.uuid4().hex)
            endpoint = {"interface": "public", "region": "GRA", "region_id": "GRA", "url": f"{swift.url}/v1/AUTH_studio", "id": "1"}
            catalog = [{"type": "object-store", "name": "swift", "id": "1", "endpoints": [endpoint]}]
            times = {"issued_at": "2026-01-01T00:00:00.000000Z", "expires_at": "2099-01-01T00:00:00.000000Z"}
            token = {"methods": ["password"], "user": {"id": "1", "name": "zou", "domain": {"id": "default", "name": "Default"}}, **times}
            content = json.dumps({"token": {**token, "catalog": catalog}}).encode()
            return self.answer(201, content, X_Subject_Token=swift.tokens[-1], Content_Type="application/json")

        def do_PUT(self):
            container, name, content = self.place()
            if self.refused():
                return None
            if not name:
                swift.objects.setdefault(container, {})
                return self.answer(201)
            swift.headers.append(dict(self.headers))
            checksum = hashlib.md5(content).hexdigest()
            if self.headers.get("ETag", checksum).strip('"') != checksum:
                return self.answer(422)
            swift.objects[container][name] = content
            return self.answer(201, ETag="0" * 32 if swift.wrong_etag else checksum)

        def do_GET(self):
            container, name, _ = self.place()
            if self.refused():
                return None
            if container not in swift.objects or (name and name not in swift.objects[container]):
                return self.answer(404)
            if not name:
                marker = self.path.partition("marker=")[2].partition("&")[0]
                names = [entry for entry in sorted(swift.objects[container]) if entry > marker][:2]  # small pages
                page = json.dumps([{"name": entry, "bytes": 1, "hash": "", "last_modified": ""} for entry in names]).encode()
                return self.answer(200, page, Content_Type="application/json")
            content, asked = swift.objects[container][name], self.headers.get("Range")
            if asked:
                first, last = map(int, asked.removeprefix("bytes=").split("-"))
                swift.ranges.append((first, last))
                return self.answer(206, content[first : last + 1])
            return self.answer(200, content, Last_Modified="Wed, 25 Nov 2026 09:00:00 GMT")

        do_HEAD = do_GET

        def do_DELETE(self):
            container, name, _ = self.place()
            if self.refused():
                return None
            return self.answer(204 if swift.objects[container].pop(name, None) is not None else 404)

    return Handler
