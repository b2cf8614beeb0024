"""The web pages: a Flask application for one clinic, on this computer only until accounts come."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined

from planner.case import DEFAULT_TIME_ZONE
from planner.knowledge import load
from planner.places import templates_folder
from planner.store import People, Store
from planner.store.engine import make_engine
from planner.store.setup import ready
from planner.web import calculators, drafts, errors, evidence, filters, home, people, plans, review, security
from planner.web.services import Services

_BODY_AT_MOST = 1024 * 1024


def _now() -> datetime:
    return datetime.now(UTC)


def create_app(config: Mapping[str, Any] | None = None, clock: Callable[[], datetime] = _now) -> Flask:
    """Return the application.

    Args:
        config: settings that take the place of the defaults: ``INSTANCE`` (the folder that ``throughline init``
            made; else the environment's ``THROUGHLINE_INSTANCE``, else ``instance``), ``TIME_ZONE`` of the clinic
            (else ``THROUGHLINE_TIME_ZONE``), ``TRUSTED_HOST_NAMES``.
        clock: returns the present moment, with a zone.

    Raises:
        NotReady: the installation is not set up, or others may read its keys; the message says what to do.
        ZoneInfoNotFoundError: there is no such time zone.
        Refused: the knowledge base has a fault.
    """
    app = Flask(__name__, template_folder=str(templates_folder()))
    app.jinja_options = {"autoescape": True, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    app.config.update(
        INSTANCE=os.environ.get("THROUGHLINE_INSTANCE", "instance"),
        TIME_ZONE=os.environ.get("THROUGHLINE_TIME_ZONE", DEFAULT_TIME_ZONE),
        TRUSTED_HOST_NAMES=("127.0.0.1", "localhost", "[::1]"),
        MAX_CONTENT_LENGTH=_BODY_AT_MOST,
        MAX_FORM_MEMORY_SIZE=_BODY_AT_MOST,
        SESSION_COOKIE_NAME="throughline",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # a form may stay open all day
    )
    app.config.update(config or {})
    instance = ready(Path(app.config["INSTANCE"]))
    app.config["SECRET_KEY"] = instance.secret_key
    engine = make_engine(instance.database_url)
    store = Store(engine, instance.keyring)
    zone = ZoneInfo(app.config["TIME_ZONE"])  # fails here, with its name, when there is no such zone
    app.extensions["throughline"] = Services(store, People(engine, instance.keyring), load(), clock, zone.key)

    security.protect(app)
    CSRFProtect(app)
    errors.handle(app)
    filters.add(app)
    for blueprint in (
        home.pages,
        drafts.pages,
        review.pages,
        plans.pages,
        people.pages,
        calculators.pages,
        evidence.pages,
    ):
        app.register_blueprint(blueprint)
    return app
