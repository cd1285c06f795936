"""Compares the check of one file with an empty Python program: `python -m benchmarks.one_file [--rounds 9] [--record]`.

The files are one without Keras, a model in order, and a model with a finding. The last two are checked once more,
unchanged. A ratio compares the processor time of two runs of the same round.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.growth import CLEAN, FOUND, PLAIN
from benchmarks.linters import table
from benchmarks.measuring import ROOT, record, spent_by

BASE = "python -c pass"
FILES = {"plain.py": PLAIN, "model.py": CLEAN, "found.py": FOUND}
CHECK = [sys.executable, "-m", "orderlint", "check", "--exit-zero"]
COMMANDS = {
    BASE: [sys.executable, "-c", "pass"],
    "a file without Keras": [*CHECK, "--no-cache", "plain.py"],
    "a model in order": [*CHECK, "--no-cache", "model.py"],
    "a model with a finding": [*CHECK, "--no-cache", "found.py"],
    "a model in order, again": [*CHECK, "model.py"],
    "a model with a finding, again": [*CHECK, "found.py"],
    "`import libcst` alone": [sys.executable, "-c", "import libcst"],
}


def made(folder: Path) -> None:
    """Write the files, with a time that is old enough to notice a later change."""
    before = time.time() - 3600
    for name, text in FILES.items():
        file = folder / name
        file.write_text(text.replace("{number}", "8"))
        os.utime(file, (before, before))


def measured(rounds: int) -> list[dict[str, float]]:
    """The processor time of each command in each round. A round before them only fills caches."""
    environment = {"PYTHONPATH": str(ROOT), "ORDERLINT_CACHE_DIR": ".kept"}
    found = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made(folder)
        for _ in range(rounds + 1):
            runs = spent_by(COMMANDS, folder=folder, environment=environment)
            found.append({what: run.processor for what, run in runs.items()})
    return found[1:]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--record", action="store_true", help="write the result to benchmarks/results")
    parser.add_argument("--note", default="", help="a note for the table")
    options = parser.parse_args()
    rounds = measured(options.rounds)
    tools = table(rounds, base=BASE)
    for what, one in tools.items():
        ratio = one["ratio"]
        print(f"{what:32} {1000 * one['seconds']['median']:7.0f} ms {ratio['median']:6.1f} x")
    if options.record:
        print(f"written to {record('one-file', {'rounds': options.rounds, 'note': options.note, 'tools': tools})}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
