"""The plain part of a condition: words and yes-or-no facts that can decide it without asking the condition itself.

Most records do not apply to most people, and one look at a fact shows it. ``a && !b && x < 3.0`` has the guards ``a`` and
``!b``; ``(a || b) && c`` has two, the first with two alternatives. A guard that is known to fail makes the whole
condition false, whatever the rest is. Where guards are all there is, they decide; anything else is left to the condition.
"""

from __future__ import annotations

from collections.abc import Mapping

from planner.facts.declare import FactKind, FactValue
from planner.words import tokens_of

# A fact, how it is looked at, and with what: one of some answers ("in"), a list that names a word ("has"), or neither.
Literal = tuple[str, str, frozenset[FactValue] | str]
Guard = tuple[Literal, ...]
_Token = tuple[str, str]

_OPPOSITE = {"in": "not in", "not in": "in", "has": "has not", "has not": "has"}


def guards_of(condition: str, kinds: Mapping[str, FactKind]) -> tuple[tuple[Guard, ...], bool]:
    """Return the guards of a condition, each a list of alternatives, and whether they are all of the condition."""
    if condition == "true":
        return (), True
    found, whole = [], True
    for clause in _split(_unwrapped(tokens_of(condition)), "&&"):
        literals = [_literal(part, kinds) for part in _split(_unwrapped(clause), "||")]
        known = tuple(literal for literal in literals if literal is not None)
        if len(known) == len(literals):
            found.append(known)
        else:
            whole = False
    return tuple(found), whole


def judged(guards: tuple[Guard, ...], values: Mapping[str, FactValue]) -> bool | None:
    """Return whether all guards hold; unknown while none is known to fail and one is unknown.

    False decides the whole condition. Plain loops: this runs for every record of every plan.
    """
    result: bool | None = True
    for guard in guards:
        unknown = False
        for name, look, operand in guard:
            value = values.get(name)
            if value is None:
                unknown = True
            elif look == "in":
                if value in operand:
                    break
            elif look == "has":
                if operand in value:  # type: ignore[operator]
                    break
            elif look == "has not":
                if operand not in value:  # type: ignore[operator]
                    break
            elif value not in operand:
                break
        else:
            if not unknown:
                return False
            result = None
    return result


def _split(tokens: list[_Token], operator: str) -> list[list[_Token]]:
    """Return the parts between an operator outside brackets; "&&" binds closer, so an outer "||" leaves one part."""
    depth = 0
    parts: list[list[_Token]] = [[]]
    outer_or = False
    for sort, token in tokens:
        depth += (token in "([") - (token in ")]") if sort == "op" else 0
        outer_or |= depth == 0 and token == "||"
        if depth == 0 and token == operator:
            parts.append([])
        else:
            parts[-1].append((sort, token))
    return [tokens] if operator == "&&" and outer_or else parts


def _unwrapped(tokens: list[_Token]) -> list[_Token]:
    """Return the tokens without brackets around all of them."""
    while len(tokens) > 2 and tokens[0][1] == "(" and _closes(tokens) == len(tokens) - 1:
        tokens = tokens[1:-1]
    return tokens


def _closes(tokens: list[_Token]) -> int:
    depth = 0
    for place, (_, token) in enumerate(tokens):
        depth += (token == "(") - (token == ")")
        if depth == 0:
            return place
    return -1


def _literal(part: list[_Token], kinds: Mapping[str, FactKind]) -> Literal | None:
    """Return one alternative as a literal, or None when it compares numbers or is no single look at a fact."""
    part = _unwrapped(part)
    if part and part[0][1] == "!":
        inner = _literal(part[1:], kinds) if len(part) == 2 or part[1][1] == "(" else None
        return inner and (inner[0], _OPPOSITE[inner[1]], inner[2])
    sorts, words = [sort for sort, _ in part], [token for _, token in part]
    if sorts == ["name"] and kinds[words[0]].type is bool:
        return (words[0], "in", frozenset({True}))
    if sorts == ["name", "op", "text"] and words[1] in ("==", "!="):
        return (words[0], "in" if words[1] == "==" else "not in", frozenset({words[2][1:-1]}))
    if sorts == ["text", "word", "name"]:
        return (words[2], "has", words[0][1:-1])
    if sorts[:3] == ["name", "word", "op"] and set(sorts[3:-1:2]) == {"text"}:
        return (words[0], "in", frozenset(word[1:-1] for word in words[3:-1:2]))
    return None
