"""Compares both sides on random programs and prints a table.

    python -m tests.differential [COUNT] [--start SEED] [--show N] [--jobs N]

Each disagreement is printed with its program; the exit status is 1 if there is one.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

os.environ["KERAS_BACKEND"] = "numpy"  # builds models fifty times as fast as TensorFlow; nothing is trained
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


class Compared(NamedTuple):
    """What came of one program."""

    seed: int
    is_built: bool
    agreed: int
    missed: tuple[tuple[str, int], ...]
    false: tuple[tuple[str, int], ...]
    idioms: frozenset[str]


def compared(seed: int) -> Compared:
    """Judge one program from both sides."""
    from tests.differential.programs import program
    from tests.differential.sides import NotBuilt, built_findings, source_findings

    one = program(seed)
    try:
        built = built_findings(one)
    except NotBuilt:
        return Compared(seed, False, 0, (), (), one.idioms)
    source = source_findings(one)
    return Compared(
        seed, True, len(built & source), tuple(sorted(built - source)), tuple(sorted(source - built)), one.idioms
    )


def marked(result: Compared) -> str:
    """The program of a disagreement, with what is missed and what is false behind its lines."""
    from tests.differential.programs import program

    one = program(result.seed)
    lines = one.text.splitlines()
    for what, places in (("MISSED", result.missed), ("FALSE", result.false)):
        for code, line in places:
            lines[line - 1] += f"  # {what} {code}"
    uses = f"# build is called with: {'; '.join(one.uses)}\n" if one.uses else ""
    return f"# program {result.seed}\n{uses}" + "\n".join(lines)


def table(results: list[Compared]) -> str:
    """The counts of a run, and how often each idiom occurs in programs that disagree."""
    built = [result for result in results if result.is_built]
    wrong = [result for result in built if result.missed or result.false]
    rows = {
        "programs": len(results),
        "of which build": len(built),
        "findings on both sides": sum(result.agreed for result in built),
        "findings missed": sum(len(result.missed) for result in built),
        "findings false": sum(len(result.false) for result in built),
        "programs that disagree": len(wrong),
    }
    text = "".join(f"{name:<24}{count:>7}\n" for name, count in rows.items())
    idioms = Counter(idiom for result in built for idiom in result.idioms)
    disagreeing = Counter(idiom for result in wrong for idiom in result.idioms)
    text += "\nidiom                   programs  disagree\n"
    return text + "".join(f"{name:<24}{n:>8}{disagreeing[name]:>10}\n" for name, n in sorted(idioms.items()))


def run(seeds: Sequence[int], jobs: int) -> Iterator[Compared]:
    """The results, in the order of the programs."""
    if jobs == 1:
        yield from map(compared, seeds)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(compared, seeds, chunksize=10)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int, nargs="?", default=300, help="how many programs")
    parser.add_argument("--start", type=int, default=0, help="the number of the first one")
    parser.add_argument("--show", type=int, default=5, help="how many disagreements to print, the shortest first")
    parser.add_argument("--only", default="", help="the numbers of some programs, between commas")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes")
    options = parser.parse_args()
    started = time.perf_counter()
    seeds: Sequence[int] = range(options.start, options.start + options.count)
    if options.only:
        seeds = [int(number) for number in options.only.split(",")]
    results = list(run(seeds, options.jobs))
    wrong = [marked(result) for result in results if result.missed or result.false]
    for text in sorted(wrong, key=len)[: options.show]:
        print(text, end="\n\n")
    print(table(results))
    print(f"{time.perf_counter() - started:.0f} s")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
