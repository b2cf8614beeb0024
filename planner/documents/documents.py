"""The documents by name: plain data in, bytes of a PDF out. Runs in the render process or the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planner import choices
from planner.documents import budget, card, clinician, details, emergency, html, labels, letter, patient
from planner.documents.render import html_to_pdf
from planner.knowledge.load import cited, load
from planner.plan import as_data

Data = Mapping[str, Any]


def make(document: str, case: Data, plan: Data) -> bytes:
    """Return a document.

    Args:
        document: ``clinician``, ``details``, ``local_anesthetic_card``, ``patient``, ``standing``, ``wallet`` or ``letter``.
        case: the Case as plain data, dates as ISO text.
        plan: the Plan as plain data.

    Raises:
        KeyError: there is no such document.
    """
    makers = {
        "clinician": clinician_document,
        "details": details_document,
        "local_anesthetic_card": card_document,
        "patient": patient_document,
        "standing": standing_document,
        "wallet": wallet_document,
        "letter": letter_document,
    }
    return makers[document](case, plan)


def clinician_document(case: Data, plan: Data) -> bytes:
    """Return the plan sheet; when it needs more than three pages it is set closer, its last parts at last without breaks."""
    for room in ("", "close", "closest"):
        page = clinician_html(case, plan, room)
        pdf = html_to_pdf(page, "clinician.css", pages_at_most=3)
        if pdf:
            return pdf
    return _pdf(page, "clinician.css")


def clinician_html(case: Data, plan: Data, room: str = "") -> str:
    """Return the HTML of the plan sheet.

    ``room`` is "close" for less space between lines, "closest" for last parts whose lines follow each other as well.
    """
    return html.page(
        "clinician.html",
        words=labels,
        kind=choices.KINDS[plan["kind"]],
        setting=choices.SETTINGS.get(case["surgery"]["setting"] or "", ""),
        room=room,
        run_in=clinician.RUN_IN if room == "closest" else (),
        **clinician.view(case, plan),
    )


def details_document(case: Data, plan: Data) -> bytes:
    """Return the details and evidence of the plan sheet."""
    return _pdf(html.page("details.html", words=labels, **details.view(case, plan)), "details.css")


def card_document(case: Data, plan: Data) -> bytes:
    """Return the local anesthetic card: one page, for which it is set closer the more is listed."""
    for room in ("log", "", "close", "closest"):
        page = card_html(case, plan, room)
        pdf = html_to_pdf(page, "card.css", pages_at_most=1)
        if pdf:
            return pdf
    return _pdf(page, "card.css")


def card_html(case: Data, plan: Data, room: str = "") -> str:
    """Return the HTML of the local anesthetic card.

    ``room`` is "log" with a table to fill in by hand, "close" for smaller type, "closest" for sources by year alone too.
    """
    return html.page(
        "card.html",
        words=labels,
        room=room,
        plain=budget.PLAIN,
        with_epinephrine=budget.WITH_EPINEPHRINE,
        either=budget.EITHER,
        **card.view(case, plan, _per_kilogram(plan) if budget.by_weight_only(plan["budget"]) else ()),
    )


def _per_kilogram(plan: Data) -> list[card.PerKilogram]:
    """Return the limits of each local anesthetic for each kg, as the plan was made with them.

    A plan that was made with another knowledge base gets none: its limits are then filled in by hand.
    """
    knowledge = load()
    if knowledge.hash != plan["knowledge"]["hash"]:
        return []
    return [
        card.per_kilogram(drug, [as_data(cited(knowledge.sources, cite["id"], cite["where"])) for cite in drug.sources])
        for drug in knowledge.catalog.local_anesthetics.values()
    ]


def _pdf(page: str, style: str) -> bytes:
    pdf = html_to_pdf(page, style)
    assert pdf is not None
    return pdf


def patient_document(case: Data, plan: Data) -> bytes:
    """Return the patient's sheet: one page with what fits, or two with everything (see ``planner.documents.patient``).

    What must stand on it is set closer before a second page is begun.
    """
    found = patient.sheet(plan)
    optional = found.fitting()
    pdf = _one_page(case, plan, found, optional)
    while pdf is None and optional > 0:
        optional -= 1
        pdf = _one_page(case, plan, found, optional)
    while pdf is not None and optional < len(found.may):
        optional += 1
        fuller = _one_page(case, plan, found, optional)
        if fuller is None:
            break
        pdf = fuller
    pdf = pdf or _one_page(case, plan, found, 0, close=True)
    return pdf or _pdf(patient_html(case, plan, found, len(found.may)), "patient.css")


def _one_page(case: Data, plan: Data, found: patient.Sheet, optional: int, *, close: bool = False) -> bytes | None:
    return html_to_pdf(patient_html(case, plan, found, optional, close=close), "patient.css", pages_at_most=1)


def patient_html(case: Data, plan: Data, found: patient.Sheet, optional: int, *, close: bool = False) -> str:
    """Return the HTML of the patient's sheet with a number of its optional sentences; ``close`` with less space."""
    return html.page("patient.html", close=close, **patient.view(case, plan, found, optional))


def standing_document(case: Data, plan: Data) -> bytes:
    """Return the standing plan on one page; what may be left out goes, the last first, and it says how much."""
    optional = emergency.sheet(case, plan)["can_leave_out"]
    for room, kept in (("", optional), *(("close", left) for left in range(optional, -1, -1))):
        page = html.page("standing.html", words=labels, room=room, **emergency.sheet(case, plan, kept))
        pdf = html_to_pdf(page, "standing.css", pages_at_most=1)
        if pdf:
            return pdf
    return _pdf(page, "standing.css")


def wallet_document(case: Data, plan: Data) -> bytes:
    """Return the wallet card: both sides on one sheet in the largest type and with as much as fits; never a cut dose.

    Each side is first laid out on a page of the size of the card.
    """
    for room in emergency.ROOMS:
        view = {"words": labels, **emergency.wallet(case, plan, room)}
        sides = (html.page("wallet.html", side=side, **view) for side in ("front", "back"))
        if all(html_to_pdf(side, "wallet.css", pages_at_most=1) for side in sides):
            return _pdf(html.page("wallet.html", side="", **view), "wallet.css")
    whole = emergency.wallet(case, plan, emergency.Room(7, 99, 99), fits=False)
    return _pdf(html.page("wallet.html", side="", words=labels, **whole), "wallet.css")


def letter_document(case: Data, plan: Data) -> bytes:
    """Return the last-dose letters, one page for each medicine for addiction."""
    return _pdf(html.page("letter.html", words=labels, **letter.view(case, plan)), "letter.css")


def warm_up() -> None:
    """Load fonts and parse the style sheets, so that the first document takes little longer than the next."""
    page = '<html lang="en"><head><title>-</title></head><body><p>Ready <b>ready</b> <i>ready</i></p></body></html>'
    for name in ("clinician.css", "details.css", "card.css", "patient.css", "standing.css", "wallet.css", "letter.css"):
        html_to_pdf(page, name)
