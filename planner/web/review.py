"""The last step of the form: everything that was said, what is still unknown, and the button that makes the plan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from planner.case import Case
from planner.forms.check import all_problems
from planner.forms.fields import StepForm
from planner.forms.rows import settled
from planner.forms.steps import REVIEW, STEPS, step_of, steps_for
from planner.forms.summary import summary
from planner.forms.typed import Typed, answers, first
from planner.plan import Plan, as_data
from planner.planning import plan_for
from planner.problems import Problem
from planner.store import Draft
from planner.web.drafts import find_draft
from planner.web.services import services
from planner.web.stepview import has_operation_answers

pages = Blueprint("review", __name__, url_prefix="/drafts")


@pages.get("/<draft_id>/review")
def show(draft_id: str) -> Response | str:
    """Show the answers, what is wrong with them, and what a plan would still have to ask."""
    draft = find_draft(draft_id)
    if isinstance(draft, Response):
        return draft
    typed = settled(draft.typed)
    return _page(draft, typed, _problems(typed))


@pages.post("/<draft_id>/plan")
def make(draft_id: str) -> Response | tuple[str, int]:
    """Make the plan, save it with its answers, and show it; a second click shows the same plan."""
    draft = find_draft(draft_id)
    if isinstance(draft, Response):
        return draft
    typed = settled(draft.typed)
    problems = _problems(typed)
    if problems:
        return _page(draft, typed, problems), 422
    here = services()
    now = here.clock()
    case, plan = plan_for(answers(typed, here.time_zone), now)
    data = as_data(plan)
    day = case.surgery.at.date() if case.surgery.at else None
    plan_id = here.store.save_plan(draft, case.model_dump(mode="json"), data, _listing(case, data), day, now)
    return redirect(url_for("plans.show", plan_id=plan_id), 303)


def _page(draft: Draft, typed: Typed, problems: list[Problem]) -> str:
    here = services()
    plan: Plan | None = None
    if not problems:
        plan = plan_for(answers(typed, here.time_zone), here.clock())[1]
    return render_template(
        "drafts/review.html",
        draft=draft,
        step=REVIEW,
        steps=steps_for(first(typed, "kind"), has_operation_answers(typed)),
        person=first(typed, "patient.name"),
        answers=[part for part in summary(typed, here.catalog) if part.said or _is_asked(part.step.id, typed)],
        problems=list(_linked(draft, typed, problems)),
        standing=first(typed, "kind") == "standing",
        plan=as_data(plan) if plan else None,
    )


def _is_asked(step_id: str, typed: Typed) -> bool:
    return step_id in {step.id for step in steps_for(first(typed, "kind"), has_operation_answers(typed))}


def _problems(typed: Typed) -> list[Problem]:
    here = services()
    return all_problems(typed, here.catalog, here.clock(), here.time_zone)


def _linked(draft: Draft, typed: Typed, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """Yield for each problem the address of its field, and what to say: step, label, what is wrong, what would be right."""
    for step in STEPS:
        mine = [problem for problem in problems if step_of(problem.path) is step]
        if mine:
            form = StepForm(step, typed, services().catalog)
            for target, said in form.show(mine):
                address = url_for("drafts.show_step", draft_id=draft.id, step_id=step.id, _anchor=target)
                yield address, f"{step.title}: {said}"


def _listing(case: Case, plan: dict[str, Any]) -> dict[str, Any]:
    """Return what the list of plans shows, so that it opens one small value a plan."""
    glance = plan["summary"]
    return {
        "person": glance["person"],
        "kind": case.kind,
        "operation": glance["operation"],
        "when": case.surgery.at.isoformat(timespec="minutes") if case.surgery.at else None,
        "medicines": [{"label": item["label"], "decision": item["decision"]} for item in glance["medicines"]],
        "takes_none": case.moud == [],
        "complete": plan["complete"],
        "unknown": len(plan["unknown"]),
    }
