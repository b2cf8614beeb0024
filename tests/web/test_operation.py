"""The operation step without scripts: an operation is found by what people call it, and what follows from it is asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from visitor import Page, Visitor, draft_of

from planner.case import Case
from planner.forms.finding import matches, names_of
from planner.forms.typed import Typed, answers, typed_from
from planner.knowledge import load
from planner.web.services import Services

AT = "2026-12-08T07:30"


@pytest.fixture
def step(visitor: Visitor) -> Page:
    """The operation step of a new plan."""
    return visitor.get(draft_of(visitor.start()) + "/operation")


def offered(page: Page) -> list[str]:
    """The operations that the page offers as matches, in their order."""
    return [part.split('"')[0] for part in page.html.split('value="choose-')[1:]]


# --- finding -------------------------------------------------------------------------------------------------------


def test_every_operation_is_found_by_each_of_its_names() -> None:
    procedures = load().catalog.procedures
    for procedure in procedures.values():
        for name in names_of(procedure) if procedure.id != "other" else ():
            assert procedure.id in [match.id for match in matches(name, procedures)], name


@pytest.mark.parametrize(
    ("text", "operation"),
    [
        ("TKA", "total_knee_arthroplasty"),
        ("total knee arthroplasty", "total_knee_arthroplasty"),
        ("knee replacement", "total_knee_arthroplasty"),
        ("C section", "cesarean_delivery"),
        ("  Wisdom   teeth ", "third_molar_extraction"),
        ("tummy tuck", "abdominoplasty"),
        ("bka", "leg_amputation"),
    ],
)
def test_a_name_that_means_one_operation_chooses_it(text: str, operation: str, visitor: Visitor, step: Page) -> None:
    page = visitor.fill(step, {"surgery.procedure.find": text}, go="find")
    assert page.values()["surgery.procedure"] == [operation]
    assert page.values()["surgery.procedure.find"] == [""]


def test_words_that_may_mean_several_operations_show_them_and_keep_what_was_typed(visitor: Visitor, step: Page) -> None:
    page = visitor.fill(
        step, {"surgery.procedure.find": "hernia repair", "surgery.at": AT, "surgery.setting": "inpatient"}, go="find"
    )
    assert {"open_inguinal_hernia_repair", "laparoscopic_inguinal_hernia_repair", "ventral_hernia_repair"} <= set(
        offered(page)
    )
    assert "“hernia repair” may mean one of these operations" in page.text
    assert page.values()["surgery.procedure.find"] == ["hernia repair"]
    assert page.values()["surgery.at"] == [AT]
    assert not page.errors, "searching is no mistake"
    page = visitor.fill(page, {}, go="choose-ventral_hernia_repair")
    assert page.values()["surgery.procedure"] == ["ventral_hernia_repair"]
    assert page.values()["surgery.procedure.find"] == [""]
    assert page.values()["surgery.setting"] == ["inpatient"]


@pytest.mark.parametrize(
    ("text", "operation"),
    [
        ("operation on the gallbladder", "laparoscopic_cholecystectomy"),
        ("gallbladr", "laparoscopic_cholecystectomy"),
        ("hernias", "ventral_hernia_repair"),
        ("broken bone in the wrist", "distal_radius_or_elbow_fixation"),
    ],
)
def test_sentences_plurals_and_slips_find_it_too(text: str, operation: str, visitor: Visitor, step: Page) -> None:
    assert operation in offered(visitor.fill(step, {"surgery.procedure.find": text}, go="find"))


def test_a_search_that_was_left_open_is_asked_back_and_stays(visitor: Visitor, step: Page) -> None:
    page = visitor.fill(step, {"surgery.procedure.find": "knee", "surgery.at": AT})
    assert page.status == 422
    assert "“knee” is typed, and no operation is chosen for it" in page.errors["surgery-procedure-find"]
    assert "total_knee_arthroplasty" in offered(page)
    assert page.values()["surgery.at"] == [AT]
    review = visitor.get(draft_of(page) + "/review")
    assert "“knee” is typed, and no operation is chosen for it" in review.text
    assert any(link.endswith("/operation#surgery-procedure-find") for link, _ in review.links)


def test_the_list_serves_as_well_as_the_search(visitor: Visitor, step: Page) -> None:
    page = visitor.fill(step, {"surgery.procedure.find": "knee"}, go="find")
    page = visitor.fill(page, {"surgery.procedure": "acl_reconstruction"})
    assert page.path.endswith("/health")
    assert visitor.get(step.path).values()["surgery.procedure"] == ["acl_reconstruction"]


def test_a_new_search_never_gives_way_to_the_operation_chosen_before(visitor: Visitor, step: Page) -> None:
    page = visitor.fill(step, {"surgery.procedure": "acl_reconstruction"}, go="operation")
    page = visitor.fill(page, {"surgery.procedure.find": "hernia"})
    assert page.status == 422
    assert "“hernia” is typed" in page.errors["surgery-procedure-find"]
    assert page.values()["surgery.procedure"] == ["acl_reconstruction"]


def test_markup_in_a_search_is_text(visitor: Visitor, step: Page) -> None:
    page = visitor.fill(step, {"surgery.procedure.find": '"><script>alert(1)</script>'}, go="find")
    assert "<script>alert" not in page.html
    assert page.values()["surgery.procedure.find"] == ['"><script>alert(1)</script>']


def test_a_hundred_thousand_letters_are_searched_for_without_a_fault(visitor: Visitor, step: Page) -> None:
    page = visitor.fill(step, {"surgery.procedure.find": "knee " * 20_000}, go="find")
    assert page.status == 200


# --- an operation that is not on the list --------------------------------------------------------------------------


def test_an_operation_that_is_not_listed_is_used_as_typed(visitor: Visitor, step: Page) -> None:
    page = visitor.fill(step, {"surgery.procedure.find": "Removal of a plate", "surgery.at": AT}, go="find")
    page = visitor.fill(page, {}, go="as-typed")
    assert page.values()["surgery.procedure"] == ["other"]
    assert page.values()["surgery.procedure_text"] == ["Removal of a plate"]
    page = visitor.fill(page, {"surgery.body_region": "leg", "surgery.expected_pain": "moderate"})
    assert page.path.endswith("/health")
    page = visitor.fill(visitor.get(draft_of(page) + "/medication"), {"moud.takes": "no"}, go="review")
    plan = visitor.make_plan(page)
    assert "Removal of a plate" in plan.text
    assert "How painful is the operation" not in plan.text


def test_without_region_and_pain_the_plan_asks_for_them(visitor: Visitor, step: Page) -> None:
    page = visitor.fill(step, {"surgery.procedure.find": "Removal of a plate", "surgery.at": AT}, go="as-typed")
    page = visitor.fill(page, {}, go="review")
    assert "How painful is the operation without treatment?" in page.text


# --- kinds of an operation -----------------------------------------------------------------------------------------


def test_an_operation_with_kinds_asks_which_before_it_goes_on(visitor: Visitor, step: Page) -> None:
    page = visitor.fill(step, {"surgery.procedure": "leg_amputation", "surgery.at": AT})
    assert page.path.endswith("/operation")
    assert "several kinds or approaches" in page.text
    assert "Below the knee" in page.text
    page = visitor.fill(page, {"surgery.variant": "below_knee"})
    assert page.path.endswith("/health")
    assert "Below the knee" in visitor.get(draft_of(page) + "/review").text


def test_a_kind_may_stay_not_known(visitor: Visitor, step: Page) -> None:
    page = visitor.fill(step, {"surgery.procedure.find": "bka"}, go="find")
    assert "Above the knee" in page.text
    assert visitor.fill(page, {}).path.endswith("/health")


def test_an_operation_without_kinds_asks_for_none(visitor: Visitor, step: Page) -> None:
    page = visitor.fill(step, {"surgery.procedure": "total_knee_arthroplasty"})
    assert page.path.endswith("/health")
    assert "data-kinds-box hidden" in visitor.get(step.path).html


def test_a_kind_of_another_operation_is_refused_with_what_is_right_and_everything_stays(
    visitor: Visitor, step: Page
) -> None:
    page = visitor.fill(step, {"surgery.procedure": "leg_amputation", "surgery.at": AT}, go="operation")
    page = visitor.fill(page, {"surgery.variant": "below_knee"}, go="operation")
    page = visitor.fill(page, {"surgery.procedure": "bariatric_surgery", "surgery.both_sides": "false"})
    assert page.status == 422
    assert page.errors["surgery-variant"] == (
        "“Below the knee” is no kind of this operation. Choose “Sleeve gastrectomy”, “Gastric bypass” or “Not known”."
    )
    assert page.values()["surgery.variant"] == ["below_knee"]
    assert page.values()["surgery.at"] == [AT]
    assert page.values()["surgery.both_sides"] == ["false"]
    assert visitor.fill(page, {"surgery.variant": "sleeve"}).path.endswith("/health")


def test_a_kind_left_over_by_an_operation_without_kinds_can_be_taken_away(visitor: Visitor, step: Page) -> None:
    page = visitor.fill(step, {"surgery.procedure": "leg_amputation"}, go="operation")
    page = visitor.fill(page, {"surgery.variant": "below_knee"}, go="operation")
    page = visitor.fill(page, {"surgery.procedure": "total_knee_arthroplasty"})
    assert "Choose “Does not apply”." in page.errors["surgery-variant"]
    assert visitor.fill(page, {"surgery.variant": ""}).path.endswith("/health")


# --- local anesthetics ---------------------------------------------------------------------------------------------


def test_local_anesthetics_are_folded_until_there_is_one(visitor: Visitor, step: Page) -> None:
    fold = "<details>\n    <summary>Local anesthetic given or planned"
    assert fold in step.html
    page = visitor.fill(step, {}, go="add-row")
    assert fold.replace("<details>", "<details open>") in page.html


def test_local_anesthetics_are_added_and_removed_with_all_that_was_typed(visitor: Visitor, step: Page) -> None:
    row = "surgery.local_anesthetics"
    page = visitor.fill(step, {"surgery.procedure": "total_knee_arthroplasty"}, go="add-row")
    page = visitor.fill(
        page, {f"{row}.0.drug": "ropivacaine", f"{row}.0.percent": "0.2", f"{row}.0.volume_ml": "20"}, go="add-row"
    )
    page = visitor.fill(page, {f"{row}.1.drug": "lidocaine", f"{row}.1.route": "patch", f"{row}.1.patches": "2"})
    assert page.path.endswith("/health")
    review = visitor.get(draft_of(page) + "/review")
    assert "2. Number of patches" in review.text
    page = visitor.fill(visitor.get(step.path), {}, go="remove-row-0")
    assert page.values()[f"{row}.0.drug"] == ["lidocaine"]
    assert page.values()[f"{row}.0.patches"] == ["2"]
    assert f"{row}.1.drug" not in page.values()


def test_none_and_a_local_anesthetic_at_once_is_asked_back(visitor: Visitor, step: Page) -> None:
    page = visitor.fill(step, {}, go="add-row")
    page = visitor.fill(page, {"surgery.local_anesthetics.0.drug": "lidocaine", "surgery.local_anesthetics.none": "1"})
    assert page.status == 422
    assert page.values()["surgery.local_anesthetics.0.drug"] == ["lidocaine"]


def test_the_plan_shows_the_limit_less_what_is_planned(
    app: Flask, visitor: Visitor, typed: Callable[[str], Typed]
) -> None:
    planned = {
        "surgery.local_anesthetics.0.drug": ["bupivacaine"],
        "surgery.local_anesthetics.0.percent": ["0.25"],
        "surgery.local_anesthetics.0.volume_ml": ["20"],
        "surgery.local_anesthetics.0.route": ["wound"],
    }
    plan = plan_of(app, visitor, {**typed("a"), **planned})
    budget = plan.text[plan.text.index("One limit for all local anesthetic") :]
    assert "Bupivacaine, wound or joint: 50 mg" in budget
    assert "is left." in budget
    for words in ("plain", "with epinephrine", "0.25 %:", "mL"):
        assert words in budget
    assert "What to do, step by step" in plan.text


# --- medicines against clotting, laboratory, days used -------------------------------------------------------------

ROUND = {
    "surgery": {
        "procedure": "leg_amputation",
        "variant": "below_knee",
        "both_sides": False,
        "at": "2026-12-08T07:30:00",
        "local_anesthetics": [
            {
                "drug": "bupivacaine", "percent": "0.25", "volume_ml": "20", "with_epinephrine": True, "route": "block",
                "site": "left sciatic", "at": "2026-12-08T07:00:00",
            },
            {"drug": "lidocaine", "patches": "2", "route": "patch"},
        ],
    },
    "health": {
        "anticoagulants": [
            {
                "drug": "Apixaban", "dose": "5 mg twice daily", "dose_class": "high", "indication": "atrial_fibrillation",
                "last_dose_at": "2026-12-05T08:00:00", "days_taken": "90", "loading_dose": False, "anti_xa": "0.1",
                "level_ng_ml": "25", "restart_at": "2026-12-09T20:00:00",
            }
        ],
        "labs": {"coagulation_normal": True, "platelet_function_normal": False},
        "conditions": ["pneumonectomy", "hocm", "cold_sensitivity"],
        "acetaminophen_mg_at_home": "2000",
        "ketorolac_days_used": "2",
        "suzetrigine_days_used": "1",
    },
}  # fmt: skip


def test_every_new_answer_goes_into_the_form_and_comes_back_the_same() -> None:
    case = Case.model_validate(ROUND)
    typed = typed_from(case.model_dump(mode="json"))
    assert Case.model_validate(answers(typed, "America/New_York")) == case


def test_an_empty_list_of_local_anesthetics_means_none_and_comes_back_as_none() -> None:
    case = Case.model_validate({"surgery": {"local_anesthetics": []}})
    typed = typed_from(case.model_dump(mode="json"))
    assert typed["surgery.local_anesthetics.none"] == ["1"]
    assert Case.model_validate(answers(typed, "America/New_York")).surgery.local_anesthetics == []


def test_a_medicine_against_clotting_is_typed_in_with_everything_the_clock_needs(
    app: Flask, visitor: Visitor, typed: Callable[[str], Typed]
) -> None:
    page = visitor.get(draft_of(visitor.start()) + "/health")
    page = visitor.fill(page, {}, go="add-row")
    entry = ROUND["health"]["anticoagulants"][0]  # type: ignore[index]
    shown = typed_from(Case.model_validate({"health": {"anticoagulants": [entry]}}).model_dump(mode="json"))
    row = {name: values for name, values in shown.items() if name.startswith("health.anticoagulants.0.")}
    assert set(row) <= set(page.values()), "each of them has a field"
    page = visitor.fill(page, row, go="review")
    assert page.path.endswith("/review")
    for words in ("Apixaban", "5 mg twice daily", "High (to treat or full dose)", "Atrial fibrillation", "0.1 IU/mL"):
        assert words in page.text.replace("\xa0", " ")
    again = visitor.get(draft_of(page) + "/health").values()
    assert {name: again[name] for name in row} == row


def test_names_of_medicines_against_clotting_are_suggested(visitor: Visitor) -> None:
    page = visitor.fill(visitor.get(draft_of(visitor.start()) + "/health"), {}, go="add-row")
    assert 'list="antithrombotics"' in page.html
    for antithrombotic in load().catalog.antithrombotics.values():
        assert f'<option value="{antithrombotic.label}">' in page.html


def test_the_plan_has_the_clock_of_each_medicine_against_clotting(
    app: Flask, visitor: Visitor, typed: Callable[[str], Typed]
) -> None:
    given = {
        "health.anticoagulants.0.drug": ["Apixaban"],
        "health.anticoagulants.0.dose": ["5 mg twice daily"],
        "health.anticoagulants.0.last_dose_at": ["2026-12-05T08:00"],
    }
    rest = {name: values for name, values in typed("a").items() if not name.startswith("health.anticoagulants")}
    plan = plan_of(app, visitor, {**rest, **given})
    assert "Clock times for a neuraxial or deep block" in plan.text
    clock = plan.text[plan.text.index("Clock times") :][:400].replace("\xa0", " ")
    assert "Sat 5 Dec 2026, 08:00" in clock
    assert "Tue 8 Dec 2026, 08:00" in clock


def plan_of(app: Flask, visitor: Visitor, answers: Typed) -> Page:
    """Make the plan of answers that are typed in already."""
    surroundings: Services = app.extensions["throughline"]
    draft = surroundings.store.new_draft(answers, "review", surroundings.clock())
    return visitor.make_plan(visitor.get(f"/drafts/{draft}/review"))
