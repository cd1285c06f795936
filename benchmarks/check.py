"""Compares the time of the analysis with that of parsing: `python -m benchmarks.check FOLDER`.

Measures the processor time of parsing, interpreting and judging each file of a folder that may contain a model. Prints
the ratio of interpreting to parsing over all files, its median over the files, and the slowest files.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from orderlint.judging import DEFAULT_ORDER, judge, own_registry
from orderlint.source import Project, analyze
from orderlint.text.files import SourceError, may_hold_models, read_source


class Cost(NamedTuple):
    """Processor time in seconds, and the length in lines."""

    path: Path
    lines: int
    parse: float
    interpret: float
    judge: float


def measure(path: Path) -> Cost | None:
    """The cost of one file; `None` if it cannot be parsed."""
    try:
        file = read_source(path)
    except SourceError:
        return None
    start = time.process_time()
    if file.problems:
        return None
    parsed = time.process_time()
    graphs = analyze(file, Project())
    interpreted = time.process_time()
    judge(graphs, [rule for rule in own_registry().rules.values() if rule.default_on], DEFAULT_ORDER)
    judged = time.process_time()
    lines = sum(cell.text.count("\n") + 1 for cell in file.cells)
    return Cost(path, lines, parsed - start, interpreted - parsed, judged - interpreted)


def costs(folder: Path) -> Iterator[Cost]:
    paths = [folder] if folder.is_file() else sorted((*folder.rglob("*.py"), *folder.rglob("*.ipynb")))
    for path in paths:
        if path.is_file() and may_hold_models(path.read_bytes()):
            cost = measure(path)
            if cost is not None:
                yield cost


def main() -> int:
    found = list(costs(Path(sys.argv[1])))
    if not found:
        print("no file that may hold a model")
        return 1
    parse, interpret, judged = (sum(getattr(cost, name) for cost in found) for name in ("parse", "interpret", "judge"))
    ratios = [cost.interpret / cost.parse for cost in found if cost.parse > 0]
    print(f"{len(found)} files, {sum(cost.lines for cost in found)} lines")
    print(f"parse 1.00, interpret {interpret / parse:.2f}, judge {judged / parse:.2f} (of {parse:.1f} s)")
    print(f"interpret / parse, median over the files: {statistics.median(ratios):.2f}")
    for cost in sorted(found, key=lambda cost: -cost.interpret)[:5]:
        print(f"{cost.interpret:6.2f} s to interpret, {cost.parse:.2f} s to parse: {cost.path} ({cost.lines} lines)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
