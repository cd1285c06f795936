"""Gives one input to orderlint and tells what went wrong, if anything did."""

from __future__ import annotations

import contextlib
import io
import os
import random
import tempfile
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path

from orderlint.cli import main
from orderlint.engine.checking import check_text
from orderlint.engine.inspecting import judged
from orderlint.engine.session import Session
from orderlint.runtime.errors import InspectionError
from orderlint.runtime.saved import read_saved
from orderlint.text.files import SourceError, source_from_bytes
from tests.hostile.mutating import KINDS, mutants, reworded, sources
from tests.hostile.watching import watched
from tests.judged import standards

__all__ = ["Tally", "ran", "tried", "try_bytes", "try_file", "try_folder"]

SLOW = 10.0
"""Seconds from which on an input counts as failed."""


@dataclass
class Tally:
    """What a kind of inputs came to."""

    tried: int = 0
    failed: list[str] = field(default_factory=list)
    slowest: float = 0.0
    slowest_name: str = ""

    def add(self, name: str, problem: str | None, seconds: float) -> None:
        self.tried += 1
        if seconds > self.slowest:
            self.slowest, self.slowest_name = seconds, name
        if problem is None and seconds > SLOW:
            problem = f"took {seconds:.1f} s"
        if problem is not None:
            self.failed.append(f"{name}: {problem}")


def try_bytes(data: bytes, ending: str) -> str | None:
    """What is wrong with what orderlint makes of the bytes of a file; `None` if nothing is."""
    with watched() as seen:
        try:
            problem = _checked(data, f"net{ending}") if ending in (".py", ".ipynb") else None
        except Exception:
            problem = traceback.format_exc()
    if ending not in (".py", ".ipynb"):
        return _inspected(data, ending)
    return problem or (seen[0] if seen else None)


def try_file(path: Path) -> str | None:
    """As `try_bytes`, for a file there is."""
    return try_bytes(path.read_bytes(), path.suffix)


def _checked(data: bytes, name: str) -> str | None:
    try:
        file = source_from_bytes(data, name)
    except SourceError:
        return None
    errors = check_text(file, standards(), Session()).errors
    return errors[0].message if errors else None


def _inspected(data: bytes, ending: str) -> str | None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"net{ending}")
        path.write_bytes(data)
        with watched() as seen:
            try:
                errors = judged([read_saved(path)], standards()).errors
            except (InspectionError, OSError):
                errors = ()
            except Exception:
                return traceback.format_exc()
    return errors[0].message if errors else (seen[0] if seen else None)


def try_folder(seed: int) -> str | None:
    """Check, and repair, a folder with odd things in it; nothing outside it may change."""
    chance = random.Random(f"folders {seed}")
    with tempfile.TemporaryDirectory() as home:
        outside = Path(home, "outside.py")
        outside.write_bytes(chance.choice(sources()))
        before = outside.read_bytes()
        root = Path(home, "project")
        _fill(root, outside, chance, depth=0)
        problem = ran(["check", "--no-cache", "--jobs", "1", "--format", "json", str(root)]) or ran(["fix", str(root)])
        if problem is None and outside.read_bytes() != before:
            problem = "a file outside of the folder was changed"
        if problem is None and list(Path(home).rglob("*.tmp")):
            problem = "something was left behind"
        return problem


def _fill(folder: Path, outside: Path, chance: random.Random, depth: int) -> None:
    folder.mkdir()
    for number in range(chance.randint(1, 4)):
        name = folder / f"{chance.choice(['net', 'a b', 'é', '.hidden', 'x' * 100])}{number}.py"
        what = chance.randrange(7)
        if what < 3:
            name.write_bytes(reworded(chance.choice(sources()), chance))
        elif what == 3 and hasattr(os, "mkfifo"):
            os.mkfifo(name)
        elif what == 4:
            _link(
                name, chance.choice([outside, folder, folder.parent, Path(name.name), Path("/dev/zero"), Path("gone")])
            )
        elif what == 5:
            (folder / ".gitignore").write_bytes(chance.randbytes(20) + b"\n**/*a*b*c*[\n!x\n")
        elif depth < 3:
            _fill(folder / f"inner{number}", outside, chance, depth + 1)


def _link(path: Path, target: Path) -> None:
    with contextlib.suppress(OSError):  # Windows without developer mode
        path.symlink_to(target)


def ran(arguments: list[str]) -> str | None:
    out, err = io.StringIO(), io.StringIO()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            main(arguments)
    except SystemExit as stop:
        if stop.code not in (None, 0, 1, 2):
            return f"status {stop.code}"
    except Exception:
        return traceback.format_exc()
    said = out.getvalue() + err.getvalue()
    at = said.find("please report it")
    return said[max(at - 300, 0) : at] if at >= 0 else None


def tried(kind: str, seed: int, count: int | None, until: float) -> Tally:
    """The tally of inputs of a kind: of so many, and of no more once it is later than `until` (`time.monotonic`)."""
    tally = Tally()
    made = mutants(kind, seed) if kind in KINDS else ((number, b"") for number in range(seed, 2**62))
    for number, data in made:
        if tally.tried == count or time.monotonic() > until:
            break
        start = time.process_time()
        problem = try_bytes(data, KINDS[kind][0]) if kind in KINDS else try_folder(number)
        tally.add(f"{kind} {number}", problem, time.process_time() - start)
    return tally
