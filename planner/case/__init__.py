"""The Case: what was said about one person and one operation.

A form, a YAML file and a JSON file all become the same ``Case``. A field that was not answered is
``None``, which means *not known*: it is never read as "no". Lists follow the same rule: ``None`` is not
known, an empty list is "none of these".

``questions.py`` holds every question, ``reading.py`` turns answers into a Case or refuses them.
"""

from planner.case.dates import LATEST_RESTART_DAYS
from planner.case.declare import Answers, some_text
from planner.case.questions import (
    DEFAULT_TIME_ZONE,
    Anticoagulant,
    Case,
    HoldChoice,
    LocalAnestheticGiven,
    MoudEntry,
    Team,
    Verification,
)
from planner.case.reading import MOST_MEDICINES, Catalog, label_of, questions, read_case

__all__ = [
    "DEFAULT_TIME_ZONE",
    "LATEST_RESTART_DAYS",
    "MOST_MEDICINES",
    "Answers",
    "Anticoagulant",
    "Case",
    "Catalog",
    "HoldChoice",
    "LocalAnestheticGiven",
    "MoudEntry",
    "Team",
    "Verification",
    "label_of",
    "questions",
    "read_case",
    "some_text",
]
