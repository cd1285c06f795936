"""Compares orderlint with other linters: `python -m benchmarks.linters FOLDER ... [--record]`.

The Python files of projects are copied, and each gets a last line `# torch`: TorchFix does not parse a file without
that word. All tools read the same copies. The other linters are installed into a separate environment. The tools run
one after the other, in several rounds, and a ratio compares two runs of the same round. What counts is processor time,
including that of the processes that a linter starts.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.measuring import ROOT, Spent, record, spent, spread

PACKAGES = ("fixit", "flake8", "pylint", "ruff", "torchfix")
MARK = "\n# torch\n"
PARSE = (
    "import sys, pathlib, libcst\n"
    "for path in sorted(pathlib.Path('.').rglob('*.py')):\n"
    "    try: libcst.parse_module(path.read_bytes())\n"
    "    except Exception: pass\n"
)
BASE = "orderlint"


def environment(folder: Path) -> Path:
    """The folder with the programs of the environment of the other linters. It is created if necessary."""
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    if not (programs / "pylint").exists():
        venv.create(folder, with_pip=True)
        subprocess.run([str(programs / "python"), "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return programs


def versions(programs: Path) -> Mapping[str, str]:
    """The versions of the packages that are compared."""
    command = [str(programs / "python"), "-m", "pip", "list", "--format", "json"]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return {one["name"].lower(): one["version"] for one in found if one["name"].lower() in PACKAGES}


def commands(programs: Path) -> dict[str, list[str]]:
    """The commands, by their names in the table."""
    check = [sys.executable, "-m", "orderlint", "check", "--isolated", "--quiet", "--format", "concise", "."]
    return {
        BASE: [*check, "--no-cache", "--jobs", "1"],
        "orderlint, second run": [*check, "--cache-dir", ".kept", "--jobs", "1"],
        "parsing with libcst": [sys.executable, "-c", PARSE],
        "ruff check --select F821": [
            str(programs / "ruff"),
            "check",
            "--isolated",
            "--no-cache",
            "--select",
            "F821",
            ".",
        ],
        "fixit, one rule": [str(programs / "fixit"), "--rules", "fixit.rules:NoStaticIfCondition", "lint", "."],
        "flake8 with TorchFix": [str(programs / "flake8"), "--isolated", "--select", "TOR", "--jobs", "1", "."],
        "pylint, one checker": [
            *(str(programs / "pylint"), "--rcfile", "/dev/null", "--disable", "all", "--enable", "undefined-variable"),
            *("--recursive", "y", "--jobs", "1", "--score", "n", "."),
        ],
    }


def copied(sources: Sequence[Path], folder: Path) -> tuple[int, int]:
    """Copy the Python files of some folders, with the last line added. Imports between them still work.

    Args:
        sources: The folders.
        folder: The folder for the copies.

    Returns: How many files there are, and how many bytes they have.
    """
    count = size = 0
    for number, source in enumerate(sources):
        for file in sorted(source.rglob("*.py")):
            if file.is_file() and not file.is_symlink():
                place = folder / f"project{number}" / file.relative_to(source)
                place.parent.mkdir(parents=True, exist_ok=True)
                size += place.write_bytes(file.read_bytes() + MARK.encode())
                count += 1
        (folder / f"project{number}" / ".git").mkdir(parents=True, exist_ok=True)  # imports are looked up to here
    return count, size


def rounds(lines: Mapping[str, list[str]], folder: Path, count: int) -> Iterator[dict[str, float]]:
    """The processor time of each command, round by round."""
    paths = {"PYTHONPATH": str(ROOT)}
    spent([*lines["orderlint, second run"]], folder=folder, environment=paths)  # fills the cache
    for _ in range(count):
        yield {
            name: _processor_time(name, spent(line, folder=folder, environment=paths)) for name, line in lines.items()
        }


def _processor_time(name: str, run: Spent) -> float:
    """The cost of a run. A linter that fails has no time."""
    failed = run.status & 33 if name.startswith("pylint") else run.status not in (0, 1)  # its 1 and 32: fatal, usage
    if failed and not run.output:
        raise SystemExit(f"{name} ended with status {run.status} and said nothing: it did not lint")
    return run.processor


def table(taken: Sequence[Mapping[str, float]], base: str = BASE) -> dict[str, Any]:
    """For each command the seconds, and how many times as much as `base` it took in the same round."""
    return {
        name: {
            "seconds": spread([one[name] for one in taken]),
            "ratio": spread([one[name] / one[base] for one in taken]),
        }
        for name in taken[0]
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "folders", type=Path, nargs="+", metavar="FOLDER", help="a project; all its Python files are checked"
    )
    parser.add_argument("--kind", default="models", help="the kind of the files, which names the record")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--environment", type=Path, default=ROOT / ".benchmarks" / "linters")
    parser.add_argument("--record", action="store_true", help="write the result to benchmarks/results")
    parser.add_argument("--note", default="", help="a note for the table")
    options = parser.parse_args()
    programs = environment(options.environment.absolute())
    with tempfile.TemporaryDirectory() as name:
        count, size = copied(options.folders, Path(name))
        if not count:
            print("there is no Python file to check", file=sys.stderr)
            return 2
        taken = list(rounds(commands(programs), Path(name), options.rounds))
    found = table(taken)
    for tool, figures in found.items():
        seconds, ratio = figures["seconds"]["median"], figures["ratio"]
        print(f"{tool:26} {seconds:8.2f} s {ratio['median']:7.2f} ({ratio['least']:.2f} to {ratio['most']:.2f})")
    if options.record:
        about = {"files": count, "bytes": size, "rounds": options.rounds, "note": options.note}
        file = record(f"linters-{options.kind}", {**about, "versions": dict(versions(programs)), "tools": found})
        print(f"written to {file}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
