"""How one step of the form is put on the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import render_template

from planner import choices
from planner.catalog import Procedure
from planner.documents.roles import roles
from planner.forms import asks, finding
from planner.forms.fields import StepForm, field_id
from planner.forms.steps import (
    ASKED_IF,
    CONDITION_HEADINGS,
    OPERATION,
    ROWS,
    TEAM,
    Fieldset,
    Step,
    fieldsets_of,
    row_fieldsets,
    steps_for,
)
from planner.forms.typed import FIND, NONE, Typed, answers, first, has_answer
from planner.plan import as_data
from planner.planning import plan_for
from planner.problems import Problem, Refused
from planner.store import Draft, ListedPerson
from planner.web.services import services


@dataclass(frozen=True, slots=True)
class Block:
    """A fieldset as the page shows it: full field names, and whether it must be seen because something is in it."""

    title: str
    help: str
    names: tuple[str, ...]
    asked_if: str
    folded: bool
    filled: bool
    open: bool


@dataclass(frozen=True, slots=True)
class Finder:
    """The search for an operation: what was searched for, what may be meant, and what the script needs to search."""

    text: str
    matches: tuple[finding.Match, ...]
    options: Mapping[str, FinderOption]
    chosen: str


@dataclass(frozen=True, slots=True)
class FinderOption:
    """What one operation carries in the list: the questions it calls for, its names, and its kinds by id."""

    asks: str
    names: tuple[str, ...]
    variants: Mapping[str, str]


def step_page(
    draft: Draft, step: Step, typed: Typed, problems: Iterable[Problem], notice: str = "", *, seen: str
) -> str:
    """Return the page of a step, filled with what was typed; ``seen`` marks which saved answers it was made from."""
    catalog = services().catalog
    form = StepForm(step, typed, catalog)
    found = list(problems)
    summary = [(f"#{target}", said) for target, said in form.show(found)]
    wrong = {problem.path for problem in found}
    kind = first(typed, "kind")
    people = _people() if step is TEAM else {}
    return render_template(
        "drafts/step.html",
        draft=draft,
        step=step,
        steps=steps_for(kind, has_operation_answers(typed)),
        form=form,
        blocks=[_block(fieldset, "", typed, wrong) for fieldset in fieldsets_of(step)],
        required=_required(typed) if step is TEAM else {},
        rows=[_row(step.rows, index, typed, wrong) for index in range(form.row_count)],
        summary=summary,
        notice=notice,
        seen=seen,
        person=first(typed, "patient.name"),
        standing=kind == "standing",
        asked_if=ASKED_IF,
        filled={name for name in form.names() if has_answer(typed, name) or name in wrong},
        extras={
            "moud.product": {one.id: " ".join(sorted(asks.asks_of(one))) for one in catalog.products.values()},
            "health.anticoagulants.drug": "antithrombotics",
            **{f"team.{role}.name": f"people-{role}" for role in choices.TEAM_ROLES},
            "health.conditions": CONDITION_HEADINGS,
        },
        product_notes=_product_notes(step, form, typed),
        row_list=ROWS.get(step.rows),
        rows_open=bool(form.row_count)
        or has_answer(typed, step.rows + NONE)
        or any(name.startswith(step.rows) for name in wrong),
        people=people,
        only_ones=any(len(listed) == 1 for listed in people.values()),
        finder=_finder(typed) if step is OPERATION else None,
        antithrombotics={one.label: one.names for one in catalog.antithrombotics.values()},
        field_id=field_id,
    )


def has_operation_answers(typed: Typed) -> bool:
    """Whether anything was typed about an operation, the time zone apart (it is filled in from the start)."""
    names = (name for name in typed if OPERATION.holds(name) and name != "surgery.time_zone")
    return any(has_answer(typed, name) for name in names)


def _people() -> Mapping[str, list[ListedPerson]]:
    """Return the hospital's list by role, roles without anybody included."""
    everybody = services().people.all()
    return {role: [person for person in everybody if person.role == role] for role in choices.TEAM_ROLES}


def _required(typed: Typed) -> Mapping[str, str]:
    """Return, by label, the roles that the answers so far require, and why; nothing while the answers are refused."""
    here = services()
    try:
        plan = plan_for(answers(typed, here.time_zone), here.clock())[1]
    except Refused:
        return {}
    return {role.label: role.because for role in roles(as_data(plan)) if role.required}


def _finder(typed: Typed) -> Finder:
    procedures = services().catalog.procedures
    text = first(typed, finding.OPERATION + FIND)
    return Finder(
        text=text,
        matches=tuple(finding.matches(text, procedures)),
        options={procedure.id: _finder_option(procedure) for procedure in procedures.values()},
        chosen=first(typed, finding.OPERATION),
    )


def _finder_option(procedure: Procedure) -> FinderOption:
    return FinderOption(
        asks=asks.asks_of_operation(procedure),
        names=finding.names_of(procedure)[1:],
        variants={name: variant.label for name, variant in procedure.variants.items()},
    )


def _row(group: str, index: int, typed: Typed, wrong: Iterable[str]) -> list[Block]:
    return [_block(fieldset, f"{group}.{index}.", typed, wrong) for fieldset in row_fieldsets(group)]


def _block(fieldset: Fieldset, prefix: str, typed: Typed, wrong: Iterable[str]) -> Block:
    names = tuple(f"{prefix}{name}" for name in fieldset.names)
    is_wrong = any(name in wrong for name in names)
    filled = is_wrong or any(has_answer(typed, name) for name in names)
    return Block(
        title=fieldset.title,
        help=fieldset.help,
        names=names,
        asked_if=fieldset.asked_if,
        folded=fieldset.folded,
        filled=filled,
        # The time zone is filled in from the start; it opens only when it is wrong.
        open=is_wrong or (filled and fieldset.names != ("surgery.time_zone",)),
    )


def _product_notes(step: Step, form: StepForm, typed: Typed) -> Mapping[str, str]:
    """Return, by field name, what the catalog says about each product that is chosen."""
    if step.rows != "moud":
        return {}
    names = [f"moud.{index}.product" for index in range(form.row_count)]
    products = services().catalog.products
    chosen = {name: products.get(first(typed, name)) for name in names}
    return {name: product.note for name, product in chosen.items() if product and product.note}
