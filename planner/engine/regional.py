"""Regional techniques for the operation: those its source names, each with its stops, and the next best."""

from __future__ import annotations

from dataclasses import replace

from planner import words
from planner.catalog import Procedure
from planner.engine.judging import Judge
from planner.engine.settling import OPTIONS, Settler
from planner.facts import block_values, operation_of
from planner.knowledge.load import CATALOG_CHECK_AGAIN, CATALOG_CHECKED_ON, cited
from planner.plan import FactUsed, Line, Missing


class Regional:
    """Writes the regional section of one plan."""

    def __init__(self, judge: Judge, settler: Settler) -> None:
        self.judge = judge
        self.settler = settler
        over = judge.facts.values.get("plan.after_surgery") is True
        found = operation_of(judge.facts.case, judge.knowledge.catalog)
        self.procedure = None if over else found
        asked = found is not None and bool(found.variants) and judge.facts.case.surgery.variant is None
        self._variant_asked = (self._which_kind(found),) if found and asked else ()

    def techniques(self) -> list[Line]:
        """Return the techniques of the operation, each with its stops; the next best is named when the first is out."""
        if self.procedure is None:
            return []
        lines: list[Line] = []
        for technique, verdict in self._offered(self.procedure):
            block = self.judge.knowledge.catalog.blocks[technique]
            scene = self.judge.scene(
                {**self.judge.facts.values, **block_values(block)},
                self.judge.facts.moments,
                "block",
                technique=technique,
            )
            against = self.judge.judge(self.judge.knowledge.block_rules, scene)
            option = self._technique_line(self.procedure, technique, verdict)
            settled = self.settler.settled([option, *against])
            lines += settled if self._certain(technique) else [self._asked(line) for line in settled]
        return self._next_best(lines, self.procedure)

    def remarks(self) -> list[Line]:
        """Return what the source of the operation says besides: remarks, what it names as well, what it drops."""
        procedure = self.procedure
        if procedure is None:
            return []
        notes = (("note", procedure.note), ("motor", procedure.motor), ("catheter", procedure.catheter))
        lines = [
            self._catalog_line(
                f"{name}", f"{name}_of_this_operation", "note", text, "Remark of the table of operations.", procedure
            )
            for name, text in notes
            if text
        ]
        for verdict, name, subject, items in (
            ("consider", "also", "also_for_this_operation", procedure.also),
            ("avoid", "not", "advised_against", procedure.against),
        ):
            lines += [
                self._catalog_line(f"{name}-{place}", subject, verdict, item["what"], item["why"], procedure)
                for place, item in enumerate(items, 1)
            ]
        return lines

    def _next_best(self, lines: list[Line], procedure: Procedure) -> list[Line]:
        """Return the lines with the next best named when every first choice is out, or with a line that none is left."""
        usable = [
            line
            for line in lines
            if line.verdict in ("recommend", "consider", "ask") and line.id.startswith("regional-")
        ]
        if not procedure.first or any(first in {line.subject for line in usable} for first in procedure.first):
            return lines
        if usable:
            best = usable[0]
            named = replace(best, say=f"{best.say} This is the next best here, because the first choice is out.")
            return [named if line is best else line for line in lines]
        if self.judge.facts.case.surgery.regional_refused:
            return lines
        none_left = self._catalog_line(
            "none-left",
            "none_left",
            "call",
            f"No technique that the source names for {procedure.label} is left here. Ask the anesthesiologist for another.",
            "Each named technique is ruled out for this person; the reasons stand with each.",
            procedure,
        )
        return [none_left, *lines]

    def _offered(self, procedure: Procedure) -> list[tuple[str, str]]:
        second = [technique for technique in procedure.second if technique not in procedure.first]
        return [(name, "recommend") for name in procedure.first] + [(name, "consider") for name in second]

    def _technique_line(self, procedure: Procedure, technique: str, verdict: str) -> Line:
        block = self.judge.knowledge.catalog.blocks[technique]
        rank = "First choice" if verdict == "recommend" else "Second choice"
        note = f" {block.note}" if block.note else ""
        traced = technique not in procedure.general
        basis = "Named for this operation by the cited source." if traced else "General practice for this operation."
        line = self._catalog_line(
            technique,
            technique,
            verdict,
            f"{rank} for {procedure.label}: {block.label}.",
            f"{basis}{note}",
            procedure,
        )
        if traced:
            return line
        design = cited(self.judge.knowledge.sources, "DESIGN", "techniques of general practice")
        return replace(line, evidence="unverified", sources=(design,))

    def _certain(self, technique: str) -> bool:
        """Whether the technique is offered whichever kind of the operation is meant."""
        procedure = self.procedure
        return not self._variant_asked or (procedure is not None and procedure.same_in_every_kind(technique))

    def _asked(self, line: Line) -> Line:
        """Return an option as a question about the kind of operation; a stop on it stays one."""
        if line.verdict not in OPTIONS:
            return line
        return replace(line, verdict="ask", missing=(*line.missing, *self._variant_asked))

    def _which_kind(self, procedure: Procedure) -> Missing:
        kinds = ", ".join(variant.label for variant in procedure.variants.values())
        return Missing("surgery.variant", f"{procedure.label}: which kind or approach ({kinds})?")

    def _catalog_line(
        self, name: str, subject: str, verdict: str, say: str, because: str, procedure: Procedure
    ) -> Line:
        block = self.judge.knowledge.catalog.blocks.get(subject)
        return Line(
            id=f"regional-{procedure.id}-{name}".replace("_", "-"),
            section="regional",
            subject=subject,
            subjects=(subject,),
            subject_label=block.label if block else words.subject(subject),
            part=None,
            phase="during",
            verdict=verdict,
            say=say,
            because=because,
            condition=f"operation is {procedure.label}",
            facts_used=(FactUsed("surgery.procedure", f"operation: {procedure.label}"),),
            missing=(),
            dose=None,
            dates={},
            steps=(),
            table=None,
            sources=tuple(cited(self.judge.knowledge.sources, cite["id"], cite["where"]) for cite in procedure.sources),
            evidence=procedure.evidence,
            grade="",
            checked_on=CATALOG_CHECKED_ON,
            check_again=CATALOG_CHECK_AGAIN,
            choices=(),
            required=False,
            medicine=None,
            also=(),
            say_patient=None,
            short="",
        )
