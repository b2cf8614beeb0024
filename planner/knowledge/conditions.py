"""A condition of a record, compiled and type-checked: when it holds, what it needs, and how it reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cel_expr_python import cel

from planner import words
from planner.facts.declare import FactKind, FactValue
from planner.knowledge.guards import Guard, guards_of, judged

_CEL_TYPES = {
    bool: cel.Type.BOOL,
    float: cel.Type.DOUBLE,
    str: cel.Type.STRING,
    list[str]: cel.Type.List(cel.Type.STRING),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """``plain`` when its guards are all of it; ``needs`` are the facts it names, ``in_words`` how a plan prints it."""

    program: Any
    guards: tuple[Guard, ...]
    plain: bool
    needs: tuple[str, ...]
    in_words: str

    def holds(self, values: Mapping[str, FactValue], activation: Any) -> bool | None:
        """Return whether it holds; None when it hangs on what is not known. ``activation`` are the values prepared."""
        by_guards = judged(self.guards, values)
        if by_guards is False or self.plain:
            return by_guards
        answer = self.program.eval(activation).value()
        return answer if isinstance(answer, bool) else None


def environment_of(kinds: Mapping[str, FactKind]) -> Any:
    """Return what conditions over these facts are compiled in."""
    return cel.NewEnv(variables={kind.name: _CEL_TYPES[kind.type] for kind in kinds.values()})


def compiled(text: str, environment: Any, kinds: Mapping[str, FactKind]) -> Condition:
    """Return a condition ready to be asked.

    Raises:
        ValueError, RuntimeError: it cannot be read, names what is no fact, or is not a yes or no.
    """
    program = environment.compile(text)
    if program.return_type() != cel.Type.BOOL:
        raise ValueError("it is not a yes or no")
    guards, plain = guards_of(text, kinds)
    return Condition(program, guards, plain, words.names_in(text), words.condition_in_words(text, kinds))
