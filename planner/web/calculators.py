"""Scales and calculators, each its own small page. Nothing typed is stored, and nothing stands in an address."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, abort, render_template, request

from planner.forms.calculators import Calculator, calculators, problems
from planner.forms.plain import PlainForm
from planner.forms.prefill import prefilled
from planner.web.services import services

pages = Blueprint("calculators", __name__, url_prefix="/calculators")


@pages.get("")
def index() -> str:
    """List the calculators."""
    return render_template("calculators/index.html", calculators=list(_all().values()), plan_id=_plan_id())


@pages.get("/<calculator_id>")
def show(calculator_id: str) -> str:
    """Show a calculator; with ``?plan=`` filled in with what that plan's answers tell."""
    calculator = _all().get(calculator_id) or abort(404)
    known: dict[str, str] = {}
    if plan_id := _plan_id():
        saved = services().store.plan(plan_id) or abort(404)
        known = prefilled(calculator, saved.case, saved.made_at, services().catalog)
    return _page(calculator, known, {}, known)


@pages.post("/<calculator_id>")
def answer(calculator_id: str) -> str | tuple[str, int]:
    """Answer, or say what is wrong; what was typed stays."""
    calculator = _all().get(calculator_id) or abort(404)
    typed = {field.id: request.form.get(field.id, "") for field in calculator.fields}
    wrong = problems(calculator, typed)
    if wrong:
        return _page(calculator, typed, wrong, {}), 422
    return _page(calculator, typed, {}, {}, done=True)


def _all() -> dict[str, Calculator]:
    return calculators(services().catalog)


def _plan_id() -> str:
    """Return the plan the page was opened from; a draft of an address is ignored."""
    plan_id = request.args.get("plan", "")
    return plan_id if len(plan_id) == 32 and plan_id.isalnum() else ""


def _page(
    calculator: Calculator,
    typed: Mapping[str, str],
    wrong: Mapping[str, str],
    known: Mapping[str, str],
    *,
    done: bool = False,
) -> str:
    sources = services().knowledge.sources
    return render_template(
        "calculators/calculator.html",
        calculator=calculator,
        form=PlainForm([field.question(known=field.id in known) for field in calculator.fields], typed, wrong),
        plan_id=_plan_id(),
        answer=calculator.answer(typed) if done else None,
        sources={name: sources[name] for name in calculator.sources},
    )
