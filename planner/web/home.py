"""The first page: saved plans and drafts; and the address that says the program is alive."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, render_template, request

from planner.forms.typed import Typed, first
from planner.web.services import services

pages = Blueprint("home", __name__)

PLANS_ON_A_PAGE = 50


@pages.get("/")
def index() -> str:
    """Show plans, drafts, and the buttons that start a plan."""
    store = services().store
    page = max(request.args.get("page", 1, type=int), 1)
    count = store.count_plans()
    drafts = [
        {
            "id": draft.id,
            "step": draft.step,
            "updated_at": draft.updated_at,
            "name": first(draft.typed, "patient.name"),
            "operation": _operation(draft.typed),
        }
        for draft in store.drafts()
    ]
    return render_template(
        "plans/list.html",
        plans=store.plans((page - 1) * PLANS_ON_A_PAGE, PLANS_ON_A_PAGE),
        drafts=drafts,
        page=page,
        pages=max(-(-count // PLANS_ON_A_PAGE), 1),
        count=count,
    )


@pages.get("/favicon.ico")
def icon() -> Response:
    """Send the icon to a browser that shows a paper, which names none."""
    return current_app.send_static_file("throughline.svg")


@pages.get("/health/live")
def live() -> tuple[str, int, dict[str, str]]:
    """Say that the program runs and its database answers."""
    services().store.is_alive()
    return "alive\n", 200, {"Content-Type": "text/plain; charset=utf-8"}


def _operation(typed: Typed) -> str:
    if first(typed, "kind") == "standing":
        return "Standing plan"
    chosen = first(typed, "surgery.procedure")
    return first(typed, "surgery.procedure_text") or services().catalog.procedure_labels().get(chosen, "")
