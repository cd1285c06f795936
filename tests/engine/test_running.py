"""Running a function over many files."""

from __future__ import annotations

from dataclasses import dataclass, field

from orderlint.engine.running import MANY, Running, jobs_for, run
from orderlint.engine.targets import Target
from tests.judged import standards


@dataclass
class Result:
    name: str
    tracebacks: list[str] = field(default_factory=list)


def target(name: str) -> Target:
    return Target(name, name, standards(), is_named=True, data=b"x")


def work(name: str) -> Result:
    return Result(name, [f"trace of {name}"] if name == "b" else [])


def test_results_come_in_order_and_the_run_tells_how_far_it_is() -> None:
    """Before each file and at the end; files that need no work are counted at the start."""
    told: list[tuple[int, int, str]] = []
    traces: list[str] = []
    how = Running(5, progress=lambda *args: told.append(args), trace=traces.append)
    results = [result.name for result in run(work, ["a", "b", "c"], work, how, target=target)]
    assert results == ["a", "b", "c"]
    assert told == [(2, 5, "a"), (3, 5, "b"), (4, 5, "c"), (5, 5, "")]
    assert traces == ["trace of b"]


def test_processes_are_started_where_that_pays() -> None:
    """For many files, unless their number is given."""
    assert jobs_for(range(MANY), None) == 1
    assert jobs_for(range(MANY + 1), None) >= 1
    assert jobs_for(range(2), 4) == 4
