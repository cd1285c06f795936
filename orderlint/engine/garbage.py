"""Settings of the garbage collector for a process that only checks files."""

from __future__ import annotations

import gc

__all__ = ["collect_seldom", "file_done", "leave_the_rest"]

# New objects between two collections within a file. Syntax trees and the values of their code refer to each other, and
# nearly all live until their file is done. On the seven slowest of 60 model files, a process does not grow larger if it
# does not collect in the meantime. Python's collector runs for every 700 new objects, so it would visit them
# repeatedly. This limit is for unforeseen cases.
NEW_OBJECTS = 2_000_000
# If a file created more new objects than this, garbage is collected after it.
WORTH_COLLECTING = 50_000


def collect_seldom() -> None:
    """Collect garbage less often in this process. Only for processes that orderlint owns."""
    gc.set_threshold(NEW_OBJECTS, 1, 1)


def file_done() -> None:
    """Collect the garbage of a file, in a process that collects less often."""
    if gc.get_threshold()[0] == NEW_OBJECTS and gc.get_count()[0] > WORTH_COLLECTING:
        gc.collect(0)


def leave_the_rest() -> None:
    """Stop collecting garbage, because the process ends."""
    gc.freeze()
