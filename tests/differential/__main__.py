"""Compares both sides on random programs and prints a table.

    python -m tests.differential [COUNT] [--start SEED] [--show N] [--jobs N]

Each disagreement is printed with its program as soon as it is found, and the numbers of the programs are printed at
the end; the exit status is 1 if there is one. The progress is written to standard error. If the run is interrupted by
Ctrl-C, it prints the table of the results so far.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import NamedTuple

from tests.differential.progress import Progress

_SHARE = 5
"""The number of programs that a process gets at once: few, so that their results are known soon."""
_INTERRUPTED = 130


class Compared(NamedTuple):
    """The result for one program."""

    seed: int
    is_built: bool
    agreed: int
    missed: tuple[tuple[str, int], ...]
    false: tuple[tuple[str, int], ...]
    idioms: frozenset[str]

    @property
    def is_wrong(self) -> bool:
        return bool(self.missed or self.false)


def compared(seed: int) -> Compared:
    """Check one program from both sides."""
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
    """The program of a disagreement, with missed and false findings marked at its lines."""
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
    wrong = [result for result in built if result.is_wrong]
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
    """The results, each as soon as it is known."""
    if jobs == 1:
        _prepare()
        yield from map(compared, seeds)
        return
    with ProcessPoolExecutor(jobs, initializer=_start) as pool:
        try:
            for done in as_completed(
                [pool.submit(_several, seeds[at : at + _SHARE]) for at in range(0, len(seeds), _SHARE)]
            ):
                yield from done.result()
        except BaseException:  # the run was interrupted or left early
            pool.shutdown(wait=False, cancel_futures=True)
            for process in multiprocessing.active_children():
                process.terminate()
            raise


def _prepare() -> None:
    from tests.differential.quick import settle

    settle()


def _start() -> None:
    """Start one of several processes. The first process handles an interruption of the run."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _prepare()


def _several(seeds: Sequence[int]) -> list[Compared]:
    return [compared(seed) for seed in seeds]


def gather(results: Iterable[Compared], progress: Progress, show: int) -> tuple[list[Compared], bool]:
    """The results at the end, and whether they are complete. Disagreements are printed at once.

    Args:
        results: The results of a run.
        progress: Called for each result.
        show: The maximum number of disagreements to print.
    """
    done: list[Compared] = []
    shown = 0
    try:
        for result in results:
            done.append(result)
            progress.add(result.is_wrong)
            if result.is_wrong and shown < show:
                shown += 1
                progress.clear()
                print(marked(result), end="\n\n", flush=True)
    except KeyboardInterrupt:
        return done, False
    finally:
        progress.clear()
    return done, True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int, nargs="?", default=300, help="how many programs")
    parser.add_argument("--start", type=int, default=0, help="the number of the first one")
    parser.add_argument("--show", type=int, default=5, help="how many disagreements to print, the first ones found")
    parser.add_argument("--only", default="", help="the numbers of some programs, between commas")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes")
    parser.add_argument("--pause", type=float, default=20, help="seconds between two lines of progress in a log")
    options = parser.parse_args()
    os.environ["KERAS_BACKEND"] = "numpy"  # builds models fifty times as fast as TensorFlow; nothing is trained
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    started = time.perf_counter()
    seeds: Sequence[int] = range(options.start, options.start + options.count)
    if options.only:
        seeds = [int(number) for number in options.only.split(",")]
    results, is_whole = gather(run(seeds, options.jobs), Progress(len(seeds), pause=options.pause), options.show)
    wrong = sorted(result.seed for result in results if result.is_wrong)
    if wrong:
        print(f"--only {','.join(map(str, wrong))}\n")
    print(table(results))
    print(
        f"{time.perf_counter() - started:.0f} s"
        + ("" if is_whole else f", interrupted before {len(seeds):,} were done")
    )
    return int(bool(wrong)) if is_whole else _INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
