"""Papers of a plan: printed once, kept as bytes, and sent again byte for byte."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from planner.documents import (
    PrintFailed,
    clinician_pdf,
    details_pdf,
    last_dose_letter_pdf,
    local_anesthetic_card_pdf,
    patient_pdf,
    standing_pdf,
    wallet_pdf,
)
from planner.store import SavedPlan
from planner.web.services import services

# Kind as stored (at most 20 letters) and as in the address, to what makes it.
PAPERS: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], bytes]] = {
    "plan": clinician_pdf,
    "details": details_pdf,
    "local-anesthetic": local_anesthetic_card_pdf,
    "patient": patient_pdf,
    "standing": standing_pdf,
    "wallet": wallet_pdf,
    "letter": last_dose_letter_pdf,
}


class PrintingFailed(Exception):
    """Raised when a paper cannot be made; its cause is the reason, ``advice`` a sentence for the reader."""

    def __init__(self, advice: str = "") -> None:
        """Keep the sentence, if there is one."""
        super().__init__(advice)
        self.advice = advice


def print_once(saved: SavedPlan, kind: str) -> None:
    """Make and keep a paper of a saved plan, unless it was printed before.

    Raises:
        PrintingFailed: the paper cannot be made; nothing is stored.
    """
    store = services().store
    if store.document(saved.id, kind) is None:
        store.keep_document(saved.id, kind, _rendered(saved, kind), services().clock())


def file_name(saved: SavedPlan, kind: str) -> str:
    """Return a file name that names nobody: ``throughline-plan-1a2b3c4d.pdf``."""
    return f"throughline-{kind}-{saved.short_id}.pdf"


def _rendered(saved: SavedPlan, kind: str) -> bytes:
    try:
        return PAPERS[kind](saved.case, saved.plan)
    except PrintFailed as error:
        raise PrintingFailed(str(error)) from error
    except Exception as error:
        raise PrintingFailed from error
