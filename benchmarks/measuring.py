"""Measures commands, describes the machine, and writes the results."""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"

# Linux counts what a process held before it became another program as memory of that program. So the command is started
# by a small process, never by this one, which may hold gigabytes (3,010 MiB were read for a process of 10 MiB).
_STARTER = """
import json, os, sys, time
report = int(sys.argv[1])
os.set_inheritable(report, False)
start = time.perf_counter()
child = os.fork()
if not child:
    try:
        os.execvp(sys.argv[2], sys.argv[2:])
    except OSError as error:
        print(error, file=sys.stderr)
        os._exit(127)
_, status, used = os.wait4(child, 0)
found = [used.ru_utime + used.ru_stime, time.perf_counter() - start, used.ru_maxrss, status]
os.write(report, json.dumps(found).encode())
"""


@dataclass(frozen=True)
class Spent:
    """The cost of one run.

    Attributes:
        processor: Seconds of processor time, user and system, of the process and of those it started.
        wall: Wall-clock seconds.
        memory: The peak in mebibytes, of the process alone.
        output: Its standard output.
        status: Its exit status.
    """

    processor: float
    wall: float
    memory: float
    output: str
    status: int


def spent(command: Sequence[str], *, folder: Path, environment: Mapping[str, str] | None = None) -> Spent:
    """Run a command and measure its cost.

    Args:
        command: The command.
        folder: The current folder of the command.
        environment: Environment variables, in addition to those of this process.
    """
    reading, writing = os.pipe()
    try:
        output = subprocess.run(
            [sys.executable, "-I", "-S", "-c", _STARTER, str(writing), *command],
            cwd=folder,
            env=_surroundings(environment or {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            pass_fds=[writing],
            check=True,
        ).stdout
        processor, wall, memory, status = json.loads(os.read(reading, 1000))
    finally:
        os.close(reading)
        os.close(writing)
    unit = 2**20 if sys.platform == "darwin" else 2**10  # macOS counts bytes, Linux kibibytes
    return Spent(processor, wall, memory / unit, output, os.waitstatus_to_exitcode(status))


def spent_by(
    lines: Mapping[str, Sequence[str]], *, folder: Path, environment: Mapping[str, str] | None = None
) -> dict[str, Spent]:
    """Run commands one after the other, and measure the cost of each, by its name.

    Raises:
        SystemExit: One of them failed.
    """
    runs = {what: spent(line, folder=folder, environment=environment) for what, line in lines.items()}
    failed = [what for what, run in runs.items() if run.status]
    if failed:
        raise SystemExit(f"failed: {', '.join(failed)}")
    return runs


def _surroundings(more: Mapping[str, str]) -> dict[str, str]:
    """The environment of a command. Python may cache compiled code in it, as it does for users."""
    return {name: value for name, value in {**os.environ, **more}.items() if name != "PYTHONDONTWRITEBYTECODE"}


def spread(values: Sequence[float]) -> dict[str, float]:
    """The median, the smallest and the largest value.

    >>> spread([3.0, 1.0, 2.0])
    {'median': 2.0, 'least': 1.0, 'most': 3.0}
    """
    return {
        name: round(found, 4)
        for name, found in (("median", statistics.median(values)), ("least", min(values)), ("most", max(values)))
    }


def machine() -> dict[str, Any]:
    """The kind of the machine, and how busy it is. Nothing identifies its owner."""
    return {
        "processor": _processor(),
        "architecture": platform.machine(),
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 1),
    }


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    lines = information.read_text().splitlines() if information.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor())


def record(name: str, found: Mapping[str, Any]) -> Path:
    """Write a result, with the machine and the day."""
    file = RESULTS / f"{name}.json"
    file.parent.mkdir(exist_ok=True)
    whole = {"day": time.strftime("%Y-%m-%d"), "machine": machine(), **found}
    file.write_text(json.dumps(whole, indent=2) + "\n")
    return file
