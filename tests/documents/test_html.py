"""The Jinja environment of paper and its filters."""

from __future__ import annotations

import pytest
from jinja2 import UndefinedError

from planner.documents import html


def test_everything_is_escaped_whatever_the_template_is_called() -> None:
    template = html.environment().from_string("{{ text }}")
    assert template.render(text="<b>&") == "&lt;b&gt;&amp;"


def test_a_name_that_is_missing_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        html.environment().from_string("{{ nobody }}").render()


def test_dates_are_written_as_clinicians_write_them() -> None:
    assert html.moment("2026-12-08T07:30-05:00") == "Tue\u00a08\u00a0Dec\u00a02026,\u00a007:30"
    assert html.moment("2026-12-08") == html.day("2026-12-08T07:30-05:00") == "Tue\u00a08\u00a0Dec\u00a02026"
    assert html.clock("2026-12-08T07:30-05:00") == "07:30"
    assert html.clock("2026-12-08") == html.clock(None) == ""


@pytest.mark.parametrize(
    ("at", "said"), [("07:30", "7:30 a.m."), ("00:05", "12:05 a.m."), ("12:00", "12:00 p.m."), ("23:59", "11:59 p.m.")]
)
def test_patients_read_a_m_and_p_m(at: str, said: str) -> None:
    assert html.clock_12(f"2026-12-08T{at}-05:00") == said.replace(" ", "\u00a0")


def test_a_quantity_with_a_slash_stays_on_one_line() -> None:
    assert html.prose("under 30\u00a0mL/min, then") == 'under<span class="q"> 30\u00a0mL/min,</span> then'


def test_what_is_not_known_is_loud() -> None:
    assert html.prose("Give <x> on [not known].") == "Give &lt;x&gt; on<strong> [not known]</strong>."


def test_what_hangs_on_a_fact_is_told_once_under_the_hardest_stop() -> None:
    needed = [
        {"subject_label": "Ketorolac", "verdict": "caution"},
        {"subject_label": "Ketorolac", "verdict": "never"},
        {"subject_label": "Ibuprofen", "verdict": "never"},
    ]
    assert html.needed(needed) == [("never", "Ketorolac, Ibuprofen")]
