"""The store: names, folders, whole files, object stores."""

import io
import threading

import pytest
from moto.server import ThreadedMotoServer

from zou.platform.errors import Unavailable
from zou.platform.storage import from_settings, key_of
from zou.platform.storage.layout import key_at, path_of

ID = "63e453f1-9655-4000-8000-000000000001"
KEY = "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI="


@pytest.fixture
def local(tmp_path):
    """A store in a folder."""
    return from_settings({"FS_BUCKET_PREFIX": "studio-", "PREVIEW_FOLDER": str(tmp_path / "previews"), "TMP_DIR": str(tmp_path / "tmp")})


@pytest.fixture(scope="module")
def s3_endpoint():
    """The address of an S3 server that lives as long as the tests of this module."""
    server = ThreadedMotoServer(port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def remote(s3_endpoint, tmp_path):
    """A function that makes a store on the S3 server, with further settings."""

    def make(**settings):
        return from_settings(
            {
                "FS_BACKEND": "s3",
                "FS_BUCKET_PREFIX": "studio-",
                "FS_S3_ENDPOINT": s3_endpoint,
                "FS_S3_REGION": "us-east-1",
                "FS_S3_ACCESS_KEY": "key",
                "FS_S3_SECRET_KEY": "secret",
                "FS_S3_CREATE_BUCKET": True,
                "TMP_DIR": str(tmp_path / "tmp"),
                **settings,
            }
        )

    return make


@pytest.mark.parametrize(
    "prefix, id, path",
    [
        ("thumbnails", ID, f"thumbnails/63e/453/{ID}"),
        ("original", ID, f"original/63e/453/{ID}"),
        ("thumbnails-square", ID, f"thumbnails/squ/are/square-{ID}"),
        ("preview-backgrounds", ID, f"preview/bac/kgr/backgrounds-{ID}"),
        ("dbbackup", "zou-db-backup-2026-02-24T09:42:21.sql.gz", "dbbackup/zou-db-backup-2026-02-24T09:42:21.sql.gz"),
    ],
)
def test_a_key_has_its_place_in_the_contract_s_folders(prefix, id, path):
    key = key_of(prefix, id)
    assert str(path_of(key)) == path
    assert key_at(path) == key


@pytest.mark.parametrize("id", ["../../etc/passwd", "a/b", "a\\b", "a\x00"])
def test_a_key_cannot_leave_its_folder(id):
    with pytest.raises(ValueError, match="not the key of a file"):
        key_of("thumbnails", id)


def test_a_file_comes_back_from_its_folder(local, tmp_path):
    assert local.put("pictures", "thumbnails", ID, io.BytesIO(b"a picture")) == 9
    kept = tmp_path / "previews" / "studio-pictures" / "thumbnails" / "63e" / "453" / ID
    assert kept.read_bytes() == b"a picture"
    assert local.size("pictures", "thumbnails", ID) == 9
    assert local.local_path("pictures", "thumbnails", ID, "png") == kept
    assert local.get("pictures", "thumbnails", ID, tmp_path / "copy").read_bytes() == b"a picture"
    local.delete("pictures", "thumbnails", ID)
    local.delete("pictures", "thumbnails", ID)
    assert not local.exists("pictures", "thumbnails", ID)
    with pytest.raises(FileNotFoundError):
        local.open("pictures", "thumbnails", ID)


class Torn(io.RawIOBase):
    """A reader that breaks off in the middle."""

    def __init__(self):
        self.parts = [b"half of it"]

    def readable(self):
        return True

    def read(self, size=-1):
        if not self.parts:
            raise OSError("the connection is gone")
        return self.parts.pop()


def test_a_write_that_breaks_off_leaves_the_old_file_and_nothing_else(local, tmp_path):
    local.put("files", "previews", ID, io.BytesIO(b"old"))
    with pytest.raises(OSError, match="the connection is gone"):
        local.put("files", "previews", ID, Torn())
    folder = tmp_path / "previews" / "studio-files" / "previews" / "63e" / "453"
    assert [path.name for path in folder.iterdir()] == [ID]
    assert (folder / ID).read_bytes() == b"old"


def test_a_reader_never_sees_half_a_file(local):
    contents = [bytes([n]) * 300_000 for n in range(8)]
    local.put("files", "previews", ID, io.BytesIO(contents[0]))
    seen = set()

    def read():
        for _ in range(60):
            with local.open("files", "previews", ID) as file:
                seen.add(file.read())

    reader = threading.Thread(target=read)
    reader.start()
    for content in contents * 3:
        local.put("files", "previews", ID, io.BytesIO(content))
    reader.join()
    assert seen <= set(contents)


def test_an_object_store_keeps_files_under_their_keys(remote, tmp_path):
    store = remote()
    assert not store.exists("movies", "lowdef", ID)
    assert store.put("movies", "lowdef", ID, io.BytesIO(b"a movie")) == 7
    assert store.buckets["movies"].filesystem.cat_file(f"studio-movies/lowdef-{ID}") == b"a movie"
    assert store.size("movies", "lowdef", ID) == 7
    path = store.local_path("movies", "lowdef", ID, "mp4", 7)
    assert path == tmp_path / "tmp" / f"cache-lowdef-{ID}.mp4"
    assert path.read_bytes() == b"a movie"
    store.put("movies", "lowdef", ID, io.BytesIO(b"another"))
    assert store.local_path("movies", "lowdef", ID, "mp4", 7).read_bytes() == b"another"
    store.delete("movies", "lowdef", ID)
    with pytest.raises(FileNotFoundError):
        store.local_path("movies", "lowdef", ID, "mp4")


def test_encrypted_objects_are_fernet_tokens_in_bytes(remote):
    store = remote(FS_S3_AES256_ENCRYPTED=True, FS_S3_AES256_KEY=KEY)
    assert store.put("files", "attachments", ID, io.BytesIO(b"secret")) == 6
    kept = store.buckets["files"].filesystem.cat_file(f"studio-files/attachments-{ID}")
    assert kept[0] == 0x80
    assert b"secret" not in kept
    assert store.open("files", "attachments", ID).read() == b"secret"
    assert store.size("files", "attachments", ID) == 6


def test_a_store_that_is_down_is_told_from_a_file_that_is_not_there(tmp_path):
    settings = {"FS_BACKEND": "s3", "FS_S3_ENDPOINT": "http://127.0.0.1:9", "FS_S3_ACCESS_KEY": "k", "FS_S3_SECRET_KEY": "s"}
    store = from_settings({**settings, "TMP_DIR": str(tmp_path)})
    with pytest.raises(Unavailable):
        store.size("files", "attachments", ID)


def test_an_unknown_backend_is_refused():
    with pytest.raises(ValueError, match="FS_BACKEND is 'tape'"):
        from_settings({"FS_BACKEND": "tape"})


def test_a_part_of_an_object_is_read_without_the_rest(remote):
    store, content = remote(), bytes(range(256)) * 20_000
    store.put("movies", "previews", ID, io.BytesIO(content))
    assert store.is_streamable("movies", "previews", ID, "mp4")
    assert b"".join(store.parts("movies", "previews", ID, 1_000_000, 4_000_000)) == content[1_000_000:4_000_000]
    with pytest.raises(FileNotFoundError):
        list(store.parts("movies", "lowdef", ID, 0, 10))
    store.local_path("movies", "previews", ID, "mp4")
    assert not store.is_streamable("movies", "previews", ID, "mp4")
