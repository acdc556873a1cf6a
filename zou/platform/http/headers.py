"""Headers of every answer, and limits of every request. Rules: contract/rules/errors-and-index.md §3."""

from flask import request

SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Content-Security-Policy": "frame-ancestors 'self'",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
MAX_BODY_BYTES = 10 * 1024**3  # unless MAX_CONTENT_LENGTH says otherwise; 0 there means no limit
MAX_JSON_BYTES = 64 * 1024 * 1024  # a JSON body is parsed in memory; files are streamed and have MAX_CONTENT_LENGTH


def register(app):
    """Add the headers and the limits to an application."""
    limit = app.config.get("MAX_CONTENT_LENGTH")
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES if limit is None else limit or None
    origins = {origin for origin in app.config.get("CORS_ALLOWED_ORIGINS") or [] if origin}

    @app.before_request
    def limit_json():
        if request.is_json:
            limit = app.config["MAX_CONTENT_LENGTH"]
            request.max_content_length = min(limit or MAX_JSON_BYTES, MAX_JSON_BYTES)

    @app.after_request
    def add(response):
        for name, value in SECURITY.items():
            response.headers.setdefault(name, value)
        origin = request.headers.get("Origin")
        if origin in origins:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Allow-Credentials"] = "true"
            response.vary.add("Origin")
            if request.method == "OPTIONS":
                response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST, PUT, DELETE, OPTIONS"
                response.headers["Access-Control-Allow-Headers"] = request.headers.get("Access-Control-Request-Headers", "*")
        return response
