"""The pages in a real browser: an example typed in by hand, what shows and hides, and accessibility."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import NOW
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from planner.forms.typed import Typed
from planner.store import People
from planner.web.services import Services

pytestmark = pytest.mark.browser

MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", MAC)
    program = next((found for name in names if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, server: str) -> Iterator[Page]:
    """A window of a desk computer; the test fails when the browser complains about anything."""
    context = chromium.new_context(base_url=server, viewport={"width": 1366, "height": 900})
    window = context.new_page()
    window.set_default_timeout(10_000)
    complaints: list[str] = []
    window.on(
        "console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None
    )
    window.on("pageerror", lambda error: complaints.append(str(error)))
    yield window
    context.close()
    # A refused form answers 422 or 400 on purpose, and the browser notes that.
    assert [text for text in complaints if "Failed to load resource" not in text] == []


def test_a_clinician_types_in_a_knee_replacement_and_prints_it(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="New plan").click()

    page.get_by_label("Name").fill("Maria Alvarez")
    page.get_by_label("Date of birth").fill("1972-03-04")
    page.get_by_label("Medical record number").fill("A1234")
    choose(page, "Sex", "Female")
    page.get_by_label("Weight").fill("81")
    page.get_by_label("Height").fill("165")
    choose(page, "Pregnant", "No")
    tick(page, "Sulfonamide")
    page.get_by_role("button", name="Save and continue").click()

    expect(page.locator("h1")).to_contain_text("Recovery")
    page.get_by_label("Recovery status").select_option("sustained_remission")
    page.get_by_label("In recovery since").fill("2021-05-01")
    page.get_by_label("Program").select_option("intensive_outpatient")
    tick(page, "Heroin")
    choose(page, "The person's own wish about opioids", "Wishes as few opioids as possible")
    page.get_by_role("button", name="Save and continue").click()

    choose(page, "Does the person take medication for addiction?", "Takes medication")
    page.get_by_label("Product").select_option("buprenorphine_naloxone_sl")
    page.get_by_role("textbox", name="Dose (mg)").fill("16")
    page.get_by_label("Times a day").fill("2")
    page.get_by_label("Last dose", exact=True).fill("2026-11-22T20:00")
    choose(page, "Taken for", "Opioid use disorder")
    page.get_by_label("Name", exact=True).fill("Dr. Lee")
    page.get_by_label("Telephone").fill("555-0110")
    page.get_by_role("button", name="Save and continue").click()

    operation(page).press_sequentially("TKA")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(operation(page)).to_have_value("Total knee arthroplasty")
    page.get_by_label("Date and time of surgery").fill("2026-12-08T07:30")
    choose(page, "Stay", "Hospital stay")
    page.keyboard.press("Enter")  # Enter saves and continues, too

    expect(page.locator("h1")).to_contain_text("Health")
    tick(page, "High blood pressure")
    page.get_by_label("eGFR").fill("74")
    page.get_by_role("button", name="Save and continue").click()

    expect(page.locator("h1")).to_contain_text("Team")
    page.get_by_role("group", name="Surgeon").get_by_label("Name").fill("Dr. Ruiz")
    page.get_by_role("group", name="Surgeon").get_by_label("Telephone").fill("555-0170")
    page.get_by_role("button", name="Save and continue").click()

    expect(page.locator("h1")).to_contain_text("Review")
    page.get_by_role("button", name="Make the plan").first.click()

    expect(page.locator("h1")).to_have_text("Perioperative pain plan")
    expect(page.locator(".identity")).to_contain_text("Maria Alvarez")
    expect(page.locator("#glance ~ .glance__medicine").first).to_contain_text("Continue")
    with page.context.expect_page() as opened, page.context.expect_event("response", is_paper) as paper:
        page.get_by_role("button", name="Print plan (PDF)").click()
    assert paper.value.status == 200
    assert paper.value.headers["content-type"] == "application/pdf"
    opened.value.close()


def test_only_the_questions_of_the_chosen_product_show(page: Page) -> None:
    medication = start(page, "medication")
    expect(page.get_by_label("Product")).to_be_hidden()
    choose(page, "Does the person take medication for addiction?", "Takes medication")
    expect(page.get_by_label("Product")).to_be_visible()
    expect(page.get_by_label("Times a day")).to_be_hidden()

    page.get_by_label("Product").select_option("methadone")
    expect(page.get_by_label("Times a day")).to_be_visible()
    expect(page.get_by_label("Who answered")).to_be_visible()
    expect(page.get_by_label("Last injection or implant")).to_be_hidden()
    expect(page.get_by_text("A longer hold before surgery")).to_be_hidden()

    page.get_by_label("Product").select_option("naltrexone_oral")
    expect(page.get_by_label("Who answered")).to_be_hidden()
    expect(page.get_by_text("Confirmation of the dose")).to_be_hidden()
    expect(page.get_by_text("A longer hold before surgery")).to_be_visible()

    page.get_by_label("Product").select_option("sublocade")
    expect(page.get_by_label("Last injection or implant")).to_be_visible()
    expect(page.get_by_label("Next injection due")).to_be_visible()
    expect(page.get_by_label("Times a day")).to_be_hidden()
    assert medication.endswith("/medication")


def test_an_answer_is_never_hidden(page: Page) -> None:
    start(page, "medication")
    choose(page, "Does the person take medication for addiction?", "Takes medication")
    page.get_by_label("Product").select_option("sublocade")
    page.get_by_label("Last injection or implant").fill("2026-11-02")
    page.get_by_label("Product").select_option("methadone")
    expect(page.get_by_label("Last injection or implant")).to_be_visible()
    choose(page, "Does the person take medication for addiction?", "Takes none")
    expect(page.get_by_label("Product")).to_be_visible()
    page.get_by_role("button", name="Save and continue").click()
    expect(page.locator("#moud-takes-error")).to_contain_text("A medicine is filled in below")


def test_pregnancy_is_asked_unless_the_person_is_male(page: Page) -> None:
    start(page, "person")
    expect(page.get_by_role("group", name="Pregnant")).to_be_visible()
    expect(page.get_by_label("Weeks of pregnancy")).to_be_hidden()
    choose(page, "Pregnant", "Yes")
    expect(page.get_by_label("Weeks of pregnancy")).to_be_visible()
    choose(page, "Pregnant", "Not known")
    choose(page, "Sex", "Male")
    expect(page.get_by_role("group", name="Pregnant")).to_be_hidden()


def test_an_operation_is_found_by_everyday_words_on_the_keyboard(page: Page) -> None:
    start(page, "operation")
    field = operation(page)
    field.press_sequentially("knee repl")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.locator("[role=option]")).to_have_text(
        ["Total knee arthroplasty knee replacement", "Not on the list: use “knee repl” as typed"]
    )
    expect(page.get_by_role("status")).to_have_text("1 operation matches.")
    page.keyboard.press("ArrowDown")
    chosen = page.locator("[role=option][aria-selected=true]")
    expect(field).to_have_attribute("aria-activedescendant", str(chosen.get_attribute("id")))
    page.keyboard.press("Enter")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("Total knee arthroplasty")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.locator("h1")).to_contain_text("Health")


def test_a_slip_of_the_keyboard_leads_to_the_nearest_operations(page: Page) -> None:
    start(page, "operation")
    page.get_by_label("Date and time of surgery").fill("2026-12-08T07:30")
    operation(page).press_sequentially("colecystectomy")
    page.get_by_role("option", name="look for the nearest").click()
    page.get_by_role("button", name="Laparoscopic cholecystectomy").click()
    expect(operation(page)).to_have_value("Laparoscopic cholecystectomy")
    expect(page.get_by_label("Date and time of surgery")).to_have_value("2026-12-08T07:30")


def test_without_a_word_all_operations_stand_under_their_regions(page: Page) -> None:
    start(page, "operation")
    operation(page).click()
    page.get_by_role("group", name="Hip, leg or foot").get_by_role("option", name="ACL reconstruction").click()
    expect(operation(page)).to_have_value("ACL reconstruction")
    expect(page.locator("#surgery-procedure")).to_have_value("acl_reconstruction")


def test_changing_the_words_takes_the_choice_back(page: Page) -> None:
    address = start(page, "operation")
    operation(page).fill("ACL reconstruction")
    page.keyboard.press("Tab")
    expect(page.locator("#surgery-procedure")).to_have_value("acl_reconstruction")
    operation(page).fill("hernia")
    expect(page.locator("#surgery-procedure")).to_have_value("")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.locator("#surgery-procedure-find-error")).to_contain_text("no operation is chosen for it")
    expect(operation(page)).to_have_value("hernia")
    page.get_by_role("button", name="Ventral hernia repair").click()
    page.wait_for_url(f"{address}*")
    expect(operation(page)).to_have_value("Ventral hernia repair")


def test_an_operation_that_is_not_listed_is_typed_in(page: Page) -> None:
    start(page, "operation")
    expect(page.get_by_label("Operation as typed")).to_be_hidden()
    operation(page).press_sequentially("Removal of a plate")
    page.get_by_role("option", name="Not on the list").click()
    expect(page.get_by_label("Operation as typed")).to_have_value("Removal of a plate")
    page.get_by_label("Body region").select_option("leg")
    expect(page.get_by_role("group", name="Pain expected without treatment")).to_be_visible()


def test_the_kinds_of_an_operation_show_as_soon_as_it_is_chosen(page: Page) -> None:
    start(page, "operation")
    kinds = page.get_by_role("group", name="Kind or approach")
    expect(kinds).to_be_hidden()
    find(page, "bka")
    choose(page, "Kind or approach", "Below the knee")
    find(page, "stomach stapling")
    expect(kinds.get_by_role("radio")).to_have_count(3)
    expect(kinds.get_by_label("Not known")).to_be_checked()
    find(page, "TKA")
    expect(kinds).to_be_hidden()
    find(page, "bka")
    expect(kinds.get_by_label("Below the knee")).to_be_checked()
    page.get_by_role("button", name="Save and continue").click()
    expect(page.locator("h1")).to_contain_text("Health")


def test_the_number_of_patches_is_asked_for_a_patch(page: Page) -> None:
    start(page, "operation")
    page.get_by_text("Local anesthetic given or planned").click()
    page.get_by_role("button", name="Add a local anesthetic").click()
    expect(page.get_by_label("Local anesthetic", exact=True)).to_be_focused()
    expect(page.get_by_label("Number of patches")).to_be_hidden()
    page.get_by_label("Route").select_option("patch")
    expect(page.get_by_label("Number of patches")).to_be_visible()


def test_the_operation_step_serves_without_scripts(chromium: Browser, server: str) -> None:
    context = chromium.new_context(base_url=server, java_script_enabled=False)
    page = context.new_page()
    address = start(page, "operation")
    page.get_by_label("Find the operation").fill("amputation")
    page.get_by_label("Date and time of surgery").fill("2026-12-08T07:30")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_label("Operation", exact=True)).to_have_value("leg_amputation")
    choose(page, "Kind or approach", "Above the knee")
    page.get_by_text("Local anesthetic given or planned").click()
    page.get_by_role("button", name="Add a local anesthetic").click()
    page.get_by_label("Local anesthetic", exact=True).select_option("ropivacaine")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.locator("h1")).to_contain_text("Health")
    page.goto(address)
    expect(page.get_by_label("Above the knee")).to_be_checked()
    expect(page.get_by_label("Date and time of surgery")).to_have_value("2026-12-08T07:30")
    expect(page.get_by_label("Local anesthetic", exact=True)).to_have_value("ropivacaine")
    context.close()


def test_an_error_is_announced_and_its_link_leads_to_the_field(page: Page) -> None:
    start(page, "person")
    page.get_by_label("Weight").fill("eighty")
    page.get_by_role("button", name="Save and continue").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(page).to_have_title("Error: Person - Throughline")
    summary.get_by_role("link").click()
    expect(page.get_by_label("Weight")).to_be_focused()
    expect(page.get_by_label("Weight")).to_have_value("eighty")
    expect(page.get_by_label("Weight")).to_have_attribute("aria-invalid", "true")


def test_a_link_into_a_fold_opens_it(page: Page, saved: Callable[[str], str]) -> None:
    page.goto(saved("b"))
    surgeon = page.locator(".why-all article").first
    expect(surgeon).to_be_hidden()
    page.goto(f"{page.url}#{surgeon.get_attribute('id')}")
    expect(surgeon).to_be_in_viewport()


def test_axe_finds_nothing_on_a_desk_computer(page: Page, saved: Callable[[str], str]) -> None:
    walk(
        page,
        [
            "/",
            "/evidence",
            "/calculators",
            "/calculators/cows",
            "/calculators/mme",
            "/nowhere",
            *every_step(page),
            saved("g"),
        ],
    )


def test_axe_finds_nothing_on_a_phone(page: Page, saved: Callable[[str], str]) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    walk(page, ["/", "/calculators", "/calculators/qtc", "/nowhere", *every_step(page), saved("b")])


def test_axe_finds_nothing_on_a_step_with_errors_and_everything_shown(page: Page) -> None:
    start(page, "medication")
    choose(page, "Does the person take medication for addiction?", "Takes medication")
    page.get_by_label("Product").select_option("methadone")
    page.get_by_label("Times a day").fill("often")
    page.get_by_role("button", name="Add another medicine").click()
    page.locator("#moud-1-product").select_option("other")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("alert")).to_be_visible()
    check(page, "medication with errors")


@pytest.mark.parametrize("width", [1366, 390])
def test_axe_finds_nothing_on_the_operation_and_health_steps_with_everything_shown(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    start(page, "operation")
    operation(page).press_sequentially("hernia")
    page.keyboard.press("ArrowDown")
    check(page, "suggestions")
    operation(page).fill("")
    check(page, "every operation")
    find(page, "bka")
    page.get_by_text("Local anesthetic given or planned").click()
    page.get_by_role("button", name="Add a local anesthetic").click()
    check(page, "kinds and a local anesthetic")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the operation scrolls sideways"
    operation(page).fill("knee")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("group", name="“knee” may mean one of these operations")).to_be_visible()
    check(page, "matches")
    page.goto(page.url.replace("/operation", "/health"))
    page.get_by_role("button", name="Add a medicine against clotting").click()
    page.get_by_text("Level, days taken, loading dose").click()
    check(page, "medicine against clotting")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "health scrolls sideways"


def test_axe_finds_nothing_on_a_plan_with_medicines_that_stand_in_for_each_other(
    page: Page, saved: Callable[..., str]
) -> None:
    walk(page, [saved("e")])
    expect(page.get_by_text("never beside it").first).to_be_visible()


def test_axe_finds_nothing_on_a_plan_with_a_limit_and_a_clock_on_a_phone(page: Page, saved: Callable[..., str]) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    more = {
        "surgery.local_anesthetics.0.drug": ["bupivacaine"],
        "surgery.local_anesthetics.0.mg": ["50"],
        "health.anticoagulants.0.drug": ["aspirin"],
        "health.anticoagulants.1.drug": ["Apixaban"],
        "health.anticoagulants.1.dose": ["5 mg twice daily"],
        "health.anticoagulants.1.last_dose_at": ["2026-12-05T08:00"],
    }
    walk(page, [saved("a", more)])
    expect(page.get_by_text("Clock times for a neuraxial or deep block")).to_be_visible()
    expect(page.get_by_role("heading", name="One limit for all local anesthetic")).to_be_visible()


@pytest.mark.parametrize("width", [1366, 390])
def test_axe_finds_nothing_on_the_team_step_and_the_list(
    page: Page, saved: Callable[[str], str], people: People, width: int
) -> None:
    people.add([("surgeon", "Dr. Ruiz", "555-0170")], NOW)
    page.set_viewport_size({"width": width, "height": 844})
    step = start(page, "team")
    walk(page, [step, "/people", saved("b")])
    page.goto(step)
    page.get_by_role("button", name="Fill in the roles").click()
    expect(page.get_by_role("group", name="Surgeon").get_by_label("Telephone")).to_have_value("555-0170")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the team step scrolls sideways"


# --- helpers -------------------------------------------------------------------------------------------------------


@pytest.fixture
def saved(app: Flask, typed: Callable[[str], Typed]) -> Callable[..., str]:
    """Save the plan of an example, with more answers, by the same way the pages do; gives its address."""
    from visitor import Visitor

    surroundings: Services = app.extensions["throughline"]

    def save(letter: str, more: Typed | None = None) -> str:
        answers = {name: values for name, values in typed(letter).items() if not (more and name.endswith("s.none"))}
        draft = surroundings.store.new_draft({**answers, **(more or {})}, "review", surroundings.clock())
        visitor = Visitor(app.test_client())
        return visitor.make_plan(visitor.get(f"/drafts/{draft}/review")).path

    return save


def start(page: Page, step: str) -> str:
    """Start a plan and go to one of its steps; return its address."""
    page.goto("/")
    page.get_by_role("button", name="New plan").click()
    page.wait_for_url("**/person")
    address = page.url.removesuffix("person") + step
    page.goto(address)
    return address


def operation(page: Page) -> Locator:
    """The field in which the operation is searched for."""
    return page.get_by_role("combobox", name="Operation", exact=True)


def find(page: Page, words: str) -> None:
    """Type words that mean one operation, and leave the field."""
    operation(page).fill(words)
    page.keyboard.press("Tab")


def choose(page: Page, question: str, answer: str) -> None:
    """Click one answer of a question, as a hand with a mouse does."""
    group: Locator = page.get_by_role("group", name=question)
    group.get_by_text(answer, exact=True).click()


def tick(page: Page, label: str) -> None:
    page.get_by_text(label, exact=True).click()


def is_paper(response: Any) -> bool:
    return bool(response.url.endswith("/plan.pdf"))


def every_step(page: Page) -> list[str]:
    """Start a plan; return the address of each of its steps."""
    draft = start(page, "person").removesuffix("/person")
    return [
        f"{draft}/{step}"
        for step in ("person", "recovery", "medication", "operation", "health", "team", "review", "discard")
    ]


def walk(page: Page, addresses: list[str]) -> None:
    """Open each page, unfold what is folded, and let axe read it; no page may scroll sideways."""
    for address in addresses:
        page.goto(address)
        page.evaluate("document.querySelectorAll('.plan-section details').forEach((fold) => { fold.open = true })")
        check(page, address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{address} scrolls sideways"


def check(page: Page, where: str) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, f"{where}\n{found.generate_report()}"
