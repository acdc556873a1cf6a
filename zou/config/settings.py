"""Every setting of the program, by subject: the one table that loading, documentation and tests read.

Names, types and defaults of the first subjects come from contract/config.json; those that begin with ZOU_ are our own.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "integer", "number", "switch", "list"]
Value = str | int | float | bool | list[str] | None


@dataclass(frozen=True)
class Setting:
    """One environment variable: what it is called, how its text is read, what holds when it is absent, what it does."""

    name: str
    kind: Kind
    default: Value
    text: str
    secret: bool = False


def text(name: str, default: str | None, text: str) -> Setting:
    return Setting(name, "text", default, text)


def secret(name: str, default: str | None, text: str) -> Setting:
    return Setting(name, "text", default, text, secret=True)


def integer(name: str, default: int | None, text: str) -> Setting:
    return Setting(name, "integer", default, text)


def number(name: str, default: float, text: str) -> Setting:
    return Setting(name, "number", default, text)


def switch(name: str, default: bool, text: str) -> Setting:
    return Setting(name, "switch", default, text)


def entries(name: str, text: str) -> Setting:
    return Setting(name, "list", [], text)


SUBJECTS: dict[str, tuple[Setting, ...]] = {
    "The server": (
        secret("SECRET_KEY", "mysecretkey", "Signs tokens. The HTTP process refuses to start with the default unless DEBUG is on."),
        text("DOMAIN_NAME", "localhost:8080", "Host, and port if any, under which people reach the studio's site; used in links."),
        text("DOMAIN_PROTOCOL", "https", "Scheme of those links: http or https."),
        switch("DEBUG", False, "Development: error answers carry their stack trace, the default SECRET_KEY is accepted."),
        text("DEBUG_HOST", "127.0.0.1", "Accepted for compatibility: `zou run` answers at ZOU_HOST."),
        integer("DEBUG_PORT", 5000, "Accepted for compatibility: `zou run` answers at ZOU_PORT."),
        integer("MAX_CONTENT_LENGTH", None, "Largest request body in bytes; unset means 10 GiB, 0 means no limit."),
        entries("CORS_ALLOWED_ORIGINS", "Origins, parted by `;`, whose pages may call the API with credentials; empty: none."),
        integer("CLIENT_CACHE_MAX_AGE", 604800, "Seconds for which a browser may keep pictures and files."),
        integer("NB_RECORDS_PER_PAGE", 100, "Rows in a page of a listing when the client gives no limit."),
        text("EVENT_STREAM_HOST", "localhost", "Host of the Socket.IO process, as the status page asks it."),
        integer("EVENT_STREAM_PORT", 5001, "Port of the Socket.IO process."),
        secret("ADMIN_TOKEN", "", "Bearer token of /admin/config/check; empty: that route does not exist."),
        switch("IS_SELF_HOSTED", True, "Told to clients by /config."),
        text("TELEMETRY_URL", None, "Accepted for compatibility; nothing is ever sent."),
        secret("CRISP_TOKEN", "", "Support-chat token that /config hands to the web client."),
    ),
    "The database": (
        text("DB_HOST", "localhost", "Host of PostgreSQL, or the folder of its socket. With no DB_* set, an embedded one is used."),
        text("DB_PORT", "5432", "Port of PostgreSQL."),
        text("DB_DATABASE", "zoudb", "Name of the database, also of the embedded one."),
        text("DB_USERNAME", "postgres", "User of the database."),
        secret("DB_PASSWORD", "mysecretpassword", "Password of that user."),
        text("DB_DRIVER", "postgresql+psycopg", "Accepted for compatibility; requests always use psycopg2."),
        integer("DB_POOL_SIZE", 30, "Connections that a process keeps open."),
        integer("DB_MAX_OVERFLOW", 60, "Connections that a process may open beyond those, for a while."),
        integer("DB_POOL_RECYCLE", 3600, "Seconds after which a connection is replaced."),
        switch("DB_POOL_PRE_PING", True, "Test a connection before use, so that a restart of PostgreSQL goes unnoticed."),
        text("DB_POOL_RESET_ON_RETURN", "commit", "What ends a transaction left open on a returned connection: commit or rollback."),
    ),
    "Persons and passwords": (
        text("AUTH_STRATEGY", "auth_local_classic", "auth_local_classic, auth_local_no_password or auth_remote_ldap."),
        integer("BCRYPT_LOG_ROUNDS", 12, "Cost of a password hash; each step doubles the time."),
        integer("MIN_PASSWORD_LENGTH", 8, "Fewest characters of a new password."),
        integer("LOGIN_FAILURES_PER_ADDRESS", 60, "Wrong sign-ins a minute from one address, after which it waits; 0: any number."),
        switch("ENFORCE_2FA", False, "Everyone must set up a second factor."),
        text("2FA_EXEMPT_USERS", "", "E-mails, parted by commas, that need no second factor."),
        entries("PROTECTED_ACCOUNTS", "E-mails, parted by `;`, whom nobody else may deactivate, demote or remove."),
        integer("USER_LIMIT", 100, "Most active persons."),
        text("DEFAULT_LOCALE", "en_US", "Locale of new persons."),
        text("DEFAULT_TIMEZONE", "Europe/Paris", "Time zone of new persons and of the studio."),
    ),
    "LDAP": (
        text("LDAP_HOST", "127.0.0.1", "Host of the directory."),
        text("LDAP_PORT", "389", "Port of the directory."),
        text("LDAP_BASE_DN", "cn=Users,dc=zou,dc=local", "Where persons are searched."),
        text("LDAP_DOMAIN", "zou.local", "Windows domain of NTLM binds."),
        text("LDAP_GROUP", "", "Only members of this group; empty: everyone."),
        switch("LDAP_FALLBACK", False, "Persons who are not in the directory sign in with their local password."),
        switch("LDAP_IS_AD", False, "The directory is an Active Directory."),
        switch("LDAP_IS_AD_SIMPLE", False, "Active Directory with simple binds by common name."),
        switch("LDAP_SSL", False, "Connect with TLS."),
        text("LDAP_USER", "", "Who reads the directory for sync-with-ldap-server: a login, or a full name with `=`."),
        secret("LDAP_PASSWORD", "password", "Password of that user."),
        text("LDAP_EXCLUDED_ACCOUNTS", "", "Logins, parted by commas, that sync-with-ldap-server leaves out."),
        text("EMAIL_DOMAIN", "studio.local", "Domain of the e-mails that are preferred, and of persons without one in the directory."),
    ),
    "Single sign-on": (
        switch("SAML_ENABLED", False, "Sign in through a SAML identity provider."),
        text("SAML_IDP_NAME", "", "Name on the sign-in button."),
        text("SAML_METADATA_URL", "", "Where the provider publishes its metadata."),
        text("SAML_SUBJECT_ATTRIBUTE", "", "Attribute that identifies a person; empty: the NameID."),
        switch("SAML_SKIP_2FA", False, "Persons who come from SAML need no second factor here."),
        switch("OIDC_ENABLED", False, "Sign in through an OpenID Connect provider."),
        text("OIDC_IDP_NAME", "", "Name on the sign-in button."),
        text("OIDC_DISCOVERY_URL", "", "The provider's discovery document."),
        text("OIDC_CLIENT_ID", "", "Client id given by the provider."),
        secret("OIDC_CLIENT_SECRET", "", "Client secret given by the provider."),
        text("OIDC_SCOPES", "openid email profile", "Scopes asked for, parted by spaces."),
        text("OIDC_EMAIL_CLAIM", "email", "Claim that holds the e-mail."),
        text("OIDC_GIVEN_NAME_CLAIM", "given_name", "Claim that holds the first name."),
        text("OIDC_FAMILY_NAME_CLAIM", "family_name", "Claim that holds the last name."),
        switch("OIDC_REQUIRE_EMAIL_VERIFIED", True, "Refuse an e-mail that the provider did not verify."),
        switch("OIDC_SKIP_2FA", False, "Persons who come from OpenID Connect need no second factor here."),
    ),
    "Mail": (
        switch("MAIL_ENABLED", True, "Send mail at all."),
        text("MAIL_SERVER", "localhost", "SMTP host."),
        integer("MAIL_PORT", 25, "SMTP port."),
        text("MAIL_USERNAME", "", "SMTP user; empty: none."),
        secret("MAIL_PASSWORD", "", "SMTP password."),
        switch("MAIL_USE_TLS", False, "STARTTLS."),
        switch("MAIL_USE_SSL", False, "TLS from the first byte."),
        text("MAIL_DEFAULT_SENDER", "no-reply@your-studio.com", "From address."),
        switch("MAIL_DEBUG", False, "Log the head of each mail instead of sending it."),
        switch("MAIL_DEBUG_BODY", False, "Log the body too."),
        switch("MAIL_CHECK_DELIVERABILITY", True, "Ask DNS whether the domain of a new e-mail takes mail."),
    ),
    "Files": (
        text("FS_BACKEND", "local", "Where files are kept: local, s3 or swift."),
        text("FS_BUCKET_PREFIX", "", "Put before the names of buckets."),
        text("PREVIEW_FOLDER", None, "Root of the local backend; unset: THUMBNAIL_FOLDER, then `previews`; `zou run`: in its data."),
        text("THUMBNAIL_FOLDER", None, "Older name of PREVIEW_FOLDER."),
        text(
            "ZOU_NGINX_FILES",
            "",
            "Internal location of nginx on the local folder, such as /stored-files; empty: no nginx sends files.",
        ),
        text("TMP_DIR", None, "Temporary files; unset: `zou` in the system's folder for them."),
        switch("REMOVE_FILES", False, "Remove files from the storage when their rows are removed."),
        switch("LOG_FILE_NOT_FOUND", False, "Log each request for a file that is not there."),
        text("FS_S3_ENDPOINT", None, "URL of an S3-compatible store."),
        text("FS_S3_REGION", None, "Region of the store."),
        secret("FS_S3_ACCESS_KEY", None, "Access key."),
        secret("FS_S3_SECRET_KEY", None, "Secret key."),
        switch("FS_S3_CREATE_BUCKET", False, "Create missing buckets."),
        switch("FS_S3_AES256_ENCRYPTED", False, "Encrypt files before they leave."),
        secret("FS_S3_AES256_KEY", None, "Key of that encryption."),
        text("FS_SWIFT_AUTHURL", None, "Keystone URL."),
        text("FS_SWIFT_AUTH_VERSION", "3", "Keystone version."),
        text("FS_SWIFT_TENANT_NAME", None, "Tenant."),
        text("FS_SWIFT_REGION_NAME", None, "Region."),
        text("FS_SWIFT_USER", None, "User."),
        secret("FS_SWIFT_KEY", None, "Password of that user."),
        switch("FS_SWIFT_CREATE_CONTAINER", False, "Create missing containers."),
        switch("FS_SWIFT_AES256_ENCRYPTED", False, "Encrypt files before they leave."),
        secret("FS_SWIFT_AES256_KEY", None, "Key of that encryption."),
        text("FS_SWIFT_ETAG_MISMATCH_POLICY", "log", "When an upload's checksum differs: log or raise."),
        integer("FS_SWIFT_POOL_SIZE", 20, "Connections kept open."),
        integer("FS_SWIFT_RETRIES", 5, "Attempts at a failed call."),
        integer("FS_SWIFT_TIMEOUT", 60, "Seconds to wait for an answer."),
        integer("FS_SWIFT_TOKEN_CACHE_TTL", 3600, "Seconds for which a Keystone token is shared."),
    ),
    "Pictures and movies": (
        integer("MAX_IMAGE_PIXELS", None, "Most pixels of an uploaded picture; unset: the library's own bound."),
        text("MOVIE_ENCODING_PRESET", "medium", "ffmpeg preset."),
        integer("MOVIE_HIGHDEF_BITRATE", 28, "Mbit/s of the full version."),
        integer("MOVIE_LOWDEF_BITRATE", 6, "Mbit/s of the small version."),
        integer("MOVIE_VBV_BUFSIZE_FACTOR", 2, "Encoder buffer in multiples of the bit rate."),
        switch("SKIP_NORMALIZATION_FULL", False, "Keep movies as uploaded."),
        switch("SKIP_NORMALIZATION_HIGHDEF", False, "Make only the small version."),
        switch("PREVIEW_SAVE_SOURCE_FILE", False, "Keep the uploaded movie too."),
        integer("PREVIEW_MISSING_FILE_RECHECK_DELAY", 3600, "Seconds before a missing file is looked for again."),
        integer("MEDIA_MAX_CONCURRENT_REQUESTS", 0, "Pictures and movies served at once by a process; 0: no bound."),
        integer("MEDIA_SLOT_WAIT_TIMEOUT", 30, "Seconds that a request waits for its turn; 0: for ever."),
    ),
    "Background work": (
        switch("ENABLE_JOB_QUEUE", False, "Do slow work in worker processes instead of in the request."),
        integer("JOB_QUEUE_TIMEOUT", 3600, "Seconds that one job may take."),
        switch("ENABLE_JOB_QUEUE_REMOTE", False, "Hand movies to Nomad."),
        text("JOB_QUEUE_NOMAD_HOST", "zou-nomad-01.zou", "Host of Nomad."),
        text("JOB_QUEUE_NOMAD_NORMALIZE_JOB", "", "Nomad job that encodes movies; empty: encoded here."),
        text("JOB_QUEUE_NOMAD_PLAYLIST_JOB", "zou-playlist", "Nomad job that builds playlists."),
        text("JOB_QUEUE_NOMAD_TILE_JOB", "", "Nomad job that makes tiles; empty: made here."),
    ),
    "Studio": (
        text(
            "DEFAULT_FILE_TREE",
            "default",
            "File tree that comes with the server (`default`, `simple`), given to productions imported from Shotgun.",
        ),
        text("EVENT_HANDLERS_FOLDER", None, "Folder of the studio's own `event_handlers` package; unset: the working folder."),
        text("PLUGIN_FOLDER", None, "Folder of plug-ins; unset: `plugins` in the working folder."),
        switch("SYNC_SOURCE_MOVIE_FILES", False, "Copy source movies too when instances are synchronised."),
    ),
    "Search, cache and key-value store": (
        text("INDEXER_HOST", "localhost", "Accepted for compatibility: search is done by PostgreSQL."),
        text("INDEXER_PORT", "7700", "Accepted for compatibility."),
        text("INDEXER_PROTOCOL", "http", "Accepted for compatibility."),
        secret("INDEXER_KEY", None, "Accepted for compatibility."),
        integer("INDEXER_TIMEOUT", 5000, "Accepted for compatibility."),
        text("KV_HOST", "localhost", "Accepted for compatibility: state is kept in PostgreSQL."),
        text("KV_PORT", "6379", "Accepted for compatibility."),
        secret("KV_PASSWORD", None, "Accepted for compatibility."),
        text("CACHE_TYPE", None, "Accepted for compatibility: rows are not cached."),
    ),
    "Monitoring": (
        switch("SENTRY_ENABLED", False, "Report server errors to Sentry."),
        secret("SENTRY_DSN", "", "Where to report."),
        number("SENTRY_SR", 1.0, "Share of requests that are traced, 0 to 1."),
        text("SENTRY_DEBUG_URL", None, "Path that fails on purpose, to try the reporting."),
        switch("SENTRY_KITSU_ENABLED", False, "Hand the web client its own Sentry address."),
        secret("SENTRY_KITSU_DSN", "", "That address."),
        number("SENTRY_KITSU_SR", 0.1, "Share of the web client's actions that are traced."),
        switch("PROMETHEUS_METRICS_ENABLED", False, "Publish metrics for Prometheus at /metrics."),
    ),
    "Running this program": (
        text("ZOU_DATA", None, "Data folder of `zou run`; unset: `zou` in the user's folder for application data."),
        secret("ZOU_DATABASE_URL", None, "Whole address of the database, instead of DB_*; set by `zou run` for its processes."),
        integer("ZOU_DATABASE_PORT", None, "Port of 127.0.0.1 on which the embedded database also listens; unset: its socket only."),
        text("ZOU_HOST", "127.0.0.1", "Address on which `zou run` answers."),
        integer("ZOU_PORT", 8080, "Port on which `zou run` answers, HTTP and Socket.IO."),
        integer("ZOU_THREADS", 64, "Threads of the web process; an open WebSocket takes one."),
        text("ZOU_KITSU_FOLDER", None, "Folder of the built Kitsu web client, served at / with the API below /api; unset: none."),
        text("ZOU_DOCS_FOLDER", None, "Folder of the manual that `make docs` builds, served at /docs/; unset: none."),
        text("ZOU_LOG_LEVEL", "info", "debug, info, warning or error."),
        text("ZOU_LOG_FORMAT", "logfmt", "logfmt (for people) or json (for collectors)."),
    ),
}

SETTINGS: dict[str, Setting] = {setting.name: setting for group in SUBJECTS.values() for setting in group}
