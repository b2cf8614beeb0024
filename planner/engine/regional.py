"""Regional techniques for the operation: those its source names, each with its stops, and the next best."""

from __future__ import annotations

from dataclasses import replace

from planner import words
from planner.catalog import Procedure
from planner.engine.judging import Judge
from planner.engine.settling import Settler
from planner.facts import block_values
from planner.knowledge.load import CATALOG_CHECK_AGAIN, CATALOG_CHECKED_ON, cited
from planner.plan import FactUsed, Line


class Regional:
    """Writes the regional section of one plan."""

    def __init__(self, judge: Judge, settler: Settler) -> None:
        self.judge = judge
        self.settler = settler

    def lines(self, general: list[Line]) -> tuple[Line, ...]:
        """Return the techniques of the operation, each with its stops; the next best is named when the first is out."""
        procedure = self.judge.knowledge.catalog.procedures.get(self.judge.facts.case.surgery.procedure or "")
        over = self.judge.facts.values.get("plan.after_surgery") is True
        offered = self._offered(procedure) if procedure and not over else []
        lines: list[Line] = []
        for technique, verdict in offered:
            block = self.judge.knowledge.catalog.blocks[technique]
            scene = self.judge.scene(
                {**self.judge.facts.values, **block_values(block)}, self.judge.facts.moments, technique=technique
            )
            against = self.judge.judge(self.judge.knowledge.block_rules, scene)
            option = self._technique_line(procedure, technique, verdict)
            lines += self.settler.settled([option, *against])
        return (
            *self.settler.settled(general),
            *self._next_best(lines, procedure),
            *self._advised_against(None if over else procedure),
        )

    def _next_best(self, lines: list[Line], procedure: Procedure | None) -> list[Line]:
        """Return the lines with the next best named when every first choice is out, or with a line that none is left."""
        usable = [
            line
            for line in lines
            if line.verdict in ("recommend", "consider", "ask") and line.id.startswith("regional-")
        ]
        if (
            procedure is None
            or not procedure.first
            or not lines
            or any(procedure_first in {line.subject for line in usable} for procedure_first in procedure.first)
        ):
            return lines
        if usable:
            best = usable[0]
            named = replace(best, say=f"{best.say} This is the next best here, because the first choice is out.")
            return [named if line is best else line for line in lines]
        if self.judge.facts.case.surgery.regional_refused:
            return lines
        none_left = self._catalog_line(
            f"regional-{procedure.id}-none-left".replace("_", "-"),
            "none_left",
            "call",
            f"No technique that the source names for {procedure.label} is left here. Ask the anesthesiologist for another.",
            "Each named technique is ruled out for this person; the reasons stand with each.",
            procedure,
        )
        return [none_left, *lines]

    def _offered(self, procedure: Procedure) -> list[tuple[str, str]]:
        return [(technique, "recommend") for technique in procedure.first] + [
            (technique, "consider") for technique in procedure.second
        ]

    def _technique_line(self, procedure: Procedure | None, technique: str, verdict: str) -> Line:
        assert procedure is not None
        block = self.judge.knowledge.catalog.blocks[technique]
        rank = "First choice" if verdict == "recommend" else "Second choice"
        note = f" {block.note}" if block.note else ""
        return self._catalog_line(
            f"regional-{procedure.id}-{technique}".replace("_", "-"),
            technique,
            verdict,
            f"{rank} for {procedure.label}: {block.label}.",
            f"Named for this operation by the cited source.{note}",
            procedure,
        )

    def _advised_against(self, procedure: Procedure | None) -> list[Line]:
        if procedure is None:
            return []
        note = self._catalog_line(
            f"regional-{procedure.id}-note".replace("_", "-"),
            "about_this_operation",
            "note",
            procedure.note,
            "Remark of the table of operations.",
            procedure,
        )
        against = [
            self._catalog_line(
                f"regional-{procedure.id}-not-{index + 1}".replace("_", "-"),
                "advised_against",
                "avoid",
                item["what"],
                item["why"],
                procedure,
            )
            for index, item in enumerate(procedure.against)
        ]
        return [note, *against] if procedure.note else against

    def _catalog_line(
        self, line_id: str, subject: str, verdict: str, say: str, because: str, procedure: Procedure
    ) -> Line:
        block = self.judge.knowledge.catalog.blocks.get(subject)
        return Line(
            id=line_id,
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
