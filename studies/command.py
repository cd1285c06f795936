"""The command of a study: `python -m studies.order`, `python -m studies.real`."""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from studies.record import append, missing

__all__ = ["run"]


def run(study: str, page: str) -> None:
    """Train what is missing from the record of a study, or write its page from the record.

    Args:
        study: The name of its package, which has the modules `settings`, `record`, `building` and `page`. The last two
            are imported when they are needed: training imports Keras and JAX.
        page: The name of the page, for the help.
    """
    parser = argparse.ArgumentParser(
        prog=f"python -m studies.{study}",
        description="Train what is missing from the record, or write the page from it.",
    )
    parser.add_argument("--quick", action="store_true", help="train a small part only, into a separate record")
    parser.add_argument("--record", type=Path, help="the record to add to")
    parser.add_argument("--minutes", type=float, help="start no further setting after this number of minutes")
    parser.add_argument("--write", action="store_true", help=f"write {page} from the record, and train nothing")
    options = parser.parse_args()
    if options.write:
        import_module(f"studies.{study}.page").write()
        return
    usual: Path = import_module(f"studies.{study}.record").RECORD
    record = options.record or (usual.with_name("quick.jsonl") if options.quick else usual)
    _train(study, options.quick, record, options.minutes)


def _train(study: str, quick: bool, record: Path, minutes: float | None) -> None:
    settings = import_module(f"studies.{study}.settings")
    building = import_module(f"studies.{study}.building")
    began = time.monotonic()
    left = missing(settings.QUICK if quick else list(settings.grid()), record, settings.Setting)
    for number, setting in enumerate(left, start=1):
        if minutes is not None and time.monotonic() - began > 60 * minutes:
            break
        told = ", ".join(f"{name} {value}" for name, value in asdict(setting).items())
        sys.stderr.write(f"{number} of {len(left)}: {told}\n")
        append(record, setting, building.figures(setting))
    sys.stderr.write(f"The record is {record}.\n")
