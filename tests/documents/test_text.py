"""The plan as plain text."""

from __future__ import annotations

import pytest
from paper import EXAMPLES, all_lines, example, plain

from planner.documents.labels import VERDICT_WORDS
from planner.documents.text import plan_text

each_example = pytest.mark.parametrize("letter", EXAMPLES)


@each_example
def test_holds_every_line_and_every_question(letter: str) -> None:
    _, plan = example(letter)
    text = plain(plan_text(plan))
    for line in all_lines(plan):
        assert plain(line["say"]) in text
    for ask in plan["unknown"]:
        assert plain(ask["question"]) in text


@each_example
def test_starts_with_the_decisions(letter: str) -> None:
    _, plan = example(letter)
    top = plan_text(plan).split("\nDays\n")[0]
    for medicine in plan["summary"]["medicines"]:
        assert plain(f"{VERDICT_WORDS[medicine['decision']]}: {medicine['label']}, {medicine['dose']}") in plain(top)


@each_example
def test_is_at_most_100_columns_wide(letter: str) -> None:
    _, plan = example(letter)
    for row in plan_text(plan).splitlines():
        assert len(row) <= 100 or " " not in row.strip()
