"""Paper: plan sheet, details, patient's sheet, last-dose letter, standing plan, wallet card and local anesthetic card as PDF, from Case and Plan as plain data.

>>> case_data = case.model_dump(mode="json")
>>> plan_data = planner.plan.as_data(plan)
>>> clinician_pdf(case_data, plan_data)

Importing this package loads neither Pango nor fonts; the render process does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planner.documents.failure import PrintFailed

__all__ = [
    "PrintFailed",
    "clinician_pdf",
    "details_pdf",
    "last_dose_letter_pdf",
    "local_anesthetic_card_pdf",
    "patient_pdf",
    "standing_pdf",
    "start_printing",
    "wallet_pdf",
]

_NOT_STANDING = (
    "There is no standing plan or card: this plan is for an operation. Start a plan of the kind “no operation planned”."
)
_NO_LETTER = "There is no last-dose letter: no medication for addiction is listed in this plan."
_NO_CARD = "There is no local anesthetic card: no operation is ahead in this plan."


def start_printing() -> None:
    """Start the render process before it is needed: after a fork, in each web worker. Warns when printing is slow."""
    from planner.documents.process import SHARED

    SHARED.start()


def clinician_pdf(case: Mapping[str, Any], plan: Mapping[str, Any], *, in_process: bool = False) -> bytes:
    """Return the plan sheet, which stands alone, as a tagged PDF; the same data give the same bytes.

    Args:
        case: ``Case.model_dump(mode="json")``.
        plan: ``planner.plan.as_data(plan)``.
        in_process: render here instead of in the render process; for a command line that prints once.

    Raises:
        PrintFailed: with one sentence that a reader can act on.
    """
    return _document("clinician", case, plan, in_process)


def details_pdf(case: Mapping[str, Any], plan: Mapping[str, Any], *, in_process: bool = False) -> bytes:
    """Return "Details and evidence" as a tagged PDF: each line in full with reason, rule, facts and sources.

    Arguments and errors as for ``clinician_pdf``.
    """
    return _document("details", case, plan, in_process)


def local_anesthetic_card_pdf(case: Mapping[str, Any], plan: Mapping[str, Any], *, in_process: bool = False) -> bytes:
    """Return the local anesthetic card as a tagged PDF of one page: the limit for this person, and what to do in toxicity.

    Arguments and errors as for ``clinician_pdf``; a plan without an operation that is ahead has no card.
    """
    if plan["budget"] is None:
        raise PrintFailed(_NO_CARD)
    return _document("local_anesthetic_card", case, plan, in_process)


def patient_pdf(case: Mapping[str, Any], plan: Mapping[str, Any], *, in_process: bool = False) -> bytes:
    """Return the patient's sheet as a tagged PDF; arguments and errors as for ``clinician_pdf``."""
    return _document("patient", case, plan, in_process)


def last_dose_letter_pdf(case: Mapping[str, Any], plan: Mapping[str, Any], *, in_process: bool = False) -> bytes:
    """Return the letter with the last dose for the OTP or prescriber as a tagged PDF, one page for each medicine.

    Arguments and errors as for ``clinician_pdf``; without a medicine for addiction there is none.
    """
    if not plan["summary"]["medicines"]:
        raise PrintFailed(_NO_LETTER)
    return _document("letter", case, plan, in_process)


def standing_pdf(case: Mapping[str, Any], plan: Mapping[str, Any], *, in_process: bool = False) -> bytes:
    """Return the standing plan on one page, for a team that has never met the person, as a tagged PDF.

    Arguments and errors as for ``clinician_pdf``; a plan for an operation has none.
    """
    if plan["kind"] != "standing":
        raise PrintFailed(_NOT_STANDING)
    return _document("standing", case, plan, in_process)


def wallet_pdf(case: Mapping[str, Any], plan: Mapping[str, Any], *, in_process: bool = False) -> bytes:
    """Return the wallet card of a standing plan, both sides on one Letter sheet, as a tagged PDF.

    Arguments and errors as for ``clinician_pdf``; a plan for an operation has none: its days would mislead a team that
    meets the person after an injury.
    """
    if plan["kind"] != "standing":
        raise PrintFailed(_NOT_STANDING)
    return _document("wallet", case, plan, in_process)


def _document(name: str, case: Mapping[str, Any], plan: Mapping[str, Any], in_process: bool) -> bytes:
    from planner.documents import letters

    fault = letters.check(case, plan)
    if fault:
        raise PrintFailed(fault)
    if in_process:
        from planner.documents import documents

        return documents.make(name, case, plan)
    from planner.documents.process import SHARED

    return SHARED.render(name, case, plan)
