"""What the views need from outside: the store, the hospital's list, the knowledge base, the clock, the clinic's time zone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from planner.catalog import Catalog
from planner.knowledge import Knowledge
from planner.store import People, Store


@dataclass(frozen=True, slots=True)
class Services:
    """One application's surroundings."""

    store: Store
    people: People
    knowledge: Knowledge
    clock: Callable[[], datetime]
    time_zone: str

    @property
    def catalog(self) -> Catalog:
        """The products and operations that exist."""
        return self.knowledge.catalog


def services() -> Services:
    """Return the surroundings of the application that handles this request."""
    found: Services = current_app.extensions["throughline"]
    return found
