"""Adds readers of values to the fixtures, repairs them, builds both versions, and prints a table.

    python -m tests.readers [COUNT] [--seed SEED] [--form FORM] [--only TEXT] [--without-check]

Each fault is printed with its program when it is found; the exit status is 1 if there is one. `--without-check`
disables the check of readers, to see what it prevents.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from itertools import islice

from orderlint.repair.net import safety
from tests.readers.forms import FORMS


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--form", choices=sorted(FORMS))
    parser.add_argument("--only", default="", help="a part of the path of the fixtures")
    parser.add_argument("--minutes", type=float, default=600.0)
    parser.add_argument("--without-check", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("KERAS_BACKEND", "numpy")  # builds models fifty times as fast as TensorFlow
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from tests.readers.trying import programs, tried

    if options.without_check:
        vars(safety)["changed_reader"] = lambda *_: None
    every = (one for one in programs(options.seed, options.only) if options.form in (None, one.form))
    outcomes: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    num_read, begun = 0, time.monotonic()
    for one in islice(every, options.count):
        if time.monotonic() - begun > options.minutes * 60:
            break
        result = tried(one)
        outcomes[result.outcome] += 1
        num_read += result.num_read
        if result.fault:
            faults[one.form] += 1
            print(f"{one.title}: {result.fault}", flush=True)
    print(f"{sum(outcomes.values())} programs: {dict(outcomes)}, {num_read} values compared")
    print(f"{sum(faults.values())} faults: {dict(faults)}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
