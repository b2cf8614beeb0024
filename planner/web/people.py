"""The hospital's list of people and services by role: entered once, offered in every plan."""

from __future__ import annotations

from typing import Annotated

from flask import Blueprint, abort, redirect, render_template, request, url_for
from pydantic import TypeAdapter, ValidationError
from werkzeug.wrappers import Response

from planner import choices
from planner.forms.plain import PlainForm
from planner.forms.questions import Question
from planner.inputs import ShortText
from planner.store.people import ListedPerson
from planner.web.services import services

pages = Blueprint("people", __name__, url_prefix="/people")

_TEXT: TypeAdapter[Annotated[str | None, ShortText]] = TypeAdapter(ShortText)
_ASKED = (
    Question("role", "Role", "", "", "one", choices.TEAM_ROLES),
    Question("name", "Name", "A person, or a service that answers day and night.", "", "text"),
    Question("phone", "Telephone", "As it is dialed here.", "", "text"),
)
_MISSING = {"name": "Give a name of a person or a service.", "phone": "Give a telephone number."}


@pages.get("")
def index() -> str:
    """Show the list by role."""
    return _page({}, {})


@pages.post("")
def add() -> Response | tuple[str, int]:
    """Add somebody to the list; what cannot be taken stays as typed."""
    typed = {name: request.form.get(name, "") for name in ("role", "name", "phone")}
    wrong = {}
    if typed["role"] not in choices.TEAM_ROLES:
        wrong["role"] = "Choose a role."
    for name in ("name", "phone"):
        try:
            value = _TEXT.validate_python(typed[name])
        except ValidationError as error:
            wrong[name] = error.errors()[0]["msg"].removeprefix("Value error, ")
        else:
            if not value:
                wrong[name] = _MISSING[name]
    if wrong:
        return _page(typed, wrong), 422
    here = services()
    here.people.add([(typed["role"], typed["name"].strip(), typed["phone"].strip())], here.clock())
    return redirect(url_for("people.index", _anchor=f"role-{typed['role']}"), 303)


@pages.post("/<person_id>/remove")
def remove(person_id: str) -> Response:
    """Take somebody off the list."""
    if not any(person.id == person_id for person in services().people.all()):
        abort(404)
    services().people.remove(person_id)
    return redirect(url_for("people.index"), 303)


def _page(typed: dict[str, str], wrong: dict[str, str]) -> str:
    by_role: dict[str, list[ListedPerson]] = {}
    for person in services().people.all():
        by_role.setdefault(person.role, []).append(person)
    return render_template(
        "people/list.html",
        roles=choices.TEAM_ROLES,
        by_role=by_role,
        form=PlainForm(_ASKED, typed, wrong),
    )
