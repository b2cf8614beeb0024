"""The standing plan on one page, the wallet card and the last-dose letter: what stands on them, and that it all fits."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from paper import Data, Text, body, example, faults, pages, plain, printed, tool
from test_papers_agree import amounts_in, days_in, doses_in

from planner.cli import main
from planner.documents import PrintFailed, documents, emergency, last_dose_letter_pdf, standing_pdf, wallet_pdf
from planner.plan import as_data
from planner.planning import plan_for

NOW = datetime.fromisoformat("2026-11-23T09:00-05:00")
CLINIC = {"name": "Northside Clinic", "phone": "555-0155", "kind": "office"}
MEDICINES: dict[str, list[dict[str, Any]]] = {
    "buprenorphine": [
        {"product": "buprenorphine_naloxone_sl", "dose_mg": 24, "times_per_day": 2, "last_dose_at": "2026-11-22T20:00"}
    ],
    "weekly": [{"product": "brixadi_weekly", "dose_mg": 24, "last_injection_on": "2026-11-20"}],
    "monthly": [{"product": "sublocade", "dose_mg": 300, "last_injection_on": "2026-11-08"}],
    "methadone": [{"product": "methadone", "dose_mg": 110, "times_per_day": 1, "last_dose_at": "2026-11-22T07:00"}],
    "naltrexone": [{"product": "naltrexone_oral", "dose_mg": 50, "last_dose_at": "2026-11-22T20:00"}],
    "injection": [{"product": "naltrexone_xr", "dose_mg": 380, "last_injection_on": "2026-11-08"}],
    "unknown": [{"product": "unknown"}],
    "none": [],
    "three": [
        {"product": "methadone", "dose_mg": 110, "times_per_day": 1, "last_dose_at": "2026-11-22T07:00"},
        {"product": "naltrexone_xr", "dose_mg": 380, "last_injection_on": "2026-11-08"},
        {"product": "sublocade", "dose_mg": 300, "last_injection_on": "2026-11-08"},
    ],
}
each = pytest.mark.parametrize("name", MEDICINES)


def standing(kind: str, **patient: Any) -> tuple[Data, Data]:
    case, plan = plan_for(
        {
            "kind": "standing",
            "patient": {
                "name": "Robert Hale",
                "birth_date": "1978-02-08",
                "sex": "male",
                "weight_kg": 88,
                "height_cm": 183,
                "allergies": ["latex"],
                **patient,
            },
            "recovery": {
                "status": "sustained_remission",
                "support_person": {"name": "Carol Hale", "phone": "555-0150"},
            },
            "moud": [{"indication": "oud", "prescriber": CLINIC, **entry} for entry in MEDICINES[kind]],
            "team": {"pain_service": {"name": "Acute pain service", "phone": "555-0100"}},
        },
        NOW,
    )
    return case.model_dump(mode="json"), as_data(plan)


def paper(document: str, kind: str, **patient: Any) -> Text:
    return body(documents.make(document, *standing(kind, **patient)))


@each
@pytest.mark.parametrize("document", ["standing", "wallet"])
def test_one_accessible_letter_page_for_every_medicine(name: str, document: str) -> None:
    pdf = documents.make(document, *standing(name))
    assert len(pages(pdf)) == 1
    assert "612 x 792 pts (letter)" in tool("pdfinfo", pdf)
    assert faults(pdf) == []


@each
def test_the_standing_plan_names_the_medicine_the_stops_and_whom_to_call(name: str) -> None:
    _, plan = standing(name)
    found = paper("standing", name)
    for medicine in plan["summary"]["medicines"]:
        assert medicine["label"] in found
        assert medicine["dose"] in found
    for said in plan["summary"]["never"]:
        assert plain(said).lower().removeprefix("no").removeprefix("never").removesuffix(".") in str(found).lower()
    for words in ("555-0150", "555-0100", "Valid until Mon 24 May 2027", "Act first"):
        assert words in found


def test_naltrexone_does_not_go_on_on_the_day_of_an_injury() -> None:
    for document in ("standing", "wallet"):
        found = paper(document, "injection")
        assert "do not rely on opioids for 28 days after it" in found
        assert "Go on with the naltrexone injection as prescribed" not in found
        assert "Sun 8 Nov 2026" in found, "the day of the injection decides"


def test_a_daily_dose_shows_no_day_that_is_over_when_the_paper_is_read() -> None:
    for document in ("standing", "wallet"):
        assert "22 Nov" not in paper(document, "methadone")


def test_methadone_is_not_given_unconfirmed() -> None:
    assert "no stated dose before the OTP or prescriber has confirmed" in paper("standing", "methadone")
    assert "At most 30 mg in any 24 hours" in paper("standing", "methadone")


def test_a_blank_is_loud_where_no_number_was_given() -> None:
    case, plan = standing("methadone")
    case["moud"][0]["prescriber"] = None
    found = body(documents.make("standing", case, plan))
    assert "NUMBER" in found
    assert "NAME" in found


@each
def test_everything_on_the_card_stands_on_it_twice_small_and_large(name: str) -> None:
    _, plan = standing(name)
    found = str(paper("wallet", name))
    for medicine in plan["summary"]["medicines"]:
        assert found.count(plain(medicine["label"])) >= 2
    assert found.count(plain("Slow or stopped breathing: naloxone now")) == 2
    assert found.count("RobertHale") == 2


def test_a_long_name_and_three_medicines_leave_every_dose_on_the_card() -> None:
    found = str(
        paper("wallet", "three", name="Maximiliana-Theodora von Hohenberg-Schwarzenfels y Rodríguez de la Vega")
    )
    assert found.count("110mgaday") == 2
    assert found.count("300mgeachtime") == 2
    assert "Moreontheplan" in found


def test_the_card_has_the_size_of_a_credit_card_and_nothing_is_cut() -> None:
    case, plan = standing("three")
    fitting = [
        room
        for room in emergency.ROOMS
        if all(
            documents.html_to_pdf(
                documents.html.page(
                    "wallet.html", side=side, words=documents.labels, **emergency.wallet(case, plan, room)
                ),
                "wallet.css",
                pages_at_most=1,
            )
            for side in ("front", "back")
        )
    ]
    assert fitting, "no room fits"
    assert min(room.size for room in emergency.ROOMS) >= 7


def test_a_plan_for_an_operation_has_neither_card_nor_standing_plan() -> None:
    for paper_of in (standing_pdf, wallet_pdf):
        with pytest.raises(PrintFailed, match="for an operation"):
            paper_of(*example("c"), in_process=True)


def test_a_card_that_cannot_hold_what_must_stand_on_it_says_so_and_cuts_nothing() -> None:
    case, plan = standing("three")
    for medicine in plan["summary"]["medicines"]:
        medicine["label"] += " with a name that goes on and on" * 8
    found = str(body(documents.make("wallet", case, plan)))
    assert "doesnotfititssize" in found
    assert found.count("110mgaday") == 1
    assert "Moreontheplan" not in found


def test_the_stops_on_opioids_and_blockers_are_on_every_card() -> None:
    fewest = min(room.stops for room in emergency.ROOMS)
    for name in ("methadone", "buprenorphine"):
        kept = emergency.wallet(*standing(name), emergency.ROOMS[-1])["never"]
        assert len(kept) == fewest
        assert any("nalbuphine" in said for said in kept)
        assert any("naltrexone" in said for said in kept)


@each
@pytest.mark.parametrize("document", ["standing", "wallet"])
def test_every_dose_and_every_date_stands_in_the_plan(name: str, document: str) -> None:
    case, plan = standing(name)
    said = re.sub(r"\s+", " ", json.dumps((case, plan), ensure_ascii=False))
    text = re.sub(r"\s+", " ", tool("pdftotext", documents.make(document, case, plan), "-raw", "-enc", "UTF-8"))
    assert doses_in(text) <= doses_in(said) | amounts_in(case)
    assert days_in(text) <= days_in(said) | set(re.findall(r"20\d\d-\d\d-\d\d|19\d\d-\d\d-\d\d", said))


# --- the letter ----------------------------------------------------------------------------------------------------


def test_a_letter_for_each_medicine_on_a_page_of_its_own() -> None:
    _, plan = example("h")
    found = pages(printed("letter", "h"))
    assert len(found) == len(plan["summary"]["medicines"]) == 2
    for page_text, medicine in zip(found, plan["summary"]["medicines"], strict=True):
        assert medicine["label"] in page_text
    assert faults(printed("letter", "h")) == []


def test_the_letter_tells_dose_last_dose_and_who_confirmed_it() -> None:
    case, plan = example("i")
    found = body(documents.make("letter", case, plan))
    for words in (
        "Northside OTP",
        "555-0155",
        "110 mg a day",
        "Mon 23 Nov 2026, 07:00",
        "J. Ortiz RN with Northside OTP nurse",
    ):
        assert words in found
    assert "NOT CONFIRMED" not in found


def test_what_is_not_known_is_a_loud_blank_in_the_letter() -> None:
    case, plan = example("i")
    case = deepcopy(case)
    case["moud"][0] |= {"last_dose_at": None, "verification": None, "prescriber": None}
    found = body(documents.make("letter", case, plan))
    for words in ("NOT GIVEN", "NOT CONFIRMED", "PRESCRIBER OR PROGRAM", "LAST DOSE"):
        assert words in found


def test_without_a_medicine_there_is_no_letter() -> None:
    with pytest.raises(PrintFailed, match="no medication for addiction is listed"):
        last_dose_letter_pdf(*example("e"), in_process=True)


def test_the_same_plan_gives_the_same_bytes() -> None:
    for document in ("standing", "wallet", "letter"):
        assert documents.make(document, *example("i")) == documents.make(document, *example("i"))


def test_the_command_line_writes_all_three(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = {name: tmp_path / f"{name}.pdf" for name in ("standing-sheet", "wallet-card", "last-dose-letter")}
    arguments = [part for name, path in out.items() for part in (f"--{name}", str(path))]
    assert main(["plan", "examples/i-standing-plan.yaml", "--now", "2026-11-23T09:00", *arguments]) == 0
    assert all(path.read_bytes().startswith(b"%PDF") for path in out.values())
    assert (
        main(["plan", "examples/a-buprenorphine-knee.yaml", "--now", "2026-11-23T09:00", "--standing-sheet", "x"]) == 1
    )
    assert "There is no standing plan" in capsys.readouterr().err
