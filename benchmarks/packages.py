"""Compares the check of installed packages with ruff: `python -m benchmarks.packages [FOLDER] [--rounds 3] [--record]`.

What a platform team checks: a folder of thousands of files, nearly all of which cannot hold a finding. By default it is
the `site-packages` of the running Python. What counts is wall-clock time, with as many processes as each tool starts
by itself; a ratio is that of two runs of one round. The files are read once before, so that no tool waits for the disk.
"""

from __future__ import annotations

import argparse
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.linters import environment, table
from benchmarks.measuring import ROOT, record, spent_by

BASE = "ruff check --select F821"


def commands(programs: Path, folder: Path) -> dict[str, list[str]]:
    """The commands, by their names in the table."""
    check = [sys.executable, "-m", "orderlint", "check", "--isolated", "--quiet", "--exit-zero", "--format", "concise"]
    ruff = [str(programs / "ruff"), "check", "--isolated", "--no-cache", "--no-respect-gitignore", "--exit-zero"]
    return {
        BASE: [*ruff, "--quiet", "--select", "F821", str(folder)],
        "orderlint": [*check, "--no-cache", str(folder)],
        "orderlint, one process": [*check, "--no-cache", "--jobs", "1", str(folder)],
        "orderlint, second run": [*check, "--cache-dir", ".kept", str(folder)],
    }


def measured(lines: dict[str, list[str]], count: int) -> Iterator[dict[str, float]]:
    """The seconds of each command, round by round. A run before them fills the cache for the last command."""
    paths = {"PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryDirectory() as name:
        spent_by({what: lines[what] for what in (BASE, "orderlint, second run")}, folder=Path(name), environment=paths)
        for _ in range(count):
            runs = spent_by(lines, folder=Path(name), environment=paths)
            yield {what: run.wall for what, run in runs.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", default=Path(sysconfig.get_path("purelib")), metavar="FOLDER")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--environment", type=Path, default=ROOT / ".benchmarks" / "linters")
    parser.add_argument("--record", action="store_true", help="write the result to benchmarks/results")
    parser.add_argument("--note", default="", help="a note for the table")
    options = parser.parse_args()
    folder = options.folder.absolute()
    files = sum(1 for _ in folder.rglob("*.py"))
    if not files:
        print("there is no Python file to check", file=sys.stderr)
        return 2
    tools = table(list(measured(commands(environment(options.environment.absolute()), folder), options.rounds)), BASE)
    for what, one in tools.items():
        ratio = one["ratio"]
        print(f"{what:26} {one['seconds']['median']:8.2f} s {ratio['median']:6.2f} x")
    if options.record:
        about = {"files": files, "rounds": options.rounds, "note": options.note, "tools": tools}
        print(f"written to {record('packages', about)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
