"""The fixed words of the pages. Verdicts, parts and places are those of the paper, so that both say the same."""

from __future__ import annotations

from collections.abc import Mapping

from planner.documents.labels import (
    DECISION_SUPPORT,
    EVIDENCE_LABELS,
    PART_LABELS,
    PLACE_TITLES,
    READ_LABELS,
    SECTION_TITLES,
    VERDICT_WORDS,
)

__all__ = ["DECISION_SUPPORT", "EVIDENCE_LABELS", "PART_LABELS", "PLACE_TITLES", "READ_LABELS", "SECTION_TITLES"]

VERDICTS: Mapping[str, str] = {verdict: words.capitalize() for verdict, words in VERDICT_WORDS.items()}

# How far people in recovery misuse a medicine; where there is no such risk, nothing is said.
MISUSE: Mapping[str, str] = {"low": "Misuse risk: low", "medium": "Misuse risk: medium", "high": "Misuse risk: high"}

# How a verdict looks; its word always stands beside it, so that no meaning hangs on the color.
TONES: Mapping[str, str] = {
    "stop_and_ask": "stop",
    "never": "stop",
    "avoid": "stop",
    "hold": "hold",
    "clinician_choice": "hold",
    "caution": "hold",
    "ask": "ask",
    "call": "ask",
    "continue": "go",
    "continue_with_change": "go",
    "recommend": "go",
    "do": "go",
    "restart": "go",
    "consider": "plain",
    "note": "plain",
}

PHASES: Mapping[str, str] = {
    "before": "before surgery",
    "during": "during surgery",
    "recovery_room": "recovery room",
    "ward": "on the ward",
    "home": "at home",
}

WHO: Mapping[str, str] = {"patient": "Patient", "team": "Team", "otp": "OTP", "crna": "CRNA"}

UNCONFIRMED = "† confirm locally: not yet traced to its source"

NO_ACCOUNTS = (
    "There are no accounts yet: whoever uses this computer can open these pages. "
    "The server answers on this computer only."
)
INTENDED_USE = (
    "Throughline is decision support for clinicians. It does not replace their judgment, "
    "and it is not for time-critical decisions."
)
