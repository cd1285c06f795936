"""Repairs every file of a folder in memory, and reports what happened to the findings.

    python -m benchmarks.repair FOLDER [--select CODES] [--diffs FOLDER] [--jobs N]

Nothing in the folder is written. `--diffs` writes a unified diff for each changed file.

Every finding counts, of whatever file, but for two kinds that only this project's own fixtures have:

- `name.fixed.py` is what a repair made of `name.py`. Nobody wrote that code, so it is skipped.
- A finding that is left and that `name.left.txt` lists, with its line and code, was put there to show that it is *not*
  to be repaired (another reader of the value, shared weights). Such findings are counted apart, as held on purpose;
  their reasons are listed as well, so that whoever reads them can disagree. Fixtures of `fixtures/check` have no such
  lists: all that is left in them counts against the repairs.
"""

from __future__ import annotations

import argparse
import difflib
import os
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from orderlint.judging import Standards, own_registry
from orderlint.repair import FixResult, fix_text
from orderlint.text.files import SourceError, SourceFile, may_hold_models, read_source, source_from_text

SKIPPED = {".git", "__pycache__", "node_modules", "site-packages"}


@dataclass(slots=True)
class Result:
    """The result for one file."""

    path: str
    seconds: float = 0.0
    found: Counter[str] = field(default_factory=Counter)
    repaired: Counter[str] = field(default_factory=Counter)
    left: list[tuple[str, str, str]] = field(default_factory=list)  # code, where, reason
    held: list[tuple[str, str, str]] = field(default_factory=list)  # the same, on purpose
    problem: str | None = None
    diff: str = ""
    unsettled: bool = False


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--select", default="ORD001,ORD002,ORD003")
    parser.add_argument("--diffs", type=Path)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seconds", type=int, default=120, help="the time limit for one file")
    options = parser.parse_args()
    codes = tuple(rule.code for one in options.select.split(",") for rule in own_registry().select(one))
    work = [(path, codes, options.seconds) for path in sorted(files(options.folder))]
    results = []
    with ProcessPoolExecutor(options.jobs) as pool:
        for result in pool.map(repaired, work, chunksize=4):
            if result.found or result.held or result.problem:
                results.append(result)
                if options.diffs and result.diff:
                    write_diff(options.diffs, result, options.folder)
    print(report(results, len(work)))
    return 0


def files(folder: Path) -> Iterator[Path]:
    """The Python files and notebooks below a folder."""
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in SKIPPED]
        yield from (Path(parent, name) for name in names if _is_source(name))


def _is_source(name: str) -> bool:
    return name.endswith((".py", ".ipynb")) and not name.endswith((".fixed.py", ".fixed.ipynb"))


def repaired(work: tuple[Path, tuple[str, ...], int]) -> Result:
    """Repair one file."""
    path, codes, seconds = work
    result = Result(str(path))
    started = time.perf_counter()
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(seconds)
    try:
        data = path.read_bytes()
        if may_hold_models(data):
            _repair(read_source(path), codes, result)
    except SourceError:
        pass
    except (Exception, _TooLong) as error:
        result.problem = f"{type(error).__name__}: {error}"
    finally:
        signal.alarm(0)
    result.seconds = time.perf_counter() - started
    return result


class _TooLong(BaseException):
    pass


def _too_long(*_: object) -> None:
    raise _TooLong


def _repair(file: SourceFile, codes: tuple[str, ...], result: Result) -> None:
    standards = own_registry().standards(codes)
    outcome = fix_text(file, standards)
    result.problem = outcome.problem
    result.repaired.update(one.finding.code for one in outcome.repaired)
    result.found.update(result.repaired)
    on_purpose = _on_purpose(Path(result.path))
    for left in outcome.left:
        at, code = left.finding.location, left.finding.code
        where = f"{at.cell or ''}:{at.line}"
        if (where, code) in on_purpose:
            result.held.append((code, where, left.reason))
            continue
        result.found[code] += 1
        result.left.append((code, where, left.reason))
    if outcome.text != file.text:
        _check_settled(file, outcome, standards, result)
        result.diff = "".join(diff(file, source_from_text(outcome.text, file.path)))


def _on_purpose(path: Path) -> set[tuple[str, str]]:
    """The place and code of each finding that a fixture holds on purpose: `4:1 ORD001 reason`, `7 ORD002 reason`."""
    listed = path.with_name(f"{path.stem}.left.txt")
    lines = listed.read_text(encoding="utf-8").splitlines() if listed.is_file() else []
    pairs = (line.split(" ", 2)[:2] for line in lines)
    return {(where if ":" in where else f":{where}", code) for where, code in pairs}


def _check_settled(file: SourceFile, outcome: FixResult, standards: Standards, result: Result) -> None:
    again = fix_text(source_from_text(outcome.text, file.path), standards)
    result.unsettled = again.text != outcome.text


def diff(old: SourceFile, new: SourceFile) -> Iterator[str]:
    """The unified diff of two states of a file, cell by cell."""
    for one, other in zip(old.cells, new.cells, strict=True):
        name = old.path if one.number is None else f"{old.path}, cell {one.number}"
        before, after = (text.raw.splitlines(keepends=True) for text in (one, other))
        for line in difflib.unified_diff(before, after, name, name):
            yield line if line.endswith("\n") else line + "\n"


def write_diff(folder: Path, result: Result, root: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^\w.-]+", "_", os.path.relpath(result.path, root))
    notes = "".join(f"# left: {code} {where} {reason}\n" for code, where, reason in result.left)
    (folder / f"{name}.diff").write_text(result.diff + notes, encoding="utf-8")


def report(results: Sequence[Result], count: int) -> str:
    """The totals, and the reasons by count."""
    found, done = Counter[str](), Counter[str]()
    reasons: Counter[str] = Counter()
    for result in results:
        found += result.found
        done += result.repaired
        reasons.update(f"{code}  {general(reason)}" for code, _, reason in result.left)
    lines = [f"{count} files, {sum(bool(result.found) for result in results)} with findings"]
    lines += [
        f"{code}  {done[code]} of {found[code]} repaired ({done[code] / found[code]:.1%})" for code in sorted(found)
    ]
    total = sum(found.values())
    lines.append(f"all     {sum(done.values())} of {total} repaired ({sum(done.values()) / max(total, 1):.1%})")
    lines += ["", "left, by reason:", *(f"{number:5}  {reason}" for reason, number in reasons.most_common())]
    held = Counter(f"{code}  {general(reason)}" for result in results for code, _, reason in result.held)
    if held:
        lines += ["", f"{held.total()} held on purpose:"]
        lines += [f"{number:5}  {reason}" for reason, number in held.most_common()]
    problems = [f"{result.path}: {result.problem}" for result in results if result.problem]
    unsettled = [result.path for result in results if result.unsettled]
    lines += ["", f"{len(problems)} problems", *problems, f"{len(unsettled)} files not settled in one run", *unsettled]
    slow = sorted(results, key=lambda result: -result.seconds)[:3]
    lines += ["slowest: " + ", ".join(f"{result.path} {result.seconds:.1f} s" for result in slow)]
    return "\n".join(lines)


def general(reason: str) -> str:
    """A reason without names and numbers, for counting."""
    return re.sub(r"line \d+", "line N", re.sub(r"`[^`]*`", "`...`", reason))


if __name__ == "__main__":
    sys.exit(main())
