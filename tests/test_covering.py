"""All pairs and all triples of answers to the questions that matter most, each in a whole plan that must break no rule.

A level such as "heparins" stands for several answers; they take turns from row to row, so that
every operation, product, condition, medicine and kind of operation of the tables is met. A level that a kind of plan has no
place for (the hour of an operation that is not planned) is left out of the answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from covering import Row, covering_rows, missing_combinations
from plan_rules import OPTIONS, broken
from real_plans import CALL, film, injected, methadone, tablet

from planner import choices
from planner.case import DEFAULT_TIME_ZONE, read_case
from planner.engine import make_plan
from planner.facts import Facts, derive
from planner.knowledge import load
from planner.plan import Plan

NOW = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo(DEFAULT_TIME_ZONE))
SURGERY = {"scheduled": "2026-12-08T07:30", "urgent": "2026-11-24T11:00", "emergency": "2026-11-23T22:00"}
YESTERDAY = "2026-11-22T20:00"
NOT_KNOWN = "not known"

LEVELS: Mapping[str, Sequence[str]] = {
    "medicine for addiction": (
        "none", "film, small dose", "film, large dose, days missed", "buprenorphine injection", "buprenorphine for pain",
        "methadone, confirmed", "methadone, not confirmed, days missed", "blocker", "another", NOT_KNOWN,
    ),
    "recovery": (*choices.RECOVERY_STATUSES, NOT_KNOWN),
    "operation": (*choices.BODY_REGIONS, "anywhere or typed", NOT_KNOWN),
    "kind of operation": ("a kind", NOT_KNOWN),
    "pain": (*choices.EXPECTED_PAIN, "as the table says"),
    "urgency": tuple(choices.KINDS),
    "stay": (*choices.SETTINGS, NOT_KNOWN),
    "age": ("30", "66", "80", NOT_KNOWN),
    "weight": ("45", "81", "130", NOT_KNOWN),
    "kidney": ("90", "45", "20", NOT_KNOWN),
    "liver": (*choices.CHILD_PUGH, NOT_KNOWN),
    "pregnancy": ("no", "10 weeks", "32 weeks", "just born", NOT_KNOWN),
    "allergy": ("none", "nsaid", "acetaminophen", "amide_local_anesthetic", "another", NOT_KNOWN),
    "conditions": ("none", "heart and vessels", "lungs", "liver, kidney and gut", "blood and infection", "nerves and mind", NOT_KNOWN),
    "medicine against clotting": ("none", "direct oral", "heparins", "vitamin K", "antiplatelet", "another", NOT_KNOWN),
    "its last dose": ("weeks ago", "hours ago", NOT_KNOWN),
    "other medicines": ("none", "a sedative", "one with a rule", "another one with a rule", NOT_KNOWN),
    "alcohol": ("0", "4", NOT_KNOWN),
    "blood tests": ("normal", "between", "low", NOT_KNOWN),
    "QTc": ("430", "510", NOT_KNOWN),
    "regional anesthesia": ("accepted", "declined", NOT_KNOWN),
    "local anesthetic": ("none", "near the limit", "liposomal", "by vein"),
    "opioids": ("none", "in hospital", "at home", NOT_KNOWN),
    "taken already": ("nothing", "much", NOT_KNOWN),
}  # fmt: skip

CONDITIONS: Mapping[str, Sequence[str]] = {
    "lungs": ("osa_untreated", "osa_treated", "copd", "home_oxygen", "pneumonectomy", "asthma"),
    "heart and vessels": (
        "hypertension", "uncontrolled_hypertension", "hypotension", "heart_failure", "recent_mi", "coronary_disease", "stroke",
        "heart_block", "arrhythmia", "pacemaker", "long_qt", "syncope", "severe_aortic_stenosis", "hocm",
        "peripheral_arterial_disease", "deep_vein_thrombosis",
    ),
    "liver, kidney and gut": (
        "acute_hepatitis", "liver_failure", "chronic_liver_disease", "acute_kidney_injury", "dialysis", "kidney_transplant",
        "hypovolemia", "active_gi_bleed", "gi_ulcer_history", "gastric_bypass", "sleeve_gastrectomy", "ileus",
    ),
    "blood and infection": (
        "bleeding_disorder", "clotting_failure", "untreated_lymphoma", "infection_at_block_site", "sepsis", "fungal_infection",
        "infection_active",
    ),
}  # fmt: skip
FAMILIES = {
    "direct oral": ("direct_oral",),
    "heparins": ("heparin", "low_molecular_weight_heparin", "fondaparinux"),
    "vitamin K": ("vitamin_k",),
    "antiplatelet": ("p2y12", "other_antiplatelet", "gp_iib_iiia", "aspirin"),
}
SEDATIVES = ("benzodiazepine", "gabapentinoid", "muscle_relaxant")
TIMES = {1: "once daily", 2: "twice daily", 3: "three times a day"}


@cache
def rows(strength: int) -> tuple[Row, ...]:
    return tuple(covering_rows(LEVELS, strength, seed=20261125))


@cache
def told() -> tuple[dict[str, Any], ...]:
    """Return the answers of each row that shows the triples."""
    return tuple(answers_of(row, turns) for row, turns in zip(rows(3), turns_of(rows(3)), strict=True))


# --- from a row to answers -------------------------------------------------------------------------------------------


def in_turn(options: Sequence[Any], turn: int) -> Any:
    return options[turn % len(options)]


def turns_of(found: Sequence[Row]) -> list[Row]:
    """Return for each row how often each of its answers came before, so that what a level stands for takes turns."""
    counts: Counter[tuple[str, ...]] = Counter()
    turns = []
    for row in found:
        keys = {name: (name, answer) for name, answer in row.items()}
        # Each operation is met with and without its kind.
        keys["operation"] = ("operation", row["operation"], row["kind of operation"])
        turns.append({name: str(counts[key]) for name, key in keys.items()})
        counts.update(keys.values())
    return turns


def answers_of(row: Row, turns: Row) -> dict[str, Any]:
    """Return the answers of a row; ``turns`` tells how often each of them came before."""
    turn = {name: int(count) for name, count in turns.items()}
    moud = medicines_for_addiction(row["medicine for addiction"], turn["medicine for addiction"])
    return {
        "kind": row["urgency"],
        "patient": patient(row, turn),
        "recovery": recovery(row, turn["recovery"]),
        **({} if moud is None else {"moud": moud}),
        "surgery": surgery(row, turn),
        "opioids": {
            "none": {"planned": False}, "in hospital": {"planned": True, "home_supply": False}, "at home": {"planned": True, "home_supply": True},
        }.get(row["opioids"], {}),
        "health": health(row, turn),
    }  # fmt: skip


def patient(row: Row, turn: Mapping[str, int]) -> dict[str, Any]:
    pregnancy = {
        "no": {"pregnant": False, "postpartum": False, "breastfeeding": False},
        "10 weeks": {"pregnant": True, "pregnancy_weeks": 10},
        "32 weeks": {"pregnant": True, "pregnancy_weeks": 32},
        "just born": {"pregnant": False, "postpartum": True, "breastfeeding": True},
    }.get(row["pregnancy"], {})
    sex = "male" if row["pregnancy"] == "no" and turn["pregnancy"] % 2 else "female"
    found: dict[str, Any] = {"sex": sex, "height_cm": 165, **pregnancy}
    if row["age"] != NOT_KNOWN:
        found["birth_date"] = f"{2026 - int(row['age'])}-01-15"
    if row["weight"] != NOT_KNOWN:
        found["weight_kg"] = row["weight"]
    others = [name for name in choices.ALLERGIES if name not in LEVELS["allergy"]]
    allergies = {"none": [], "another": [in_turn([*others, "penicillin"], turn["allergy"])]}
    if row["allergy"] != NOT_KNOWN:
        found["allergies"] = allergies.get(row["allergy"], [row["allergy"]])
    return found


def recovery(row: Row, turn: int) -> dict[str, Any]:
    if row["recovery"] == NOT_KNOWN:
        return {}
    return {
        "status": row["recovery"],
        "program": in_turn(list(choices.PROGRAMS), turn),
        "substances": [in_turn(list(choices.SUBSTANCES), turn)],
        "wishes": in_turn(list(choices.WISHES), turn),
    }


def medicines_for_addiction(level: str, turn: int) -> list[dict[str, Any]] | None:
    products = load().catalog.products.values()
    depots = [product for product in products if product.injected and product.group == "buprenorphine"]
    for_pain = [p for p in products if p.regimen in ("buprenorphine_patch", "buprenorphine_buccal_pain")]
    blockers = [product for product in products if product.group == "antagonist"]
    elsewhere = {product.id for product in (*depots, *for_pain, *blockers)} | {"methadone", "unknown"}
    others = [product for product in products if product.id not in elsewhere and product.regimen != "buprenorphine_sl"]
    found: Mapping[str, Callable[[], list[dict[str, Any]]]] = {
        "none": list,
        "film, small dose": lambda: [in_turn([film(8), film(5.7, product="zubsolv")], turn)],
        "film, large dose, days missed": lambda: [film(24, f"2026-11-{19 - turn % 4}T08:00")],
        "buprenorphine injection": lambda: [
            injected(in_turn(depots, turn).id, "2026-11-10", in_turn((100, 300), turn))
        ],
        "buprenorphine for pain": lambda: [_given(in_turn(for_pain, turn), indication="pain")],
        "methadone, confirmed": lambda: [methadone(in_turn((40, 90, 150), turn), call=CALL)],
        "methadone, not confirmed, days missed": lambda: [methadone(90, f"2026-11-{20 - turn % 5}T06:40", call=None)],
        "blocker": lambda: [_given(in_turn(blockers, turn))],
        "another": lambda: [_given(in_turn(others, turn), indication=in_turn(("oud", "aud", "other"), turn))],
    }
    return found[level]() if level in found else None if turn % 2 else [{"product": "unknown"}]


def _given(product: Any, **more: Any) -> dict[str, Any]:
    size = "dose_mcg" if product.unit.startswith("mcg") else "dose_mg"
    dose = product.strengths[-1] if product.strengths else 50
    when = {"last_injection_on": "2026-11-01"} if product.injected else {"last_dose_at": YESTERDAY}
    named = {"product_name": "a new one"} if product.id == "other" else {}
    return tablet(product.id, last=None) | {"dose_mg": None, size: dose, **when, **named, **more}


def surgery(row: Row, turn: Mapping[str, int]) -> dict[str, Any]:
    procedures = load().catalog.procedures
    found: dict[str, Any] = {
        "setting": None if row["stay"] == NOT_KNOWN else row["stay"],
        "both_sides": turn["operation"] % 7 == 0,
    }
    if row["urgency"] in SURGERY:
        found["at"] = SURGERY[row["urgency"]]
    count = turn["operation"]
    here = sorted(name for name, one in procedures.items() if one.region == row["operation"])
    if row["operation"] == "anywhere or typed":
        # Burns have no region of their own.
        here = sorted(name for name, one in procedures.items() if one.region not in choices.BODY_REGIONS)
    pairs: list[tuple[str, str | None]] = [(name, None) for name in here]
    if row["kind of operation"] == "a kind":
        pairs = [(name, kind) for name in here for kind in (sorted(procedures[name].variants) or [None])]
    if pairs:
        found["procedure"], found["variant"] = in_turn(pairs, count)
    if found.get("procedure") == "other":
        found |= {"procedure_text": "Removal of a toe", "body_region": in_turn(list(choices.BODY_REGIONS), count)}
    if row["pain"] in choices.EXPECTED_PAIN:
        found["expected_pain"] = row["pain"]
    found["regional_refused"] = {"accepted": False, "declined": True}.get(row["regional anesthesia"])
    listed = {
        "near the limit": {"drug": "ropivacaine", "mg": 195, "route": "block"},
        "liposomal": {"drug": "liposomal_bupivacaine", "mg": 266, "route": "wound", "at": in_turn((None, "2026-11-22T12:00"), turn["local anesthetic"])},
        "by vein": {"drug": "lidocaine", "mg": 100, "route": "vein"},
    }  # fmt: skip
    found["local_anesthetics"] = [listed[row["local anesthetic"]]] if row["local anesthetic"] in listed else []
    return found


def health(row: Row, turn: Mapping[str, int]) -> dict[str, Any]:
    found: dict[str, Any] = {"labs": labs(row)}
    if row["liver"] != NOT_KNOWN:
        found["child_pugh"] = row["liver"]
    if row["conditions"] != NOT_KNOWN:
        found["conditions"] = (
            [] if row["conditions"] == "none" else [in_turn(conditions_of(row["conditions"]), turn["conditions"])]
        )
    if row["medicine against clotting"] != NOT_KNOWN:
        found["anticoagulants"] = anticoagulants(row, turn["medicine against clotting"])
    if row["other medicines"] != NOT_KNOWN:
        found["medicines"] = other_medicines(row["other medicines"], turn["other medicines"])
    if row["alcohol"] != NOT_KNOWN:
        found["alcohol_drinks_per_day"] = row["alcohol"]
    taken = {"nothing": (0, 0, 0), "much": (3900, 4, 13)}
    if row["taken already"] in taken:
        names = ("acetaminophen_mg_at_home", "ketorolac_days_used", "suzetrigine_days_used")
        found |= dict(zip(names, taken[row["taken already"]], strict=True))
    return found


def conditions_of(level: str) -> list[str]:
    if level in CONDITIONS:
        return list(CONDITIONS[level])
    elsewhere = {name for listed in CONDITIONS.values() for name in listed}
    return [name for name in choices.CONDITIONS if name not in elsewhere]


def labs(row: Row) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if row["kidney"] != NOT_KNOWN:
        found["egfr"] = row["kidney"]
    if row["QTc"] != NOT_KNOWN:
        found["qtc_ms"] = row["QTc"]
    found |= {
        "normal": {
            "platelets": 250,
            "inr": 1,
            "coagulation_normal": True,
            "platelet_function_normal": True,
            "ast_alt_x_uln": 1,
        },
        "between": {
            "platelets": 75,
            "inr": 1.4,
            "coagulation_normal": True,
            "platelet_function_normal": False,
            "ast_alt_x_uln": 4,
        },
        "low": {
            "platelets": 45,
            "inr": 2.1,
            "coagulation_normal": False,
            "platelet_function_normal": False,
            "ast_alt_x_uln": 6,
        },
    }.get(row["blood tests"], {})
    return found


def anticoagulants(row: Row, turn: int) -> list[dict[str, Any]]:
    level = row["medicine against clotting"]
    if level == "none":
        return []
    agents = load().catalog.antithrombotics.values()
    named = {name for families in FAMILIES.values() for name in families}
    families = FAMILIES.get(level)
    group = [one for one in agents if (one.family in families if families else one.family not in named)]
    agent = in_turn(group, turn)
    usual = [dose for doses in agent.doses.values() for dose in doses]
    entry: dict[str, Any] = {
        "drug": agent.names[0],
        "days_taken": turn % 8,
        "indication": in_turn(list(choices.ANTITHROMBOTIC_REASONS), turn),
    }
    if usual and turn % 5:
        dose = in_turn(usual, turn // len(group))
        size = f"{dose.each} mg" if dose.each is not None else f"{dose.per_kg} mg/kg"
        entry["dose"] = f"{size} {TIMES[dose.times]}"
    before = {"weeks ago": 24 * 21, "hours ago": in_turn((3, 14, 40), turn)}.get(row["its last dose"])
    if before is not None:
        at = datetime.fromisoformat(SURGERY.get(row["urgency"], "2026-11-23T09:00"))
        entry["last_dose_at"] = (at - timedelta(hours=before)).isoformat(timespec="minutes")
    return [entry]


def other_medicines(level: str, turn: int) -> list[str]:
    classes = load().catalog.medicines
    if level == "none":
        return []
    if level == "a sedative":
        return [in_turn(classes[in_turn(SEDATIVES, turn)].names, turn // len(SEDATIVES))]
    others = sorted(classes.keys() - set(SEDATIVES))
    # The two levels walk through the classes from both ends.
    name = in_turn(others if level == "one with a rule" else others[::-1], turn)
    return [in_turn(classes[name].names, turn // len(others))]


# --- the rows themselves ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("strength", [2, 3])
def test_every_combination_of_two_and_of_three_answers_is_shown(strength: int) -> None:
    assert missing_combinations(LEVELS, rows(3), strength) == []


def test_two_answers_need_far_fewer_rows_and_are_complete_too() -> None:
    assert missing_combinations(LEVELS, rows(2), 2) == []
    assert len(rows(2)) < len(rows(3)) / 4


def test_a_combination_that_is_not_shown_is_noticed() -> None:
    levels = dict.fromkeys("abcd", ("1", "2"))
    few = covering_rows(levels, 3)
    assert missing_combinations(levels, few, 3) == []
    for row in few:
        gone = {name: row[name] for name in "abc"}
        left = [other for other in few if any(other[name] != gone[name] for name in gone)]
        assert gone in missing_combinations(levels, left, 3)


def test_the_same_seed_gives_the_same_rows() -> None:
    assert covering_rows(LEVELS, 2, seed=20261125) == list(rows(2))
    assert covering_rows(LEVELS, 2, seed=1) != list(rows(2))


def test_there_are_at_least_twenty_questions() -> None:
    assert len(LEVELS) >= 20


def test_every_operation_kind_product_condition_and_medicine_takes_its_turn() -> None:
    catalog = load().catalog
    met = {
        "operations": {one["surgery"].get("procedure") for one in told()},
        "kinds": {(one["surgery"].get("procedure"), one["surgery"].get("variant")) for one in told()},
        "conditions": {name for one in told() for name in one["health"].get("conditions", [])},
        "agents": {entry["drug"] for one in told() for entry in one["health"].get("anticoagulants", [])},
        "medicines": {name for one in told() for name in one["health"].get("medicines", [])},
        "products": {entry["product"] for one in told() for entry in one.get("moud") or []},
    }
    assert catalog.procedures.keys() - met["operations"] == set()
    kinds = {(one.id, kind) for one in catalog.procedures.values() for kind in one.variants}
    assert kinds - met["kinds"] == set()
    assert choices.CONDITIONS.keys() - met["conditions"] == set()
    assert {agent.names[0] for agent in catalog.antithrombotics.values()} - met["agents"] == set()
    assert [one.id for one in catalog.medicines.values() if not {*one.names} & met["medicines"]] == []
    # Two products under the tongue stand for all of them.
    products = {product.id for product in catalog.products.values() if product.regimen != "buprenorphine_sl"}
    assert products - met["products"] == set()


# --- a plan for each row ---------------------------------------------------------------------------------------------


@cache
def made(turn: int) -> tuple[Facts, Plan]:
    case = read_case(told()[turn], load().catalog, NOW)
    facts = derive(case, load().catalog, NOW)
    return facts, make_plan(facts, load())


@pytest.mark.parametrize("turn", range(len(rows(3))))
def test_a_row_gets_a_plan_that_breaks_no_rule(turn: int) -> None:
    facts, plan = made(turn)
    assert broken(plan, facts) == {}, rows(3)[turn]


@pytest.mark.parametrize("turn", range(len(rows(3))))
def test_a_row_offers_nothing_that_its_own_answers_forbid(turn: int) -> None:
    """Read off the row, not off the records: a plain reason against a drug or a block is never passed over."""
    row, (_, plan) = rows(3)[turn], made(turn)
    drugs = load().catalog.drugs
    given = {subject for line in plan.non_opioid if line.verdict in OPTIONS for subject in line.subjects}
    nsaids = {name for name in given if name in drugs and drugs[name].group == "nsaid"}
    techniques = [
        line.id for line in plan.regional if line.verdict in OPTIONS and line.subject in load().catalog.blocks
    ]
    if row["allergy"] in ("nsaid", NOT_KNOWN):
        assert nsaids == set()
    if row["allergy"] in ("acetaminophen", NOT_KNOWN):
        assert [name for name in given if name.startswith("acetaminophen")] == []
    if row["kidney"] == "20":
        assert "ketorolac" not in given
    if row["pregnancy"] == "32 weeks":
        assert nsaids == set()
    if row["regional anesthesia"] == "declined":
        blocks = load().catalog.blocks
        assert [
            name
            for name in techniques
            if blocks[name.removeprefix("regional-").replace("-", "_")].kind != "infiltration"
        ] == []
    if row["allergy"] == "amide_local_anesthetic":
        assert techniques == []
