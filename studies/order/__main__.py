"""Trains what the record lacks, or writes the page from it."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from studies.order.record import RECORD
from studies.order.settings import QUICK, Setting, grid
from studies.record import append, missing


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m studies.order", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tiny part, into a record beside the real one")
    parser.add_argument("--record", type=Path, help="the record to add to")
    parser.add_argument("--minutes", type=float, help="stop before the next setting after so many minutes")
    parser.add_argument("--write", action="store_true", help="write docs/study.md from the record, train nothing")
    options = parser.parse_args()
    if options.write:
        from studies.order.page import write

        write()
        return
    record = options.record or (RECORD.with_name("quick.jsonl") if options.quick else RECORD)
    _train(options.quick, record, options.minutes)


def _train(quick: bool, record: Path, minutes: float | None) -> None:
    from studies.order.building import figures

    began = time.monotonic()
    left = missing(QUICK if quick else list(grid()), record, Setting)
    for number, setting in enumerate(left, start=1):
        if minutes is not None and time.monotonic() - began > 60 * minutes:
            break
        sys.stderr.write(f"{number} of {len(left)}: {setting}\n")
        append(record, setting, figures(setting))


if __name__ == "__main__":
    main()
