"""Runs orderlint on one input, and says what went wrong, if anything."""

from __future__ import annotations

import atexit
import contextlib
import gc
import io
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from orderlint.cli import main
from orderlint.engine.file_check import check_file
from orderlint.engine.inspecting import judged
from orderlint.engine.session import Session
from orderlint.runtime.errors import InspectionError
from orderlint.runtime.saved import read_saved
from orderlint.text.files import SourceError, source_from_bytes
from tests.hostile.mutating import KINDS, mutants, reworded, sources
from tests.hostile.watching import watched
from tests.judged import standards

__all__ = ["Tally", "Tried", "attempts", "ran", "tried", "try_bytes", "try_file", "try_folder"]

SLOW = 10.0
"""Seconds from which on an input counts as failed."""
LARGE = 500
"""MiB from which on an input counts as failed, beyond what the process had before the first: it may run other tests.
The most that it has had tells, so the first of several is seen."""
PLANNED = 3
"""Repairs are planned for one input of so many: they take four times as long as all the rest."""


@dataclass(frozen=True)
class Tried:
    """The result for one input: a fault, if there was one, and whether it was read as a model."""

    problem: str | None = None
    is_reached: bool = False


def memory() -> int:
    """The peak memory of this process in MiB; 0 if the system does not tell it."""
    try:
        import resource
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak // (2**20 if sys.platform == "darwin" else 2**10))


@dataclass
class Tally:
    """The results for one kind of input.

    Attributes:
        tried: The number of inputs.
        reached: The number of inputs that were read as a model. The others ended before rules ran.
        failed: The faults, with the names of the inputs.
        slowest: The largest number of CPU seconds for one input.
        slowest_name: The name of that input.
        before: The peak memory before the first input, in MiB.
        largest: The peak memory after the input that used most, in MiB.
        largest_name: The name of that input.
    """

    tried: int = 0
    reached: int = 0
    failed: list[str] = field(default_factory=list)
    slowest: float = 0.0
    slowest_name: str = ""
    before: int = field(default_factory=memory)
    largest: int = 0
    largest_name: str = ""

    def add(self, name: str, tried: Tried, seconds: float) -> None:
        self.tried += 1
        self.reached += tried.is_reached
        problem = tried.problem
        if seconds > self.slowest:
            self.slowest, self.slowest_name = seconds, name
        if problem is None and seconds > SLOW:
            problem = f"took {seconds:.1f} s"
        now = memory()
        if now > self.largest:
            self.largest, self.largest_name = now, name
            if problem is None and now - self.before > LARGE:
                problem = f"took {now - self.before} MiB"
        if problem is not None:
            self.failed.append(f"{name}: {problem}")


def try_bytes(data: bytes, ending: str) -> str | None:
    """The fault of orderlint with the bytes of a file; `None` if there is none."""
    return _tried(data, ending).problem


def try_file(path: Path) -> Tried:
    """The result for an existing file."""
    return _tried(path.read_bytes(), path.suffix)


def _tried(data: bytes, ending: str) -> Tried:
    is_text = ending in (".py", ".ipynb")
    path = None if is_text else _written(data, ending)
    try:
        with watched() as seen, _in_time():
            result = _checked(data, ending) if path is None else _inspected(path)
    except Exception:
        return Tried(traceback.format_exc())
    return result if result.problem or not seen else replace(result, problem=seen[0])


def _checked(data: bytes, ending: str) -> Tried:
    try:
        file = source_from_bytes(data, f"net{ending}")
    except SourceError:
        return Tried()
    session = Session()
    with session.run():
        outcome = check_file(file, standards(), session, plans=zlib.crc32(data) % PLANNED == 0)
    is_reached = not (outcome.is_bare or outcome.is_skipped or file.problems) or len(outcome.findings) > len(
        file.problems
    )
    return Tried(outcome.errors[0].message if outcome.errors else None, is_reached)


def _written(data: bytes, ending: str) -> Path:
    path = _folder() / f"net{ending}"
    path.write_bytes(data)
    return path


def _inspected(path: Path) -> Tried:
    try:
        errors = judged([read_saved(path)], standards()).errors
    except (InspectionError, OSError):
        return Tried()
    return Tried(errors[0].message if errors else None, True)


@cache
def _folder() -> Path:
    """One folder for all inspected files, since making a folder takes longer than reading a file."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


@contextlib.contextmanager
def _in_time() -> Iterator[None]:
    """Raise an error after twice the time limit, on systems with timers."""
    if not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGPROF, _too_long)
    signal.setitimer(signal.ITIMER_PROF, 2 * SLOW)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _too_long(number: int, frame: object) -> None:
    raise TimeoutError(f"ended after {2 * SLOW:.0f} s")


def try_folder(seed: int) -> Tried:
    """Check and repair a folder with unusual entries. Nothing outside it may change, and nothing is executed."""
    with watched(is_reading=False) as seen, _in_time():
        problem = _folder_problem(seed)
    return Tried(problem or (seen[0] if seen else None), True)


def _folder_problem(seed: int) -> str | None:
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
    with contextlib.suppress(OSError):  # such as Windows without developer mode
        path.symlink_to(target)


def ran(arguments: list[str]) -> str | None:
    out, err, thresholds = io.StringIO(), io.StringIO(), gc.get_threshold()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            main(arguments)
    except SystemExit as stop:
        if stop.code not in (None, 0, 1, 2):
            return f"status {stop.code}"
    except Exception:
        return traceback.format_exc()
    finally:
        # A command rarely collects garbage, and exits. Here a hundred runs share one process, and would keep 300 MiB.
        gc.set_threshold(*thresholds)
        gc.unfreeze()
        gc.collect()
    said = out.getvalue() + err.getvalue()
    at = said.find("please report it")
    return said[max(at - 300, 0) : at] if at >= 0 else None


def tried(kind: str, seed: int, count: int | None, until: float) -> Tally:
    """The tally of a number of inputs of a kind, or of fewer if it is later than `until` (`time.monotonic`)."""
    tally = Tally()
    inputs = attempts(kind, seed)
    while tally.tried != count and time.monotonic() <= until:
        tally.add(*next(inputs))
    return tally


def attempts(kind: str, seed: int) -> Iterator[tuple[str, Tried, float]]:
    """Tries inputs of a kind without end. Yields the name, the result, and the CPU seconds."""
    made = mutants(kind, seed) if kind in KINDS else ((number, b"") for number in range(seed, 2**62))
    for number, data in made:
        start = time.process_time()
        result = _tried(data, KINDS[kind][0]) if kind in KINDS else try_folder(number)
        yield f"{kind} {number}", result, time.process_time() - start
