"""What the plan has left after its stops: facts for the records that speak about what is missing."""

from __future__ import annotations

from collections.abc import Sequence

from planner.engine.settling import OPTIONS, STOPS, Settler
from planner.facts import Facts, OutcomeFacts
from planner.facts.declare import FactValue, values_of
from planner.plan import Line

_ACETAMINOPHEN, _NSAID = "acetaminophen", "nsaid"


def outcome_values(
    facts: Facts, settler: Settler, techniques: Sequence[Line], medicines: Sequence[Line], first: Sequence[str]
) -> dict[str, FactValue]:
    """Return the outcome facts of one plan.

    Args:
        facts: of the Case.
        settler: tells which subjects a line is about.
        techniques: the settled lines about regional techniques.
        medicines: the lines about medicines without opioids, not yet settled.
        first: the techniques that the operation puts first.
    """
    left = [line for line in techniques if line.id.startswith("regional-") and line.verdict in (*OPTIONS, "ask")]
    kinds = settler.judge.knowledge.catalog.blocks
    stopped = {subject: line for line in medicines if line.verdict in STOPS for subject in settler.about(line)}
    options = {line.subject for line in medicines if line.verdict in OPTIONS}
    drugs = settler.judge.knowledge.catalog.drugs
    nsaids = {drug.id for drug in drugs.values() if drug.group == _NSAID}
    acetaminophens = {name for name in drugs if name.startswith(_ACETAMINOPHEN)}
    acetaminophen_left = bool((options & acetaminophens) - stopped.keys())
    nsaid_left = bool((options & nsaids) - stopped.keys())
    gone = (set() if acetaminophen_left else acetaminophens) | (set() if nsaid_left else nsaids)
    reasons = [(line.short or line.say).rstrip(".") for subject, line in stopped.items() if subject in gone]
    listed = facts.values.get("surgery.procedure_listed") is not False
    any_left = bool(left) if listed else None
    return values_of(
        "outcome",
        OutcomeFacts(
            technique_left=any_left,
            block_left=any(kinds[line.subject].kind != "infiltration" for line in left) if listed else None,
            first_block_left=any(line.subject in first for line in left) if listed else None,
            local_anesthetic_planned=True if facts.values.get("la.listed") else any_left,
            acetaminophen_left=acetaminophen_left,
            nsaid_left=nsaid_left,
            base_gone_because=list(dict.fromkeys(reasons)),
        ),
    )
