"""The long run: `python -m tests.hostile [--minutes N] [--seed N] [--files FOLDER]`.

It prints a table: of each kind of input how many were tried, how many failed, and the slowest; and the most memory.
A failure is told with the seed that makes the input again. The status is 1 if anything failed.
"""

from __future__ import annotations

import argparse
import faulthandler
import sys
import time
from pathlib import Path

from tests.hostile.mutating import KINDS
from tests.hostile.trying import Tally, tried, try_file


def files(folder: Path, until: float, every: int) -> Tally:
    """The tally of every nth Python file and notebook below a folder."""
    tally = Tally()
    found = sorted(path for ending in ("*.py", "*.ipynb") for path in folder.rglob(ending))
    for path in found[::every]:
        if time.monotonic() > until:
            break
        start = time.process_time()
        problem = try_file(path)
        tally.add(str(path), problem, time.process_time() - start)
    return tally


def memory() -> str:
    """The most memory that this process has had."""
    try:
        import resource
    except ImportError:
        return "not known here"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return f"{peak // (2**20 if sys.platform == 'darwin' else 2**10)} MiB"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("--minutes", type=float, default=15.0)
    parser.add_argument("--seed", type=int, default=0, help="of the first input of each kind")
    parser.add_argument("--files", type=Path, help="try the files below this folder instead")
    parser.add_argument("--every", type=int, default=1, help="take every nth of them")
    given = parser.parse_args()
    faulthandler.enable()
    seconds = given.minutes * 60
    rows: dict[str, Tally] = {}
    if given.files:
        rows["files"] = files(given.files, time.monotonic() + seconds, given.every)
    else:
        kinds = [*KINDS, "folders"]
        for kind in kinds:
            rows[kind] = tried(kind, given.seed, None, time.monotonic() + seconds / len(kinds))
    print(f"{'kind':<16}{'tried':>8}{'failed':>8}{'slowest':>10}  which")
    for kind, tally in rows.items():
        print(f"{kind:<16}{tally.tried:>8}{len(tally.failed):>8}{tally.slowest:>8.1f} s  {tally.slowest_name}")
    print(f"most memory: {memory()}")
    for tally in rows.values():
        for failure in tally.failed[:20]:
            print(f"\n{failure}")
    return int(any(tally.failed for tally in rows.values()))


if __name__ == "__main__":
    sys.exit(main())
