"""The form: a draft is filled in step by step, reviewed, and becomes a plan.

Every way out of a step saves what was typed, right or wrong; only "Save and continue" waits until it is right.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from planner.choices import KINDS
from planner.forms import finding, team
from planner.forms.check import step_problems
from planner.forms.fields import StepForm, field_id
from planner.forms.rows import with_row, without_blank_rows, without_row
from planner.forms.steps import BY_ID, OPERATION, REVIEW, ROWS, TEAM, Step, steps_for
from planner.forms.typed import FIND, Typed, first, has_answer, rows
from planner.problems import Problem
from planner.store import Changed, Draft
from planner.web.services import services
from planner.web.stepview import has_operation_answers, step_page

pages = Blueprint("drafts", __name__, url_prefix="/drafts")

Answer = Response | str | tuple[str, int]

STALE = (
    "This page was open for too long, or in a browser that keeps no cookies. Nothing is lost: what you typed is below, "
    "but not saved yet. Save it again."
)
CHANGED = (
    "These answers were changed in another window since you opened this page. What you typed here is below, but not "
    "saved yet. Save it to replace the other answers, or reload the page to see them."
)
KINDS_TO_CHOOSE = (
    "Saved. The operation has several kinds or approaches. Choose one below, or leave it not known, and save once more."
)


@pages.post("")
def start() -> Response:
    """Start a draft of a kind of plan."""
    kind = request.form.get("kind", "scheduled")
    if kind not in KINDS:
        abort(400)
    surroundings = services()
    typed = {"kind": [kind], "patient.language": ["en"], "surgery.time_zone": [surroundings.time_zone]}
    draft_id = surroundings.store.new_draft(typed, "person", surroundings.clock())
    return redirect(url_for("drafts.show_step", draft_id=draft_id, step_id="person"), 303)


@pages.get("/<draft_id>")
def resume(draft_id: str) -> Response:
    """Go to the step where the draft was left."""
    draft = find_draft(draft_id)
    if isinstance(draft, Response):
        return draft
    step_id = draft.step if draft.step in BY_ID else "person"
    return redirect(url_for("drafts.show_step", draft_id=draft_id, step_id=step_id), 303)


@pages.get("/<draft_id>/<step_id>")
def show_step(draft_id: str, step_id: str) -> Answer:
    """Show a step with what was typed, and what is wrong with it."""
    draft, step = find_draft(draft_id), _step(step_id)
    if isinstance(draft, Response):
        return draft
    typed = (
        draft.typed if rows(draft.typed, "moud") or step.rows != "moud" else with_row(draft.typed, "moud", "product")
    )
    # What is not finished is no fault yet: a blank row, a search whose matches stand on the page.
    unfinished = (*_blank_rows(typed, step), finding.OPERATION + FIND)
    problems = [problem for problem in _problems(typed, step) if not problem.path.startswith(unfinished)]
    return _page(draft, step, typed, problems)


@pages.post("/<draft_id>/<step_id>")
def save_step(draft_id: str, step_id: str) -> Answer:
    """Keep what was typed on a step, then go where the pressed button leads."""
    draft, step = find_draft(draft_id), _step(step_id)
    if isinstance(draft, Response):
        return draft
    typed = _with_sent(draft.typed, step)
    saved = _seen(draft.typed, step)
    if saved not in (request.form.get("seen", saved), _seen(typed, step)):
        return _page(draft, step, typed, [], CHANGED), 409
    going = request.form.get("go", "next")
    if step is OPERATION:
        typed = _after_search(typed, draft.typed, going)
    if step is TEAM:
        typed = _with_people(typed, going)
    typed, anchor = _after_button(typed, step, going)
    try:
        draft = services().store.save_draft(draft, typed, step.id, services().clock())
    except Changed:
        current = find_draft(draft_id)
        return current if isinstance(current, Response) else (_page(current, step, typed, [], CHANGED), 409)
    if anchor:
        return redirect(url_for("drafts.show_step", draft_id=draft_id, step_id=step.id, _anchor=anchor), 303)
    problems = _problems(typed, step)
    if going == "next" and problems:
        return _page(draft, step, typed, problems), 422
    if going == "next" and step is OPERATION and _kinds_not_offered(typed):
        return _page(draft, step, typed, [], KINDS_TO_CHOOSE)
    return redirect(_address(draft, typed, step, going), 303)


def show_unsaved(draft_id: str, step_id: str) -> tuple[str, int]:
    """Show a step again that came without a valid token: typed values stay on the page, nothing is saved."""
    draft, step = find_draft(draft_id), _step(step_id)
    if isinstance(draft, Response):
        abort(400)
    return _page(draft, step, _with_sent(draft.typed, step), [], STALE), 400


@pages.get("/<draft_id>/discard")
def ask_to_discard(draft_id: str) -> Answer:
    """Ask before a draft is removed."""
    draft = find_draft(draft_id)
    return draft if isinstance(draft, Response) else render_template("drafts/discard.html", draft=draft)


@pages.post("/<draft_id>/discard")
def discard(draft_id: str) -> Response:
    """Remove a draft."""
    services().store.discard_draft(draft_id)
    return redirect(url_for("home.index"), 303)


def find_draft(draft_id: str) -> Draft | Response:
    """Return a draft, or the way to the plan it has become; 404 when there is neither."""
    draft = services().store.draft(draft_id)
    if draft:
        return draft
    plan_id = services().store.plan_made_from(draft_id)
    return redirect(url_for("plans.show", plan_id=plan_id), 303) if plan_id else abort(404)


def _step(step_id: str) -> Step:
    step = BY_ID.get(step_id)
    return step if step and step.prefixes else abort(404)


def _problems(typed: Typed, step: Step) -> list[Problem]:
    here = services()
    return step_problems(typed, step, here.catalog, here.clock(), here.time_zone)


def _page(draft: Draft, step: Step, typed: Typed, problems: Iterable[Problem], notice: str = "") -> str:
    return step_page(draft, step, typed, problems, notice, seen=_seen(draft.typed, step))


def _with_sent(typed: Typed, step: Step) -> dict[str, list[str]]:
    """Return the answers with those of one step exchanged for what was sent; fields that are not asked are ignored."""
    sent = {name: request.form.getlist(name) for name in request.form}
    form = StepForm(step, sent, services().catalog)
    kept = {name: values for name, values in typed.items() if not _belongs(name, step, form)}
    return kept | {name: sent[name] for name in form.names() if name in sent}


def _belongs(name: str, step: Step, form: StepForm) -> bool:
    return name in form or bool(step.rows and name.startswith(f"{step.rows}."))


def _after_search(typed: dict[str, list[str]], before: Typed, going: str) -> dict[str, list[str]]:
    """Return the answers after an operation was searched for, or chosen among the matches."""
    if going == "as-typed" and first(typed, finding.OPERATION + FIND):
        return finding.as_typed(typed)
    chosen = going.removeprefix("choose-")
    procedures = services().catalog.procedures
    if going.startswith("choose-") and chosen in procedures:
        return finding.chosen(typed, chosen)
    return finding.settled_search(typed, before, procedures)


def _with_people(typed: dict[str, list[str]], going: str) -> dict[str, list[str]]:
    """Return the answers with what the hospital's list knows; new names are kept on it when that is asked for."""
    here = services()
    listed = here.people.all()
    found = team.with_numbers(typed, listed)
    if request.form.get("keep-people"):
        here.people.add(team.named(found), here.clock())
    return team.with_only_ones(found, listed) if going == "fill-people" else found


def _kinds_not_offered(typed: Typed) -> bool:
    """Whether the operation has kinds and the page that was sent did not offer them."""
    operation = first(typed, finding.OPERATION)
    return bool(services().catalog.variant_labels(operation)) and request.form.get("kinds-of") != operation


def _after_button(typed: dict[str, list[str]], step: Step, going: str) -> tuple[dict[str, list[str]], str]:
    """Return the answers after a button that stays on the step was pressed, and the place on the page to go to."""
    if step is OPERATION and going == "find":
        found = first(typed, finding.OPERATION + FIND)
        return typed, "operation-matches" if found else field_id(finding.OPERATION)
    if step is OPERATION and going.startswith(("choose-", "as-typed")):
        typed_in = first(typed, finding.OPERATION) == finding.NOT_LISTED
        return typed, field_id(finding.TYPED if typed_in else finding.OPERATION)
    if step is TEAM and going == "fill-people":
        return typed, "step"
    if step.rows and going == "add-row":
        first_field = ROWS[step.rows].first
        added = with_row(without_blank_rows(typed, step.rows), step.rows, first_field)
        return added, field_id(f"{step.rows}.{rows(added, step.rows) - 1}.{first_field}")
    if step.rows and going.startswith("remove-row-") and going.removeprefix("remove-row-").isdecimal():
        return without_row(typed, step.rows, int(going.removeprefix("remove-row-"))), "rows"
    if step.rows and any(has_answer(typed, f"{step.rows}.{index}.") for index in range(rows(typed, step.rows))):
        return without_blank_rows(typed, step.rows), ""
    return typed, ""


def _address(draft: Draft, typed: Typed, step: Step, going: str) -> str:
    """Return where a button leads: the next step, or the one it names."""
    shown = steps_for(first(typed, "kind"), has_operation_answers(typed))
    if going in BY_ID:
        target = BY_ID[going]
    else:
        place = shown.index(step) if step in shown else shown.index(REVIEW) - 1
        target = shown[place + 1]
    if target is REVIEW:
        return url_for("review.show", draft_id=draft.id)
    return url_for("drafts.show_step", draft_id=draft.id, step_id=target.id)


def _blank_rows(typed: Typed, step: Step) -> tuple[str, ...]:
    if not step.rows:
        return ()
    prefixes = (f"{step.rows}.{index}." for index in range(rows(typed, step.rows)))
    return tuple(prefix for prefix in prefixes if not has_answer(typed, prefix))


def _seen(typed: Typed, step: Step) -> str:
    """Return a mark of what is saved for a step, so that a page from before another save is noticed."""
    mine: Mapping[str, Any] = {
        name: values
        for name, values in sorted(typed.items())
        if step.holds(name) and any(value.strip() for value in values)
    }
    return hashlib.sha256(json.dumps(mine).encode()).hexdigest()[:16]
