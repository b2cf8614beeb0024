"""The command line: ``throughline plan CASE.yaml`` and its neighbours.

Exit codes: 0 done, 2 the case was refused (reasons on standard error), 1 anything else.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from planner import review, tables, words
from planner.case import read_case
from planner.casefile import moment_for, read_answers
from planner.facts import Facts, derive
from planner.knowledge import Knowledge, load
from planner.plan import Line, as_data, to_json
from planner.planning import plan_for
from planner.problems import Refused
from planner.schema import case_schema

DONE, FAILED, REFUSED = 0, 1, 2


class _Parser(argparse.ArgumentParser):
    """Ends with 1 on a wrong call, because 2 means that the case was refused."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(FAILED, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        if options.run is not init:
            load()
    except Refused as refusal:
        print(f"The knowledge base cannot be used.\n{refusal}", file=sys.stderr)
        return FAILED
    try:
        return int(options.run(options))
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return REFUSED if hasattr(options, "case") else FAILED
    except (OSError, RuntimeError) as error:
        print(f"throughline: {error}", file=sys.stderr)
        return FAILED


def plan(options: argparse.Namespace) -> int:
    """Make a plan from a case file and print it or write the papers."""
    answers = read_answers(options.case)
    case, made = plan_for(answers, moment_for(answers, options.now))
    papers = {
        "clinician_pdf": options.pdf,
        "details_pdf": options.details,
        "local_anesthetic_card_pdf": options.local_anesthetic_card,
        "patient_pdf": options.handout,
        "standing_pdf": options.standing_sheet,
        "wallet_pdf": options.wallet_card,
        "last_dose_letter_pdf": options.last_dose_letter,
    }
    if any(papers.values()):
        # WeasyPrint takes half a second to import; only printing pays for it.
        from planner import documents

        for name, path in papers.items():
            if path:
                path.write_bytes(getattr(documents, name)(case.model_dump(mode="json"), as_data(made)))
    if options.json:
        print(to_json(made), end="")
    elif options.text or not any(papers.values()):
        from planner.documents.text import plan_text

        print(plan_text(as_data(made)))
    return DONE


def schema(options: argparse.Namespace) -> int:
    """Print the JSON Schema of a case."""
    print(json.dumps(case_schema(load().catalog), ensure_ascii=False, indent=1))
    return DONE


def facts(options: argparse.Namespace) -> int:
    """Print every fact that follows from a case, and every fact that does not."""
    knowledge, derived = _facts(options)
    for name, kind in knowledge.kinds.items():
        group = name.split(".")[0]
        if group in ("entry", "block"):
            continue
        print(f"{name} = {_shown(derived.values.get(name))}   {kind.label}")
    for index, entry in enumerate(derived.entries):
        print(f"\nmedicine {index + 1}: {entry.product.label}")
        for name in (name for name in knowledge.kinds if name.startswith("entry.")):
            print(f"  {name} = {_shown(entry.values.get(name))}")
        for name, moment in entry.moments.items():
            print(f"  {name} = {words.moment(moment)}")
    return DONE


def why(options: argparse.Namespace) -> int:
    """Explain one line: why it is on the plan, or why it is not."""
    knowledge, derived = _facts(options)
    from planner.engine import make_plan

    line = make_plan(derived, knowledge).line(options.line_id)
    if line:
        _explain(line)
        return DONE
    rule = knowledge.by_id.get(options.line_id)
    if rule is None:
        print(f"There is no line '{options.line_id}'.", file=sys.stderr)
        return FAILED
    print(f"Not on this plan: {rule.record.say}\nIt is printed when: {rule.condition.in_words}")
    for name in rule.condition.needs:
        values = (
            [entry.values.get(name) for entry in derived.entries]
            if name.startswith("entry.")
            else [derived.values.get(name)]
        )
        print(
            f"  {knowledge.kinds[name].label}: {', '.join(_shown(value) for value in values) or 'no such medicine listed'}"
        )
    return DONE


def check_knowledge(options: argparse.Namespace) -> int:
    """Load the knowledge base, refuse what nothing cites or reaches, and print what each section rests on."""
    knowledge = load()
    faults = [f"sources.yaml: nothing cites '{source}'. Cite it or remove it." for source in review.uncited(knowledge)]
    faults += [f"{place}: nothing uses it. Use it or remove it." for place in review.unused(knowledge)]
    faults += [f"{place}. Use other words." for place in review.wording(knowledge)]
    if options.reach:
        for name in review.unreached(knowledge, review.cases_in(options.reach)):
            faults.append(
                f"{knowledge.by_id[name].file}, record '{name}': no case reaches it. Write a vignette that gets it, or remove it."
            )
    for section, found in sorted(review.counts(knowledge).items()):
        print(f"{section}: {found['read']} read, {found['secondary']} secondary, {found['unverified']} unverified")
    for name in review.overdue(knowledge, datetime.now(UTC).date()):
        print(f"due for review: {name}")
    for fault in faults:
        print(fault, file=sys.stderr)
    print(
        f"{len(knowledge.by_id)} records, {len(knowledge.sources)} sources, version {knowledge.version}, {len(faults)} faults"
    )
    return FAILED if faults else DONE


def write_tables(options: argparse.Namespace) -> int:
    """Write the tables of operations and of drug stops as Markdown."""
    options.folder.mkdir(parents=True, exist_ok=True)
    for name, text in tables.tables(load()).items():
        (options.folder / name).write_text(text, encoding="utf-8")
        print(options.folder / name)
    return DONE


def init(options: argparse.Namespace) -> int:
    """Make the instance folder with its keys and bring the database up to date."""
    from planner.store.setup import init as set_up

    set_up(options.instance)
    return DONE


def _facts(options: argparse.Namespace) -> tuple[Knowledge, Facts]:
    knowledge = load()
    answers = read_answers(options.case)
    now = moment_for(answers, options.now)
    return knowledge, derive(read_case(answers, knowledge.catalog, now), knowledge.catalog, now)


def _shown(value: object) -> str:
    return "not known" if value is None else "yes" if value is True else "no" if value is False else str(value)


def _explain(line: Line) -> None:
    print(f"{line.say}\nBecause: {line.because}\nPrinted when: {line.condition}")
    for used in line.facts_used:
        print(f"  {used.words}")
    for lack in line.missing:
        print(f"  not known: {lack.question}")
    for source in line.sources:
        print(f"Source: {source.citation} ({source.year}), {source.where}. Read: {source.read}.")
    print(
        f"Evidence: {line.evidence}. Grade of the source: {line.grade or 'none given'}. Look again: {words.day(line.check_again)}."
    )
    for more in line.also:
        print(f"Also ({more.id}): {more.say} {more.because}")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="throughline", description="Perioperative pain plans for people in recovery from opioid addiction."
    )
    commands = parser.add_subparsers(required=True)
    at = "clock time of the clinic, such as 2026-11-23T09:00; now when left out"

    made = commands.add_parser("plan", help="make a plan from a case file")
    made.add_argument("case", type=Path)
    made.add_argument("--now", help=at)
    shape = made.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="print the plan as JSON")
    shape.add_argument("--text", action="store_true", help="print the plan as text")
    made.add_argument("--pdf", type=Path, help="write the clinician's plan")
    made.add_argument("--details", type=Path, help="write the details and evidence of the plan")
    made.add_argument("--local-anesthetic-card", type=Path, help="write the local anesthetic card")
    made.add_argument("--handout", type=Path, help="write the patient sheet")
    made.add_argument("--standing-sheet", type=Path, help="write the standing plan on one page")
    made.add_argument(
        "--last-dose-letter", type=Path, help="write the letter with the last dose to the OTP or prescriber"
    )
    made.add_argument("--wallet-card", type=Path, help="write the wallet card, both sides on one sheet")
    made.set_defaults(run=plan)

    commands.add_parser("schema", help="print the JSON Schema of a case").set_defaults(run=schema)

    listed = commands.add_parser("facts", help="print what follows from a case")
    listed.add_argument("case", type=Path)
    listed.add_argument("--now", help=at)
    listed.set_defaults(run=facts)

    explained = commands.add_parser("why", help="explain one line of a plan")
    explained.add_argument("case", type=Path)
    explained.add_argument("line_id")
    explained.add_argument("--now", help=at)
    explained.set_defaults(run=why)

    checked = commands.add_parser("check-knowledge", help="check the knowledge base")
    checked.add_argument("--reach", type=Path, nargs="+", help="folders of cases; each record must be printed by one")
    checked.set_defaults(run=check_knowledge)

    read = commands.add_parser(
        "tables", help="write what the knowledge base says about operations and drugs as Markdown"
    )
    read.add_argument("folder", type=Path, nargs="?", default=Path("docs/tables"))
    read.set_defaults(run=write_tables)

    started = commands.add_parser("init", help="make the keys and the database of this installation")
    started.add_argument("--instance", type=Path, default=Path("instance"))
    started.set_defaults(run=init)
    return parser


if __name__ == "__main__":
    sys.exit(main())
