"""Error pages: one sentence, what to do, and a reference that finds the fault in the log. No details, no traces."""

from __future__ import annotations

import logging
import traceback
import uuid
from types import TracebackType

from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from planner.store.crypto import Unreadable
from planner.web import drafts
from planner.web.printing import PrintingFailed

log = logging.getLogger("throughline")

Page = tuple[str, int] | tuple[str, int, dict[str, str]]

_SAID = {
    400: ("This request cannot be read", "Go back to the page before, reload it, and try again."),
    404: ("There is no such page", "The plan or draft may have been removed. The list shows what is there."),
    405: ("This address does not take that kind of request", "Use the buttons of the pages."),
    413: ("That is too much text for one page", "A page takes up to 1 MiB. Go back and shorten what was entered."),
    503: ("The paper could not be printed", "Nothing was stored; the plan on the screen is unchanged. Try again."),
    500: (
        "Something went wrong on our side",
        "What was saved before is still there. Tell whoever runs Throughline the reference below.",
    ),
}


def handle(app: Flask) -> None:
    """Show our own page for every error."""
    app.register_error_handler(CSRFError, _unsigned_form)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(PrintingFailed, _not_printed)
    app.register_error_handler(Exception, _failed)


def _unsigned_form(error: CSRFError) -> Page:
    """A form without a valid token changes nothing; a step of a draft shows again what was typed."""
    if request.endpoint == "drafts.save_step" and request.view_args:
        try:
            return drafts.show_unsaved(**request.view_args)
        except HTTPException as gone:
            return _refused(gone)
    return _page(
        400,
        title="This page was open for too long",
        advice="Nothing was changed. Go back, reload the page, and try again.",
    )


def _refused(error: HTTPException) -> Page:
    code = error.code or 500
    text, status, *_ = _page(code)
    allowed = dict(error.get_headers()).get("Allow") if code == 405 else None
    return (text, status, {"Allow": allowed}) if allowed else (text, status)


def _not_printed(error: PrintingFailed) -> Page:
    reference = _logged(error.__cause__ or error)
    return _page(503, reference=reference, advice=error.advice)


def _failed(error: Exception) -> Page:
    if isinstance(error, Unreadable):
        return _page(
            500,
            reference=_logged(error),
            title="A saved record cannot be opened",
            advice="Its encryption key is missing, or the database was changed by another program. Tell whoever runs Throughline.",
        )
    return _page(500, reference=_logged(error))


def _page(code: int, reference: str = "", title: str = "", advice: str = "") -> Page:
    said_title, said_advice = _SAID.get(code, ("This request was refused", "Go back and try again."))
    return render_template(
        "errors/error.html",
        code=code,
        title=title or said_title,
        advice=advice or said_advice,
        reference=reference or _reference(),
    ), code


def _reference() -> str:
    return uuid.uuid4().hex[:8]


def _logged(error: BaseException) -> str:
    """Log where a fault is and return its reference. Messages stay out of the log: they may quote an answer."""
    reference = _reference()
    log.error(
        "reference %s, %s: %s at %s", reference, request.endpoint, type(error).__name__, _where(error.__traceback__)
    )
    return reference


def _where(trace: TracebackType | None) -> str:
    return " < ".join(
        f"{frame.name} ({frame.filename}:{frame.lineno})" for frame in reversed(traceback.extract_tb(trace))
    )
