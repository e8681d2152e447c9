"""Security headers: one strict policy for every page, with nothing inline and no third party."""

from __future__ import annotations

from flask import Flask, Response, request

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "media-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)


HEADERS = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)
HTTPS_ONLY = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
# Answers on a shared phone must not come back with the Back button after the browser is closed.
NOT_KEPT = ("Cache-Control", "no-store")
MAY_BE_KEPT = frozenset({"static", "site.theme", "media.file"})


def init_security(app: Flask) -> None:
    always = (*HEADERS, HTTPS_ONLY) if app.config["SESSION_COOKIE_SECURE"] else HEADERS

    @app.after_request
    def add_headers(response: Response) -> Response:
        wanted = always if request.endpoint in MAY_BE_KEPT else (*always, NOT_KEPT)
        own = {name.lower() for name, _value in response.headers}
        response.headers.extend([header for header in wanted if header[0].lower() not in own])
        return response
