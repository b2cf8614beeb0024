"""A saved plan: its page, its papers, its answers as a file, and the way to change it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import yaml
from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from pydantic import ValidationError
from werkzeug.wrappers import Response as Redirect

from planner.case import Case
from planner.choices import ALLERGIES
from planner.forms.summary import summary
from planner.forms.typed import typed_from
from planner.plan import as_data, in_present_form
from planner.store import SavedPlan
from planner.web.planview import plan_page
from planner.web.printing import PAPERS, file_name, print_once
from planner.web.services import services

pages = Blueprint("plans", __name__, url_prefix="/plans")


@pages.get("/<plan_id>")
def show(plan_id: str) -> str:
    """Show a plan as it was saved."""
    saved = _saved(plan_id)
    return render_template(
        "plans/plan.html",
        saved=saved,
        plan=saved.plan,
        case=saved.case,
        page=plan_page(saved.plan, saved.case),
        answers=summary(typed_from(saved.case), services().catalog),
        allergies=_allergies(saved.case["patient"]["allergies"]),
    )


@pages.post("/<plan_id>/change")
def change(plan_id: str) -> Redirect:
    """Start a draft from the answers of a plan; the plan itself stays as it is."""
    saved = _saved(plan_id)
    here = services()
    draft_id = here.store.new_draft(typed_from(saved.case), "review", here.clock(), replaces=saved.id)
    return redirect(url_for("review.show", draft_id=draft_id), 303)


@pages.post("/<plan_id>/documents")
def make_paper(plan_id: str) -> Redirect:
    """Print a paper for the first time, or find the one that was printed; then send it."""
    saved, kind = _saved(plan_id), request.form.get("kind", "")
    if kind not in PAPERS:
        abort(400)
    print_once(saved, kind)
    return redirect(url_for("plans.paper", plan_id=saved.id, kind=kind), 303)


@pages.get("/<plan_id>/documents/<kind>.pdf")
def paper(plan_id: str, kind: str) -> Response:
    """Send a paper as it was first printed."""
    saved = _saved(plan_id)
    content = services().store.document(saved.id, kind) if kind in PAPERS else None
    if content is None:
        abort(404)
    return _file(content, "application/pdf", file_name(saved, kind), "inline")


@pages.get("/<plan_id>/case.<form>")
def case_file(plan_id: str, form: str) -> Response:
    """Send the answers as a Case file, in YAML or JSON."""
    saved = _saved(plan_id)
    answers = _without_unknown(_plain(saved.case))
    if form == "yaml":
        text = yaml.safe_dump(answers, sort_keys=False, allow_unicode=True, width=120)
    elif form == "json":
        text = json.dumps(answers, ensure_ascii=False, indent=1) + "\n"
    else:
        abort(404)
    return _file(text.encode(), f"application/{form}", f"throughline-case-{saved.short_id}.{form}", "attachment")


def _plain(case: Mapping[str, Any]) -> Any:
    """Return a stored Case with numbers as numbers; one from an older program, which may not fit, as it was stored."""
    try:
        return as_data(Case.model_validate(case).model_dump())
    except ValidationError:
        return case


def _saved(plan_id: str) -> SavedPlan:
    saved = services().store.plan(plan_id) or abort(404)
    return replace(saved, case=_case_in_present_form(saved.case), plan=in_present_form(saved.plan))


def _case_in_present_form(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return stored answers with the questions that came later, not answered."""
    try:
        return Case.model_validate(stored).model_dump(mode="json")
    except ValidationError:
        return dict(stored)


def _allergies(listed: list[str] | None) -> str:
    if listed is None:
        return "not known"
    return ", ".join(ALLERGIES.get(name, name).partition(" (")[0] for name in listed) or "none"


def _file(content: bytes, kind: str, name: str, disposition: str) -> Response:
    return Response(content, mimetype=kind, headers={"Content-Disposition": f'{disposition}; filename="{name}"'})


def _without_unknown(value: Any) -> Any:
    """Return the answers without those that are not known; an empty list means "none" and stays."""
    if isinstance(value, Mapping):
        kept = {name: _without_unknown(item) for name, item in value.items() if item is not None}
        return {name: item for name, item in kept.items() if item != {}}
    if isinstance(value, list):
        return [_without_unknown(item) for item in value]
    return value
