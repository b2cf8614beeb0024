"""Facts from scores that the answers decide: so far PRODIGY, which says how closely to watch breathing on a ward."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from planner.facts.declare import FactValue, fact
from planner.scores import PRODIGY

_POINTS = {item.id: item.options for item in PRODIGY.items}
_DECADES = (60.0, 70.0, 80.0)


@dataclass(frozen=True, slots=True)
class ScoreFacts:
    """What follows from the answers that a score counts."""

    prodigy_high: bool | None = fact(
        "PRODIGY class is high (15 points or more)", question="Age, sex, sleep apnea and heart failure?"
    )


def score_facts(values: Mapping[str, FactValue], sex: str | None) -> ScoreFacts:
    """Return the class where the answers decide it, whatever the open ones are (PRODIGY2020)."""
    least, most = _range(values, sex)
    high = PRODIGY.bands[-1].at_least
    return ScoreFacts(prodigy_high=True if least >= high else False if most < high else None)


def prodigy_answers(values: Mapping[str, FactValue], sex: str | None) -> dict[str, int | None]:
    """Return for each item of PRODIGY the place of its answer among the options; None where it is not known."""
    age = values.get("patient.age_years")
    decade = None if not isinstance(age, float) else sum(age >= limit for limit in _DECADES)
    apnea = [values.get("condition.osa_untreated"), values.get("condition.osa_treated")]
    opioid = [values.get(name) for name in ("moud.agonist", "health.opioid_at_home", "recovery.recent_or_active_use")]
    return {
        "age": decade,
        "male": {"male": 1, "female": 0}.get(sex or ""),
        "naive": 0 if True in opioid else 1 if opioid == [False] * 3 else None,
        "sleep": 1 if True in apnea else 0 if apnea == [False, False] else None,
        "heart_failure": _place(values.get("condition.heart_failure")),
    }


def _range(values: Mapping[str, FactValue], sex: str | None) -> tuple[int, int]:
    """Return the fewest and the most points that the answers allow."""
    points = [
        [option.points for place, option in enumerate(_POINTS[name]) if answer in (None, place)]
        for name, answer in prodigy_answers(values, sex).items()
    ]
    return sum(map(min, points)), sum(map(max, points))


def _place(answer: FactValue | None) -> int | None:
    return int(answer) if isinstance(answer, bool) else None
