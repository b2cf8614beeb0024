"""The thirty-three safety rules for pain relief without opioids, blocks, clotting and local anesthetics (I01 to I33).

Each was written from the sources before any record was read, and is checked at its edge and just beside it: on subjects,
verdicts, numbers and dates, and on what is absent. After each stands a test that runs the same check on a copy of the
knowledge base without the records, or without the entry of a catalog, that carry it, and expects it to fail.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from real_plans import (
    AGONISTS,
    BLOCKERS,
    KINDS,
    REAL,
    TEXTS,
    every_line,
    fails_without,
    film,
    ids,
    injected,
    methadone,
    person,
    plan,
    said,
    tablet,
)

from planner.documents.text import plan_text
from planner.knowledge.load import Knowledge, load
from planner.plan import DoseLine, Line, Plan, as_data, to_json

AT = datetime(2026, 12, 8, 7, 30)
# Verdicts that put a medicine or a block before somebody as something to start.
OFFERS = ("recommend", "do", "consider")

CLASS = "anti_inflammatory_medicines"
NSAIDS = (
    "celecoxib", "ibuprofen", "ibuprofen_iv", "naproxen", "diclofenac", "meloxicam_po", "meloxicam_iv", "ketorolac", "ketorolac_po",
)  # fmt: skip
KETOROLAC = ("ketorolac", "ketorolac_po")
ACETAMINOPHEN = (
    "acetaminophen", "acetaminophen_before", "acetaminophen_full_dose", "acetaminophen_every_6_hours", "acetaminophen_iv",
)  # fmt: skip
INFUSIONS = ("ketamine", "lidocaine_iv", "dexmedetomidine", "magnesium")

KNEE_REPLACEMENT = "total_knee_arthroplasty"
THORACOTOMY = "thoracotomy"
COLECTOMY = "open_colectomy"
FUSION = "lumbar_fusion"
SHOULDER = "rotator_cuff_repair"
TIBIA = "tibia_fracture_fixation"
CARDIAC = "cardiac_surgery_sternotomy"
TONSILS = "tonsillectomy"
BIRTH = "vaginal_delivery_perineal_tear"

# Spinal, epidural and deep blocks: the classes that the timing rules of ASRA25 hold for.
DEEP = frozenset(
    {
        "spinal_anesthesia", "intrathecal_morphine", "thoracic_epidural", "lumbar_epidural", "surgeon_epidural", "epidural_morphine",
        "paravertebral", "infraclavicular", "quadratus_lumborum", "proximal_sciatic_catheter",
    }
)  # fmt: skip

NERVE_BLOCKS = frozenset(name for name, block in REAL.catalog.blocks.items() if block.kind != "infiltration")

MOUD: dict[str, list[dict[str, Any]]] = {
    "none": [],
    "film": [film(16)],
    "methadone": [methadone()],
    "naltrexone by mouth": [tablet()],
    "naltrexone injection": [injected("naltrexone_xr", "2026-11-20", 380)],
}


@pytest.fixture(name="base", scope="module")
def real_base() -> Knowledge:
    """Return the real knowledge base; the companions call the same checks with a mutilated one."""
    return REAL


# --- what a plan says about a subject --------------------------------------------------------------------------------


def case(procedure: str = KNEE_REPLACEMENT, *moud: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return the answers for the well person, who took no acetaminophen, and one operation on 8 December, 07:30."""
    surgery = {"procedure": procedure, **changes.pop("surgery", {})}
    health = {"acetaminophen_mg_at_home": 0, **changes.pop("health", {})}
    return person(*moud, surgery=surgery, health=health, **changes)


def ill(*conditions: str, **health: Any) -> dict[str, Any]:
    return {"health": {"conditions": list(conditions), **health}}


def kidney(egfr: float | None, creatinine: float | None = None) -> dict[str, Any]:
    return {"health": {"labs": {"egfr": egfr, "creatinine_mg_dl": creatinine}}}


def named(line: Line) -> set[str]:
    return {line.subject, *line.subjects}


def about(made: Plan, *subjects: str) -> Iterator[Line]:
    return (line for line in every_line(made) if named(line) & set(subjects))


def offers(made: Plan, *subjects: str) -> list[Line]:
    """Return the lines that put one of these before somebody as something to start."""
    return [line for line in about(made, *subjects) if line.verdict in OFFERS and line in made.lines()]


def offered(made: Plan, *subjects: str) -> set[str]:
    """Return which of these the plan offers."""
    return {subject for line in offers(made, *subjects) for subject in named(line) & set(subjects)}


def stopped(made: Plan, subject: str, *verdicts: str) -> bool:
    """Tell whether the plan stops a medicine, by its name or as a member of its class."""
    names = {subject, CLASS} if subject in NSAIDS else {subject}
    return any(line.verdict in (verdicts or ("never",)) for line in about(made, *names))


def doses(made: Plan, *subjects: str) -> list[DoseLine]:
    return [line.dose for line in offers(made, *subjects) if line.dose is not None]


def printed(made: Plan, *subjects: str) -> list[DoseLine]:
    """Return every dose that the plan prints for these, whatever the verdict above it."""
    return [line.dose for line in about(made, *subjects) if line.dose is not None]


def most_in_a_day(made: Plan, *subjects: str) -> Decimal:
    """Return the greatest daily total that the plan allows for these; there must be one."""
    found = [dose.daily_max for dose in printed(made, *subjects) if dose.daily_max is not None]
    assert found, subjects
    return max(found)


def an_hour(dose: DoseLine) -> bool:
    """Tell whether a dose is a rate of infusion."""
    return bool(
        re.search(
            r"/h\b|\b(an|per) hour\b|/min\b|\bper minute\b|\ba minute\b",
            f"{dose.unit} {dose.words}".replace("\u00a0", " "),
        )
    )


def blocks(made: Plan) -> set[str]:
    """Return the subjects of the techniques that the plan offers."""
    return {subject for line in made.regional if line.verdict in OFFERS for subject in named(line)}


def deep(made: Plan) -> set[str]:
    return blocks(made) & DEEP


def moments(made: Plan, section: str = "anticoagulant") -> set[str]:
    """Return every moment that the lines of a section are dated with."""
    values = [value for line in every_line(made) if line.section == section for value in line.dates.values()]
    values += [step.at for line in every_line(made) if line.section == section for step in line.steps if step.at]
    return {f"{value:%Y-%m-%dT%H:%M}" for value in values if isinstance(value, datetime)}


def before(hours: float) -> str:
    """Return the moment that many hours before surgery."""
    return f"{AT - timedelta(hours=hours):%Y-%m-%dT%H:%M}"


def after(hours: float) -> str:
    return before(-hours)


def thinned(drug: str, dose: str, hours: float | None, **more: Any) -> dict[str, Any]:
    """Return the answers about one medicine against clotting, last taken that many hours before surgery."""
    last = {} if hours is None else {"last_dose_at": before(hours)}
    return {"drug": drug, "dose": dose, **last, **more}


def chest(base: Knowledge, *agents: dict[str, Any] | None, **changes: Any) -> Plan:
    """Return the plan for a thoracotomy, which has an epidural and a paravertebral block, under these medicines.

    It is made shortly before surgery, when all the last doses are known.
    """
    changes = {
        **changes,
        "health": {**changes.get("health", {}), "anticoagulants": [agent for agent in agents if agent]},
    }
    return plan(base, case(THORACOTOMY, film(16, before(11)), **changes), before(1))


def clearance(ml_min: float) -> dict[str, float]:
    """Return the laboratory values of the well person at which both formulas agree on this kidney function."""
    return {"egfr": ml_min, "creatinine_mg_dl": round(89.88 / ml_min, 3)}


def without_entry(folder: Path, file: str, *keys: str) -> Knowledge:
    """Return the knowledge base of a copy of the folder from which entries of a catalog were cut."""
    left = set(keys)
    for name, whole in TEXTS.items():
        if name == file:
            parts = re.split(r"(?m)^(?=[a-z0-9_]+:)", whole)
            left -= {part.split(":", 1)[0] for part in parts}
            whole = "".join(part for part in parts if part.split(":", 1)[0] not in keys)
        copy = folder / "knowledge" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(whole, encoding="utf-8")
    assert not left, f"no such entries: {left}"
    return load.__wrapped__(folder / "knowledge")


def with_text(folder: Path, file: str, old: str, new: str) -> Knowledge:
    """Return the knowledge base of a copy of the folder in which one text was replaced."""
    assert old in TEXTS[file], old
    for name, whole in TEXTS.items():
        copy = folder / "knowledge" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(whole.replace(old, new) if name == file else whole, encoding="utf-8")
    return load.__wrapped__(folder / "knowledge")


def fails_without_entry(check: Callable[[Knowledge], None], folder: Path, file: str, *keys: str) -> None:
    """Run the check on a base without the entries of a catalog, and expect it to fail."""
    base = without_entry(folder, file, *keys)
    with pytest.raises((AssertionError, LookupError)):
        check(base)


# --- I01 -------------------------------------------------------------------------------------------------------------


def ketorolac_used(base: Knowledge, days: int | None, **health: Any) -> Plan:
    used = {} if days is None else {"ketorolac_days_used": days}
    return plan(base, case(KNEE_REPLACEMENT, film(16), health={**used, **health}))


def test_i01_ketorolac_never_for_more_than_five_days_by_all_routes(base: Knowledge) -> None:
    """Source: KETOROLAC."""
    for days in (0, 1, 3, 4):
        made = ketorolac_used(base, days)
        assert offered(made, *KETOROLAC) == set(KETOROLAC), days
        assert not stopped(made, "ketorolac"), days
        for dose in doses(made, *KETOROLAC):
            assert dose.days_at_most is not None, days
            assert 1 <= dose.days_at_most <= 5 - days, days
            assert isinstance(dose.last_day, date), days
            assert dose.last_day <= date(2026, 12, 8) + timedelta(days=5 - days - 1), days
    for days in (5, 6, 30):
        made = ketorolac_used(base, days)
        assert not offered(made, *KETOROLAC), days
        assert all(stopped(made, drug) for drug in KETOROLAC), days
        assert offered(made, "celecoxib", "ibuprofen"), "another anti-inflammatory medicine is not held against it"
    unknown = ketorolac_used(base, None, medicines=["ketorolac"])
    assert not offered(unknown, *KETOROLAC), "days of ketorolac not given"


@pytest.mark.parametrize("records", ["ketorolac-days-used-up", "ketorolac-usual-dose", "ketorolac-by-mouth"])
def test_i01_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_i01_ketorolac_never_for_more_than_five_days_by_all_routes, tmp_path, records)


# --- I02 -------------------------------------------------------------------------------------------------------------


def test_i02_ketorolac_never_with_another_nsaid_aspirin_probenecid_or_pentoxifylline(base: Knowledge) -> None:
    """Sources: KETOROLAC, KTR-CI."""
    for medicine in (
        "ibuprofen 400 mg", "naproxen", "celecoxib", "meloxicam", "diclofenac", "aspirin 81 mg", "probenecid", "pentoxifylline",
    ):  # fmt: skip
        made = plan(base, case(KNEE_REPLACEMENT, film(16), health={"medicines": [medicine]}))
        assert not offered(made, *KETOROLAC), medicine
        assert all(stopped(made, drug) for drug in KETOROLAC), medicine
    for medicine in ("lisinopril", "metformin", "allopurinol"):
        made = plan(base, case(KNEE_REPLACEMENT, film(16), health={"medicines": [medicine]}))
        assert "ketorolac" in offered(made, *KETOROLAC), medicine
    for moud in MOUD.values():
        made = plan(base, case(KNEE_REPLACEMENT, *moud))
        alone = {drug for line in offers(made, *NSAIDS) if not line.instead_of for drug in named(line) & set(NSAIDS)}
        assert len(alone) == 1, "one anti-inflammatory medicine, and each other one in its place"
        for line in offers(made, *NSAIDS):
            assert (line.verdict == "recommend") <= bool(named(line) & alone), line.id


@pytest.mark.parametrize("records", ["ketorolac-with-nsaid-or-aspirin", "ketorolac-probenecid-pentoxifylline"])
def test_i02_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_i02_ketorolac_never_with_another_nsaid_aspirin_probenecid_or_pentoxifylline, tmp_path, records)


# --- I03 -------------------------------------------------------------------------------------------------------------


def test_i03_no_nsaid_around_coronary_bypass_surgery(base: Knowledge) -> None:
    """Sources: KETOROLAC, CELECOXIB, ANJESO; topical: VOLT-GEL."""
    for moud in MOUD.values():
        made = plan(base, case(CARDIAC, *moud, surgery={"variant": "bypass"}))
        assert not offered(made, *NSAIDS, "topical_nsaid")
        for drug in NSAIDS:
            assert stopped(made, drug), drug
    assert not offered(plan(base, case(CARDIAC, film(16))), *NSAIDS), "the kind of operation is not told"
    assert offered(plan(base, case(KNEE_REPLACEMENT, film(16))), *NSAIDS)
    earlier = plan(base, case(KNEE_REPLACEMENT, film(16), **ill("coronary_disease")))
    assert not stopped(earlier, "celecoxib"), "an operation elsewhere"


@pytest.mark.parametrize("records", ["nsaid-coronary-bypass"])
def test_i03_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_i03_no_nsaid_around_coronary_bypass_surgery, tmp_path, records)


# --- I04 -------------------------------------------------------------------------------------------------------------


def test_i04_ketorolac_never_with_ulcer_bleeding_kidney_failure_by_the_spine_or_before_surgery(
    base: Knowledge,
) -> None:
    """Sources: KETOROLAC, KTR-CI."""
    for condition in (
        "gi_ulcer_history", "active_gi_bleed", "bleeding_disorder", "clotting_failure", "stroke", "hypovolemia", "acute_kidney_injury", "dialysis",
    ):  # fmt: skip
        made = plan(base, case(KNEE_REPLACEMENT, film(16), **ill(condition)))
        assert not offered(made, *KETOROLAC), condition
        assert all(stopped(made, drug) for drug in KETOROLAC), condition
    for condition in ("chronic_pain", "depression", "hypertension", "osa_treated"):
        assert "ketorolac" in offered(plan(base, case(KNEE_REPLACEMENT, film(16), **ill(condition))), *KETOROLAC), (
            condition
        )
    made = plan(base, case(KNEE_REPLACEMENT, film(16), **kidney(29)))
    assert not offered(made, *KETOROLAC)
    assert stopped(made, "ketorolac")
    for moud in MOUD.values():
        for procedure in (KNEE_REPLACEMENT, THORACOTOMY, FUSION):
            for line in offers(plan(base, case(procedure, *moud)), *KETOROLAC):
                assert line.phase != "before", (procedure, line.id)
                assert line.dose is None or not re.search("epidural|intrathecal|spinal", line.dose.route), line.id


@pytest.mark.parametrize(
    "records", ["ketorolac-bleeding", "ketorolac-egfr-under-30", "nsaid-kidney-injury", "nsaid-egfr-under-15"]
)
def test_i04_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(
        test_i04_ketorolac_never_with_ulcer_bleeding_kidney_failure_by_the_spine_or_before_surgery, tmp_path, records
    )


def test_i04_ketorolac_never_in_labor(base: Knowledge) -> None:
    """Source: KETOROLAC."""
    made = plan(base, case(BIRTH, film(16), patient={"pregnant": True, "pregnancy_weeks": 39}))
    assert not offered(made, *KETOROLAC)
    assert stopped(made, "ketorolac")


# --- I05 -------------------------------------------------------------------------------------------------------------


def test_i05_ketorolac_is_capped_at_60_mg_a_day_in_age_low_weight_or_weak_kidneys_else_120(base: Knowledge) -> None:
    """Sources: KETOROLAC, KTR-IRE; 15 mg for everybody: KETCEIL16."""
    well = plan(base, case(KNEE_REPLACEMENT, film(16)))
    assert doses(well, "ketorolac")
    assert most_in_a_day(well, *KETOROLAC) <= 120
    assert {dose.amount for dose in doses(well, "ketorolac")} == {Decimal(15)}
    assert {dose.every_hours for dose in doses(well, "ketorolac")} == {Decimal(6)}
    # Born on 8 December: 65 on the day of surgery, and 64 for one more day.
    for changes, reduced in (
        ({"patient": {"weight_kg": 49.9}}, True),
        (kidney(59), True),
        (kidney(30), True),
        ({"patient": {"birth_date": "1961-12-08"}}, True),
        ({"patient": {"birth_date": "1961-12-09"}}, False),
        ({"patient": {"weight_kg": 50}}, False),
        (kidney(60), False),
    ):
        made = plan(base, case(KNEE_REPLACEMENT, film(16), **changes))
        for dose in doses(made, *KETOROLAC):
            assert dose.daily_max is not None, changes
            assert dose.daily_max <= (60 if reduced else 120), changes
            assert dose.amount is not None, changes
            assert dose.amount <= 15, changes
        if "birth_date" not in changes.get("patient", {}):
            assert offered(made, "ketorolac"), changes
    older = plan(base, case(KNEE_REPLACEMENT, film(16), patient={"birth_date": "1961-12-08"}))
    assert all(line.verdict != "recommend" for line in offers(older, *KETOROLAC)), "to be avoided from 65"


@pytest.mark.parametrize("records", ["ketorolac-half-dose", "ketorolac-usual-dose"])
def test_i05_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(
        test_i05_ketorolac_is_capped_at_60_mg_a_day_in_age_low_weight_or_weak_kidneys_else_120, tmp_path, records
    )


# --- I06 -------------------------------------------------------------------------------------------------------------


def test_i06_no_nsaid_with_failing_kidneys_or_late_in_pregnancy(base: Knowledge) -> None:
    """Sources: BEERS23, KTR-IRE, FDANSAID20."""
    for changes in (
        kidney(29.9),
        kidney(14),
        kidney(None, 3.5),
        ill("acute_kidney_injury"),
        ill("dialysis"),
        ill("kidney_transplant"),
        ill("hypovolemia"),
    ):
        made = plan(base, case(KNEE_REPLACEMENT, film(16), **changes))
        assert not offered(made, *NSAIDS), changes
        assert stopped(made, "ketorolac"), changes
        assert all(stopped(made, drug, "never", "avoid") for drug in NSAIDS), changes
    assert offered(plan(base, case(KNEE_REPLACEMENT, film(16), **kidney(30))), *NSAIDS)
    unknown = plan(base, case(KNEE_REPLACEMENT, film(16), **kidney(None)))
    assert not offered(unknown, *NSAIDS), "kidney function not known"
    assert any(line.verdict == "ask" for line in about(unknown, CLASS, *NSAIDS))
    # Surgery is 15 days away, and the weeks count on to the last day of the course, 4 days after it.
    for weeks, verdict in ((39, "never"), (28, "never"), (27, "avoid"), (18, "avoid"), (17, None), (6, None)):
        made = plan(base, case(KNEE_REPLACEMENT, film(16), patient={"pregnant": True, "pregnancy_weeks": weeks}))
        found = {line.verdict for line in about(made, CLASS)}
        if verdict is None:
            assert not {"never", "avoid"} & found, weeks
            continue
        assert verdict in found, weeks
        assert ("never" in found) == (verdict == "never"), weeks
        assert not offered(made, *NSAIDS, "topical_nsaid"), weeks
    open_weeks = plan(base, case(KNEE_REPLACEMENT, film(16), patient={"pregnant": True, "pregnancy_weeks": None}))
    assert not offered(open_weeks, *NSAIDS), "weeks of pregnancy not known"


@pytest.mark.parametrize(
    "records",
    [
        "ketorolac-egfr-under-30",
        "nsaid-egfr-under-30",
        "nsaid-kidney-injury",
        "nsaid-transplant-or-single-kidney",
        "nsaid-pregnancy-20-weeks",
        "nsaid-pregnancy-30-weeks",
        "topical-nsaid-pregnancy-20-weeks",
        "topical-nsaid-pregnancy-30-weeks",
    ],
)
def test_i06_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_i06_no_nsaid_with_failing_kidneys_or_late_in_pregnancy, tmp_path, records)


# --- I07 -------------------------------------------------------------------------------------------------------------


def test_i07_no_nsaid_after_a_reaction_to_one(base: Knowledge) -> None:
    """Source: KETOROLAC."""
    for allergy in ("nsaid", "aspirin", "ibuprofen", "ketorolac"):
        made = plan(base, case(KNEE_REPLACEMENT, film(16), patient={"allergies": [allergy]}))
        assert not offered(made, *NSAIDS, "topical_nsaid"), allergy
        for drug in NSAIDS:
            assert stopped(made, drug), (allergy, drug)
        assert offered(made, *ACETAMINOPHEN), "the rest of the base stays"
    for changes in ({"patient": {"allergies": ["latex"]}}, ill("asthma")):
        assert offered(plan(base, case(KNEE_REPLACEMENT, film(16), **changes)), *NSAIDS), changes
    unknown = plan(base, case(KNEE_REPLACEMENT, film(16), patient={"allergies": None}))
    assert not offered(unknown, *NSAIDS), "allergies not known"


@pytest.mark.parametrize("records", ["nsaid-allergy", "topical-nsaid-allergy"])
def test_i07_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_i07_no_nsaid_after_a_reaction_to_one, tmp_path, records)


# --- I08 -------------------------------------------------------------------------------------------------------------

COLECTOMIES = (COLECTOMY, "laparoscopic_colectomy")


def test_i08_no_nsaid_by_default_with_a_rectal_or_colorectal_join(base: Knowledge) -> None:
    """Sources: P-LCR24, BPIGS."""
    for procedure in COLECTOMIES:
        for variant in ("rectum", "colon", None):
            made = plan(base, case(procedure, film(16), surgery={"variant": variant}))
            assert not offered(made, *NSAIDS), (procedure, variant)
            if variant:
                assert all(stopped(made, drug, "never", "avoid") for drug in NSAIDS), (procedure, variant)
    assert offered(plan(base, case(COLECTOMY, film(16), surgery={"variant": "no_join"})), *NSAIDS), "no join is made"
    assert offered(plan(base, case("ventral_hernia_repair", film(16), surgery={"variant": "open"})), *NSAIDS)


@pytest.mark.parametrize("records", ["nsaid-rectal-anastomosis", "nsaid-bowel-anastomosis"])
def test_i08_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_i08_no_nsaid_by_default_with_a_rectal_or_colorectal_join, tmp_path, records)


# --- I09 -------------------------------------------------------------------------------------------------------------


def test_i09_acetaminophen_stays_under_its_daily_limit_and_is_stopped_by_liver_failure(base: Knowledge) -> None:
    """Sources: OFIRMEV, TYLOTC, APAPCIRR."""
    for moud in MOUD.values():
        made = plan(base, case(KNEE_REPLACEMENT, *moud))
        assert offered(made, *ACETAMINOPHEN)
        assert most_in_a_day(made, *ACETAMINOPHEN) == 4000
        home = [line.dose for line in about(made, *ACETAMINOPHEN) if line.dose and line.phase == "home"]
        assert home
        assert all(dose.daily_max is not None and dose.daily_max <= 3000 for dose in home)
    assert most_in_a_day(plan(base, case(patient={"weight_kg": 50})), *ACETAMINOPHEN) == 4000
    for kg in (49.9, 40, 35):
        made = plan(base, case(KNEE_REPLACEMENT, patient={"weight_kg": kg}))
        assert most_in_a_day(made, *ACETAMINOPHEN) <= Decimal(75) * Decimal(str(kg)), kg
        for dose in printed(made, *ACETAMINOPHEN):
            assert dose.amount is None or dose.amount <= Decimal(15) * Decimal(str(kg)), kg
    for changes in (
        {"health": {"child_pugh": "A"}},
        {"health": {"child_pugh": "B"}},
        {"health": {"alcohol_drinks_per_day": 3}},
        ill("malnutrition"),
    ):
        for kg in (81, 49):
            made = plan(base, case(KNEE_REPLACEMENT, **changes, patient={"weight_kg": kg}))
            assert offered(made, *ACETAMINOPHEN), (changes, kg)
            assert 1500 <= most_in_a_day(made, *ACETAMINOPHEN) <= 2000, (changes, kg)
            for dose in printed(made, *ACETAMINOPHEN):
                assert dose.amount is None or dose.amount <= 650, (changes, kg)
    assert most_in_a_day(plan(base, case(health={"alcohol_drinks_per_day": 2})), *ACETAMINOPHEN) > 2000
    for changes in ({"health": {"child_pugh": "C"}}, ill("liver_failure"), ill("acute_hepatitis")):
        made = plan(base, case(**changes))
        assert not offered(made, "acetaminophen_iv"), changes
        assert stopped(made, "acetaminophen_iv"), changes
        assert not [dose for dose in printed(made, *ACETAMINOPHEN) if not dose.daily_max or dose.daily_max > 2000], (
            changes
        )
    allergic = plan(base, case(patient={"allergies": ["acetaminophen"]}))
    assert not offered(allergic, *ACETAMINOPHEN)
    no_weight = plan(base, case(patient={"weight_kg": None}))
    assert not [dose for dose in doses(no_weight, *ACETAMINOPHEN) if not dose.daily_max or dose.daily_max > 2000]


@pytest.mark.parametrize(
    "records",
    [
        "acetaminophen-reduced",
        "acetaminophen-iv-reduced",
        "acetaminophen-iv-severe-liver",
        "acetaminophen-liver-severe",
        "acetaminophen-allergy",
        "acetaminophen-home-50-kg",
    ],
)
def test_i09_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_i09_acetaminophen_stays_under_its_daily_limit_and_is_stopped_by_liver_failure, tmp_path, records)


# --- I10 -------------------------------------------------------------------------------------------------------------


BREATHING_OR_MISUSE: tuple[dict[str, Any], ...] = (
    ill("osa_untreated"),
    ill("copd"),
    ill("home_oxygen"),
    kidney(29),
    {"recovery": {"substances": ["gabapentinoids"]}},
    {"recovery": {"substances": ["benzodiazepines"]}},
    {"patient": {"birth_date": "1950-01-01"}},
)


def test_i10_gabapentinoids_are_never_new_and_never_first(base: Knowledge) -> None:
    """Sources: FDAGABA19, GABA20, GABAMIS, ASCP-CW."""
    for name, moud in MOUD.items():
        for changes in ({}, *BREATHING_OR_MISUSE):
            for procedure in (KNEE_REPLACEMENT, "mastectomy", TONSILS):
                made = plan(base, case(procedure, *moud, **changes))
                assert not offered(made, "gabapentinoids"), (name, changes, procedure)
                assert stopped(made, "gabapentinoids"), (name, changes, procedure)
        home = plan(base, case(KNEE_REPLACEMENT, *moud, health={"medicines": ["gabapentin 300 mg"]}))
        assert offered(home, "gabapentinoid_at_home"), name
        assert not offered(home, "gabapentinoids"), name


@pytest.mark.parametrize(
    "records",
    ["gabapentinoids-do-not-start", "gabapentinoids-do-not-start + gabapentinoids-breathing", "gabapentinoid-at-home"],
)
def test_i10_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_i10_gabapentinoids_are_never_new_and_never_first, tmp_path, records)


# --- I11 -------------------------------------------------------------------------------------------------------------


def test_i11_carisoprodol_and_benzodiazepines_are_never_new(base: Knowledge) -> None:
    """Sources: SMR, BEERS23; the exception for a seizure from local anesthetic: LAST17."""
    for name, moud in MOUD.items():
        for kind in KINDS:
            made = plan(base, person(*moud, kind=kind))
            for subject in ("carisoprodol", "benzodiazepines"):
                assert stopped(made, subject), (name, kind, subject)
                assert not offered(made, subject), (name, kind, subject)
            for line in every_line(made):
                if line.section == "non_opioid" and line.verdict in OFFERS:
                    assert not re.search(r"carisoprodol|diazepam|lorazepam|midazolam|alprazolam", said(line), re.I), (
                        line.id
                    )
        card = plan(base, case(KNEE_REPLACEMENT, *moud)).toxicity_card
        assert any("benzodiazepine" in said(line) and line.verdict in OFFERS for line in card), name


@pytest.mark.parametrize("records", ["carisoprodol-never", "benzodiazepines-not-for-pain", "card-seizure"])
def test_i11_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_i11_carisoprodol_and_benzodiazepines_are_never_new, tmp_path, records)


# --- I12 -------------------------------------------------------------------------------------------------------------


def test_i12_ketamine_has_its_ceilings_and_its_stops(base: Knowledge) -> None:
    """Source: KET18."""
    for name, moud in MOUD.items():
        made = plan(base, case(FUSION, *moud))
        assert offered(made, "ketamine"), name
        assert {an_hour(dose) for dose in doses(made, "ketamine")} == {True, False}, "a bolus and a rate"
        for dose in doses(made, "ketamine"):
            assert dose.amount is not None, name
            limit = Decimal("1") if an_hour(dose) else Decimal("0.35")
            assert dose.amount <= limit * 81, (name, dose.words)
    for changes in (
        {"patient": {"pregnant": True, "pregnancy_weeks": 12}},
        ill("psychosis_or_mania"),
        ill("uncontrolled_hypertension"),
        ill("liver_failure"),
        {"health": {"child_pugh": "C"}},
        ill("raised_intracranial_pressure"),
        ill("glaucoma"),
    ):
        made = plan(base, case(FUSION, film(16), **changes))
        assert not offered(made, "ketamine"), changes
        assert stopped(made, "ketamine"), changes
    for changes in (ill("hypertension"), ill("depression"), {"health": {"child_pugh": "A"}}):
        assert offered(plan(base, case(FUSION, film(16), **changes)), "ketamine"), changes
    unknown = plan(base, case(FUSION, film(16), health={"conditions": None}))
    assert not offered(unknown, "ketamine"), "conditions not known"


@pytest.mark.parametrize("records", ["ketamine-contraindicated", "ketamine-bolus", "ketamine-supervised"])
def test_i12_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_i12_ketamine_has_its_ceilings_and_its_stops, tmp_path, records)


# --- I13 and I14 -----------------------------------------------------------------------------------------------------

NO_BLOCK = {"regional_refused": True}


def by_vein(base: Knowledge, surgery: dict[str, Any] | None = None, **changes: Any) -> Plan:
    """Return the plan for an open colectomy without any block, where lidocaine by vein has a place."""
    return plan(base, case(COLECTOMY, film(16), surgery={"variant": "colon", **NO_BLOCK, **(surgery or {})}, **changes))


def test_i13_lidocaine_by_vein_never_beside_a_block_and_within_its_limits(base: Knowledge) -> None:
    """Source: IVLIDO21."""
    assert offered(by_vein(base), "lidocaine_iv")
    beside = plan(base, case(COLECTOMY, film(16), surgery={"variant": "colon"}))
    assert blocks(beside)
    assert not offered(beside, "lidocaine_iv"), "a block is planned"
    for given in (
        {"drug": "ropivacaine", "mg": 100, "route": "block", "at": before(0)},
        {"drug": "bupivacaine", "mg": 50, "route": "wound", "at": before(-2)},
        {"drug": "lidocaine", "patches": 1, "route": "patch", "at": before(2)},
    ):
        assert not offered(by_vein(base, {"local_anesthetics": [given]}), "lidocaine_iv"), given
    # Ideal weight: 57 kg for a woman of 165 cm, 93 kg for a man of 200 cm.
    for patient, ideal in (
        ({"weight_kg": 81}, Decimal("57")),
        ({"weight_kg": 140}, Decimal("57")),
        ({"weight_kg": 45}, Decimal("45")),
        ({"weight_kg": 140, "height_cm": 200, "sex": "male"}, Decimal("93.2")),
    ):
        made = by_vein(base, patient=patient)
        assert {an_hour(dose) for dose in doses(made, "lidocaine_iv")} == {True, False}, "a first dose and a rate"
        assert any(re.search(r"\b24\shours\b", line.say) for line in offers(made, "lidocaine_iv")), "24 hours at most"
        for dose in doses(made, "lidocaine_iv"):
            assert dose.amount is not None, patient
            assert dose.amount <= Decimal("1.5") * ideal, (patient, dose.words)
            if an_hour(dose):
                assert dose.amount <= 120, (patient, dose.words)
                assert dose.days_at_most in (None, 1), (patient, dose.words)
        if patient["weight_kg"] == 140:
            assert any(
                dose.amount and dose.amount >= Decimal("1.4") * min(ideal, 80) for dose in doses(made, "lidocaine_iv")
            )
    for kg, allowed in ((39.9, False), (40, True)):
        made = by_vein(base, patient={"weight_kg": kg, "height_cm": 150})
        assert bool(offered(made, "lidocaine_iv")) == allowed, kg
    assert stopped(by_vein(base, patient={"weight_kg": 39.9, "height_cm": 150}), "lidocaine_iv")
    for changes in (
        ill("heart_block"), ill("liver_failure"), ill("seizure_disorder"), {"patient": {"allergies": ["lidocaine"]}}, {"patient": {"weight_kg": None}},
    ):  # fmt: skip
        assert not offered(by_vein(base, **changes), "lidocaine_iv"), changes
    running = {"drug": "lidocaine", "mg": 80, "route": "vein", "at": before(0)}
    with_infusion = plan(base, case(COLECTOMY, film(16), surgery={"variant": "colon", "local_anesthetics": [running]}))
    new = [line for line in every_line(with_infusion) if line.id not in ids(beside)]
    assert any(line.verdict == "never" and line.section in ("regional", "local_anesthetic") for line in new), (
        "four hours"
    )


@pytest.mark.parametrize(
    "records",
    [
        "lidocaine-iv-first-dose",
        "lidocaine-iv-infusion",
        "lidocaine-iv-contraindicated",
        "lidocaine-iv-rhythm-or-seizures",
        "lidocaine-iv-under-40-kg",
        "la-lidocaine-by-vein-and-block",
    ],
)
def test_i13_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_i13_lidocaine_by_vein_never_beside_a_block_and_within_its_limits, tmp_path, records)


def test_i14_lidocaine_by_vein_never_with_liposomal_bupivacaine_or_a_large_block(base: Knowledge) -> None:
    """Sources: IVLIDO21, EXP-96."""
    for given in (
        {"drug": "liposomal_bupivacaine", "mg": 266, "route": "wound", "at": before(0)},
        {"drug": "liposomal_bupivacaine", "mg": 133, "route": "block", "at": before(95)},
        {"drug": "ropivacaine", "percent": 0.25, "volume_ml": 40, "route": "block", "at": before(0)},
    ):
        made = by_vein(base, {"local_anesthetics": [given]})
        assert not offered(made, "lidocaine_iv"), given
        if given["drug"] == "liposomal_bupivacaine":
            assert stopped(made, "lidocaine_iv"), given
    assert not stopped(by_vein(base), "lidocaine_iv")


@pytest.mark.parametrize(
    "records",
    [
        "lidocaine-iv-after-liposomal + lidocaine-iv-beside-local-anesthetic + lidocaine-iv-listed-local-anesthetic",
        "block-declined",
    ],
)
def test_i14_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_i14_lidocaine_by_vein_never_with_liposomal_bupivacaine_or_a_large_block, tmp_path, records)


# --- I15 -------------------------------------------------------------------------------------------------------------


def used(base: Knowledge, *given: dict[str, Any], procedure: str = KNEE_REPLACEMENT, **changes: Any) -> Plan:
    entries = [{"route": "wound", "at": before(0), **one} for one in given]
    return plan(base, case(procedure, film(16), surgery={"local_anesthetics": entries}, **changes))


def limit(made: Plan, drug: str) -> Any:
    """Return the limit of one local anesthetic for this person."""
    assert made.budget is not None
    found = [one for one in made.budget.limits if one.label.lower().startswith(drug)]
    assert found, drug
    return found[0]


def near(value: Decimal | None, expected: float) -> bool:
    """Tell whether an amount is this one, or rounded down from it."""
    return value is not None and expected - 1 <= float(value) <= expected + 0.05


def over_the_limit(made: Plan) -> bool:
    return any(line.verdict == "never" for line in made.local_anesthetic)


def test_i15_local_anesthetics_share_one_limit_the_lower_of_mg_per_kg_and_the_cap(base: Knowledge) -> None:
    """Source: LADOSE; chloroprocaine: NESAC; mepivacaine: MEPIV."""
    for patient, kg in (
        ({"weight_kg": 81, "height_cm": 165}, 81.0),  # body mass index 29.8: the actual weight
        ({"weight_kg": 83, "height_cm": 165}, 56.9),  # 30.5: the ideal weight
        ({"weight_kg": 140, "height_cm": 165}, 56.9),
        ({"weight_kg": 45, "height_cm": 180}, 45.0),  # never more than the actual weight
    ):
        made = plan(base, case(patient=patient))
        for drug, plain, cap, with_epinephrine, cap_with in (
            ("bupivacaine", 2, 175, 3, 225),
            ("ropivacaine", 3, 200, 3, 200),
            ("lidocaine", 4.5, 300, 7, 500),
            ("chloroprocaine", 11, 800, 14, 1000),
        ):
            found = limit(made, drug)
            assert near(found.plain_mg, min(plain * kg, cap)), (patient, drug, found.plain_mg)
            assert near(found.epinephrine_mg, min(with_epinephrine * kg, cap_with)), (
                patient,
                drug,
                found.epinephrine_mg,
            )
            for volume in found.volumes:
                for ml, mg in ((volume.plain_ml, found.plain_mg), (volume.epinephrine_ml, found.epinephrine_mg)):
                    assert ml is None or ml * volume.percent * 10 <= mg, (patient, drug, volume)
        assert near(limit(made, "mepivacaine").plain_mg, min(4.4 * kg, 400)), patient
    half = {"drug": "bupivacaine", "mg": 81}
    made = used(base, half)
    assert made.budget is not None
    assert made.budget.left == 50
    assert near(limit(made, "ropivacaine").plain_mg, 100)
    assert not over_the_limit(made)
    # Two sites, two medicines, one limit.
    for second in (
        {"drug": "bupivacaine", "mg": 81, "route": "block"},
        {"drug": "ropivacaine", "mg": 100, "route": "epidural"},
    ):
        made = used(base, half, second)
        assert made.budget is not None
        assert made.budget.left == 0, second
        assert not over_the_limit(made), second
        made = used(base, half, {**second, "mg": second["mg"] + 5})
        assert over_the_limit(made), second
    for changes in ({"health": {"child_pugh": "B"}}, ill("heart_failure"), ill("frailty")):
        assert float(limit(plan(base, case(**changes)), "bupivacaine").plain_mg) <= 0.7 * 162 + 0.05, changes
    unweighed = plan(base, case(patient={"weight_kg": None}))
    assert unweighed.budget is not None
    assert not unweighed.budget.limits
    assert unweighed.budget.missing


@pytest.mark.parametrize("records", ["la-over-the-limit"])
def test_i15_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_i15_local_anesthetics_share_one_limit_the_lower_of_mg_per_kg_and_the_cap, tmp_path, records)


@pytest.mark.parametrize("entry", ["bupivacaine", "ropivacaine", "lidocaine", "mepivacaine", "chloroprocaine"])
def test_i15_fails_without_its_entry(entry: str, tmp_path: Path) -> None:
    fails_without_entry(
        test_i15_local_anesthetics_share_one_limit_the_lower_of_mg_per_kg_and_the_cap,
        tmp_path,
        "local_anesthetics.yaml",
        entry,
    )


# --- I16 -------------------------------------------------------------------------------------------------------------

LIPOSOMAL = {"drug": "liposomal_bupivacaine", "mg": 266, "route": "wound", "at": before(0)}


def barred(base: Knowledge, *given: dict[str, Any], **more: Any) -> set[str]:
    """Return the ids of the stops and contradictions that local anesthetics bring."""
    made = used(base, *given, **more)
    lines = [line for line in every_line(made) if line.section == "local_anesthetic"]
    return {line.id for line in (*lines, *made.conflicts) if line.verdict in ("never", "avoid", "stop_and_ask")}


def test_i16_liposomal_bupivacaine_once_at_its_dose_and_alone_for_96_hours(base: Knowledge) -> None:
    """Sources: EXPAREL, EXPAREL-IC, EXP-POP, EXP-96."""
    assert "la-over-the-limit" not in barred(base, LIPOSOMAL)
    assert barred(base, {**LIPOSOMAL, "mg": 267}) - barred(base, LIPOSOMAL), "266 mg at most"
    # Nothing after it for 96 hours.
    for hours, allowed in ((95.5, False), (96.5, True)):
        made = used(base, {**LIPOSOMAL, "at": before(hours)})
        assert ("adductor_canal" in blocks(made)) == allowed, hours
    again = {"drug": "bupivacaine", "mg": 20}
    earlier = {**LIPOSOMAL, "at": before(50)}
    assert barred(base, earlier, again) - barred(base, LIPOSOMAL), "bupivacaine within 96 hours"
    # Only where it is labelled as a nerve block, and in no paracervical block.
    for procedure in (COLECTOMY, "abdominoplasty", "vaginal_hysterectomy", BIRTH):
        made = plan(base, case(procedure))
        for line in made.regional:
            if line.verdict in OFFERS and not any(
                base.catalog.blocks[one].kind == "infiltration" for one in named(line) & set(base.catalog.blocks)
            ):
                assert "iposomal" not in said(line), (procedure, line.id)


@pytest.mark.parametrize(
    "records",
    ["la-liposomal-over-266-mg + la-over-the-limit", "la-liposomal-recent", "block-liposomal-within-96-hours"],
)
def test_i16_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_i16_liposomal_bupivacaine_once_at_its_dose_and_alone_for_96_hours, tmp_path, records)


def test_i16_liposomal_bupivacaine_is_stopped_a_second_time(base: Knowledge) -> None:
    """Source: EXPAREL: single use."""
    half = {**LIPOSOMAL, "mg": 133}
    assert barred(base, half, half) - barred(base, half), "listed twice"


def test_i16_liposomal_bupivacaine_is_stopped_over_133_mg_at_a_nerve(base: Knowledge) -> None:
    """Sources: EXPAREL, EXP-POP."""
    nerve = {**LIPOSOMAL, "route": "block", "site": "interscalene"}
    within = barred(base, {**nerve, "mg": 133}, procedure=SHOULDER)
    assert barred(base, {**nerve, "mg": 134}, procedure=SHOULDER) - within


def test_i16_bupivacaine_beside_the_liposomal_one_is_at_most_half_of_it(base: Knowledge) -> None:
    """Source: EXPAREL-IC. The amounts are small, so that the common limit is not what speaks."""
    little = {**LIPOSOMAL, "mg": 60}
    within = barred(base, little, {"drug": "bupivacaine", "mg": 30})
    assert barred(base, little, {"drug": "bupivacaine", "mg": 31}) - within


def test_i16_the_labelled_pair_of_bupivacaine_is_within_the_limit(base: Knowledge) -> None:
    """Source: EXPAREL-IC: 133 mg beside 266 mg."""
    assert not barred(base, LIPOSOMAL, {"drug": "bupivacaine", "mg": 133}) - barred(base, LIPOSOMAL)


def test_i16_liposomal_bupivacaine_is_stopped_within_20_minutes_of_lidocaine(base: Knowledge) -> None:
    """Source: EXPAREL-IC."""
    half = {**LIPOSOMAL, "mg": 133}
    apart = barred(base, {"drug": "lidocaine", "mg": 50, "at": before(20 / 60)}, half)
    assert barred(base, {"drug": "lidocaine", "mg": 50, "at": before(19 / 60)}, half) - apart


# --- I17 -------------------------------------------------------------------------------------------------------------


def test_i17_no_spinal_epidural_or_deep_block_while_the_last_dose_or_the_kidney_is_unknown(base: Knowledge) -> None:
    """Source: ASRA25."""
    assert {"thoracic_epidural", "paravertebral"} <= deep(chest(base))
    for drug, dose in (
        ("apixaban", "5 mg twice daily"),
        ("rivaroxaban", "20 mg once daily"),
        ("enoxaparin", "40 mg once daily"),
        ("dabigatran", "150 mg twice daily"),
        ("clopidogrel", "75 mg once daily"),
        ("warfarin", "5 mg once daily"),
    ):
        made = chest(base, thinned(drug, dose, None))
        assert not deep(made), drug
        asked = {subject for line in made.regional if line.verdict == "ask" for subject in named(line)}
        assert {"thoracic_epidural", "paravertebral"} <= asked, drug
        assert any(
            "anticoagulants" in ask.fact or "agent" in ask.fact or "last" in ask.question for ask in made.unknown
        ), drug
    for drug, dose in (
        ("apixaban", "5 mg twice daily"),
        ("dabigatran", "150 mg twice daily"),
        ("enoxaparin", "80 mg twice daily"),
    ):
        known = thinned(drug, dose, 100)
        assert deep(chest(base, known)), drug
        assert not deep(chest(base, known, health={"labs": {"egfr": None, "creatinine_mg_dl": None}})), drug
    assert not deep(chest(base, thinned("somethingxaban", "1 mg", 200))), "a medicine that is in no table"
    assert not deep(chest(base, thinned("apixaban", "", 40))), "the dose is not told"
    not_asked = plan(base, case(THORACOTOMY, film(16), health={"anticoagulants": None}))
    assert not deep(not_asked)


@pytest.mark.parametrize("records", ["block-anticoagulant-deep"])
def test_i17_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(
        test_i17_no_spinal_epidural_or_deep_block_while_the_last_dose_or_the_kidney_is_unknown, tmp_path, records
    )


# --- I18 -------------------------------------------------------------------------------------------------------------


def waits(
    base: Knowledge, hours: float, drug: str, dose: str, health: dict[str, Any] | None = None, **more: Any
) -> None:
    """Check that a deep block is out half an hour before the interval is over, and in when it is, with its moment."""
    patient = more.pop("patient", {})
    early = chest(base, thinned(drug, dose, hours - 0.5, **more), health=health or {}, patient=patient)
    assert not deep(early), (drug, dose, hours)
    assert after(0.5) in moments(early), (drug, dose, "the first moment for the needle")
    assert deep(chest(base, thinned(drug, dose, hours, **more), health=health or {}, patient=patient)), (
        drug,
        dose,
        hours,
    )


def test_i18_direct_oral_anticoagulants_wait_their_hours(base: Knowledge) -> None:
    """Source: ASRA25; a level for weak kidneys: ESAIC22."""
    for drug, dose, indication, hours in (
        ("apixaban", "2.5 mg twice daily", "prevention", 36),
        ("apixaban", "5 mg twice daily", "atrial_fibrillation", 72),
        ("apixaban", "10 mg twice daily", "clot", 72),
        ("rivaroxaban", "10 mg once daily", "prevention", 24),
        ("rivaroxaban", "2.5 mg twice daily", "other", 24),
        ("rivaroxaban", "15 mg once daily", "atrial_fibrillation", 72),
        ("rivaroxaban", "20 mg once daily", "clot", 72),
        ("edoxaban", "60 mg once daily", "atrial_fibrillation", 72),
        ("edoxaban", "30 mg once daily", "atrial_fibrillation", 72),
        ("dabigatran", "220 mg once daily", "prevention", 48),
        ("dabigatran", "150 mg twice daily", "atrial_fibrillation", 72),
    ):
        waits(base, hours, drug, dose, indication=indication)
    # A small dose of apixaban for atrial fibrillation counts as a full one with two of: 80 years, under 60 kg, creatinine 1.5.
    small = {"drug": "apixaban", "dose": "2.5 mg twice daily", "indication": "atrial_fibrillation"}
    for patient, creatinine, high in (
        ({"birth_date": "1946-12-08", "weight_kg": 59}, 0.9, True),
        ({"weight_kg": 59}, 1.5, True),
        ({"birth_date": "1946-12-08", "weight_kg": 81}, 1.0, False),
    ):
        labs = {"egfr": 60, "creatinine_mg_dl": creatinine}
        for hours in (36, 71.5, 72):
            made = chest(base, {**small, "last_dose_at": before(hours)}, patient=patient, health={"labs": labs})
            if high:
                assert bool(deep(made)) == (hours >= 72), (patient, hours)
            elif hours >= 72:
                assert deep(made), patient
    # Weak kidneys.
    dabigatran = ("dabigatran", "150 mg twice daily")
    assert not deep(chest(base, thinned(*dabigatran, 119.5), health={"labs": clearance(40)}))
    assert deep(chest(base, thinned(*dabigatran, 120, level_ng_ml=29), health={"labs": clearance(40)}))
    for ml_min in (29, 15):
        assert not deep(chest(base, thinned(*dabigatran, 250), health={"labs": clearance(ml_min)})), ml_min
        assert not deep(chest(base, thinned(*dabigatran, 250, level_ng_ml=30), health={"labs": clearance(ml_min)})), (
            ml_min
        )
        assert deep(chest(base, thinned(*dabigatran, 250, level_ng_ml=29), health={"labs": clearance(ml_min)})), ml_min
    assert not deep(chest(base, thinned("rivaroxaban", "10 mg once daily", 29.5), health={"labs": clearance(29)}))
    full = ("apixaban", "5 mg twice daily")
    assert not deep(chest(base, thinned(*full, 100), health={"labs": clearance(29)})), "a level is needed"
    assert deep(chest(base, thinned(*full, 100, anti_xa=0.1), health={"labs": clearance(29)}))
    assert not deep(chest(base, thinned(*full, 100, anti_xa=0.11), health={"labs": clearance(29)}))
    # A level shortens the wait.
    assert deep(chest(base, thinned(*full, 40, level_ng_ml=29)))
    assert not deep(chest(base, thinned(*full, 40, level_ng_ml=30)))


@pytest.mark.parametrize(
    "records",
    ["block-anticoagulant-too-early", "block-anticoagulant-test-failed", "block-anticoagulant-deep", "agent-too-early"],
)
def test_i18_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_i18_direct_oral_anticoagulants_wait_their_hours, tmp_path, records)


@pytest.mark.parametrize("entry", ["apixaban", "rivaroxaban", "edoxaban", "dabigatran"])
def test_i18_fails_without_its_entry(entry: str, tmp_path: Path) -> None:
    fails_without_entry(test_i18_direct_oral_anticoagulants_wait_their_hours, tmp_path, "antithrombotics.yaml", entry)


# --- I19 -------------------------------------------------------------------------------------------------------------


def test_i19_enoxaparin_waits_12_or_24_hours_and_starts_4_hours_after_the_catheter(base: Knowledge) -> None:
    """Sources: ASRA25, ESAIC22."""
    waits(base, 12, "enoxaparin", "40 mg once daily")
    waits(base, 12, "enoxaparin", "30 mg twice daily")
    waits(base, 12, "dalteparin", "5000 units once daily")
    waits(base, 24, "enoxaparin", "80 mg twice daily")
    waits(base, 24, "enoxaparin", "120 mg once daily")
    weak = {"labs": clearance(29)}
    assert not deep(chest(base, thinned("enoxaparin", "40 mg once daily", 23.5), health=weak))
    assert deep(chest(base, thinned("enoxaparin", "40 mg once daily", 49), health=weak))
    high = ("enoxaparin", "80 mg twice daily")
    assert not deep(chest(base, thinned(*high, 47.5), health=weak))
    assert deep(chest(base, thinned(*high, 48), health=weak))
    assert deep(chest(base, thinned(*high, 30, anti_xa=0.1), health=weak))
    assert not deep(chest(base, thinned(*high, 30, anti_xa=0.2), health=weak))
    for dose, hours, start in (
        ("40 mg once daily", 12, 12),
        ("30 mg twice daily", 12, 12),
        ("80 mg twice daily", 24, 24),
    ):
        made = chest(base, thinned("enoxaparin", dose, hours, restart_at=after(36)))
        assert after(start) in moments(made), (dose, "not before that many hours after the needle")
        if dose != "30 mg twice daily":
            assert after(32) in moments(made), (dose, "the catheter is out 4 hours before the first dose")


@pytest.mark.parametrize(
    "records",
    [
        "block-anticoagulant-too-early",
        "agent-too-early",
        "agent-restart",
        "agent-restart-once-daily",
        "agent-restart-twice-daily",
        "agent-catheter-out-by",
        "agent-catheter-out-once-daily",
    ],
)
def test_i19_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_i19_enoxaparin_waits_12_or_24_hours_and_starts_4_hours_after_the_catheter, tmp_path, records)


@pytest.mark.parametrize("entry", ["enoxaparin", "dalteparin"])
def test_i19_fails_without_its_entry(entry: str, tmp_path: Path) -> None:
    fails_without_entry(
        test_i19_enoxaparin_waits_12_or_24_hours_and_starts_4_hours_after_the_catheter,
        tmp_path,
        "antithrombotics.yaml",
        entry,
    )


def test_i19_the_catheter_has_its_last_moment_under_the_small_dose_twice_daily_too(base: Knowledge) -> None:
    """Source: ASRA25."""
    made = chest(base, thinned("enoxaparin", "30 mg twice daily", 12, restart_at=after(36)))
    assert after(32) in moments(made), "the catheter is out 4 hours before the first dose"


# --- I20 -------------------------------------------------------------------------------------------------------------


def test_i20_warfarin_needs_a_normal_inr_and_the_catheter_goes_under_1_5(base: Knowledge) -> None:
    """Source: ASRA25."""
    warfarin = ("warfarin", "5 mg once daily")
    assert deep(chest(base, thinned(*warfarin, 120), health={"labs": {"inr": 1.0}}))
    assert not deep(chest(base, thinned(*warfarin, 119), health={"labs": {"inr": 1.0}}))
    for inr in (1.5, 2.4):
        assert not deep(chest(base, thinned(*warfarin, 144), health={"labs": {"inr": inr}})), inr
    unknown = chest(base, thinned(*warfarin, 144), health={"labs": {"inr": None}})
    assert not deep(unknown)
    assert any("inr" in ask.fact for ask in unknown.unknown)
    made = chest(base, thinned(*warfarin, 120, restart_at=after(12)), health={"labs": {"inr": 1.0}})
    assert any(
        "catheter" in said(line) and re.search(r"INR[^.]*\b1\.5\b", said(line))
        for line in every_line(made)
        if line.section == "anticoagulant"
    )


@pytest.mark.parametrize("records", ["agent-restart-warfarin", "block-anticoagulant-too-early"])
def test_i20_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_i20_warfarin_needs_a_normal_inr_and_the_catheter_goes_under_1_5, tmp_path, records)


@pytest.mark.parametrize("entry", ["warfarin"])
def test_i20_fails_without_its_entry(entry: str, tmp_path: Path) -> None:
    fails_without_entry(
        test_i20_warfarin_needs_a_normal_inr_and_the_catheter_goes_under_1_5, tmp_path, "antithrombotics.yaml", entry
    )


# --- I21 -------------------------------------------------------------------------------------------------------------


def loading(base: Knowledge, drug: str, dose: str, days: int) -> Plan:
    return chest(base, thinned(drug, dose, days * 24, indication="other", loading_dose=True, restart_at=after(30)))


def test_i21_platelet_medicines_wait_their_days_and_a_loading_dose_waits_6_hours(base: Knowledge) -> None:
    """Source: ASRA25."""
    for drug, dose, least, longest in (
        ("clopidogrel", "75 mg once daily", 5, 7),
        ("prasugrel", "10 mg once daily", 7, 10),
        ("ticagrelor", "90 mg twice daily", 5, 5),
    ):
        assert not deep(chest(base, thinned(drug, dose, least * 24 - 0.5, indication="other"))), drug
        assert deep(chest(base, thinned(drug, dose, longest * 24, indication="other"))), drug
        if longest > least:
            between = chest(base, thinned(drug, dose, longest * 24 - 0.5, indication="other"))
            assert not [line for line in between.regional if line.verdict == "recommend" and named(line) & DEEP], drug
        made = loading(base, drug, dose, longest)
        told = [line for line in made.anticoagulant if line.agent is not None and "loading" in said(line)]
        assert any(re.search(r"\b6 hours\b", said(line)) and "catheter" in said(line) for line in told), drug


@pytest.mark.parametrize("records", ["agent-loading-dose", "block-anticoagulant-too-early", "block-anticoagulant-deep"])
def test_i21_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_i21_platelet_medicines_wait_their_days_and_a_loading_dose_waits_6_hours, tmp_path, records)


@pytest.mark.parametrize("entry", ["clopidogrel", "prasugrel", "ticagrelor"])
def test_i21_fails_without_its_entry(entry: str, tmp_path: Path) -> None:
    fails_without_entry(
        test_i21_platelet_medicines_wait_their_days_and_a_loading_dose_waits_6_hours,
        tmp_path,
        "antithrombotics.yaml",
        entry,
    )


def test_i21_the_catheter_has_its_last_moment_before_a_loading_dose(base: Knowledge) -> None:
    """Source: ASRA25."""
    for drug, dose, days in (
        ("clopidogrel", "75 mg once daily", 7),
        ("prasugrel", "10 mg once daily", 10),
        ("ticagrelor", "90 mg twice daily", 5),
    ):
        assert after(24) in moments(loading(base, drug, dose, days)), (drug, "6 hours before a loading dose")


# --- I22 -------------------------------------------------------------------------------------------------------------


def test_i22_no_deep_catheter_in_heart_surgery_with_full_heparin_and_none_under_thrombin_inhibitors(
    base: Knowledge,
) -> None:
    """Source: ASRA25."""
    for moud in MOUD.values():
        for variant in ("bypass", "valve", None):
            made = plan(base, case(CARDIAC, *moud, surgery={"variant": variant}))
            assert not deep(made), variant
            assert any(line.verdict in ("never", "avoid") for line in made.regional), variant
    for drug in ("argatroban", "bivalirudin", "desirudin"):
        for hours in (2, 24, 100):
            made = chest(base, thinned(drug, "by vein", hours))
            assert not deep(made), (drug, hours)
            assert any(line.verdict == "never" for line in made.anticoagulant), (drug, hours)


@pytest.mark.parametrize("records", ["agent-forbidden", "block-anticoagulant-forbidden"])
def test_i22_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(
        test_i22_no_deep_catheter_in_heart_surgery_with_full_heparin_and_none_under_thrombin_inhibitors,
        tmp_path,
        records,
    )


@pytest.mark.parametrize("entry", ["argatroban", "bivalirudin", "desirudin"])
def test_i22_fails_without_its_entry(entry: str, tmp_path: Path) -> None:
    fails_without_entry(
        test_i22_no_deep_catheter_in_heart_surgery_with_full_heparin_and_none_under_thrombin_inhibitors,
        tmp_path,
        "antithrombotics.yaml",
        entry,
    )


# --- I23 -------------------------------------------------------------------------------------------------------------


def test_i23_heparin_for_more_than_four_days_asks_for_the_platelet_count(base: Knowledge) -> None:
    """Source: ASRA25."""
    for drug, dose in (("heparin", "5000 units three times daily"), ("enoxaparin", "40 mg once daily")):

        def under(days: int | None, platelets: int | None, name: str = drug, amount: str = dose) -> Plan:
            more = {} if days is None else {"days_taken": days}
            labs = {"platelets": platelets, "coagulation_normal": True}
            return chest(base, thinned(name, amount, 13, **more), health={"labs": labs})

        def counted(made: Plan) -> bool:
            return any(line.agent is not None and "platelet count" in said(line) for line in made.anticoagulant)

        for days in (5, 14):
            unknown = under(days, None)
            assert not deep(unknown), (drug, days)
            assert any("platelets" in ask.fact for ask in unknown.unknown), (drug, days)
            assert counted(unknown), (drug, days)
            assert counted(under(days, 250)), "and again before a catheter is pulled"
            assert deep(under(days, 250)), (drug, days)
        assert not counted(under(4, None)), drug
        assert deep(under(4, 250)), drug
        assert not deep(under(None, None)), "days not told"


@pytest.mark.parametrize("records", ["agent-heparin-over-4-days"])
def test_i23_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_i23_heparin_for_more_than_four_days_asks_for_the_platelet_count, tmp_path, records)


@pytest.mark.parametrize("entry", ["heparin_subcutaneous", "enoxaparin"])
def test_i23_fails_without_its_entry(entry: str, tmp_path: Path) -> None:
    fails_without_entry(
        test_i23_heparin_for_more_than_four_days_asks_for_the_platelet_count, tmp_path, "antithrombotics.yaml", entry
    )


# --- I24 -------------------------------------------------------------------------------------------------------------


def test_i24_interscalene_never_with_one_lung_or_a_palsy_on_the_other_side_and_never_on_both_sides(
    base: Knowledge,
) -> None:
    """Source: UTB24."""
    assert "interscalene" in blocks(plan(base, case(SHOULDER, film(16))))
    for changes in (
        ill("phrenic_palsy_other_side"),
        ill("home_oxygen"),
        ill("copd", "home_oxygen"),
        ill("pneumonectomy"),
        {"surgery": {"both_sides": True}},
    ):
        made = plan(base, case(SHOULDER, film(16), **changes))
        assert "interscalene" not in blocks(made), changes
        if changes != ill("home_oxygen"):
            assert stopped(made, "interscalene", "never", "avoid"), changes
        if "surgery" not in changes:
            assert "suprascapular_axillary" in blocks(made), (changes, "a block that spares the diaphragm stays")
    assert stopped(plan(base, case(SHOULDER, film(16), surgery={"both_sides": True})), "interscalene")
    lungs = plan(base, case(SHOULDER, film(16), **ill("copd")))
    assert not [line for line in lungs.regional if "interscalene" in named(line) and line.verdict == "recommend"]


@pytest.mark.parametrize("records", ["block-phrenic-never", "block-phrenic-lungs", "block-phrenic-both-sides"])
def test_i24_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(
        test_i24_interscalene_never_with_one_lung_or_a_palsy_on_the_other_side_and_never_on_both_sides,
        tmp_path,
        records,
    )


# --- I25 -------------------------------------------------------------------------------------------------------------


def sodium_channel(base: Knowledge, *moud: dict[str, Any], **changes: Any) -> Plan:
    return plan(base, case("abdominoplasty", *moud, **changes))


def test_i25_suzetrigine_has_its_stops_and_14_days(base: Knowledge) -> None:
    """Sources: JOURNAVX, SUZ-MTD."""
    made = sodium_channel(base)
    assert doses(made, "suzetrigine")
    assert {dose.amount for dose in doses(made, "suzetrigine")} <= {Decimal(100), Decimal(50)}
    for dose in doses(made, "suzetrigine"):
        if dose.every_hours is not None:
            assert dose.every_hours >= 12
            assert dose.days_at_most is not None
            assert dose.days_at_most <= 14
    for changes in (
        {"health": {"medicines": ["clarithromycin"]}},
        {"health": {"medicines": ["itraconazole"]}},
        {"health": {"medicines": ["ritonavir"]}},
        {"health": {"child_pugh": "C"}},
        {"health": {"suzetrigine_days_used": 14}},
        kidney(14.9),
    ):
        made = sodium_channel(base, **changes)
        assert not offered(made, "suzetrigine"), changes
        assert stopped(made, "suzetrigine", "never", "avoid"), changes
    for changes in ({"health": {"child_pugh": "A"}}, kidney(15), {"health": {"medicines": ["amlodipine"]}}):
        assert offered(sodium_channel(base, **changes), "suzetrigine"), changes
    last = sodium_channel(base, health={"suzetrigine_days_used": 13})
    assert all(dose.days_at_most in (None, 1) for dose in doses(last, "suzetrigine"))
    for medicine in ("fluconazole", "rifampin", "carbamazepine"):
        assert not offered(sodium_channel(base, health={"medicines": [medicine]}), "suzetrigine"), medicine
    moderate = sodium_channel(base, health={"medicines": ["fluconazole"]})
    assert any("pharmacist" in said(line) for line in about(moderate, "suzetrigine"))
    for entry in (methadone(), methadone(call=None)):
        made = sodium_channel(base, entry)
        assert stopped(made, "suzetrigine", "never", "avoid", "caution")
        assert not offered(made, "suzetrigine")


@pytest.mark.parametrize(
    "records",
    [
        "suzetrigine-strong-inhibitor",
        "suzetrigine-moderate-inhibitor",
        "suzetrigine-inducer",
        "suzetrigine-child-pugh-c",
        "suzetrigine-kidney-failure",
        "suzetrigine-days-used-up",
        "suzetrigine-methadone",
    ],
)
def test_i25_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_i25_suzetrigine_has_its_stops_and_14_days, tmp_path, records)


# --- I26 -------------------------------------------------------------------------------------------------------------

QT_ANTIEMETICS = re.compile(r"\b(ondansetron|haloperidol|droperidol)\b", re.I)


def test_i26_no_qt_prolonging_medicine_against_nausea_with_a_long_qtc_or_methadone_and_another(base: Knowledge) -> None:
    """Sources: MTDQT, QTANTIEM."""
    long_qtc = {"health": {"labs": {"qtc_ms": 500}}}
    for name, moud, changes in (
        ("none", [], long_qtc),
        ("film", [film(16)], long_qtc),
        ("methadone", [methadone()], long_qtc),
        ("methadone and citalopram", [methadone()], {"health": {"medicines": ["citalopram"]}}),
    ):
        for kind in KINDS:
            made = plan(base, person(*moud, kind=kind, **changes))
            for line in every_line(made):
                if line.verdict in OFFERS and line.section != "team":
                    assert not QT_ANTIEMETICS.search(line.say), (name, kind, line.id)
            assert any(
                line.verdict in ("never", "avoid") and QT_ANTIEMETICS.search(said(line)) for line in every_line(made)
            ), (name, kind)
    beside = plan(base, person(film(16), health={"labs": {"qtc_ms": 449}}))
    assert not any(line.verdict == "never" and QT_ANTIEMETICS.search(said(line)) for line in every_line(beside))


@pytest.mark.parametrize("records", ["antiemetics-qtc-500", "antiemetics-methadone"])
def test_i26_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(
        test_i26_no_qt_prolonging_medicine_against_nausea_with_a_long_qtc_or_methadone_and_another, tmp_path, records
    )


# --- I27 -------------------------------------------------------------------------------------------------------------


def test_i27_no_serotonin_medicine_with_an_mao_inhibitor(base: Knowledge) -> None:
    """Sources: SMR, DULOX, CYCLO-CI."""
    for medicine in ("phenelzine", "tranylcypromine", "linezolid"):
        for moud in ([], [film(16)], [methadone()]):
            made = plan(base, case(KNEE_REPLACEMENT, *moud, health={"medicines": [medicine]}))
            for subject in ("cyclobenzaprine", "duloxetine"):
                assert not offered(made, subject), (medicine, subject)
                assert stopped(made, subject), (medicine, subject)
            for word in ("methadone", "meperidine", "tramadol"):
                assert any(
                    line.verdict in ("never", "avoid") and word in said(line) and re.search("MAO|monoamine", said(line))
                    for line in every_line(made)
                ), (medicine, word)
    plain = plan(base, case(KNEE_REPLACEMENT, film(16), health={"medicines": ["lisinopril"]}))
    assert not any(line.verdict == "never" and re.search("MAO|monoamine", line.say) for line in every_line(plain))


@pytest.mark.parametrize(
    "records",
    [
        "cyclobenzaprine-maoi",
        "duloxetine-never",
        "meperidine-never-with-maoi",
        "methadone-never-started-with-maoi",
        "tramadol-never-with-maoi",
    ],
)
def test_i27_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_i27_no_serotonin_medicine_with_an_mao_inhibitor, tmp_path, records)


# --- I28 -------------------------------------------------------------------------------------------------------------

NUMBER = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty)"
COUNT = re.compile(
    rf"\b{NUMBER}(?:\s*(?:to|or|-|–)\s*{NUMBER})?\s+(?:(?:oxycodone|hydrocodone|tramadol|opioid|5[\s-]?mg|of|the)\s+)*(?:tablets?|pills?|capsules?|tabs?)\b",
    re.I,
)


def counts(made: Plan) -> list[str]:
    """Return every number of tablets that a plan prints."""
    whole = f"{to_json(made)} {plan_text(as_data(made))}".replace("\u00a0", " ").replace("\\u00a0", " ")
    return COUNT.findall(re.sub(r"\s+", " ", whole))


def operations(base: Knowledge) -> list[dict[str, Any]]:
    """Return every operation of the list, in each of its kinds and without one."""
    found = []
    for procedure, entry in base.catalog.procedures.items():
        name = {"procedure_text": "Removal of a tail"} if procedure == "other" else {}
        found += [{"procedure": procedure, "variant": variant, **name} for variant in (None, *entry.variants)]
    return found


def test_i28_a_count_is_told_from_a_strength() -> None:
    for example in ("0-15 tablets", "10 oxycodone tablets", "five pills", "20 tablets", "0 to 10 opioid pills"):
        assert COUNT.search(example), example
    for example in ("a 50 mg tablet", "No tablets to take home.", "combination tablets"):
        assert not COUNT.search(example), example


SUPPLY = ("opioids", "discharge", "aftercare")
OPIOIDS = r"opioid|oxycodone|hydrocodone|hydromorphone|morphine|tramadol|tapentadol|codeine|fentanyl"


def opioid_counts(made: Plan) -> list[str]:
    """Return every number of tablets that a plan prints about opioids or for the way home."""
    found = []
    for line in every_line(made):
        # A range "for reference only" is for people without MOUD and opioids alone (tests/test_invariants.py, invariant 22).
        if line.id.startswith("pill-range-opioid-naive"):
            continue
        texts = [said(line), *(line.say_patient or {}).values(), *(step.what_patient for step in line.steps)]
        for text in texts:
            plain = text.replace("\u00a0", " ")
            for match in COUNT.finditer(plain):
                around = plain[max(0, match.start() - 40) : match.end() + 40]
                if line.section in SUPPLY or re.search(OPIOIDS, around, re.I):
                    found.append(match.group(0))
    return found


def test_i28_no_number_of_opioid_tablets_stands_anywhere(base: Knowledge) -> None:
    """Source: OPEN."""
    supply = {"opioids": {"planned": True, "home_supply": True}}
    for surgery in operations(base):
        for moud in ([film(16)], []):
            assert not opioid_counts(plan(base, case(surgery["procedure"], *moud, surgery=surgery, **supply))), surgery
    for entry in (*AGONISTS.values(), *BLOCKERS.values()):
        for kind in KINDS:
            assert not opioid_counts(plan(base, person(entry, kind=kind, **supply))), (entry, kind)


@pytest.mark.parametrize("count", ["0 to 15 tablets", "ten oxycodone tablets", "20 pills"])
def test_i28_fails_when_a_record_gains_a_count(count: str, tmp_path: Path) -> None:
    words = "say: If any opioid goes home, fill every box of this table first."
    planted = with_text(tmp_path, "opioids/safeguards.yaml", words, f"{words} At most {count}.")
    made = plan(planted, case(KNEE_REPLACEMENT, film(16), opioids={"planned": True, "home_supply": True}))
    assert count in " ".join(counts(made))
    with pytest.raises(AssertionError):
        test_i28_no_number_of_opioid_tablets_stands_anywhere(planted)


# --- I29 -------------------------------------------------------------------------------------------------------------


def test_i29_no_dense_long_block_with_a_risk_of_compartment_syndrome(base: Knowledge) -> None:
    """Source: ACS21."""
    for procedure in (TIBIA, "ankle_fracture_fixation", "femur_fracture_fixation"):
        made = plan(base, case(procedure, film(16), **ill("compartment_syndrome_risk")))
        assert not deep(made), procedure
        assert not blocks(made) & NERVE_BLOCKS, procedure
        assert any(line.verdict in ("never", "avoid") for line in made.regional), procedure
        watch = [line for line in every_line(made) if line.section in ("regional", "monitoring")]
        assert any("consent" in said(line) and "low concentration" in said(line) for line in watch), procedure
        assert any(
            re.search(r"compartment", said(line)) and line.section in ("regional", "monitoring") for line in watch
        )
    knee = plan(base, case(KNEE_REPLACEMENT, film(16)))
    assert "adductor_canal" in blocks(knee)
    assert not any("low concentration" in said(line) and "consent" in said(line) for line in every_line(knee))


@pytest.mark.parametrize("records", ["block-compartment-person", "block-compartment-neuraxial"])
def test_i29_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_i29_no_dense_long_block_with_a_risk_of_compartment_syndrome, tmp_path, records)


# --- I30 -------------------------------------------------------------------------------------------------------------


def reasoned(made: Plan, *subjects: str) -> bool:
    """Tell whether a plan offers one of these, or says why not."""
    return bool(offered(made, *subjects)) or any(
        line.verdict in ("never", "avoid", "ask", "caution") and line.because for line in about(made, *subjects)
    )


# What the regional section says when it offers no technique.
NO_TECHNIQUE = ("note_of_this_operation", "advised_against", "no_regional_technique", "none_left", "unlisted_operation")


def disposal(made: Plan) -> list[str]:
    """Return the lines that say what becomes of medicine that is left."""
    return [line.id for line in every_line(made) if re.search(r"dispos|take-back|throw away|unused", said(line))]


def test_i30_every_plan_has_its_base_block_non_drug_measures_disposal_watch_sources_and_date(base: Knowledge) -> None:
    """Sources: APS16 and the procedure-specific ones."""
    plans = [plan(base, case(surgery["procedure"], film(16), surgery=surgery)) for surgery in operations(base)]
    plans += [plan(base, person(*moud, kind=kind)) for moud in MOUD.values() for kind in KINDS]
    plans += [plan(base, case(patient={"allergies": ["nsaid", "acetaminophen"]}))]
    for made in plans:
        where = made.summary.operation
        assert reasoned(made, *ACETAMINOPHEN), where
        assert reasoned(made, CLASS, *NSAIDS), where
        technique = {name for line in made.regional for name in named(line)} & {*base.catalog.blocks, *NO_TECHNIQUE}
        assert technique or made.kind == "standing", where
        assert made.regional, where
        assert any(line.step == "non_drug" and line.verdict in OFFERS for line in made.non_opioid), where
        assert disposal(made) or made.kind == "standing", where
        assert made.monitoring, where
        assert made.made_at, where
        assert made.knowledge.hash, where
        for line in every_line(made):
            assert line.sources, line.id
            assert all(cited.citation and cited.year for cited in line.sources), line.id
        paper = plan_text(as_data(made))
        assert f"{made.made_at.year}" in paper, where
    both = plan(base, case(patient={"allergies": ["nsaid", "acetaminophen"]}))
    single = ids(plan(base, case(patient={"allergies": ["nsaid"]}))) | ids(
        plan(base, case(patient={"allergies": ["acetaminophen"]}))
    )
    assert ids(both) - single, "the plan says why it has neither"


@pytest.mark.parametrize("records", ["base-is-gone", "home-opioid-checklist-dated", "regional-after-injury"])
def test_i30_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(
        test_i30_every_plan_has_its_base_block_non_drug_measures_disposal_watch_sources_and_date, tmp_path, records
    )


def test_i30_no_block_is_recommended_where_none_is_needed(base: Knowledge) -> None:
    made = plan(base, case("endoscopy", film(16)))
    assert not [line.id for line in made.regional if line.verdict == "recommend"]


def test_i30_a_standing_plan_names_safe_disposal_too(base: Knowledge) -> None:
    for moud in MOUD.values():
        assert disposal(plan(base, person(*moud, kind="standing")))


# --- I31 -------------------------------------------------------------------------------------------------------------


def test_i31_what_is_declined_is_gone_and_an_infusion_never_goes_home(base: Knowledge) -> None:
    for procedure in (KNEE_REPLACEMENT, THORACOTOMY, SHOULDER, COLECTOMY):
        declined = plan(base, case(procedure, film(16), surgery=NO_BLOCK))
        assert blocks(plan(base, case(procedure, film(16)))) & set(base.catalog.blocks), procedure
        assert not deep(declined), procedure
        left = blocks(declined) & set(base.catalog.blocks)
        assert all(base.catalog.blocks[block].kind == "infiltration" for block in left), (procedure, left)
    for surgery in operations(base):
        for setting in ("ambulatory", "inpatient"):
            made = plan(base, case(surgery["procedure"], surgery={**surgery, **NO_BLOCK, "setting": setting}))
            for line in offers(made, *INFUSIONS):
                assert line.phase != "home", (surgery, line.id)
                assert setting == "inpatient" or line.phase != "ward", (surgery, line.id)
            assert not [step for line in made.discharge for step in line.steps if re.search("ketamine", step.what)], (
                surgery
            )


@pytest.mark.parametrize("records", ["block-declined"])
def test_i31_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_i31_what_is_declined_is_gone_and_an_infusion_never_goes_home, tmp_path, records)


def test_i31_no_rescue_opioid_is_recommended_to_a_person_who_wishes_none(base: Knowledge) -> None:
    for name, moud in MOUD.items():
        made = plan(base, case(FUSION, *moud, recovery={"wishes": "no_opioids"}))
        assert not offered(made, "rescue_opioid"), name


# --- I32 -------------------------------------------------------------------------------------------------------------


def test_i32_routes_and_home_use_are_added_up_before_a_limit_is_checked(base: Knowledge) -> None:
    """Sources: OFIRMEV, KETOROLAC."""
    for taken in (500, 2000, 3000):
        made = plan(base, case(health={"acetaminophen_mg_at_home": taken}))
        with_dose = {line.subject for line in about(made, *ACETAMINOPHEN) if line.dose}
        # The count is that of one day and takes nothing from the course of two weeks later; at 3,000 mg one dose is left.
        assert with_dose >= set(ACETAMINOPHEN) - {"acetaminophen"}, "before surgery, by vein, by mouth and at home"
        assert any(f"{taken:,} mg" in said(line) for line in about(made, "acetaminophen")), (
            "counted before the first dose"
        )
        for dose in printed(made, *ACETAMINOPHEN):
            assert dose.daily_max is None or dose.daily_max <= 4000, dose.words
    for taken in (4000, 6000):
        made = plan(base, case(health={"acetaminophen_mg_at_home": taken}))
        assert not printed(made, *ACETAMINOPHEN), taken
        assert any(line.verdict in ("never", "avoid") for line in about(made, *ACETAMINOPHEN)), taken
    for line in offers(plan(base, case()), "acetaminophen_iv"):
        assert line.verdict != "recommend", "in place of the tablets, not beside them"
    # Each route of ketorolac counts the days of all of them.
    for days in (2, 4):
        used_up = ketorolac_used(base, days)
        for dose in doses(used_up, *KETOROLAC):
            assert dose.days_at_most is not None
            assert dose.days_at_most <= 5 - days
    plain = ids(plan(base, case()))
    for medicine in ("ibuprofen", "naproxen sodium", "Advil", "diclofenac"):
        made = plan(base, case(health={"medicines": [medicine]}))
        new = [
            line for line in about(made, CLASS, *NSAIDS) if line.id not in plain or line.verdict in ("never", "avoid")
        ]
        assert new, (medicine, "one from home counts")
        assert not offered(made, *KETOROLAC), medicine


@pytest.mark.parametrize(
    "records", ["acetaminophen-iv-instead", "acetaminophen-overuse-hold", "ketorolac-with-nsaid-or-aspirin"]
)
def test_i32_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_i32_routes_and_home_use_are_added_up_before_a_limit_is_checked, tmp_path, records)


def test_i32_no_single_dose_goes_over_what_is_left_of_the_day(base: Knowledge) -> None:
    """Source: OFIRMEV."""
    for taken, allowed in ((2000, True), (3000, True), (3001, False), (3999, False)):
        made = plan(base, case(health={"acetaminophen_mg_at_home": taken}))
        assert bool(offered(made, "acetaminophen_before")) == allowed, taken
        for dose in doses(made, "acetaminophen_before"):
            assert dose.amount is not None
            assert dose.amount <= 4000 - taken, (taken, dose.words)
        urgent = plan(base, person(kind="emergency", health={"acetaminophen_mg_at_home": taken}))
        assert any(f"{4000 - taken:,} mg more" in said(line) for line in every_line(urgent)), (taken, "left of today")


def test_i32_nothing_is_recommended_when_the_day_is_used_up(base: Knowledge) -> None:
    """Source: OFIRMEV."""
    for taken in (4000, 6000):
        made = plan(base, case(health={"acetaminophen_mg_at_home": taken}))
        assert not offered(made, *ACETAMINOPHEN), taken


def test_i32_no_dose_is_offered_when_the_persons_own_limit_is_used_up(base: Knowledge) -> None:
    """Sources: OFIRMEV, APAPCIRR: 2 g with a sick liver or much alcohol, 75 mg/kg under 50 kg."""
    for changes, taken in (
        ({"health": {"child_pugh": "A"}}, 2000),
        ({"health": {"alcohol_drinks_per_day": 3}}, 2500),
        ({"patient": {"weight_kg": 38}}, 2850),
    ):
        health = {**changes.get("health", {}), "acetaminophen_mg_at_home": taken}
        made = plan(base, case(KNEE_REPLACEMENT, patient=changes.get("patient", {}), health=health))
        assert not [dose.words for dose in printed(made, *ACETAMINOPHEN) if dose.daily_max is None], changes
        assert stopped(made, "acetaminophen_full_dose"), (changes, "as at 4,000 mg for everybody else")


# --- I33 -------------------------------------------------------------------------------------------------------------


def test_i33_beside_a_spinal_catheter_only_once_daily_heparin_and_then_nothing_else(base: Knowledge) -> None:
    """Source: ASRA25."""
    once = chest(base, thinned("enoxaparin", "40 mg once daily", 24, restart_at=after(12)))
    assert not ("thoracic_epidural" in blocks(once) and offered(once, *NSAIDS)), (
        "a catheter and an anti-inflammatory medicine"
    )
    stops = [line for line in about(once, CLASS, *NSAIDS) if line.verdict in ("never", "avoid")]
    assert stops or "thoracic_epidural" not in blocks(once)
    without_it = chest(base)
    assert "thoracic_epidural" in blocks(without_it)
    assert offered(without_it, *NSAIDS)
    for agent, out in (
        (thinned("enoxaparin", "30 mg twice daily", 24, restart_at=after(36)), None),
        (thinned("enoxaparin", "80 mg twice daily", 48, restart_at=after(36)), 32),
        (thinned("apixaban", "2.5 mg twice daily", 96, restart_at=after(36)), 30),
        (thinned("rivaroxaban", "20 mg once daily", 96, restart_at=after(36)), 12),
        (thinned("dabigatran", "150 mg twice daily", 96, restart_at=after(36)), 12),
    ):
        made = chest(base, agent)
        lines = [line for line in every_line(made) if line.id not in ids(once)]
        assert any("catheter" in said(line) and re.search(r"\b(no|none|never)\b", said(line)) for line in lines), agent
        assert out is None or after(out) in moments(made), (agent, "the catheter is out before the first dose")


@pytest.mark.parametrize(
    "records", ["agent-catheter-out-by", "nsaid-beside-catheter-and-heparin + nsaid-anticoagulant"]
)
def test_i33_fails_without_its_record(records: str, tmp_path: Path) -> None:
    fails_without(test_i33_beside_a_spinal_catheter_only_once_daily_heparin_and_then_nothing_else, tmp_path, records)
