"""A saved plan: what a colleague reads on its page, prints from it, and can argue with."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import NOW
from visitor import BASE, Page, Visitor

from planner.casefile import read_answers
from planner.plan import as_data
from planner.planning import plan_for
from planner.store import Store
from planner.web.services import Services

Saved = Callable[[str], Page]


def test_the_banner_says_whose_plan_it_is(saved_plan: Saved) -> None:
    plan = saved_plan("a")
    banner = re.search(r'<section class="identity".*?</section>', plan.html, re.DOTALL)
    assert banner
    for words in (
        "Maria Alvarez",
        "Sat\xa04\xa0Mar\xa01972",
        "A1234",
        "Sulfonamide",
        "81 kg",
        "Total knee arthroplasty",
        "Tue\xa08\xa0Dec\xa02026,\xa007:30",
    ):
        assert words in banner[0]


def test_the_glance_gives_each_decision_with_its_dates_and_whom_to_call(saved_plan: Saved) -> None:
    plan = saved_plan("a")
    glance = re.search(r'<section class="glance".*?</section>', plan.html, re.DOTALL)
    assert glance
    assert "Continue" in glance[0]
    assert "Buprenorphine/naloxone" in glance[0]
    assert "Dec\xa02026" in glance[0]
    assert "Dr. Lee" in glance[0]
    assert "555-0110" in glance[0]


def test_a_plan_that_is_not_complete_says_so_loudly_and_why(saved_plan: Saved) -> None:
    plan = saved_plan("b")
    assert "Incomplete: settle the points below before acting on this plan" in plan.text
    assert "Call the OTP" in plan.text


def test_each_line_can_be_argued_with(saved_plan: Saved) -> None:
    plan = saved_plan("a")
    why = re.search(r'<details class="why">.*?</details>', plan.html, re.DOTALL)
    assert why
    for heading in (
        "Reason", "Printed when", "Facts used", "What was missing", "What would change it", "Sources",
        "Grade of the source", "Evidence", "Checked", "Line",
    ):  # fmt: skip
        assert f"<dt>{heading}</dt>" in why[0]
    lines = plan.html.count('<article class="line')
    assert lines > 50
    assert plan.html.count('<details class="why">') == lines


def test_a_fact_that_is_not_so_is_said_plainly_with_what_would_change_the_line(saved_plan: Saved) -> None:
    plan = saved_plan("b")
    assert "the dose was confirmed with the dispensing clinic, and no dose is in doubt: no" in plan.text
    assert "the dose was confirmed with the dispensing clinic, and no dose is in doubt: yes" in plan.text
    assert "not: " not in plan.text


def test_a_line_without_a_traced_source_is_marked_in_sight(app: object, saved_plan: Saved) -> None:
    plan = saved_plan("a")
    outside = re.sub(r"<details.*?</details>", "", plan.html, flags=re.DOTALL)
    assert "† confirm locally: not yet traced to its source" in outside


def test_an_option_whose_stop_cannot_be_judged_reads_ask_first(saved_plan: Saved) -> None:
    plan = saved_plan("g")
    assert re.search(r'<span class="chip chip--ask">Ask first</span>', plan.html)
    assert "Still to find out" in plan.text


def test_each_missing_fact_stands_once_with_what_hangs_on_it(saved_plan: Saved) -> None:
    plan = saved_plan("b")
    table = plan.html[plan.html.index("Still to find out</h2>") :]
    assert table.count("QTc on an ECG of the last 30 days?</th>") == 1


def test_two_medicines_that_contradict_each_other_both_show(saved_plan: Saved) -> None:
    plan = saved_plan("h")
    assert "Brixadi weekly" in plan.text
    assert "Naltrexone tablet" in plan.text
    assert "First of all" in plan.text


def test_pain_relief_stands_in_the_order_in_which_it_is_given(saved_plan: Saved) -> None:
    html = saved_plan("e").html
    places = [
        html.index(f'<h2 id="{place}"') for place in ("backbone", "regional", "adjunct", "non-drug", "not-started")
    ]
    assert places == sorted(places)


def test_a_medicine_that_stands_in_for_another_follows_it_and_says_so(saved_plan: Saved) -> None:
    html = saved_plan("e").html
    leader = html.index("<h3>Celecoxib by mouth</h3>")
    stand_in = html.index("<h3>Ibuprofen by mouth</h3>")
    assert leader < stand_in
    assert html.count("<h3>", leader, stand_in) == 1, "nothing stands between them"
    assert "In place of Celecoxib by mouth, never beside it" in html[stand_in : stand_in + 400]


def test_the_risk_of_misuse_and_what_is_watched_stand_once_beside_a_medicine(saved_plan: Saved) -> None:
    html = saved_plan("e").html
    gabapentinoids = html[html.index("<h3>Gabapentin and pregabalin</h3>") :][:200]
    assert "Misuse risk: high" in gabapentinoids
    celecoxib = html[html.index("<h3>Celecoxib by mouth</h3>") :]
    celecoxib = celecoxib[: celecoxib.index('<div class="group ')]
    assert "Misuse risk" not in celecoxib
    assert celecoxib.count("<article") > 1
    assert celecoxib.count("<strong>Watch:</strong>") == 1


def test_the_last_day_of_a_course_is_a_date(saved_plan: Saved) -> None:
    assert re.search(r"for at most 5.days, the last on \w{3}.\d", saved_plan("e").text)


def test_markup_in_names_and_notes_is_text_on_the_plan(visitor: Visitor) -> None:
    name, note = "<b onmouseover=alert(1)>Maria</b>", "</p><h1>FREE</h1> {{7*7}}\nsecond line"
    page = visitor.fill(visitor.start(), {"patient.name": name}, go="health")
    page = visitor.fill(page, {"health.notes": note}, go="medication")
    plan = visitor.make_plan(visitor.fill(page, {"moud.takes": "no"}, go="review"))
    assert name in plan.text
    assert "</p><h1>FREE</h1> {{7*7}} second line" in plan.text
    assert plan.html.count("<h1") == 1
    assert "<b onmouseover" not in plan.html


def test_a_plan_without_medication_says_so(saved_plan: Saved) -> None:
    assert "Takes no medication for addiction" in saved_plan("e").text


def test_every_link_within_the_page_leads_somewhere(saved_plan: Saved) -> None:
    for letter in "abgh":
        plan = saved_plan(letter)
        ids = re.findall(r'\bid="([^"]+)"', plan.html)
        assert len(ids) == len(set(ids)), "no address is given twice"
        assert {link[1:] for link, _ in plan.links if link.startswith("#")} <= set(ids)


def test_the_page_shows_the_plan_that_the_command_line_makes(app: object, visitor: Visitor, saved_plan: Saved) -> None:
    plan = saved_plan("a")
    saved = _store(app).plan(plan.path.rpartition("/")[2])
    [example] = Path(__file__).parents[2].glob("examples/a-*.yaml")
    _, made = plan_for(read_answers(example), NOW)
    assert saved
    assert saved.plan == json.loads(json.dumps(as_data(made)))


# --- kept as it was ------------------------------------------------------------------------------------------------


def test_a_saved_plan_reads_the_same_when_it_is_opened_again(visitor: Visitor, saved_plan: Saved) -> None:
    plan = saved_plan("c")
    assert _without_token(visitor.get(plan.path).html) == _without_token(plan.html)


def test_changed_answers_make_a_new_plan_and_leave_the_old_one(visitor: Visitor, saved_plan: Saved) -> None:
    old = saved_plan("a")
    review = visitor.press(old, f"{old.path}/change")
    assert review.path.endswith("/review")
    assert "replaces a saved plan" in review.text
    operation = visitor.get(review.path.replace("/review", "/operation"))
    review = visitor.fill(operation, {"surgery.at": "2026-12-15T07:30"}, go="review")
    new = visitor.make_plan(review)
    assert "Tue 15 Dec 2026, 07:30" in new.text
    assert f"This plan replaces plan {_short(old)}" in new.text
    again = visitor.get(old.path)
    assert "This plan was replaced" in again.text
    assert "Tue 8 Dec 2026, 07:30" in again.text
    assert "Replaced" in visitor.get("/").text


def test_changing_nothing_gives_the_same_plan_again(app: object, visitor: Visitor, saved_plan: Saved) -> None:
    for letter in "abcdefghi":
        old = saved_plan(letter)
        new = visitor.make_plan(visitor.press(old, f"{old.path}/change"))
        before, after = (_store(app).plan(page.path.rpartition("/")[2]) for page in (old, new))
        assert before
        assert after
        assert (before.plan, before.case) == (after.plan, after.case)


# --- paper and files -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["plan", "patient", "local-anesthetic"])
def test_a_paper_printed_twice_is_the_same_to_the_byte(kind: str, visitor: Visitor, saved_plan: Saved) -> None:
    plan = saved_plan("d")
    papers = [_print(visitor, plan, kind) for _ in range(2)]
    assert papers[0][0].startswith(b"%PDF-")
    assert papers[0] == papers[1]
    assert papers[0][1] == f'inline; filename="throughline-{kind}-{_short(plan)}.pdf"'


def test_a_standing_plan_has_no_local_anesthetic_card(visitor: Visitor, saved_plan: Saved) -> None:
    assert 'value="local-anesthetic"' in saved_plan("d").html
    plan = saved_plan("i")
    assert 'value="local-anesthetic"' not in plan.html
    refused = visitor.press(plan, f"{plan.path}/documents", {"kind": "local-anesthetic"})
    assert refused.status == 503
    assert "no local anesthetic card" in refused.text


def test_a_paper_that_was_not_printed_is_not_there(visitor: Visitor, saved_plan: Saved) -> None:
    plan = saved_plan("d")
    assert visitor.get(f"{plan.path}/documents/plan.pdf").status == 404
    assert visitor.get(f"{plan.path}/documents/invoice.pdf").status == 404


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_the_answers_can_be_taken_along_as_a_case_file(
    form: str, visitor: Visitor, saved_plan: Saved, tmp_path: Path
) -> None:
    plan = saved_plan("b")
    response = visitor.client.get(f"{plan.path}/case.{form}", base_url=BASE)
    assert response.headers["Content-Disposition"] == f'attachment; filename="throughline-case-{_short(plan)}.{form}"'
    path = tmp_path / f"case.{form}"
    path.write_bytes(response.data)
    [example] = Path(__file__).parents[2].glob("examples/b-*.yaml")
    assert plan_for(read_answers(path), NOW)[0] == plan_for(read_answers(example), NOW)[0]


def test_the_list_shows_person_operation_decision_and_state(visitor: Visitor, saved_plan: Saved) -> None:
    saved_plan("b")
    listed = visitor.get("/").text
    for words in (
        "Denise Carter",
        "Hysterectomy",
        "Thu 26 Nov 2026, 09:00",
        "Methadone by mouth",
        "Continue",
        "Incomplete",
    ):
        assert words in listed


def test_the_evidence_page_lists_each_source_with_what_rests_on_it(visitor: Visitor) -> None:
    page = visitor.get("/evidence")
    assert "Kohan" in page.text
    assert 'id="source-KOHAN2021"' in page.html
    assert "buprenorphine-sl-continue" in page.text
    assert "Read in full" in page.text
    assert "Due again" in page.text
    for item in ("Apixaban (apixaban)", "Bupivacaine (bupivacaine)", "Celecoxib by mouth ("):
        assert item in page.text


def _print(visitor: Visitor, plan: Page, kind: str) -> tuple[bytes, str]:
    action = f"{plan.path}/documents"
    response = visitor.client.post(
        action, data={**plan.forms[action], "kind": kind}, base_url=BASE, follow_redirects=True
    )
    assert response.status_code == 200
    assert response.mimetype == "application/pdf"
    return response.data, response.headers["Content-Disposition"]


def _short(plan: Page) -> str:
    return plan.path.rpartition("/")[2][:8]


def _without_token(html: str) -> str:
    return re.sub(r'name="csrf_token" value="[^"]+"', "", html)


def _store(app: object) -> Store:
    surroundings: Services = app.extensions["throughline"]  # type: ignore[attr-defined]
    return surroundings.store
