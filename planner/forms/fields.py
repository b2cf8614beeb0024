"""WTForms fields built from the questions of the Case, and the form of one step made of them.

The fields hold text as it was typed; the Case alone decides what is right.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Field, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.form import BaseForm

from planner.catalog import Catalog
from planner.forms import asks
from planner.forms.questions import Question
from planner.forms.steps import ROWS, Step, questions_of
from planner.forms.typed import FIND, NONE, OTHER, TAKES, Typed, first, rows
from planner.problems import Problem

NOT_KNOWN = "Not known"
_RADIOS_AT_MOST = 4

# What the declaration says to people who write case files; a form has no use for it.
_FOR_FILES = ("Put it in quotation marks in a file.", "Put the number in quotation marks in a file.")


class StepForm(BaseForm):
    """The fields of one step, filled with what was typed. ``form["patient.name"]`` finds one by its name."""

    def __init__(self, step: Step, typed: Typed, catalog: Catalog) -> None:
        """Build the fields that the step needs for what was typed so far."""
        self.step = step
        self.row_count = rows(typed, step.rows) if step.rows else 0
        found = list(questions_of(step, self.row_count))
        super().__init__(dict(_fields(step, found, catalog, typed)))
        self.questions: Mapping[str, Question] = {question.name: question for question in found}
        sent: MultiDict[str, str] = MultiDict((name, value) for name, values in typed.items() for value in values)
        self.process(formdata=sent)

    def names(self) -> list[str]:
        """Return the names of all fields of this step."""
        return [field.name for field in self]

    def show(self, problems: Iterable[Problem]) -> list[tuple[str, str]]:
        """Put each problem beside its field; return (field id, label and message) for the summary at the top."""
        summary = []
        for problem in problems:
            field = self._field_for(problem.path)
            message = f"{problem.wrong} {problem.right}".strip()
            field.errors = [*field.errors, message]
            summary.append((field.id, f"{self.label_in_full(field.name)}: {message}"))
        return summary

    def label_in_full(self, name: str) -> str:
        """Return the label of a field, with the number of its row where there are rows."""
        label = str(self[name].label.text)
        parts = name.removeprefix(f"{self.step.rows}.").split(".") if self.step.rows else []
        return f"{label} ({int(parts[0]) + 1})" if parts and parts[0].isdigit() and self.row_count > 1 else label

    def _field_for(self, path: str) -> Field:
        while path:
            if path in self:
                return self[path]
            if path == "moud" or path.startswith("moud."):
                shorter = path.rpartition(".")[0]
                path = shorter if shorter not in ("", "moud") else TAKES
            else:
                path = path.rpartition(".")[0]
        return next(iter(self))


def field_id(name: str) -> str:
    """Return the id of a field in the page, from its name."""
    return name.replace(".", "-").replace("_", "-")


def _fields(step: Step, found: Iterable[Question], catalog: Catalog, typed: Typed) -> Iterable[tuple[str, Any]]:
    if step.rows == "moud":
        takes = {"yes": "Takes medication", "no": "Takes none", "": NOT_KNOWN}
        yield TAKES, _radio(TAKES, "Does the person take medication for addiction?", "", takes, "")
    elif step.rows:
        none = ROWS[step.rows].none
        yield step.rows + NONE, _checks(step.rows + NONE, none, {"1": none})
    for question in found:
        if question.name == "surgery.procedure":
            yield question.name + FIND, _search(question.name + FIND)
        yield question.name, _field(question, catalog, typed)
        if question.input in ("some", "names"):
            none = "None of these" if question.input == "some" else "Takes no other medicines"
            yield question.name + NONE, _checks(question.name + NONE, none, {"1": none})
        if question.free and question.choices:
            label, help = f"Other {question.label.lower()}", "One a line."
            yield question.name + OTHER, TextAreaField(label, description=help, id=field_id(question.name + OTHER))


def _field(question: Question, catalog: Catalog, typed: Typed) -> Any:
    name, help = question.name, _help(question)
    last = name.rpartition(".")[2]
    if name.startswith("moud.") and last == "product":
        return _select(name, question.label, help, asks.product_choices(catalog.products))
    if name == "surgery.procedure":
        return _select(name, question.label, "", asks.procedure_choices(catalog.procedures))
    if name == "surgery.variant":
        kinds = asks.variant_choices(first(typed, name), first(typed, "surgery.procedure"), catalog)
        return _radio(name, question.label, "", kinds, "")
    if question.input == "yes_no":
        return _radio(name, question.label, help, {"true": "Yes", "false": "No", "": NOT_KNOWN}, "")
    if question.input == "some":
        return SelectMultipleField(
            question.label, description=help, choices=dict(question.choices), validate_choice=False, id=field_id(name)
        )
    if question.input == "one":
        offered = dict(question.choices)
        if len(offered) > _RADIOS_AT_MOST:
            return _select(name, question.label, help, offered)
        unknown = {} if question.default else {"": NOT_KNOWN}
        return _radio(name, question.label, help, offered | unknown, question.default)
    kind = TextAreaField if question.input in ("long_text", "names") else StringField
    return kind(question.label, description=help, id=field_id(name), default="")


def _help(question: Question) -> str:
    if question.name == "health.medicines":
        return f"{question.help} One a line."
    if question.name == "surgery.expected_pain":
        return "For an operation on the list, only when it differs from the usual."
    return "" if question.help in _FOR_FILES else question.help


def _radio(name: str, label: str, help: str, offered: dict[str, str], default: str) -> Any:
    return RadioField(
        label, description=help, choices=offered, default=default, validate_choice=False, id=field_id(name)
    )


def _select(name: str, label: str, help: str, offered: Mapping[str, str | dict[str, str]]) -> Any:
    blank = "- Choose -" if name.endswith(".product") else f"- {NOT_KNOWN} -"
    choices = {"": blank, **offered}
    return SelectField(label, description=help, choices=choices, default="", validate_choice=False, id=field_id(name))


def _search(name: str) -> Any:
    help = "A name, an abbreviation or everyday words: TKA, knee replacement, gallbladder."
    return StringField("Find the operation", description=help, id=field_id(name), default="")


def _checks(name: str, label: str, offered: dict[str, str]) -> Any:
    return SelectMultipleField(label, choices=offered, validate_choice=False, id=field_id(name))
