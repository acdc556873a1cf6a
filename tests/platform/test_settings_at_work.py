"""Settings that no other test turns: each is set, and what it changes is seen from outside. Those without effect are named last."""

import logging
import socket
import ssl
from types import SimpleNamespace

import pytest
import requests
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.mail_server import Sink
from tests.processes import spawn  # noqa: F401  (fixture)
from zou import config
from zou.auth import directory
from zou.config import SETTINGS
from zou.inbox.services import mail
from zou.people.models import Department
from zou.platform.db.types import utcnow
from zou.platform.errors import NotFound
from zou.platform.http.files import file_answer
from zou.platform.storage import from_settings, store
from zou.previews.models import PreviewFile, PreviewFileStorageState
from zou.previews.resources import serving

WITHOUT_EFFECT = {
    "TELEMETRY_URL", "DB_DRIVER", "DEBUG_HOST", "DEBUG_PORT", "INDEXER_HOST", "INDEXER_PORT", "INDEXER_PROTOCOL", "INDEXER_TIMEOUT",
    "KV_HOST", "KV_PORT", "KV_PASSWORD", "CACHE_TYPE",
}  # fmt: skip


@pytest.fixture
def settings(app, monkeypatch):
    """settings(NAME=value, ...) of the application, for this test."""

    def change(**values):
        for name, value in values.items():
            monkeypatch.setitem(app.config, name, value)

    return change


# --- what clients see ---


@pytest.mark.parametrize(
    "key, name, value",
    [
        ("is_self_hosted", "IS_SELF_HOSTED", False),
        ("crisp_token", "CRISP_TOKEN", "a token"),
        ("saml_idp_name", "SAML_IDP_NAME", "Studio"),
        ("oidc_idp_name", "OIDC_IDP_NAME", "Studio"),
        ("movie_highdef_bitrate", "MOVIE_HIGHDEF_BITRATE", 12),
        ("movie_lowdef_bitrate", "MOVIE_LOWDEF_BITRATE", 3),
        ("default_timezone", "DEFAULT_TIMEZONE", "Asia/Tokyo"),
    ],
)
def test_the_web_client_is_told(client, settings, key, name, value):
    assert client.get("/config").json[key] != value
    settings(**{name: value})
    assert client.get("/config").json[key] == value


def test_search_counts_as_configured_when_a_key_is_given(client, settings):
    settings(INDEXER_KEY="")
    assert client.get("/config").json["indexer_configured"] is False
    settings(INDEXER_KEY="a key")
    assert client.get("/config").json["indexer_configured"] is True


def test_the_web_client_reports_its_faults_where_it_is_told(client, settings):
    assert "sentry" not in client.get("/config").json
    settings(SENTRY_KITSU_ENABLED=True, SENTRY_KITSU_DSN="https://k@sentry.example/1", SENTRY_KITSU_SR=0.5)
    assert client.get("/config").json["sentry"] == {"dsn": "https://k@sentry.example/1", "sampleRate": 0.5}


def test_a_page_has_as_many_rows_as_the_studio_says(api, people, make, settings):
    for name in ("A", "B", "C"):
        make(Department, name=name)
    settings(NB_RECORDS_PER_PAGE=2)
    page = api(people["admin"], "get", "/data/departments?page=1").json
    assert (len(page["data"]), page["limit"], page["nb_pages"]) == (2, 2, 2)


def test_browsers_keep_files_as_long_as_the_studio_says(app, settings, tmp_path):
    (tmp_path / "a.png").write_bytes(b"png")
    settings(CLIENT_CACHE_MAX_AGE=60)
    with app.test_request_context("/"):
        assert file_answer(tmp_path / "a.png", "image/png").headers["Cache-Control"] == "private, max-age=60"


# --- persons ---


@pytest.mark.parametrize("length, status", [(12, 200), (13, 400)])
def test_a_password_is_as_long_as_the_studio_says(api, people, settings, length, status):
    settings(MIN_PASSWORD_LENGTH=length)
    body = {"password": "x7" * 6, "password_2": "x7" * 6}
    assert api(people["admin"], "post", f"/actions/persons/{people['user'].id}/change-password", json=body).status_code == status


def test_a_new_person_lives_in_the_time_zone_of_the_studio(api, people, settings):
    settings(DEFAULT_TIMEZONE="Asia/Tokyo")
    body = {"first_name": "Ken", "last_name": "Sato", "email": "ken@studio.example"}
    assert api(people["admin"], "post", "/data/persons", json=body).json["timezone"] == "Asia/Tokyo"


def test_a_windows_domain_goes_before_the_name():
    given = {"LDAP_IS_AD": "true", "LDAP_DOMAIN": "studio.local", "LDAP_SSL": "true", "LDAP_HOST": "ad.studio", "LDAP_PORT": "636"}
    found = config.load(given)
    assert directory.bind_name(found, "ada")[0] == "studio.local\\ada"
    server = directory.server(found)
    assert (server.ssl, server.port, server.tls.validate) == (True, 636, ssl.CERT_REQUIRED)


# --- the database's address ---


def test_the_user_of_the_database():
    assert config.database_url(config.load({"DB_USERNAME": "zou", "DB_PASSWORD": "x"})).username == "zou"


# --- mail ---


@pytest.fixture(scope="module")
def certified(tmp_path_factory):
    """A TLS context of a server on this machine that signed its own certificate."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    signed = built.not_valid_before(utcnow().replace(year=2020)).not_valid_after(utcnow().replace(year=2090)).sign(key, hashes.SHA256())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )  # fmt: skip
    (folder / "both.pem").write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context


@pytest.fixture
def written(app):
    """A mail that is ready to leave."""
    with app.app_context():
        yield mail.Written("Hello", "A title", "A text.", "en_US", "Studio")


@pytest.mark.parametrize("name", ["MAIL_USE_TLS", "MAIL_USE_SSL"])
def test_mail_is_encrypted_on_the_way(settings, certified, written, name):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    how = {"ssl_context": certified} if name == "MAIL_USE_SSL" else {"tls_context": certified, "require_starttls": True}
    server = Controller(Sink(), hostname="127.0.0.1", port=port, **how)
    server.start()
    try:
        settings(MAIL_SERVER="127.0.0.1", MAIL_PORT=port, MAIL_ENABLED=True)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(mail, "TIMEOUT_S", 1)  # of a server that waits for TLS while we wait for its greeting
            assert mail.send(written, "ada@studio.example").status == "later"  # in the clear, nothing goes
        settings(**{name: True})
        assert mail.send(written, "ada@studio.example").status == "sent"
        assert len(server.handler.mails) == 1
    finally:
        server.stop()


def test_mail_is_logged_instead_of_sent_and_comes_from_the_studio(settings, written, caplog):
    settings(MAIL_DEBUG=True, MAIL_DEFAULT_SENDER="bot@studio.example")
    caplog.set_level(logging.INFO, logger="zou")
    assert mail.send(written, "ada@studio.example").status == "logged"
    assert "mail to ada@studio.example: Hello" in caplog.text and "A text." not in caplog.text
    assert str(mail.message(written, "ada@studio.example")["From"]) == "Kitsu Bot <bot@studio.example>"
    settings(MAIL_DEBUG_BODY=True)
    mail.send(written, "ada@studio.example")
    assert "A text." in caplog.text


# --- files ---


def test_the_older_name_of_the_folder_of_files_is_heard(tmp_path):
    kept = from_settings({"THUMBNAIL_FOLDER": str(tmp_path / "old"), "TMP_DIR": str(tmp_path)})
    (tmp_path / "b").write_text("b")
    kept.put("files", "a", "11111111-2222-3333-4444-555555555555", tmp_path / "b")
    assert [path.name for path in (tmp_path / "old").rglob("*") if path.is_file()]


def test_a_file_that_is_not_there_is_logged_on_demand(tmp_path, caplog):
    id = "11111111-2222-3333-4444-555555555555"
    for wanted in (False, True):
        kept = from_settings({"PREVIEW_FOLDER": str(tmp_path), "TMP_DIR": str(tmp_path), "LOG_FILE_NOT_FOUND": wanted})
        with pytest.raises(FileNotFoundError):
            kept.local_path("movies", "previews", id, "mp4")
        assert (f"File previews-{id} is not in movies." in caplog.text) is wanted


def test_a_missing_file_of_an_object_store_is_looked_for_again_after_a_while(app, settings, make, tx, monkeypatch):
    preview = make(PreviewFile, extension="png")
    make(PreviewFileStorageState, preview_file_id=preview.id, bucket="pictures", prefix="original", state="missing")
    asked = []
    with app.app_context():
        monkeypatch.setitem(store().buckets, "pictures", SimpleNamespace(is_local=False))
        monkeypatch.setattr(store(), "local_path", lambda *file: asked.append(file) or (_ for _ in ()).throw(FileNotFoundError()))
        for delay_s, count in ((3600, 0), (0, 1)):
            settings(PREVIEW_MISSING_FILE_RECHECK_DELAY=delay_s)
            with pytest.raises(NotFound):
                serving.locate(tx, preview, "pictures", "original", "png")
            assert len(asked) == count


# --- the server's own ---


def test_the_server_answers_where_and_writes_as_the_environment_says(data_folder, spawn, free_port):  # noqa: F811
    with socket.create_server(("127.0.0.1", 0)) as free:
        database_port = free.getsockname()[1]
    environment = {
        "ZOU_HOST": "127.0.0.2", "ZOU_PORT": str(free_port), "ZOU_DATABASE_PORT": str(database_port), "ZOU_THREADS": "3",
        "ZOU_LOG_FORMAT": "json", "ZOU_LOG_LEVEL": "info", "BCRYPT_LOG_ROUNDS": "4",
    }  # fmt: skip
    process = spawn("-m", "zou", "run", "--data", data_folder, **environment)
    said = []
    for line in iter(process.stdout.readline, ""):
        said.append(line)
        if line.startswith("Ready"):
            break
    assert requests.get(f"http://127.0.0.2:{free_port}/", timeout=10).json()["api"] == "Zou", "".join(said)
    with pytest.raises(requests.ConnectionError):
        requests.get(f"http://127.0.0.1:{free_port}/", timeout=10)
    socket.create_connection(("127.0.0.1", database_port), timeout=10).close()
    for line in iter(process.stdout.readline, ""):
        if '"path":"/"' in line.replace(" ", ""):
            break
    else:
        raise AssertionError("no line of JSON told of the request")


@pytest.mark.parametrize("name", sorted(WITHOUT_EFFECT))
def test_a_setting_without_effect_says_so(name):
    assert "Accepted for compatibility" in SETTINGS[name].text
