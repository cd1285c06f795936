"""Trains what the record lacks, or writes the page from it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from studies.real.record import RECORD
from studies.real.settings import QUICK, Setting, grid
from studies.record import append, missing


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m studies.real", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tiny part, into a record beside the real one")
    parser.add_argument("--record", type=Path, help="the record to add to")
    parser.add_argument("--write", action="store_true", help="write docs/models.md from the record, train nothing")
    options = parser.parse_args()
    if options.write:
        from studies.real.page import write

        write()
        return
    _train(options.quick, options.record or (RECORD.with_name("quick.jsonl") if options.quick else RECORD))


def _train(quick: bool, record: Path) -> None:
    from studies.real.building import figures

    left = missing(QUICK if quick else list(grid()), record, Setting)
    for number, setting in enumerate(left, start=1):
        sys.stderr.write(f"{number} of {len(left)}: {setting}\n")
        append(record, setting, figures(setting))


if __name__ == "__main__":
    main()
