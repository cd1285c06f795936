"""The long run: `python -m tests.hostile [--minutes N] [--seed N] [--kinds KIND ... [--tries N ...]] [--files FOLDER]`.

Prints a table with one row per kind of input: the number of inputs, how many of them were read as a model ("reached"),
the number of failures, and the slowest input in CPU seconds. The peak memory of the process follows.
A failure is printed with the seed that generates its input, with `--tries` as soon as it occurs. The exit status is 1
if there was a failure.
"""

from __future__ import annotations

import argparse
import faulthandler
import hashlib
import random
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from orderlint.engine.screening import screened
from orderlint.engine.session import Session
from orderlint.engine.targets import Target
from tests.hostile.trying import Tally, Tried, attempts, memory, tried, try_file
from tests.judged import standards

_SHARES = {
    "sources": 35,
    "programs": 30,
    "notebooks": 10,
    "archives": 5,
    "configurations": 5,
    "hdf5": 5,
    "folders": 10,
}
"""How the time is shared out: what is quick to read needs little of it for thousands of inputs."""
_FAST = Path("/dev/shm")
"""A file system in memory, where there is one: making and removing files takes longer than reading them elsewhere."""


def files(folders: Sequence[Path], until: float, seed: int, count: int | None, is_screened: bool) -> Tally:
    """Check the Python files and notebooks below folders, in an order chosen by the seed.

    Args:
        folders: The folders.
        until: When to stop (`time.monotonic`).
        seed: Chooses the order.
        count: The maximum number of files.
        is_screened: Whether files that `check` would not analyze are only counted.

    Returns:
        The tally.
    """
    tally = Tally()
    found = sorted(path for folder in folders for ending in ("*.py", "*.ipynb") for path in folder.rglob(ending))
    random.Random(seed).shuffle(found)
    picked = list(islice(_distinct(found), count))
    if is_screened:
        picked = _worth(picked, tally)
    for path in picked:
        if time.monotonic() > until:
            break
        start = time.process_time()
        result = try_file(path)
        tally.add(str(path), result, time.process_time() - start)
    return tally


def _distinct(paths: Iterable[Path]) -> Iterator[Path]:
    """The paths that are files, without copies that are identical byte for byte."""
    seen = set()
    for path in paths:
        if path.is_file():  # neither broken links nor folders
            digest = hashlib.sha256(path.read_bytes()).digest()
            if digest not in seen:
                seen.add(digest)
                yield path


def _worth(paths: Sequence[Path], tally: Tally) -> list[Path]:
    """The files that may have a finding. The others are only counted, with the time that screening took."""
    start = time.process_time()
    targets = [Target(str(path), str(path), standards()) for path in paths]
    found = [Path(one.path) for one in screened(targets, Session()).kept(targets)]
    tally.add(f"the screening of {len(paths):,} files", Tried(), (time.process_time() - start) / len(paths))
    tally.tried = len(paths) - len(found)
    return found


def in_turn(tries: dict[str, int], seed: int, until: float) -> dict[str, Tally]:
    """The tallies of several kinds of input, which are run in turn so that all make progress.

    Args:
        tries: The number of inputs of each kind.
        seed: The seed of the first input of each kind.
        until: When to stop (`time.monotonic`).
    """
    rows = {kind: Tally() for kind in tries}
    inputs = {kind: attempts(kind, seed) for kind in tries}
    while time.monotonic() <= until:
        kind = min(tries, key=lambda kind: rows[kind].tried / tries[kind])
        if rows[kind].tried == tries[kind]:
            break
        num_failed = len(rows[kind].failed)
        rows[kind].add(*next(inputs[kind]))
        for failure in rows[kind].failed[num_failed:]:
            print(failure, flush=True)
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("--minutes", type=float, default=15.0)
    parser.add_argument("--seed", type=int, default=0, help="of the first input of each kind")
    parser.add_argument("--files", type=Path, nargs="+", metavar="FOLDER", help="try the files below folders instead")
    parser.add_argument("--count", type=int, help="how many of them at most, picked by the seed")
    parser.add_argument("--screened", action="store_true", help="analyze only those of them that `check` would")
    parser.add_argument("--kinds", nargs="+", choices=_SHARES, default=list(_SHARES))
    parser.add_argument("--tries", nargs="+", type=int, metavar="N", help="how many of each of these, taken in turn")
    given = parser.parse_args()
    if given.tries and len(given.tries) != len(given.kinds):
        parser.error(f"--tries needs {len(given.kinds)} numbers, one for each kind")
    faulthandler.enable()
    if _FAST.is_dir():
        tempfile.tempdir = str(_FAST)
    seconds = given.minutes * 60
    rows: dict[str, Tally] = {}
    if given.files:
        rows["files"] = files(given.files, time.monotonic() + seconds, given.seed, given.count, given.screened)
    elif given.tries:
        rows = in_turn(dict(zip(given.kinds, given.tries, strict=True)), given.seed, time.monotonic() + seconds)
    else:
        whole = sum(_SHARES[kind] for kind in given.kinds)
        for kind in given.kinds:
            share = seconds * _SHARES[kind] / whole
            rows[kind] = tried(kind, given.seed, None, time.monotonic() + share)
    print(f"{'kind':<16}{'tried':>8}{'reached':>9}{'failed':>8}{'slowest':>10}  which")
    for kind, tally in rows.items():
        counts = f"{tally.tried:>8}{tally.reached:>9}{len(tally.failed):>8}"
        print(f"{kind:<16}{counts}{tally.slowest:>8.1f} s  {tally.slowest_name}")
    print(f"most memory: {memory() or '?'} MiB, {max(rows.values(), key=lambda tally: tally.largest).largest_name}")
    for tally in rows.values():
        for failure in tally.failed[:20]:
            print(f"\n{failure}")
    return int(any(tally.failed for tally in rows.values()))


if __name__ == "__main__":
    sys.exit(main())
