"""The founding article beside present evidence: every topic, its sources, and the way to it from every plan."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from visitor import Page, Visitor

from planner.knowledge import load
from planner.knowledge.founding import founding_of
from planner.problems import Refused

TOPICS = ["Stopping medication", "Naltrexone", "Restart", "Opioids", "The team", "Pain relief without opioids"]
TOPICS += ["Programs", "Referral", "Highest dose", "Words"]


def test_the_page_sets_the_article_beside_present_evidence(visitor: Visitor) -> None:
    page = visitor.get("/founding-article")
    for topic in TOPICS:
        assert topic in page.text
    assert "Stanos" in page.text
    assert "Buprenorphine and methadone normally go on" in page.text


@pytest.mark.parametrize("letter", ["a", "e", "i"])
def test_every_plan_leads_to_it(saved_plan: Callable[[str], Page], letter: str) -> None:
    assert ("/founding-article", "The founding article and present evidence") in saved_plan(letter).links


def test_every_topic_and_program_cites_a_source_that_exists() -> None:
    for part in (*load().founding.topics, *load().founding.programs):
        assert part.sources
        assert {cite.id for cite in part.sources} <= set(load().sources)


def test_a_source_that_does_not_exist_is_refused() -> None:
    topic = {
        "topic": "A",
        "article": "B",
        "now": "C",
        "here": "Something is done.",
        "sources": [{"id": "NO", "where": "page 1"}],
    }
    with pytest.raises(Refused, match="NO"):
        founding_of({"topics": [topic]}, {"FOUND"})
