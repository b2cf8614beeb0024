"""The command line as a clinician or a script starts it: output, messages, exit codes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
KNEE = ROOT / "examples" / "a-buprenorphine-knee.yaml"
NOW = "2026-11-23T09:00"
DONE, FAILED, REFUSED = 0, 1, 2


def throughline(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Start the real program and return what it wrote and how it ended."""
    command = [sys.executable, "-m", "planner.cli", *(str(argument) for argument in arguments)]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


def case_file(folder: Path, text: str, name: str = "case.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


# --- plan ------------------------------------------------------------------------------------------------------------


def test_plan_prints_json() -> None:
    assert json.loads(throughline("plan", KNEE, "--json", "--now", NOW).stdout)["summary"]["person"] == "Maria Alvarez"


def test_a_plan_that_was_made_ends_with_0() -> None:
    assert throughline("plan", KNEE, "--json", "--now", NOW).returncode == DONE


def test_a_plan_is_made_for_the_stated_moment() -> None:
    assert json.loads(throughline("plan", KNEE, "--json", "--now", NOW).stdout)["made_at"] == "2026-11-23T09:00-05:00"


@pytest.mark.parametrize("example", sorted(path.name for path in KNEE.parent.glob("*.yaml")))
def test_the_same_case_gives_the_same_bytes_on_any_server(example: str) -> None:
    path = KNEE.parent / example
    one = throughline("plan", path, "--json", "--now", NOW, PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C.UTF-8")
    two = throughline("plan", path, "--json", "--now", NOW, PYTHONHASHSEED="2", TZ="Asia/Kolkata", LC_ALL="C.UTF-8")
    assert (one.returncode, one.stdout) == (DONE, two.stdout)


def test_plan_prints_text_when_nothing_else_is_asked() -> None:
    assert "Maria Alvarez" in throughline("plan", KNEE, "--now", NOW).stdout


def test_a_json_case_is_read_too(tmp_path: Path) -> None:
    path = case_file(tmp_path, '{"moud": [], "patient": {"name": "Ana Lee"}}', "case.json")
    assert json.loads(throughline("plan", path, "--json", "--now", NOW).stdout)["summary"]["person"] == "Ana Lee"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("patient: {weight_kg: '8,5'}", "patient.weight_kg: “8,5” has a comma. Use a point for decimals"),
        ("surgery: {at: 2026-02-30T07:30}", "surgery.at: “2026-02-30” is not a day in the calendar."),
        ("surgery: {at: 2026-11-22T07:30}", "surgery.at: The operation is in the past. Give a day from 2026-11-23 on."),
        (
            "moud: [{product: naltrexone}]",
            "moud.0.product: “naltrexone” is not a product on the list. Did you mean naltrexone_xr",
        ),
        ("kind: urgent\nkind: urgent", "line 2: The key “kind” stands there twice. Keep one of them."),
        ("a: b: c", "line 1: This is not YAML: mapping values are not allowed"),
        ("- a", "case.yaml: The file is not a case. Start with fields such as kind: and patient:."),
    ],
)
def test_a_refused_case_says_why_on_standard_error(tmp_path: Path, text: str, message: str) -> None:
    assert throughline("plan", case_file(tmp_path, text), "--json", "--now", NOW).stderr.startswith(message)


@pytest.mark.parametrize("command", ["plan", "facts"])
def test_a_refused_case_ends_with_2_and_prints_nothing_else(tmp_path: Path, command: str) -> None:
    ended = throughline(command, case_file(tmp_path, "patient: {sex: F}"))
    assert (ended.returncode, ended.stdout) == (REFUSED, "")


def test_every_refused_field_has_its_own_line(tmp_path: Path) -> None:
    ended = throughline("plan", case_file(tmp_path, "patient: {sex: F, weight_kg: 7000}"), "--json")
    assert [line.split(":")[0] for line in ended.stderr.splitlines()] == ["patient.sex", "patient.weight_kg"]


def test_a_stated_moment_that_is_none_is_refused() -> None:
    assert (
        "--now: “tomorrow” is not a date with a time" in throughline("plan", KNEE, "--json", "--now", "tomorrow").stderr
    )


def test_a_file_that_is_not_there_ends_with_1() -> None:
    ended = throughline("plan", "no-such-case.yaml", "--json")
    assert (ended.returncode, "no-such-case.yaml" in ended.stderr) == (FAILED, True)


@pytest.mark.parametrize(
    "text",
    ['{"patient": {"sex": "\\ud800"}}', '{"patient": {"name": ' + "[" * 900 + "]" * 900 + "}}"],
    ids=["half a character", "deep"],
)
def test_a_hostile_file_ends_without_a_traceback(tmp_path: Path, text: str) -> None:
    ended = throughline("plan", case_file(tmp_path, text, "case.json"), "--json")
    assert (ended.returncode, "Traceback" in ended.stderr) == (REFUSED, False)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("plan",),
        ("paln", "x.yaml"),
        ("plan", "x.yaml", "--json", "--text"),
        ("why", "x.yaml"),
        ("schema", "--colour"),
    ],
    ids=" ".join,
)
def test_a_wrong_call_ends_with_1_because_2_means_a_refused_case(arguments: tuple[str, ...]) -> None:
    ended = throughline(*arguments)
    assert (ended.returncode, ended.stderr.startswith("usage: throughline")) == (FAILED, True)


# --- schema, facts, why ----------------------------------------------------------------------------------------------


def test_schema_prints_a_json_schema_with_the_products() -> None:
    schema = json.loads(throughline("schema").stdout)
    assert "naltrexone_xr" in schema["$defs"]["MoudEntry"]["properties"]["product"]["enum"]


def test_facts_prints_what_follows_and_what_does_not() -> None:
    lines = throughline("facts", KNEE, "--now", NOW).stdout.splitlines()
    found = {line.split(" = ")[0].strip(): line.split(" = ")[1].split("   ")[0] for line in lines if " = " in line}
    assert (found["labs.egfr"], found["patient.postpartum"], found["entry.film_mg"]) == ("74.0", "not known", "16.0")


def made_line() -> str:
    return str(json.loads(throughline("plan", KNEE, "--json", "--now", NOW).stdout)["moud"][0]["id"])


def test_why_explains_a_line_with_its_condition_and_source() -> None:
    explained = throughline("why", KNEE, made_line(), "--now", NOW).stdout
    assert all(part in explained for part in ("Because: ", "Printed when: ", "Source: ", "Evidence: ", "Look again: "))


def test_why_says_why_a_line_is_not_on_the_plan() -> None:
    printed = throughline("plan", KNEE, "--json", "--now", NOW).stdout
    from planner.knowledge import load

    absent = next(name for name in sorted(load().by_id) if f'"{name}"' not in printed)
    explained = throughline("why", KNEE, absent, "--now", NOW)
    assert (explained.returncode, explained.stdout.startswith("Not on this plan: ")) == (DONE, True)


def test_why_of_a_line_that_does_not_exist_ends_with_1() -> None:
    ended = throughline("why", KNEE, "no-such-line", "--now", NOW)
    assert (ended.returncode, ended.stderr) == (FAILED, "There is no line 'no-such-line'.\n")


# --- check-knowledge -------------------------------------------------------------------------------------------------


def test_check_knowledge_counts_records_and_faults_in_its_last_line() -> None:
    last = throughline("check-knowledge").stdout.splitlines()[-1]
    assert all(word in last for word in (" records, ", " sources, version ", " faults"))


def test_a_knowledge_base_that_does_not_load_is_not_a_refused_case(tmp_path: Path) -> None:
    shutil.copytree(
        ROOT / "planner",
        tmp_path / "planner",
        ignore=shutil.ignore_patterns("web", "documents", "store", "__pycache__"),
    )
    (tmp_path / "planner" / "knowledge" / "broken.yaml").write_text("- {id: broken}\n")
    command = [sys.executable, "-m", "planner.cli", "plan", str(KNEE), "--json", "--now", NOW]
    ended = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": ""}, capture_output=True, text=True, check=False
    )
    assert ("broken.yaml, record 'broken'" in ended.stderr, ended.returncode) == (True, FAILED)


def test_check_knowledge_ends_with_1_while_there_are_faults_and_0_without() -> None:
    ended = throughline("check-knowledge")
    assert ended.returncode == (DONE if ended.stdout.splitlines()[-1].endswith(" 0 faults") else FAILED)
