"""Somebody who uses the pages without scripts: reads HTML, fills in forms, presses buttons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient

BASE = "http://127.0.0.1"
Values = Mapping[str, str | list[str]]


class _Reader(HTMLParser):
    """Collects the text of a page, its forms with their values as they stand, and the errors beside fields."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.forms: dict[str, dict[str, list[str]]] = {}
        self.links: list[tuple[str, str]] = []
        self.errors: dict[str, str] = {}
        self._form = ""
        self._select = self._area = self._error = ""
        self._tags: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = given["action"]
            self.forms[self._form] = {}
        fields = self.forms.get(self._form, {})
        if tag == "input" and (given.get("type") not in ("radio", "checkbox") or "checked" in given):
            fields.setdefault(given["name"], []).append(given.get("value", ""))
        elif tag == "select":
            self._select = given["name"]
        elif tag == "option" and "selected" in given:
            fields[self._select] = [given["value"]]
        elif tag == "textarea":
            self._area = given["name"]
            fields[self._area] = [""]
        elif tag == "a":
            self.links.append((given.get("href", ""), ""))
        elif tag == "span" and "usa-error-message" in given.get("class", ""):
            self._error = given.get("id", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = ""
        elif tag == "textarea":
            self._area = ""
        elif tag == "span":
            self._error = ""

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self._area:
            # The first line break after the tag belongs to the markup.
            self.forms[self._form][self._area][0] += data.removeprefix("\n")
        if self._error:
            self.errors[self._error.removesuffix("-error")] = self.errors.get(self._error, "") + data
        if self.links and not self.links[-1][1].strip():
            self.links[-1] = (self.links[-1][0], data.strip())


@dataclass
class Page:
    """A page as it came: status, address, text without markup, forms, errors beside fields."""

    status: int
    path: str
    html: str
    headers: Mapping[str, str]
    text: str = ""
    forms: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    links: list[tuple[str, str]] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)

    def values(self) -> dict[str, list[str]]:
        """Return the values of the form of this step, as they stand on the page."""
        return self.forms[self.path]


class Visitor:
    """One browser without scripts."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str) -> Page:
        return self._page(self.client.get(path, base_url=BASE, follow_redirects=True))

    def post(self, path: str, values: Values) -> Page:
        return self._page(self.client.post(path, data=values, base_url=BASE, follow_redirects=True))

    def press(self, page: Page, action: str, more: Values | None = None) -> Page:
        """Send a form of the page as it stands."""
        return self.post(action, {**page.forms[action], **(more or {})})

    def start(self, kind: str = "scheduled") -> Page:
        """Press "New plan" or "Standing plan" and return the first step."""
        page = self.get("/")
        return self.post("/drafts", {**page.forms["/drafts"], "kind": kind})

    def fill(self, page: Page, values: Values, go: str = "next") -> Page:
        """Type into the step that the page shows, and press one of its buttons."""
        return self.post(page.path, {**page.values(), **values, "go": go})

    def make_plan(self, page: Page) -> Page:
        """Press "Make the plan" on the review."""
        action = next(action for action in page.forms if action.endswith("/plan"))
        return self.press(page, action)

    def _page(self, response: Any) -> Page:
        html = response.get_data(as_text=True) if response.mimetype == "text/html" else ""
        reader = _Reader()
        reader.feed(html)
        text = " ".join("".join(reader.text).split())
        path = response.request.path
        return Page(
            response.status_code, path, html, dict(response.headers), text, reader.forms, reader.links, reader.errors
        )


def draft_of(page: Page) -> str:
    """Return the address of the draft that a page belongs to."""
    return "/".join(page.path.split("/")[:3])
