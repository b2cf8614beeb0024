"""How long a plan takes, and how long the knowledge base takes to load. Prints machine, runs and medians.

Run with ``make bench``. Floors: a plan from Case to Plan in under 5 ms at the median, loading in under 300 ms.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from planner.case import read_case
from planner.casefile import moment_for, read_answers
from planner.engine import make_plan
from planner.facts import derive
from planner.knowledge import load
from planner.review import EXAMPLES_MADE_AT

EXAMPLES = Path(__file__).parent.parent / "examples"
LOADS, ROUNDS = 15, 40


def main() -> None:
    """Measure and print."""
    print(
        f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}, {platform.system()}"
    )
    loading = [_load_in_a_new_process() for _ in range(LOADS)]
    print(
        f"load the knowledge base: median {statistics.median(loading):.0f} ms, worst {max(loading):.0f} ms, {LOADS} new processes (floor 300 ms)"
    )
    knowledge = load()
    print(f"  {len(knowledge.by_id)} records, {len(knowledge.kinds)} facts")
    everything: list[float] = []
    for path in sorted(EXAMPLES.glob("*.yaml")):
        answers = read_answers(path)
        now = moment_for(answers, EXAMPLES_MADE_AT.get(path.stem, "2026-11-23T09:00"))
        case = read_case(answers, knowledge.catalog, now)

        def one_plan() -> None:
            make_plan(derive(case, knowledge.catalog, now), knowledge)  # noqa: B023 - runs before the next turn

        times = _milliseconds(one_plan, ROUNDS)
        everything += times
        print(f"  {path.stem}: median {statistics.median(times):.2f} ms, worst {max(times):.2f} ms")
    print(f"Case to Plan: median {statistics.median(everything):.2f} ms over {len(everything)} plans (floor 5 ms)")
    sys.exit(statistics.median(everything) >= 5 or statistics.median(loading) >= 300)


def _load_in_a_new_process() -> float:
    """Return the milliseconds that loading takes in a process that has only imported the code."""
    program = "import time; from planner.knowledge import load; t = time.perf_counter(); load(); print((time.perf_counter() - t) * 1000)"
    return float(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout)


def _milliseconds(run: Callable[[], None], times: int) -> list[float]:
    run()
    found = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        found.append((time.perf_counter() - start) * 1000)
    return found


if __name__ == "__main__":
    main()
