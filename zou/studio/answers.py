"""What the routes of the studio answer, where it is not the rows of a schema."""

from zou.platform.http.shapes import ANY, FLAG, ID, MOMENT, NUMBER, TEXT, WHOLE, by, keys, many, maybe, row
from zou.studio.schemas import EventSchema

PARTS = ("database-up", "key-value-store-up", "event-stream-up", "job-queue-up", "indexer-up")

INDEX = keys(api=TEXT, version=TEXT)
STATUS = keys({"causes": by(TEXT)}, name=TEXT, version=TEXT, **dict.fromkeys(PARTS, FLAG))
STATUS_NUMBERS = keys(**dict.fromkeys(PARTS, WHOLE), time=NUMBER)
MACHINE = keys(
    date=TEXT,
    cpu=keys(percent=many(NUMBER), loadavg=by(NUMBER)),
    memory=keys(total=WHOLE, used=WHOLE, available=WHOLE, percent=NUMBER),
    jobs=keys(running_jobs=WHOLE),
)
EVENT_SENT = keys(success=FLAG)
TOTALS = keys(number_of_video_previews=WHOLE, number_of_picture_previews=WHOLE, number_of_model_previews=WHOLE, number_of_comments=WHOLE)
SHARED_SETTINGS = by(keys(env=ANY, redis=ANY), active_users=WHOLE)
CLIENT_SETTINGS = keys(
    {"sentry": keys(dsn=maybe(TEXT), sampleRate=NUMBER)},
    **dict.fromkeys(
        (
            "is_self_hosted", "dark_theme_by_default", "indexer_configured", "saml_enabled", "oidc_enabled", "enforce_2fa",
            "preview_accounts_enabled",
        ),
        FLAG,
    ),
    **dict.fromkeys(("crisp_token", "saml_idp_name", "oidc_idp_name", "default_locale", "default_timezone"), maybe(TEXT)),
    movie_highdef_bitrate=WHOLE,
    movie_lowdef_bitrate=WHOLE,
)  # fmt: skip
EVENTS = many(row(EventSchema, only=("id", "created_at", "name", "user_id", "project_id", "data")))
EVENT_NAMES = many(TEXT)
LOGINS = many(keys(id=ID, created_at=MOMENT, ip_address=maybe(TEXT), person_id=ID, origin=maybe(TEXT)))
