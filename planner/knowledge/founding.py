"""The article this project was founded on beside present evidence, and the kinds of program it names."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from planner.knowledge.records import Cite, Sentence, Strict
from planner.problems import Problem, Refused

FILE = "founding.yaml"
_Cites = Annotated[list[Cite], Field(min_length=1)]


class Topic(Strict):
    """One point: what the article says, what is known now, and what a plan does."""

    topic: str
    article: str
    now: str
    here: Sentence
    sources: _Cites


class Program(Strict):
    """One kind of program, and what it means for surgery and for coming back."""

    name: str
    what: Sentence
    surgery: Sentence
    sources: _Cites


class Founding(Strict):
    """The whole page."""

    topics: list[Topic] = Field(default_factory=list)
    programs: list[Program] = Field(default_factory=list)

    def cites(self) -> Iterable[Cite]:
        """Yield every source that is cited."""
        for topic in self.topics:
            yield from topic.sources
        for program in self.programs:
            yield from program.sources


_ADAPTER = TypeAdapter(Founding)


def founding_of(given: Any, sources: Collection[str]) -> Founding:
    """Return the page; an absent file gives an empty one.

    Raises:
        Refused: a field is wrong, or a source is not in sources.yaml.
    """
    try:
        found = _ADAPTER.validate_python(given or {})
    except ValidationError as error:
        raise Refused([Problem(FILE, str(error.errors()[0]["msg"]), "See the other entries.")]) from None
    unknown = [cite.id for cite in found.cites() if cite.id not in sources]
    if unknown:
        raise Refused(
            [Problem(FILE, f"It cites '{name}', which is not in sources.yaml.", "Add it.") for name in unknown]
        )
    return found
