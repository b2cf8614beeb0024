"""Small forms outside the Case, made of the same questions and shown by the same macros: calculators, the hospital's list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SelectField, StringField
from wtforms.form import BaseForm

from planner.forms.fields import field_id
from planner.forms.questions import Question

_RADIOS_AT_MOST = 6


class PlainForm(BaseForm):
    """A form whose questions each need an answer; it holds what was typed and says what is wrong beside each field."""

    def __init__(self, asked: Iterable[Question], typed: Mapping[str, str], wrong: Mapping[str, str]) -> None:
        """Build the fields, fill them with what was typed, and put each message beside its field."""
        self.questions = {question.name: question for question in asked}
        super().__init__({name: _field(question) for name, question in self.questions.items()})
        self.process(formdata=MultiDict(typed))
        for name, said in wrong.items():
            self[name].errors = [said]

    @property
    def summary(self) -> list[tuple[str, str]]:
        """The messages for the top of the page, each with the place of its field."""
        return [(f"#{field.id}", f"{field.label.text}: {field.errors[0]}") for field in self if field.errors]


def _field(question: Question) -> Any:
    offered = dict(question.choices)
    given: dict[str, Any] = {"description": question.help, "id": field_id(question.name)}
    if not offered:
        return StringField(question.label, **given)
    if len(offered) <= _RADIOS_AT_MOST:
        return RadioField(question.label, choices=offered, validate_choice=False, **given)
    return SelectField(question.label, choices={"": "- Choose -", **offered}, validate_choice=False, **given)
