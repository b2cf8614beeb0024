"""Hypothesis builds Cases that may be given, from the declarations in ``case.py``: limits, choices, what may stay empty.

A new question is picked up by itself. Only dates that must fit each other, and names that the knowledge base gives, are
listed here by their place in the Case.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, get_args
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from pydantic.fields import FieldInfo

from planner.case import LATEST_RESTART_DAYS, Answers, Case, MoudEntry, read_case
from planner.inputs import whole_number
from planner.knowledge import load

ZONES = (
    "America/New_York", "America/Chicago", "America/Phoenix", "America/Anchorage", "America/Puerto_Rico", "Pacific/Honolulu",
    "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Auckland",
)  # fmt: skip
WITHOUT_CLOCK_CHANGES = ("America/Phoenix", "America/Puerto_Rico", "Pacific/Honolulu", "Asia/Kolkata")
TEXTS = (
    "Ana Lee", "O'Brien", "<script>alert(1)</script>", "{dose} {labs.egfr}", "José 王小明 👩‍⚕️", "Null", "555-0134", "-", "x" * 200,
    "Robert'); DROP TABLE patients;--",
)  # fmt: skip
# Films, Zubsolv and Bunavail totals, injections, methadone, naltrexone: doses at which rules turn.
USUAL_DOSES = (
    *[
        "2",
        "4",
        "8",
        "10",
        "12",
        "16",
        "20",
        "24",
        "26",
        "32",
        "40",
        "41",
        "1.4",
        "5.7",
        "11.4",
        "4.2",
        "12.6",
        "64",
        "100",
        "128",
        "300",
        "380",
        "30",
        "60",
        "90",
        "120",
        "25",
        "50",
        "4.5",
    ],
)
# The days around the clock changes of 2026 and 2027, month ends, a leap day.
SPECIAL_DAYS = tuple(
    date.fromisoformat(day)
    for day in (
        "2026-03-07", "2026-03-08", "2026-04-05", "2026-10-04", "2026-10-31", "2026-11-01", "2026-11-23", "2026-12-31", "2027-02-28",
        "2027-03-14", "2028-02-29",
    )
)  # fmt: skip

settings.register_profile("dev", max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
# On the build machine: the same cases each time, so that a change of one line does not fail for another reason.
settings.register_profile(
    "ci", max_examples=250, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

# The main property looks at so many Cases, those that compare two plans at so many pairs; the others at the number of the profile.
MAIN_EXAMPLES = 5000 if os.environ.get("CI") else 300
PAIRS = 1000 if os.environ.get("CI") else 60


@dataclass(frozen=True)
class Given:
    """Answers that may be given, and the moment at which they are."""

    answers: Mapping[str, Any]
    now: datetime

    def case(self) -> Case:
        """Return the Case; an answer that is refused is a fault of this module or of ``case.py``."""
        return read_case(self.answers, load().catalog, self.now)


@dataclass(frozen=True)
class Days:
    """The dates that the others must fit."""

    here: datetime
    born: date | None
    surgery: datetime | None

    @property
    def latest_dose(self) -> datetime:
        """The latest moment of a dose that counts for the operation."""
        return self.surgery or self.here

    @property
    def dosed(self) -> datetime:
        """The latest moment of a dose that was taken."""
        return min(self.latest_dose, self.here)


@st.composite
def cases(
    draw: st.DrawFn, zones: tuple[str, ...] = ZONES, longest_wait_days: int = 700, after_surgery: bool = False
) -> Given:
    """Return a strategy for admissible answers: before an operation or without one, or (``after_surgery``) after it."""
    zone = draw(st.sampled_from(zones))
    here = datetime.combine(draw(TODAY), draw(CLOCK))
    kind = draw(st.sampled_from(["scheduled", "scheduled", "urgent", "emergency", "standing"]))
    ahead = st.one_of(
        st.integers(0, 60 * 24 * 14), st.integers(0, 60 * 24 * 60), st.integers(-1, 60 * 24 * longest_wait_days)
    )
    waits = draw(AFTER_SURGERY if after_surgery else ahead)
    surgery = (
        None if kind == "standing" or waits == -1 else _not_skipped(here + timedelta(minutes=waits), ZoneInfo(zone))
    )
    years, days_more = draw(st.integers(17, 119)), draw(st.integers(1, 364))
    born = None if years == 17 else _years_before(here.date(), years) - timedelta(days=days_more)
    days = Days(here, born, surgery)
    answers: dict[str, Any] = _dated(draw(_group(Case, "", draw(st.booleans()))), days)
    answers |= {"kind": kind}
    answers["surgery"] = {**answers.get("surgery", {}), "time_zone": zone, "at": surgery and _clock(surgery)}
    answers["patient"] = {**answers.get("patient", {}), "birth_date": born and born.isoformat()}
    if surgery and surgery < here and not answers.get("opioids", {}).get("last_dose_at"):
        answers["opioids"] = {**answers.get("opioids", {}), "last_dose_at": _clock(surgery)}
    return Given(_without_contradictions(answers, years, here), here.replace(tzinfo=ZoneInfo(zone)))


TODAY = st.one_of(st.sampled_from(SPECIAL_DAYS), st.dates(date(2026, 1, 1), date(2028, 12, 31)))
# A restart is dated after the operation: then the last opioid is given.
AFTER_SURGERY = st.integers(1, 60 * 24 * (LATEST_RESTART_DAYS - 1)).map(lambda minutes: -minutes - 60)
CLOCK = st.integers(0, 24 * 60 - 1).map(lambda minutes: time(minutes // 60, minutes % 60))


def _not_skipped(clock: datetime, zone: ZoneInfo) -> datetime:
    """Return the clock time, an hour later when the clocks jump over it."""
    real = clock.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    return clock if real == clock else clock + timedelta(hours=1)


def _years_before(day: date, years: int) -> date:
    # The 28th exists in every month.
    return day.replace(year=day.year - years, day=min(day.day, 28))


# --- one group of questions after another ----------------------------------------------------------------------------

# A day or a clock time that is known once the day of the plan and that of surgery are.
Later = Callable[[Days], str | None]


def _dated(value: Any, days: Days) -> Any:
    """Return the answers with every date worked out."""
    if isinstance(value, dict):
        return {name: _dated(item, days) for name, item in value.items()}
    if isinstance(value, list):
        return [_dated(item, days) for item in value]
    return value(days) if callable(value) else value


@cache
def _group(model: type[Answers], path: str, complete: bool) -> st.SearchStrategy[dict[str, Any]]:
    fields = {name: _field(info, f"{path}{name}", complete) for name, info in model.model_fields.items()}
    always = {name: strategy for name, strategy in fields.items() if complete or model.model_fields[name].is_required()}
    return st.fixed_dictionaries(always, optional={name: fields[name] for name in fields if name not in always})


def _field(info: FieldInfo, path: str, complete: bool) -> st.SearchStrategy[Any]:
    if path in PLACES:
        return PLACES[path]()
    found = _answer(info, path, complete)
    may_be_empty = type(None) in get_args(info.annotation) and not complete
    return st.one_of(st.none(), found, found) if may_be_empty else found


def _answer(info: FieldInfo, path: str, complete: bool) -> st.SearchStrategy[Any]:
    """Return a strategy for one answer from its declaration: type, limits, choices."""
    group = _group_in(info.annotation)
    if group:
        one = _group(group, f"{path}.", complete)
        return st.lists(one, max_size=3) if _is_list(info.annotation) else one
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    if extra.get("choices"):
        choice = st.sampled_from(sorted(extra["choices"]))
        return st.lists(choice, max_size=5, unique=True) if _is_list(info.annotation) else choice
    types = _types(info.annotation)
    if bool in types:
        return st.booleans()
    if Decimal in types:
        return _number(info)
    if datetime in types:
        return _clock_before(400)
    if date in types:
        return _day_before(2000)
    if list in types:
        return st.lists(st.sampled_from(TEXTS[:5]), max_size=3)
    return st.one_of(
        st.sampled_from(TEXTS),
        st.sampled_from(TEXTS),
        st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), max_size=6),
    )


def _number(info: FieldInfo) -> st.SearchStrategy[str]:
    limits = {type(limit).__name__: limit for limit in info.metadata}
    low, high = Decimal(str(limits["Ge"].ge)), Decimal(str(limits["Le"].le))
    if any(getattr(rule, "func", None) is whole_number for rule in info.metadata):
        return st.integers(int(low), int(high)).map(str)
    return st.integers(math.ceil(low * 10), int(high * 10)).map(lambda tenths: str(Decimal(tenths) / 10))


def _types(annotation: Any) -> set[Any]:
    parts = get_args(annotation)
    origin = getattr(annotation, "__origin__", None)
    return {annotation, origin, *(found for part in parts for found in _types(part))} if parts else {annotation}


def _is_list(annotation: Any) -> bool:
    return list in _types(annotation)


def _group_in(annotation: Any) -> type[Answers] | None:
    return next((found for found in _types(annotation) if isinstance(found, type) and issubclass(found, Answers)), None)


# --- answers that must fit the others, by their place ----------------------------------------------------------------


def _clock(value: datetime) -> str:
    return value.isoformat(timespec="minutes")


def _day_before(most: int) -> st.SearchStrategy[Later]:
    return st.integers(0, most).map(lambda back: lambda days: (days.dosed.date() - timedelta(days=back)).isoformat())


def _clock_before(most_days: int) -> st.SearchStrategy[Later]:
    return st.integers(0, 60 * 24 * most_days).map(
        lambda back: lambda days: _clock(days.dosed - timedelta(minutes=back))
    )


def _before_surgery() -> st.SearchStrategy[Later]:
    """Return a dose planned between now and surgery; without surgery ahead it is now."""
    return st.integers(0, 100).map(
        lambda percent: lambda days: _clock(days.dosed + (days.latest_dose - days.dosed) * percent // 100)
    )


def _last_dose() -> st.SearchStrategy[Later | None]:
    """Return the last dose: mostly days ago, sometimes months ago, sometimes planned for before surgery."""
    return st.one_of(st.none(), _clock_before(6), _clock_before(120), _before_surgery())


def _last_injection() -> st.SearchStrategy[Later | None]:
    return st.one_of(st.none(), _day_before(50), _day_before(400))


def _next_due() -> st.SearchStrategy[Later | None]:
    # After any last injection or dose, which lies in the past or before surgery.
    return st.one_of(
        st.none(),
        st.integers(1, 60).map(lambda more: lambda days: (days.latest_dose.date() + timedelta(days=more)).isoformat()),
    )


def _restart() -> st.SearchStrategy[Later | None]:
    return st.one_of(
        st.none(),
        st.integers(0, 30).map(
            lambda more: lambda days: ((days.surgery or days.here).date() + timedelta(days=more)).isoformat()
        ),
    )


def _last_opioid() -> st.SearchStrategy[Later | None]:
    """Return the last opioid: after the operation, this year or next; without an operation, in the last weeks."""

    def around(minutes: int) -> Later:
        def moment(days: Days) -> str | None:
            last = days.surgery + timedelta(minutes=minutes) if days.surgery else days.here - timedelta(minutes=minutes)
            return _clock(last) if last.year <= days.here.year + 1 else None

        return moment

    return st.one_of(st.none(), st.integers(0, 60 * 24 * 20).map(around))


def _one_of_these(*names: str | None) -> Callable[[], st.SearchStrategy[Any]]:
    return lambda: st.sampled_from(names)


def _last_anticoagulant() -> st.SearchStrategy[Later | None]:
    """Return the last dose of a medicine against clotting: mostly around the hours and days of its interval."""
    near = st.integers(0, 24 * 11).map(lambda hours: lambda days: _clock(days.latest_dose - timedelta(hours=hours)))
    return st.one_of(st.none(), near, near, _last_dose())


def _anticoagulant_names() -> st.SearchStrategy[str | None]:
    agents = load().catalog.antithrombotics.values()
    named = [name for agent in agents for name in (agent.names[0], agent.names[-1], agent.label)]
    return st.sampled_from([*sorted(set(named)), "Eliquis 5 mg", "a new one", None])


def _anticoagulant_doses() -> st.SearchStrategy[str | None]:
    """Return doses as people write them, each usual one of the knowledge base among them."""
    usual = [
        f"{dose.each if dose.each is not None else f'{dose.per_kg} mg/kg'} {'' if dose.each is None else 'mg'} {times}"
        for agent in load().catalog.antithrombotics.values()
        for doses in agent.doses.values()
        for dose in doses
        for times in ({1: "once a day", 2: "twice daily", 3: "three times a day"}.get(dose.times, ""), "")
    ]
    return st.sampled_from([*sorted(set(usual)), "as always", "10,000 units", None])


def _after_surgery() -> st.SearchStrategy[Later | None]:
    later = st.integers(0, 24 * 5).map(
        lambda hours: lambda days: _clock((days.surgery or days.here) + timedelta(hours=hours))
    )
    return st.one_of(st.none(), later)


def _around_surgery() -> st.SearchStrategy[Later | None]:
    """Return when a local anesthetic was or will be given: up to five days before the operation, or during it."""
    around = st.integers(-120 * 60, 6 * 60).map(
        lambda minutes: lambda days: _clock((days.surgery or days.here) + timedelta(minutes=minutes))
    )
    return st.one_of(st.none(), around, around)


def _medicine_names() -> st.SearchStrategy[list[str] | None]:
    known = [group.names[0] for group in load().catalog.medicines.values()]
    known += ["ketorolac", "suzetrigine"]
    return st.one_of(
        st.none(),
        st.lists(st.sampled_from([*known, "sertraline", "Lorazepam 1 mg", "a herbal tea"]), max_size=4, unique=True),
    )


def _allergies() -> st.SearchStrategy[list[str] | None]:
    named = ["nsaid", "acetaminophen", "sulfonamide", "amide_local_anesthetic", "latex", "penicillin"]
    return st.one_of(st.none(), st.lists(st.sampled_from(named), max_size=3, unique=True))


PLACES: Mapping[str, Callable[[], st.SearchStrategy[Any]]] = {
    "kind": _one_of_these("scheduled"),
    "patient.birth_date": st.none,
    "patient.allergies": _allergies,
    "recovery.since": lambda: st.one_of(st.none(), _day_before(450), _day_before(2000)),
    "recovery.last_opioid_use": lambda: st.one_of(st.none(), _day_before(120), _day_before(2000)),
    "moud.product": lambda: st.sampled_from(sorted(load().catalog.products)),
    "moud.dose_mg": lambda: st.one_of(
        st.none(), st.sampled_from(USUAL_DOSES), _number(MoudEntry.model_fields["dose_mg"])
    ),
    "moud.last_dose_at": _last_dose,
    "moud.last_injection_on": _last_injection,
    "moud.next_due_on": _next_due,
    "moud.verification.at": lambda: _clock_before(30),
    "moud.verification.last_observed_dose_at": lambda: _clock_before(30),
    "moud.hold_choice.restart_on": _restart,
    "surgery.procedure": lambda: st.one_of(st.none(), st.sampled_from(sorted(load().catalog.procedures))),
    # The kind of an operation hangs on the operation; it is drawn as a number (see `_without_contradictions`).
    "surgery.variant": lambda: st.one_of(st.none(), st.integers(0, 9)),
    "surgery.local_anesthetics.at": _around_surgery,
    "surgery.at": st.none,
    "surgery.time_zone": st.none,
    "opioids.last_dose_at": _last_opioid,
    "opioids.home_stop_on": _restart,
    "going_home.discharge_on": _restart,
    "opioids.pdmp_checked_on": lambda: st.one_of(st.none(), _day_before(30)),
    "health.anticoagulants.last_dose_at": _last_anticoagulant,
    "health.anticoagulants.drug": _anticoagulant_names,
    "health.anticoagulants.dose": _anticoagulant_doses,
    "health.anticoagulants.restart_at": _after_surgery,
    "health.anticoagulants.days_taken": lambda: st.one_of(st.none(), st.integers(0, 10).map(str)),
    "health.anticoagulants.anti_xa": lambda: st.sampled_from([None, None, "0", "0.1", "0.2", "1"]),
    "health.anticoagulants.level_ng_ml": lambda: st.sampled_from([None, None, "0", "29", "30", "200"]),
    "health.medicines": _medicine_names,
}


def _without_contradictions(answers: dict[str, Any], years: int, here: datetime) -> dict[str, Any]:
    """Return the answers without the pairs that exclude each other, and with the names that “other” needs."""
    patient, surgery = answers["patient"], answers["surgery"]
    if patient.get("sex") == "male" or years > 55:
        patient = {**patient, "pregnant": None, "pregnancy_weeks": None, "postpartum": None, "breastfeeding": None}
    if patient.get("pregnant") is False:
        patient = {**patient, "pregnancy_weeks": None}
    kinds = sorted(load().catalog.variant_labels(surgery.get("procedure") or ""))
    if surgery.get("variant") is not None:
        surgery = {**surgery, "variant": kinds[surgery["variant"] % len(kinds)] if kinds else None}
    if surgery.get("local_anesthetics"):
        surgery = {**surgery, "local_anesthetics": [_told_in_one_way(one) for one in surgery["local_anesthetics"]]}
    if surgery.get("procedure") == "other":
        surgery = {**surgery, "procedure_text": surgery.get("procedure_text") or "Removal of a toe"}
    listed = answers.get("health", {}).get("anticoagulants")
    if listed:
        # What starts after the operation has no last dose before it.
        started = [{**one, "last_dose_at": None} if one.get("starts_after_surgery") else one for one in listed]
        answers = {**answers, "health": {**answers["health"], "anticoagulants": started}}
    leaves, stop = answers.get("going_home", {}).get("discharge_on"), answers.get("opioids", {}).get("home_stop_on")
    if leaves and stop and stop < leaves:
        answers = {**answers, "opioids": {**answers["opioids"], "home_stop_on": None}}
    moud = [_as_its_product_is_given(entry, here) for entry in answers.get("moud") or []]
    return {**answers, "patient": patient, "surgery": surgery, **({"moud": moud} if answers.get("moud") else {})}


def _told_in_one_way(one: dict[str, Any]) -> dict[str, Any]:
    """Return a local anesthetic with its amount in patches, in mg or in percent and mL, never in two of them."""
    by_volume = one.get("percent") is not None and one.get("volume_ml") is not None
    if one.get("route") == "patch":
        return {**one, "mg": None, "percent": None, "volume_ml": None}
    return {**one, "patches": None, "mg": None if by_volume else one.get("mg")}


def _as_its_product_is_given(entry: dict[str, Any], here: datetime) -> dict[str, Any]:
    """Return a medicine with its dose in the product's own unit, no injection ahead, and a name when it is not listed."""
    product = load().catalog.products[entry["product"]]
    entry = {**entry, "dose_mg" if product.unit.startswith("mcg") else "dose_mcg": None}
    if product.injected and (entry.get("last_dose_at") or "") > _clock(here):
        entry["last_dose_at"] = None
    if product.id == "other":
        entry["product_name"] = (entry.get("product_name") or "").strip() or "a new one"
    return entry
