"""The fixed words of the paper: verdicts, parts, sections, and what they mean. Shared by PDF and plain text."""

from __future__ import annotations

from collections.abc import Mapping

VERDICT_WORDS: Mapping[str, str] = {
    "continue": "CONTINUE",
    "continue_with_change": "CONTINUE WITH CHANGE",
    "hold": "HOLD",
    "clinician_choice": "CLINICIAN CHOICE",
    "stop_and_ask": "STOP AND ASK",
    "restart": "RESTART",
    "never": "NEVER",
    "avoid": "AVOID",
    "caution": "CAUTION",
    "call": "CALL",
    "do": "DO",
    "recommend": "RECOMMEND",
    "consider": "CONSIDER",
    "note": "NOTE",
    "ask": "ASK FIRST",
}

# Verdicts that rule something out.
STOPS = ("never", "avoid")

# The line of the toxicity card with the dose of lipid emulsion for this person.
LIPID_FOR_THIS_PERSON = "lipid_for_this_person"

# How heavy the border is: the word carries the meaning, the weight helps the eye; color carries nothing.
DECISION_STYLE: Mapping[str, str] = {
    "stop_and_ask": "solid",
    "hold": "solid",
    "never": "solid",
    "avoid": "thick",
    "clinician_choice": "thick",
    "ask": "dashed",
    "caution": "thick",
    "call": "thick",
    "continue": "thick",
    "continue_with_change": "thick",
    "restart": "thin",
    "recommend": "thin",
    "consider": "thin",
}

PART_LABELS: Mapping[str, str] = {
    "decision": "Decision",
    "verify": "Verify first",
    "before": "Before surgery",
    "day_of": "Day of surgery",
    "after": "After surgery",
    "hold": "If it is held",
    "restart": "Restart",
    "red_flag": "Red flags",
    "call": "Call",
    "disagreement": "Sources differ",
}

# The sections of a plan.
SECTION_TITLES: Mapping[str, str] = {
    "conflicts": "First of all",
    "moud": "Medication for addiction (MOUD)",
    "non_opioid": "Pain relief without opioids",
    "regional": "Regional anesthesia",
    "anticoagulant": "Blood thinners",
    "local_anesthetic": "Local anesthetic",
    "toxicity_card": "Local anesthetic toxicity",
    "opioids": "If an opioid is needed",
    "monitoring": "Monitoring",
    "discharge": "Going home",
    "aftercare": "Aftercare and recovery",
    "team": "Team",
}

# Where a line stands on paper: pain relief in the order in which it is given, the base first and rescue last. The
# steps of the section on relief without opioids are those of the drug catalog.
PLACE_TITLES: Mapping[str, str] = {
    "conflicts": SECTION_TITLES["conflicts"],
    "moud": SECTION_TITLES["moud"],
    "backbone": "Step 1. The base, by the clock",
    "regional": "Step 2. Regional anesthesia",
    "anticoagulant": SECTION_TITLES["anticoagulant"],
    "local_anesthetic": SECTION_TITLES["local_anesthetic"],
    "toxicity_card": SECTION_TITLES["toxicity_card"],
    "adjunct": "Step 3. Added to the base",
    "opioids": "Step 4. Rescue: if an opioid is needed",
    "non_drug": "Without medicine",
    "not_started": "Not started",
    "monitoring": SECTION_TITLES["monitoring"],
    "discharge": SECTION_TITLES["discharge"],
    "aftercare": SECTION_TITLES["aftercare"],
    "team": SECTION_TITLES["team"],
}

# How far people in recovery misuse a medicine: a short word beside its name; none needs no word.
MISUSE_WORDS: Mapping[str, str] = {"low": "misuse: low", "medium": "misuse: medium", "high": "misuse: high"}

DEFINITIONS: tuple[tuple[str, str], ...] = (
    ("Continue", "the usual daily total, the day of surgery included."),
    ("Hold", "not given; the last dose and the restart are stated here with dates."),
    ("Split", "the same daily total in smaller doses, not more and not less."),
    ("Restart", "only when each condition stated here is met."),
    ("Ask first", "not decided: a fact is missing that could forbid it."),
    ("Day 0", "the day of surgery."),
)

READ_LABELS: Mapping[str, str] = {
    "full": "read in full",
    "part": "read in part",
    "secondary": "seen through another source",
    "none": "not yet opened",
}

EVIDENCE_LABELS: Mapping[str, str] = {
    "read": "read at the source",
    "secondary": "seen through another source",
    "unverified": "† not yet traced to its source",
}

DECISION_SUPPORT = "Decision support for clinicians. Not for time-critical decisions."
PART_2 = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
CONFIRM = "† confirm locally"
