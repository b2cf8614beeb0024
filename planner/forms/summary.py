"""The answers of a draft or a saved Case in words, for the review step and the plan page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from planner import choices, words
from planner.case import Case
from planner.catalog import Catalog
from planner.forms import asks
from planner.forms.fields import NOT_KNOWN, field_id
from planner.forms.questions import Question, list_groups, questions
from planner.forms.steps import NOT_ON_THE_FORM, ROWS, STEPS, Step
from planner.forms.typed import NONE, OTHER, TAKES, Typed, first, lines, rows
from planner.inputs import shown

_SHOWN_AT_MOST = 5000


@dataclass(frozen=True, slots=True)
class Said:
    """One answer in words; ``field_id`` is where it can be changed."""

    label: str
    value: str
    field_id: str


@dataclass(frozen=True, slots=True)
class StepSummary:
    """What was said on one step, and the labels of the questions that are still open."""

    step: Step
    said: tuple[Said, ...]
    open: tuple[str, ...]


def summary(typed: Typed, catalog: Catalog) -> list[StepSummary]:
    """Return the answers step by step; a wrong value is shown as it was typed."""
    return [_step_summary(step, typed, catalog) for step in STEPS if step.prefixes]


def _step_summary(step: Step, typed: Typed, catalog: Catalog) -> StepSummary:
    said: list[Said] = []
    left: list[str] = []
    for question in questions(Case, ""):
        if not step.holds(question.name):
            continue
        value = _value(question, typed, catalog)
        if value:
            said.append(Said(_label(question.name, question.label), value, field_id(question.name)))
        elif question.name not in NOT_ON_THE_FORM:
            left.append(_label(question.name, question.label))
    for name, group in list_groups().items():
        if step.holds(name):
            said += _rows(name, group.label, typed, catalog)
            if not rows(typed, name) and not _none(name, typed):
                left.append(group.label)
    return StepSummary(step, tuple(said), tuple(left))


def _rows(name: str, label: str, typed: Typed, catalog: Catalog) -> Iterable[Said]:
    if _none(name, typed):
        yield Said(label, "None", field_id(TAKES if name == "moud" else name + NONE))
    for index in range(rows(typed, name)):
        for question in questions(ROWS[name].model, f"{name}.{index}."):
            value = _value(question, typed, catalog)
            if value:
                prefix = f"{index + 1}. " if rows(typed, name) > 1 else ""
                yield Said(prefix + _label(question.name, question.label), value, field_id(question.name))


def _none(name: str, typed: Typed) -> bool:
    return first(typed, TAKES) == "no" if name == "moud" else bool(first(typed, name + NONE))


def _label(name: str, label: str) -> str:
    """Return the label with the group it belongs to, where the label alone would be unclear."""
    for group, words_before in _GROUP_WORDS.items():
        if f".{group}." in name:
            return f"{words_before}: {label.lower() if label[1:2].islower() else label}"
    return label


_GROUP_WORDS = {
    "support_person": "Support person",
    "prescriber": "Prescriber or program",
    "verification": "Confirming call",
    "hold_choice": "Choice to hold",
    "home_prescriber": "The one prescriber of opioids",
    **choices.TEAM_ROLES,
}


def _value(question: Question, typed: Typed, catalog: Catalog) -> str:
    """Return an answer in words; one that is far too long to be taken is cut, the field itself keeps all of it."""
    return shown(_in_words(question, typed, catalog), _SHOWN_AT_MOST)


def _in_words(question: Question, typed: Typed, catalog: Catalog) -> str:
    if question.input in ("some", "names"):
        if first(typed, question.name + NONE):
            return "None"
        chosen = [question.choices.get(value, value) for value in typed.get(question.name, []) if value.strip()]
        names = lines("\n".join(chosen)) if question.input == "names" else chosen
        return ", ".join([*names, *lines(first(typed, question.name + OTHER))])
    text = first(typed, question.name)
    if not text:
        return ""
    if question.input == "yes_no":
        return {"true": "Yes", "false": "No"}.get(text, NOT_KNOWN)
    if question.input == "one":
        return question.choices.get(text, text)
    if question.input in ("day", "moment"):
        return _when(text)
    if question.name == "surgery.procedure":
        return catalog.procedure_labels().get(text, text)
    if question.name == "surgery.variant":
        return asks.variant_label(text, first(typed, "surgery.procedure"), catalog)
    if question.name.startswith("moud.") and question.name.endswith(".product"):
        return catalog.product_labels().get(text, text)
    unit = "" if question.unit == "times" else question.unit  # "Times a day: 2" says it already
    return words.held_together(f"{text} {unit}".strip())


def _when(text: str) -> str:
    try:
        return words.moment(datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text))
    except ValueError:
        return text
