"""What a command costs, on which machine, and where that is written down."""

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


@dataclass(frozen=True)
class Spent:
    """What one run took.

    Attributes:
        processor: Seconds of processor time, user and system, of the process and of those it started.
        wall: Seconds on the clock.
        memory: Mebibytes at the most, of the process alone.
        output: What it wrote to standard output.
        status: Its exit status.
    """

    processor: float
    wall: float
    memory: float
    output: str
    status: int


def spent(command: Sequence[str], *, folder: Path, environment: Mapping[str, str] | None = None) -> Spent:
    """Run a command and say what it took.

    Args:
        command: The command.
        folder: Where it runs.
        environment: What is set besides the environment of this process.
    """
    start = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    unit = 2**20 if sys.platform == "darwin" else 2**10  # macOS counts bytes, Linux kibibytes
    wall = time.perf_counter() - start
    return Spent(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / unit, output, process.returncode)


def spread(values: Sequence[float]) -> dict[str, float]:
    """The median with the least and the most.

    >>> spread([3.0, 1.0, 2.0])
    {'median': 2.0, 'least': 1.0, 'most': 3.0}
    """
    return {
        name: round(found, 4)
        for name, found in (("median", statistics.median(values)), ("least", min(values)), ("most", max(values)))
    }


def machine() -> dict[str, Any]:
    """The kind of the machine, and how busy it is: nothing that tells whose it is."""
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
    """Write a result down, with the machine and the day."""
    file = RESULTS / f"{name}.json"
    file.parent.mkdir(exist_ok=True)
    whole = {"day": time.strftime("%Y-%m-%d"), "machine": machine(), **found}
    file.write_text(json.dumps(whole, indent=2) + "\n")
    return file
