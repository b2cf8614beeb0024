"""Where the sources disagree, the plan follows the chosen, more cautious side: one test for each disagreement.

Each was written from the sources before any record was read, and asserts on subjects, verdicts, numbers and dates.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from real_plans import REAL, every_line, fails_without, film, methadone, plan, said
from test_analgesia_invariants import (
    ACETAMINOPHEN,
    BIRTH,
    CARDIAC,
    CLASS,
    COLECTOMY,
    FUSION,
    KETOROLAC,
    KNEE_REPLACEMENT,
    MOUD,
    NERVE_BLOCKS,
    NSAIDS,
    OFFERS,
    TIBIA,
    TONSILS,
    about,
    after,
    an_hour,
    before,
    blocks,
    by_vein,
    case,
    chest,
    clearance,
    deep,
    doses,
    fails_without_entry,
    ill,
    kidney,
    limit,
    moments,
    most_in_a_day,
    named,
    near,
    offered,
    stopped,
    thinned,
    waits,
)

from planner.knowledge.load import Knowledge
from planner.plan import Plan

CHOLECYSTECTOMY = "laparoscopic_cholecystectomy"
MASTECTOMY = "mastectomy"
LIGAMENT = "acl_reconstruction"
BARIATRIC = "bariatric_surgery"
HYSTERECTOMY = "laparoscopic_hysterectomy"
FOREARM = "distal_radius_or_elbow_fixation"
TEETH = "third_molar_extraction"


@pytest.fixture(name="base", scope="module")
def real_base() -> Knowledge:
    """Return the real knowledge base."""
    return REAL


def verdicts(made: Plan, technique: str) -> set[str]:
    """Return the verdicts on a technique itself, without the remarks that go with it."""
    return {line.verdict for line in made.regional if technique in named(line)} - {"caution", "note"}


def recommended(made: Plan) -> set[str]:
    """Return the techniques that the plan recommends."""
    found = {name for line in made.regional if line.verdict in ("recommend", "do") for name in named(line)}
    return found & set(REAL.catalog.blocks)


def place(made: Plan, *techniques: str) -> int:
    """Return where on paper the first of these techniques is offered."""
    found = [
        number for number, line in enumerate(made.regional) if line.verdict in OFFERS and named(line) & set(techniques)
    ]
    assert found, techniques
    return min(found)


def test_gallbladder_infiltration_comes_before_a_plane_block(base: Knowledge) -> None:
    """P-LC18 against P-LC25: infiltration first, then erector spinae or transversus abdominis plane."""
    made = plan(base, case(CHOLECYSTECTOMY, film(16)))
    assert verdicts(made, "port_site_infiltration") == {"recommend"}
    for plane in ("transversus_abdominis_plane", "erector_spinae"):
        assert "recommend" not in verdicts(made, plane), plane
    assert {"transversus_abdominis_plane", "erector_spinae"} & blocks(made)
    assert place(made, "port_site_infiltration") < place(made, "transversus_abdominis_plane", "erector_spinae")


def test_breast_surgery_has_no_gabapentin(base: Knowledge) -> None:
    """P-BREAST20 against GABA20: none."""
    for moud in MOUD.values():
        made = plan(base, case(MASTECTOMY, *moud))
        assert not offered(made, "gabapentinoids")
        assert stopped(made, "gabapentinoids", "never", "avoid")
        assert blocks(made)


def test_sternotomy_no_nsaid_in_bypass_surgery_and_only_the_surgeons_word_for_a_valve(base: Knowledge) -> None:
    """P-STERN23 against the boxed warning (KETOROLAC, CELECOXIB)."""
    bypass = plan(base, case(CARDIAC, film(16), surgery={"variant": "bypass"}))
    assert stopped(bypass, "celecoxib")
    assert not offered(bypass, *NSAIDS)
    valve = plan(base, case(CARDIAC, film(16), surgery={"variant": "valve"}))
    assert not offered(valve, *NSAIDS)
    assert stopped(valve, "celecoxib", "avoid")
    assert not stopped(valve, "celecoxib")
    assert any("surgeon" in said(line) for line in about(valve, CLASS, *NSAIDS))


def test_open_colectomy_epidural_first_when_nothing_forbids_it_else_plane_blocks(base: Knowledge) -> None:
    """P-OC24 and ASA26 do not really disagree."""
    surgery = {"variant": "colon"}
    made = plan(base, case(COLECTOMY, film(16), surgery=surgery))
    assert verdicts(made, "thoracic_epidural") == {"recommend"}
    assert place(made, "thoracic_epidural") < place(made, "transversus_abdominis_plane")
    early = thinned("apixaban", "5 mg twice daily", 20)
    for changes in (ill(anticoagulants=[early]), ill("hypovolemia"), ill("bleeding_disorder")):
        made = plan(base, case(COLECTOMY, film(16, before(11)), surgery=surgery, **changes), before(1))
        assert "thoracic_epidural" not in blocks(made), changes
        assert "transversus_abdominis_plane" in blocks(made) or "rectus_sheath" in blocks(made), changes


def test_knee_replacement_has_single_shots_and_no_catheter(base: Knowledge) -> None:
    """P-TKA22 against the catheter habit."""
    made = plan(base, case(KNEE_REPLACEMENT, film(16)))
    assert {"adductor_canal", "periarticular_infiltration"} <= blocks(made)
    assert not {"femoral_nerve", "lumbar_epidural", "spinal_anesthesia"} & blocks(made)
    for line in made.regional:
        if line.verdict in ("recommend", "do"):
            assert not re.search(
                r"\b(place|leave|insert|run) (a|the) .*catheter|continuous (block|infusion)", line.say
            ), line.id


def test_lidocaine_by_vein_stays_at_1_5_mg_per_kg(base: Knowledge) -> None:
    """IVLIDO21 against BPIGS: 1.5, by ideal weight."""
    made = by_vein(base, patient={"weight_kg": 57})
    found = doses(made, "lidocaine_iv")
    assert found
    assert any(an_hour(dose) for dose in found)
    assert all(dose.amount is not None and dose.amount <= Decimal("1.5") * 57 for dose in found)


def test_apixaban_waits_as_asra_says_and_not_as_the_label_says(base: Knowledge) -> None:
    """UTD-NX 24 h and 5 h against ASRA25 72, 36, 24 and 6 h."""
    waits(base, 72, "apixaban", "5 mg twice daily", indication="atrial_fibrillation")
    waits(base, 36, "apixaban", "2.5 mg twice daily", indication="prevention")
    high = chest(
        base, thinned("apixaban", "5 mg twice daily", 72, indication="atrial_fibrillation", restart_at=after(48))
    )
    assert after(24) in moments(high)
    low = chest(base, thinned("apixaban", "2.5 mg twice daily", 36, indication="prevention", restart_at=after(48)))
    assert after(6) in moments(low)
    assert after(5) not in moments(high) | moments(low)


def test_heparin_of_low_weight_waits_48_hours_with_weak_kidneys(base: Knowledge) -> None:
    """ASRA25 24 h and a level against ESAIC22 48 h: 48 h, or anti-Xa at most 0.1."""
    for ml_min, hours, level, allowed in (
        (29, 47.5, None, False), (29, 48, None, True), (29, 30, 0.1, True), (29, 30, 0.11, False), (60, 24, None, True), (60, 23.5, None, False),
    ):  # fmt: skip
        agent = thinned("enoxaparin", "80 mg twice daily", hours, **({} if level is None else {"anti_xa": level}))
        assert bool(deep(chest(base, agent, health={"labs": clearance(ml_min)}))) == allowed, (ml_min, hours, level)


def test_ropivacaine_3_mg_per_kg_of_ideal_weight_and_at_most_200_mg(base: Knowledge) -> None:
    """LADOSE 2 against 3 mg/kg: 3, at most 200 mg at once."""
    light = plan(base, case(patient={"weight_kg": 55, "height_cm": 165}))
    assert near(limit(light, "ropivacaine").plain_mg, 165)
    obese = plan(base, case(patient={"weight_kg": 120, "height_cm": 160}))
    assert near(limit(obese, "ropivacaine").plain_mg, 3 * 52.38)
    tall = plan(base, case(patient={"weight_kg": 85, "height_cm": 190, "sex": "male"}))
    assert limit(tall, "ropivacaine").plain_mg == 200


def test_no_scheduled_ibuprofen_beside_cardioprotective_aspirin(base: Knowledge) -> None:
    """IBU-ASA: no spacing is used; acetaminophen or celecoxib instead."""
    made = plan(base, case(KNEE_REPLACEMENT, film(16), health={"medicines": ["aspirin 81 mg"]}))
    assert not offered(made, "ibuprofen", "ibuprofen_iv")
    assert stopped(made, "ibuprofen", "never", "avoid")
    assert "celecoxib" in offered(made, *NSAIDS)
    assert offered(made, *ACETAMINOPHEN)
    assert "ibuprofen" in offered(plan(base, case(KNEE_REPLACEMENT, film(16))), *NSAIDS)


def test_chloroprocaine_follows_the_label(base: Knowledge) -> None:
    """NESAC 11 and 14 mg/kg, 800 and 1000 mg, against 12 to 20 mg/kg."""
    for kg, plain, mixed in ((50, 550, 700), (81, 800, 1000), (72, 792, 1000)):
        found = limit(plan(base, case(patient={"weight_kg": kg})), "chloroprocaine")
        assert near(found.plain_mg, plain), kg
        assert near(found.epinephrine_mg, mixed), kg


def test_mepivacaine_4_4_mg_per_kg_and_at_most_400_mg(base: Knowledge) -> None:
    """MEPIV against 7 mg/kg in compilations."""
    for patient, expected in (
        ({"weight_kg": 50}, 220),
        ({"weight_kg": 81}, 356.4),
        ({"weight_kg": 100, "height_cm": 190, "sex": "male"}, 400),
    ):
        found = limit(plan(base, case(patient=patient)), "mepivacaine")
        assert near(found.plain_mg, expected), patient
        assert found.epinephrine_mg is None or found.epinephrine_mg <= found.plain_mg, patient


def test_ligament_repair_instillation_before_any_nerve_block(base: Knowledge) -> None:
    """ACL-SAMBA19: adductor canal or femoral block only without instillation."""
    made = plan(base, case(LIGAMENT, film(16)))
    assert recommended(made) == {"knee_instillation"}
    assert any("femoral" in said(line).lower() and line.verdict == "avoid" for line in made.regional), "added to it"
    for block in ("adductor_canal", "femoral_nerve"):
        assert verdicts(made, block) <= {"consider", "avoid", "never", "ask"}, block


def test_sleeve_has_plane_block_and_port_infiltration_and_dexamethasone(base: Knowledge) -> None:
    """P-LSG25 against the version of 2019."""
    made = plan(base, case(BARIATRIC, film(16), surgery={"variant": "sleeve"}))
    assert {"transversus_abdominis_plane", "port_site_infiltration"} <= blocks(made)
    assert "recommend" in verdicts(made, "transversus_abdominis_plane")
    assert offered(made, "dexamethasone")


def test_laparoscopic_hysterectomy_infiltration_is_optional_and_no_regional_component(base: Knowledge) -> None:
    """P-LHYS19: no evidence of benefit."""
    made = plan(base, case(HYSTERECTOMY, film(16)))
    assert not recommended(made)
    assert not blocks(made) & set(base.catalog.blocks)
    assert any("port-site" in said(line) and line.verdict in ("avoid", "note") for line in made.regional)


def test_perineal_tear_acetaminophen_nsaid_and_cold_without_pudendal_block(base: Knowledge) -> None:
    """P-VAG24 against the habit."""
    made = plan(base, case(BIRTH, film(16), patient={"postpartum": True}))
    assert not {"pudendal", "wound_infiltration", "perianal_infiltration"} & blocks(made)
    assert offered(made, *ACETAMINOPHEN)
    assert offered(made, *NSAIDS)
    assert any(
        "cold" in said(line).lower() for line in made.non_opioid if line.step == "non_drug" and line.verdict in OFFERS
    )


def test_tonsillectomy_lists_no_infiltration(base: Knowledge) -> None:
    """P-TONS21: inconsistent evidence."""
    made = plan(base, case(TONSILS, film(16)))
    assert not [line for line in made.regional if line.verdict in OFFERS and named(line) & set(base.catalog.blocks)]
    assert offered(made, *ACETAMINOPHEN)
    assert offered(made, "dexamethasone")


def test_platelets_at_catheter_removal_are_those_of_insertion(base: Knowledge) -> None:
    """The quoted 50 for removal (PLT-SEC) is not used: 80 to go, 70 to 80 to ask, under 70 none."""
    assert deep(chest(base, health={"labs": {"platelets": 80}}))
    for count in (79, 70):
        made = chest(base, health={"labs": {"platelets": count}})
        assert not [
            line for line in made.regional if line.verdict == "recommend" and "thoracic_epidural" in named(line)
        ], count
    for count in (69, 55, 40):
        made = chest(base, health={"labs": {"platelets": count}})
        assert not deep(made), count
        assert stopped(made, "thoracic_epidural"), count
    made = chest(base, health={"labs": {"platelets": 90}})
    pulls = [line for line in every_line(made) if re.search(r"catheter", said(line)) and "latelet" in said(line)]
    assert any(re.search(r"\b80\b|80,000|same|70", said(line)) for line in pulls)
    assert not [
        line.id for line in pulls if re.search(r"\b50(,000)?\b", said(line)) and line.verdict in (*OFFERS, "caution")
    ]


def test_compartment_risk_is_a_joint_decision_and_never_a_dense_long_block(base: Knowledge) -> None:
    """No block at all against ACS21."""
    made = plan(base, case(TIBIA, film(16), **ill("compartment_syndrome_risk")))
    assert not deep(made)
    assert any(re.search(r"surgeon|joint", said(line)) and "compartment" in said(line) for line in every_line(made))
    low = [line for line in every_line(made) if "low concentration" in said(line) and line.section == "regional"]
    assert low
    assert not blocks(made) & NERVE_BLOCKS, "none before both have agreed"


def card(made: Plan) -> str:
    """Return the sentences of the card, without the table that stands for everybody."""
    return "\n".join(line.say for line in made.toxicity_card).replace("\u00a0", " ")


def test_toxicity_card_prints_the_lipid_doses_of_asra(base: Knowledge) -> None:
    """LAST20 against AAGBI10."""
    light = card(plan(base, case(patient={"weight_kg": 60, "height_cm": 170})))
    assert re.search(r"\b90 mL", light), "1.5 mL/kg"
    assert re.search(r"\b15 mL (a|per) minute|\b15 mL/min", light), "0.25 mL/kg/min"
    assert re.search(r"\b720 mL", light), "12 mL/kg at most"
    heavy = card(plan(base, case(patient={"weight_kg": 70, "height_cm": 170})))
    assert re.search(r"\b100 mL", heavy)
    assert re.search(r"\b200 (to|-|–) ?250 mL|\b250 mL", heavy)
    assert not re.search(r"\b100 mL", card(plan(base, case(patient={"weight_kg": 69.9, "height_cm": 170}))))
    for text in (light, heavy):
        assert not re.search(r"15 mL/kg|30 mL/kg|over 1 minute", text), "the figures of the other guideline"


def test_suzetrigine_is_avoided_beside_methadone(base: Knowledge) -> None:
    """SUZ-MTD, not in the label that was read: avoid."""
    for entry in (methadone(), methadone(30, indication="pain", times_per_day=3), methadone(call=None)):
        made = plan(base, case("abdominoplasty", entry))
        assert not offered(made, "suzetrigine")
        assert stopped(made, "suzetrigine", "never", "avoid")
    for moud in ([film(16)], []):
        assert offered(plan(base, case("abdominoplasty", *moud)), "suzetrigine")


def test_spinal_fusion_nsaid_short_and_with_the_surgeon(base: Knowledge) -> None:
    """P-SPINE21 against the fear of nonunion."""
    made = plan(base, case(FUSION, film(16)))
    assert not stopped(made, "celecoxib")
    found = [line for line in about(made, CLASS, *NSAIDS) if "surgeon" in said(line)]
    assert found
    assert any(re.search(r"short", said(line)) for line in found)
    knee = plan(base, case(KNEE_REPLACEMENT, film(16)))
    assert not {line.id for line in found} <= {line.id for line in about(knee, CLASS, *NSAIDS)}


def test_ketorolac_by_kidney_function_half_under_60_and_none_under_30(base: Knowledge) -> None:
    """KTR-IRE against the label without a number."""
    for egfr in (59, 45, 30):
        made = plan(base, case(KNEE_REPLACEMENT, film(16), **kidney(egfr)))
        assert offered(made, "ketorolac"), egfr
        assert most_in_a_day(made, *KETOROLAC) <= 60, egfr
        assert all(dose.amount is not None and dose.amount <= 15 for dose in doses(made, *KETOROLAC)), egfr
    for egfr in (29.9, 12):
        made = plan(base, case(KNEE_REPLACEMENT, film(16), **kidney(egfr)))
        assert not offered(made, *KETOROLAC), egfr
        assert stopped(made, "ketorolac"), egfr


def test_direct_oral_anticoagulants_follow_the_longer_guideline(base: Knowledge) -> None:
    """ASRA18, 22 to 30 hours, against ASRA25."""
    waits(base, 36, "apixaban", "2.5 mg twice daily", indication="prevention")
    waits(base, 24, "rivaroxaban", "10 mg once daily", indication="prevention")
    waits(base, 48, "dabigatran", "220 mg once daily", indication="prevention")


def test_infraclavicular_block_counts_as_high_risk_of_bleeding(base: Knowledge) -> None:
    """ASRA25 against BLKTIER: high."""
    early = thinned("apixaban", "5 mg twice daily", 20)
    well = plan(base, case(FOREARM, film(16)))
    assert "infraclavicular" in blocks(well)
    made = plan(base, case(FOREARM, film(16, before(11)), **ill(anticoagulants=[early])), before(1))
    assert "infraclavicular" not in blocks(made)
    assert stopped(made, "infraclavicular", "never", "avoid")
    assert "axillary_plexus" in blocks(made), "a superficial, compressible one stays"


def test_acetaminophen_in_liver_disease_is_2_g_a_day(base: Knowledge) -> None:
    """APAPCIRR: 2 to 3 g, or 4 g for a few days: 2 g."""
    for changes in ({"health": {"child_pugh": "A"}}, {"health": {"child_pugh": "B"}}, ill("chronic_liver_disease")):
        made = plan(base, case(**changes))
        assert offered(made, *ACETAMINOPHEN), changes
        assert most_in_a_day(made, *ACETAMINOPHEN) <= 2000, changes
    assert most_in_a_day(plan(base, case()), *ACETAMINOPHEN) == 4000


def test_nsaid_avoided_after_bypass_and_short_with_stomach_protection_after_sleeve(base: Knowledge) -> None:
    """BARINSAID against for life."""
    for made in (
        plan(base, case(KNEE_REPLACEMENT, film(16), **ill("gastric_bypass"))),
        plan(base, case(BARIATRIC, film(16), surgery={"variant": "bypass"})),
    ):
        assert not offered(made, *NSAIDS)
        assert all(stopped(made, drug, "never", "avoid") for drug in NSAIDS)
    made = plan(base, case(BARIATRIC, film(16), surgery={"variant": "sleeve"}))
    assert offered(made, *NSAIDS)
    for dose in doses(made, *NSAIDS):
        if dose.every_hours is None:
            continue
        assert dose.days_at_most is not None, dose.words
        assert dose.days_at_most <= 5, dose.words
        assert dose.last_day is None or dose.last_day <= date(2026, 12, 12), dose.words
    assert any(
        re.search(r"proton[- ]pump|PPI|omeprazole|pantoprazole", said(line)) for line in about(made, CLASS, *NSAIDS)
    )


def test_no_dexamethasone_for_tooth_extraction(base: Knowledge) -> None:
    """ADA24 against its use elsewhere."""
    made = plan(base, case(TEETH, film(16)))
    assert not offered(made, "dexamethasone")
    assert stopped(made, "dexamethasone", "never", "avoid")
    assert offered(plan(base, case(KNEE_REPLACEMENT, film(16))), "dexamethasone")


# --- each choice fails without what carries it -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("check", "records"),
    [
        (test_breast_surgery_has_no_gabapentin, "gabapentinoids-do-not-start"),
        (
            test_sternotomy_no_nsaid_in_bypass_surgery_and_only_the_surgeons_word_for_a_valve,
            "nsaid-coronary-bypass",
        ),
        (test_sternotomy_no_nsaid_in_bypass_surgery_and_only_the_surgeons_word_for_a_valve, "nsaid-valve-surgery"),
        (
            test_open_colectomy_epidural_first_when_nothing_forbids_it_else_plane_blocks,
            "block-anticoagulant-too-early",
        ),
        (
            test_open_colectomy_epidural_first_when_nothing_forbids_it_else_plane_blocks,
            "block-epidural-fixed-circulation",
        ),
        (test_lidocaine_by_vein_stays_at_1_5_mg_per_kg, "lidocaine-iv-infusion"),
        (test_apixaban_waits_as_asra_says_and_not_as_the_label_says, "agent-restart"),
        (test_heparin_of_low_weight_waits_48_hours_with_weak_kidneys, "block-anticoagulant-too-early"),
        (test_no_scheduled_ibuprofen_beside_cardioprotective_aspirin, "ibuprofen-with-aspirin"),
        (test_sleeve_has_plane_block_and_port_infiltration_and_dexamethasone, "dexamethasone-once"),
        (test_perineal_tear_acetaminophen_nsaid_and_cold_without_pudendal_block, "cold-packs-perineum"),
        (test_platelets_at_catheter_removal_are_those_of_insertion, "block-catheter-platelets"),
        (test_platelets_at_catheter_removal_are_those_of_insertion, "block-platelets-under-70"),
        (test_compartment_risk_is_a_joint_decision_and_never_a_dense_long_block, "block-compartment-person"),
        (test_toxicity_card_prints_the_lipid_doses_of_asra, "card-lipid-70-kg"),
        (test_toxicity_card_prints_the_lipid_doses_of_asra, "card-lipid-under-70-kg"),
        (test_suzetrigine_is_avoided_beside_methadone, "suzetrigine-methadone"),
        (test_spinal_fusion_nsaid_short_and_with_the_surgeon, "nsaid-spinal-fusion"),
        (test_ketorolac_by_kidney_function_half_under_60_and_none_under_30, "ketorolac-egfr-under-30"),
        (test_ketorolac_by_kidney_function_half_under_60_and_none_under_30, "ketorolac-half-dose"),
        (test_direct_oral_anticoagulants_follow_the_longer_guideline, "block-anticoagulant-too-early"),
        (test_infraclavicular_block_counts_as_high_risk_of_bleeding, "block-anticoagulant-too-early"),
        (test_acetaminophen_in_liver_disease_is_2_g_a_day, "acetaminophen-reduced"),
        (test_no_dexamethasone_for_tooth_extraction, "dexamethasone-oral-surgery"),
    ],
)
def test_a_choice_fails_without_its_record(check: Callable[[Knowledge], None], records: str, tmp_path: Path) -> None:
    fails_without(check, tmp_path, records)


@pytest.mark.parametrize(
    ("check", "entry"),
    [
        (test_ropivacaine_3_mg_per_kg_of_ideal_weight_and_at_most_200_mg, "ropivacaine"),
        (test_chloroprocaine_follows_the_label, "chloroprocaine"),
        (test_mepivacaine_4_4_mg_per_kg_and_at_most_400_mg, "mepivacaine"),
    ],
)
def test_a_choice_fails_without_its_entry(check: Callable[[Knowledge], None], entry: str, tmp_path: Path) -> None:
    fails_without_entry(check, tmp_path, "local_anesthetics.yaml", entry)


def other_techniques(procedure: str, *first: str) -> Knowledge:
    """Return the knowledge base in which an operation begins with other techniques, in each of its kinds."""
    entry = REAL.catalog.procedures[procedure]
    kinds = {name: replace(kind, first=first) for name, kind in entry.variants.items()}
    changed = {**REAL.catalog.procedures, procedure: replace(entry, first=first, variants=kinds)}
    return replace(REAL, catalog=replace(REAL.catalog, procedures=changed))


@pytest.mark.parametrize(
    ("check", "procedure", "first"),
    [
        (test_gallbladder_infiltration_comes_before_a_plane_block, CHOLECYSTECTOMY, "transversus_abdominis_plane"),
        (
            test_open_colectomy_epidural_first_when_nothing_forbids_it_else_plane_blocks,
            COLECTOMY,
            "transversus_abdominis_plane",
        ),
        (test_knee_replacement_has_single_shots_and_no_catheter, KNEE_REPLACEMENT, "femoral_nerve"),
        (test_ligament_repair_instillation_before_any_nerve_block, LIGAMENT, "adductor_canal"),
        (test_sleeve_has_plane_block_and_port_infiltration_and_dexamethasone, BARIATRIC, "wound_infiltration"),
        (
            test_laparoscopic_hysterectomy_infiltration_is_optional_and_no_regional_component,
            HYSTERECTOMY,
            "port_site_infiltration",
        ),
        (test_perineal_tear_acetaminophen_nsaid_and_cold_without_pudendal_block, BIRTH, "pudendal"),
        (test_tonsillectomy_lists_no_infiltration, TONSILS, "wound_infiltration"),
    ],
)
def test_a_choice_fails_when_the_operation_begins_with_another_technique(
    check: Callable[[Knowledge], None], procedure: str, first: str
) -> None:
    with pytest.raises((AssertionError, LookupError)):
        check(other_techniques(procedure, first))


def test_the_choice_on_infraclavicular_fails_when_it_counts_as_a_surface_block() -> None:
    block = replace(REAL.catalog.blocks["infraclavicular"], kind="superficial", bleeding="intermediate")
    blocks_with = {**REAL.catalog.blocks, "infraclavicular": block}
    with pytest.raises(AssertionError):
        test_infraclavicular_block_counts_as_high_risk_of_bleeding(
            replace(REAL, catalog=replace(REAL.catalog, blocks=blocks_with))
        )
