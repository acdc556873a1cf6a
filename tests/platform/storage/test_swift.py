"""Containers of Swift, on a small one in this process."""

import io
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.platform.storage.fake_swift import Swift
from zou.platform.errors import StorageFull, Unavailable
from zou.platform.storage import from_settings
from zou.platform.storage import swift as driver

ID = "63e453f1-9655-4000-8000-000000000001"
KEY = "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI="


@pytest.fixture
def swift():
    """The server."""
    server = Swift()
    yield server
    server.stop()
    driver.pools.clear()


@pytest.fixture
def remote(swift, tmp_path):
    """A function that makes a store on it, with further settings."""
    return lambda **settings: from_settings(swift.settings(tmp_path, **settings))


def test_objects_are_kept_under_their_keys(remote, swift, tmp_path):
    store, content = remote(), os.urandom(3_000_000)
    assert sorted(swift.objects) == ["studio-files", "studio-movies", "studio-pictures"]
    assert not store.exists("movies", "lowdef", ID)
    assert store.put("movies", "lowdef", ID, io.BytesIO(content)) == len(content)
    assert swift.objects["studio-movies"] == {f"lowdef-{ID}": content}
    assert int(swift.headers[-1]["Content-Length"]) == len(content)
    assert store.size("movies", "lowdef", ID) == len(content)
    assert store.local_path("movies", "lowdef", ID, "mp4", len(content)).read_bytes() == content
    store.put("movies", "lowdef", ID, io.BytesIO(b"another"))
    with store.open("movies", "lowdef", ID) as reader:
        assert (reader.read(3), reader.read()) == (b"ano", b"ther")
    assert store.buckets["movies"].modified(f"lowdef-{ID}") == 1795597200.0
    with store.borrowed("movies", "lowdef", ID) as path:
        assert path.read_bytes() == b"another"
    assert not path.exists()
    for _ in range(2):
        store.delete("movies", "lowdef", ID)
    for act in (store.open, store.size):
        with pytest.raises(FileNotFoundError):
            act("movies", "lowdef", ID)
    assert store.local_root is None


def test_every_object_is_walked_through(remote):
    store = remote()
    ids = [f"63e453f1-9655-4000-8000-00000000000{n}" for n in range(5)]
    for id in ids:
        store.put("files", "previews", id, io.BytesIO(b"x"))
    assert list(store.buckets["files"].walk()) == [f"previews-{id}" for id in ids]


def test_one_token_serves_all_connections_until_it_is_refused(remote, swift):
    store = remote()

    def work(number):
        store.put("files", "previews", f"{number}", io.BytesIO(b"x" * number))
        with store.open("files", "previews", f"{number}") as reader:
            return len(reader.read())

    with ThreadPoolExecutor(12) as threads:  # three times as many as connections
        assert list(threads.map(work, range(30))) == list(range(30))
    assert len(swift.tokens) == 1
    swift.tokens.clear()  # the token has expired early
    assert store.exists("files", "previews", "1")
    assert len(swift.tokens) == 1


def test_a_reader_that_is_left_gives_its_connection_back(remote):
    store = remote()
    store.put("files", "previews", ID, io.BytesIO(os.urandom(2_000_000)))
    for _ in range(10):
        with store.open("files", "previews", ID) as reader:
            assert len(reader.read(10)) == 10
    for _ in range(10):
        with pytest.raises(FileNotFoundError):
            store.open("files", "previews", "nobody")
    assert store.exists("files", "previews", ID)


def test_encrypted_objects_are_fernet_tokens_in_bytes(remote, swift):
    store = remote(FS_SWIFT_AES256_ENCRYPTED=True, FS_SWIFT_AES256_KEY=KEY)
    assert store.put("files", "attachments", ID, io.BytesIO(b"secret")) == 6
    kept = swift.objects["studio-files"][f"attachments-{ID}"]
    assert kept[0] == 0x80
    assert b"secret" not in kept
    assert store.open("files", "attachments", ID).read() == b"secret"
    assert store.size("files", "attachments", ID) == 6


@pytest.mark.parametrize("policy, stays, raises", [("log", True, False), ("raise", True, True), ("raise_and_delete", False, True)])
def test_an_object_that_is_not_what_was_sent_is_treated_as_the_policy_says(remote, swift, policy, stays, raises):
    store = remote(FS_SWIFT_ETAG_MISMATCH_POLICY=policy)
    swift.wrong_etag = True
    if raises:
        with pytest.raises(Unavailable, match="did not keep"):
            store.put("files", "previews", ID, io.BytesIO(b"content"))
    else:
        assert store.put("files", "previews", ID, io.BytesIO(b"content")) == 7
    assert store.exists("files", "previews", ID) == stays


REFUSALS = [(500, Unavailable), (503, Unavailable), (422, Unavailable), (413, StorageFull), (507, StorageFull)]


@pytest.mark.parametrize("status, error", REFUSALS)
def test_what_the_storage_refuses_is_told(remote, swift, status, error):
    store = remote()
    swift.refusals["PUT"] = status
    with pytest.raises(error):
        store.put("files", "previews", ID, io.BytesIO(b"content"))
    assert not store.exists("files", "previews", ID)
    assert store.put("files", "previews", ID, io.BytesIO(b"content")) == 7


def test_a_storage_that_is_down_or_refuses_the_account_is_told(swift, tmp_path):
    for settings in ({"FS_SWIFT_AUTHURL": "http://127.0.0.1:9/v3"}, {"FS_SWIFT_KEY": "wrong"}):
        with pytest.raises(Unavailable):
            from_settings(swift.settings(tmp_path, **settings))


def test_without_a_shared_token_each_connection_signs_in(remote, swift):
    store = remote(FS_SWIFT_TOKEN_CACHE_TTL=0)
    assert not store.exists("files", "previews", ID)
    assert len(swift.tokens) >= 1
    assert driver.pool_of({}).token.lifetime_s == 3600
