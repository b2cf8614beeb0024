"""Facts: what follows from a Case, under names that conditions in the knowledge base can use.

``derive`` is the only door. It takes the present moment as an argument and reads no clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from planner.case import Case, MoudEntry
from planner.catalog import Block, Catalog, Procedure, Product
from planner.facts.clotting import Agent, AgentFacts, ClottingFacts, agents_of, clotting_facts
from planner.facts.declare import FactKind, FactValue, fact, kinds_of, values_of
from planner.facts.entries import EntryFacts, entry_facts
from planner.facts.entry_moments import EXPECTED_OPIOID_DAYS, moments_of, planned_stop
from planner.facts.health import (
    HealthFacts,
    LabFacts,
    health_facts,
    lab_facts,
    listed_kinds,
    listed_values,
    medicine_classes,
)
from planner.facts.home import HomeFacts, home_facts, home_moments
from planner.facts.local_anesthetics import LocalAnestheticFacts, local_anesthetic_facts
from planner.facts.moments import When, days_later, local
from planner.facts.moud import MoudFacts, moud_facts
from planner.facts.person import PersonFacts, person_facts
from planner.facts.recovery import RecoveryFacts, recovery_facts
from planner.facts.scores import ScoreFacts, score_facts
from planner.facts.supply import SupplyFacts, supply_facts
from planner.facts.surgery import OpioidFacts, PlanFacts, SurgeryFacts, opioid_facts, plan_facts, surgery_facts


@dataclass(frozen=True, slots=True)
class BlockFacts:
    """The technique under consideration, in records about regional anesthesia."""

    id: str | None = fact("technique")
    kind: str | None = fact("kind of technique")
    bleeding: str | None = fact("bleeding risk of the technique")
    traits: list[str] | None = fact("what is special about the technique")


@dataclass(frozen=True, slots=True)
class OutcomeFacts:
    """What the plan itself has left after its stops; known while it is made, for records about what is missing."""

    technique_left: bool | None = fact("a regional technique or infiltration is left")
    block_left: bool | None = fact("a regional technique other than infiltration is left")
    first_block_left: bool | None = fact("a first choice of the operation is left")
    local_anesthetic_planned: bool | None = fact("local anesthetic is planned by another route")
    acetaminophen_left: bool | None = fact("acetaminophen is left")
    nsaid_left: bool | None = fact("an NSAID is left")
    base_gone_because: list[str] | None = fact("why acetaminophen and NSAIDs are left out")


@dataclass(frozen=True, slots=True)
class Entry:
    """One medicine of the list with its facts and its moments."""

    given: MoudEntry
    product: Product
    regimen: str
    values: Mapping[str, FactValue]
    moments: Mapping[str, When]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that follows from one Case at one moment.

    ``questions`` says more exactly than the declaration of a fact what to find out here.
    """

    case: Case
    now: datetime
    values: Mapping[str, FactValue]
    moments: Mapping[str, When]
    entries: tuple[Entry, ...]
    agents: tuple[Agent, ...] = ()
    questions: Mapping[str, str] = field(default_factory=dict)


def derive(case: Case, catalog: Catalog, now: datetime) -> Facts:
    """Return the facts that follow from a Case.

    Args:
        case: what was said.
        catalog: products, operations, blocks and medicine classes.
        now: the present moment, with a zone; read in the clinic's zone.
    """
    here = now.astimezone(case.zone)
    surgery_at = local(case.surgery.at, case.zone) if case.surgery.at else None
    procedure = operation_of(case, catalog)
    delivers = procedure is not None and "delivers_baby" in procedure.traits
    person = person_facts(case, (surgery_at or here).date(), delivers, here.date())
    classes = medicine_classes(case, catalog.medicines)
    health = health_facts(case, catalog.medicines, classes, person.crcl_ml_min, person.weight_kg)
    slow = _clears_slowly(case, health)
    entries = None if case.moud is None else [_entry(given, catalog, case, here, slow) for given in case.moud]
    values: dict[str, FactValue] = {
        **values_of("plan", plan_facts(case, here.date())),
        **values_of("patient", person),
        **values_of("recovery", recovery_facts(case, here.date())),
        **values_of("surgery", surgery_facts(case, procedure, catalog.blocks, surgery_at, here)),
        **values_of("opioid", opioid_facts(case)),
        **values_of("home", home_facts(case)),
        **values_of("labs", lab_facts(case)),
        **values_of("health", health),
        **values_of("moud", moud_facts(None if entries is None else [facts for _, facts in entries])),
        **listed_values(case, classes),
    }
    values |= values_of("supply", supply_facts(case, catalog, values))
    values |= values_of("score", score_facts(values, case.patient.sex))
    values |= values_of("la", local_anesthetic_facts(case, catalog.local_anesthetics, values, surgery_at, here))
    agents = agents_of(case, catalog.antithrombotics, values, surgery_at, here)
    clotting, needle_from, questions = clotting_facts(case, agents)
    values |= values_of("clotting", clotting)
    return Facts(
        case=case,
        now=here,
        values=values,
        moments=_moments(case, surgery_at, here) | needle_from,
        entries=tuple(entry for entry, _ in entries or []),
        agents=agents,
        questions=questions,
    )


def operation_of(case: Case, catalog: Catalog) -> Procedure | None:
    """Return the operation of the Case with what its kind or approach says; None when none is chosen."""
    procedure = catalog.procedures.get(case.surgery.procedure or "")
    return procedure.of_kind(case.surgery.variant) if procedure else None


def fact_kinds(catalog: Catalog) -> dict[str, FactKind]:
    """Return every fact that a condition may name, with its type, label and question."""
    groups = {
        "plan": PlanFacts,
        "patient": PersonFacts,
        "recovery": RecoveryFacts,
        "surgery": SurgeryFacts,
        "opioid": OpioidFacts,
        "home": HomeFacts,
        "supply": SupplyFacts,
        "labs": LabFacts,
        "health": HealthFacts,
        "moud": MoudFacts,
        "entry": EntryFacts,
        "block": BlockFacts,
        "agent": AgentFacts,
        "clotting": ClottingFacts,
        "la": LocalAnestheticFacts,
        "score": ScoreFacts,
        "outcome": OutcomeFacts,
    }
    kinds: dict[str, FactKind] = {}
    for name, declared in groups.items():
        kinds.update(kinds_of(name, declared))
    return kinds | listed_kinds(catalog.medicines)


def block_values(block: Block) -> dict[str, FactValue]:
    """Return the facts about a technique."""
    return values_of("block", BlockFacts(block.id, block.kind, block.bleeding, list(block.traits)))


def _entry(given: MoudEntry, catalog: Catalog, case: Case, now: datetime, slow: bool) -> tuple[Entry, EntryFacts]:
    product = catalog.products[given.product]
    moments = moments_of(given, product, case, now, slow)
    facts = entry_facts(given, product, case, moments, now, slow)
    return Entry(given, product, facts.regimen or product.regimen, values_of("entry", facts), moments), facts


def _clears_slowly(case: Case, health: HealthFacts) -> bool:
    """Whether severe liver or kidney disease slows the clearance of naltrexone, so that the hold must be longer (design, unverified)."""
    dialysis = "dialysis" in (case.health.conditions or [])
    kidney = health.kidney_ml_min
    return bool(health.severe_liver_disease) or dialysis or (kidney is not None and kidney < 30)


def _moments(case: Case, surgery_at: datetime | None, now: datetime) -> dict[str, When]:
    found: dict[str, When] = {"now": now, "today": now.date()}
    if surgery_at:
        found["surgery.at"] = surgery_at
        found["surgery.day"] = surgery_at.date()
        found["opioid.expected_stop"] = days_later(surgery_at.date(), EXPECTED_OPIOID_DAYS)
    stop = planned_stop(case)
    if stop:
        found["opioid.planned_stop"] = stop
    found |= home_moments(case)
    if case.opioids.last_dose_at:
        found["opioid.last_dose"] = local(case.opioids.last_dose_at, case.zone, late=True)
    return found
