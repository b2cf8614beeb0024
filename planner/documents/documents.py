"""The documents by name: plain data in, bytes of a PDF out. Runs in the render process or the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planner import choices
from planner.documents import clinician, details, html, labels, patient
from planner.documents.render import html_to_pdf

Data = Mapping[str, Any]


def make(document: str, case: Data, plan: Data) -> bytes:
    """Return a document.

    Args:
        document: ``clinician``, ``details`` or ``patient``.
        case: the Case as plain data, dates as ISO text.
        plan: the Plan as plain data.

    Raises:
        KeyError: there is no such document.
    """
    makers = {"clinician": clinician_document, "details": details_document, "patient": patient_document}
    return makers[document](case, plan)


def clinician_document(case: Data, plan: Data) -> bytes:
    """Return the plan sheet."""
    return _pdf(clinician_html(case, plan), "clinician.css")


def clinician_html(case: Data, plan: Data) -> str:
    """Return the HTML of the plan sheet."""
    return html.page(
        "clinician.html",
        words=labels,
        kind=choices.KINDS[plan["kind"]],
        setting=choices.SETTINGS.get(case["surgery"]["setting"] or "", ""),
        **clinician.view(case, plan),
    )


def details_document(case: Data, plan: Data) -> bytes:
    """Return the details and evidence of the plan sheet."""
    return _pdf(html.page("details.html", words=labels, **details.view(case, plan)), "details.css")


def _pdf(page: str, style: str) -> bytes:
    pdf = html_to_pdf(page, style)
    assert pdf is not None
    return pdf


def patient_document(case: Data, plan: Data) -> bytes:
    """Return the patient's sheet: one page with what fits, or two with everything (see ``planner.documents.patient``)."""
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
    if pdf is None:
        pdf = html_to_pdf(patient_html(case, plan, found, len(found.may)), "patient.css")
    assert pdf is not None
    return pdf


def _one_page(case: Data, plan: Data, found: patient.Sheet, optional: int) -> bytes | None:
    return html_to_pdf(patient_html(case, plan, found, optional), "patient.css", pages_at_most=1)


def patient_html(case: Data, plan: Data, found: patient.Sheet, optional: int) -> str:
    """Return the HTML of the patient's sheet with a number of its optional sentences."""
    return html.page("patient.html", **patient.view(case, plan, found, optional))


def warm_up() -> None:
    """Load fonts and parse the style sheets, so that the first document takes little longer than the next."""
    page = '<html lang="en"><head><title>-</title></head><body><p>Ready <b>ready</b> <i>ready</i></p></body></html>'
    for name in ("clinician.css", "details.css", "patient.css"):
        html_to_pdf(page, name)
