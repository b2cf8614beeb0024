"""Facts about medicines against clotting: when a needle may follow, when a catheter may go, when the medicine may restart.

``doses.py`` reads names and doses as written, ``needle.py`` finds the interval and the state of the needle, ``agent.py`` puts
together what follows from one medicine, with its days and clock times, ``together.py`` what follows from all of them. What is
missing leaves the state of the needle unknown: a missing last dose is never read as "long ago".
"""

from planner.facts.clotting.agent import Agent, AgentFacts, agents_of
from planner.facts.clotting.together import ClottingFacts, clotting_facts

__all__ = ["Agent", "AgentFacts", "ClottingFacts", "agents_of", "clotting_facts"]
