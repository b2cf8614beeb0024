"""Operations with their kinds and approaches, and the regional techniques that their sources name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

# From the mildest: the union of several kinds of an operation takes the worst.
PAIN_ORDER = ("", "mild", "moderate", "severe")

# Traits that allow something; they hold for an operation of unknown kind only when every kind has them.
_ALLOWING = ("_supported", "_listed")


@dataclass(frozen=True, slots=True)
class Variant:
    """One kind of or approach to an operation; what it does not say is as the operation says."""

    label: str
    pain: str | None = None
    pain_days: str | None = None
    first: tuple[str, ...] | None = None
    second: tuple[str, ...] | None = None
    general: tuple[str, ...] | None = None
    against: tuple[Mapping[str, str], ...] | None = None
    also: tuple[Mapping[str, str], ...] | None = None
    traits: tuple[str, ...] | None = None
    motor: str | None = None
    catheter: str | None = None
    note: str | None = None
    year: str | None = None
    evidence: str | None = None
    sources: tuple[Mapping[str, str], ...] | None = None


@dataclass(frozen=True, slots=True)
class Procedure:
    """One operation: how painful it is untreated, for how long, and which blocks its guideline names.

    ``also`` is what the source names besides blocks. ``motor`` and ``catheter`` are remarks for the ward; ``year`` is
    that of the main source. ``general`` are the techniques that no source read names. ``variants`` are kinds or approaches that differ in any of these.
    """

    id: str
    label: str
    synonyms: tuple[str, ...]
    region: str
    pain: str
    pain_days: str
    first: tuple[str, ...]
    second: tuple[str, ...]
    against: tuple[Mapping[str, str], ...]
    traits: tuple[str, ...]
    note: str
    evidence: str
    sources: tuple[Mapping[str, str], ...]
    general: tuple[str, ...] = ()
    also: tuple[Mapping[str, str], ...] = ()
    motor: str = ""
    catheter: str = ""
    year: str = ""
    variants: Mapping[str, Variant] = field(default_factory=dict)

    def of_kind(self, variant_id: str | None) -> Procedure:
        """Return the operation with what one of its kinds says; without a choice, what all of them together say."""
        if not self.variants:
            return self
        chosen = self.variants.get(variant_id or "")
        if chosen:
            return self._with(chosen)
        kinds = [self._with(variant) for variant in self.variants.values()]
        allowed = set.intersection(*(set(kind.traits) for kind in kinds))
        traits = _each_once(trait for kind in kinds for trait in kind.traits)
        return replace(
            self,
            pain=max((kind.pain for kind in kinds), key=PAIN_ORDER.index),
            first=_each_once(technique for kind in kinds for technique in kind.first),
            second=_each_once(technique for kind in kinds for technique in kind.second),
            general=_each_once(technique for kind in kinds for technique in kind.general),
            against=_each_item_once(item for kind in kinds for item in kind.against),
            also=_each_item_once(item for kind in kinds for item in kind.also),
            traits=tuple(trait for trait in traits if trait in allowed or not trait.endswith(_ALLOWING)),
            sources=_each_item_once(item for kind in kinds for item in kind.sources),
        )

    def same_in_every_kind(self, technique: str) -> bool:
        """Whether a technique is a first choice, or a second one, whichever kind is meant."""
        kinds = [self._with(variant) for variant in self.variants.values()]
        return all(technique in kind.first for kind in kinds) or all(technique in kind.second for kind in kinds)

    def _with(self, variant: Variant) -> Procedure:
        given = {
            name: value
            for name in Variant.__dataclass_fields__
            if name != "label" and (value := getattr(variant, name)) is not None
        }
        return replace(self, label=f"{self.label}: {variant.label}", **given)


@dataclass(frozen=True, slots=True)
class Block:
    """One regional technique: ``kind`` is neuraxial, deep, superficial, fascial or infiltration.

    ``liposomal_mg`` is the labelled dose of liposomal bupivacaine where the label names the technique.
    """

    id: str
    label: str
    kind: str
    bleeding: str
    traits: tuple[str, ...]
    note: str
    evidence: str
    sources: tuple[Mapping[str, str], ...]
    liposomal_mg: Decimal | None = None


def _each_once(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))


def _each_item_once(items: Iterable[Mapping[str, str]]) -> tuple[Mapping[str, str], ...]:
    return tuple({tuple(sorted(item.items())): item for item in items}.values())
