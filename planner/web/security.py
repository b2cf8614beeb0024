"""What protects every page: trusted host names, security headers on each response, no caching of answers."""

from __future__ import annotations

import re

from flask import Flask, Response, abort, current_app, request

_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # Answered over plain http a browser ignores it; behind the hospital's own https it counts.
    "Strict-Transport-Security": "max-age=31536000",
}
_HOST = re.compile(r"(?P<name>\[[0-9a-f:.]+\]|[^:]*)(?P<port>:[0-9]{1,5})?", re.ASCII | re.IGNORECASE)


def protect(app: Flask) -> None:
    """Add the checks before, and the headers after, each request."""
    app.before_request(_refuse_strange_hosts)
    app.after_request(_with_headers)


def _refuse_strange_hosts() -> None:
    """Refuse a request for another name: a page elsewhere could point its own name at this computer."""
    match = _HOST.fullmatch(request.environ.get("HTTP_HOST", ""))
    if match is None or match["name"].lower() not in current_app.config["TRUSTED_HOST_NAMES"]:
        abort(400)


def _with_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint == "static" and response.status_code in (200, 304):
        # Nothing about anybody: our files carry their hash in the address, fonts and icons change with a release.
        response.headers["Cache-Control"] = f"public, max-age={31536000 if 'v' in request.args else 86400}"
    else:
        response.headers["Cache-Control"] = "no-store"
    return response
