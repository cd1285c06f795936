"""Kills runs of `fix`: `python -m tests.hostile.interrupted N [--seed N]`.

Each trial repairs a folder of files in a process that is killed with SIGKILL: half of them after a random time, which
is mostly during the analysis, and half of them at a random step of writing (a file is opened, locked, given its mode or
renamed). Each file must then be either the original or the repaired one, complete. After another run, which is not
killed, each file is the repaired one and the folder contains nothing else.

The processes are forked from one that has already imported orderlint, since importing takes longer than the trial.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from orderlint.cli import main as orderlint
from tests.support import ROOT

__all__ = ["killed"]

_NUM_FILES = 6
_MODEL = """import keras
from keras.layers import BatchNormalization, Dense, Dropout, ReLU
model = keras.Sequential([Dense(8), ReLU(), BatchNormalization(), Dense({number})])
"""
_COMMAND = ["fix", "--jobs", "1", "."]
_STEPS = ("tempfile.mkstemp", "open", "fcntl.flock", "os.chown", "os.chmod", "os.rename", "os.remove")


@dataclass(frozen=True)
class _Run:
    """The duration of a run in seconds, and the number of its steps of writing."""

    seconds: float
    num_steps: int


def _run(folder: Path, *, seconds: float | None = None, step: int | None = None) -> _Run:
    """Repair a folder in a separate process.

    Args:
        folder: The folder.
        seconds: The time after which it is killed; `None` for never.
        step: The step of writing, from 0, before which it is killed; `None` for none.
    """
    start = time.monotonic()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _repair(folder, writing, step)
    os.close(writing)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as steps:
        return _Run(time.monotonic() - start, len(steps.read()))


def _repair(folder: Path, told: int, last: int | None) -> None:
    """Repair a folder, write one byte for each step of writing, and exit."""
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    os.chdir(folder)
    steps = count()

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in _STEPS or (event == "open" and not _writes(arguments)):
            return
        if next(steps) == last:
            os.kill(os.getpid(), signal.SIGKILL)
        os.write(told, b".")

    sys.addaudithook(hook)
    try:
        orderlint(_COMMAND)
    finally:
        os._exit(0)


def _load(folder: Path) -> None:
    """Import everything that a repair needs by making one in this process."""
    with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):
        orderlint([*_COMMAND[:-1], str(folder)])


def _writes(arguments: tuple[Any, ...]) -> bool:
    return isinstance(arguments[2], int) and bool(arguments[2] & (os.O_WRONLY | os.O_RDWR))


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def killed(times: int, seed: int = 0) -> list[str]:
    """The faults found in a number of killed runs."""
    chance = random.Random(seed)
    wrong = []
    with tempfile.TemporaryDirectory() as home:
        old, new, folder = Path(home, "old"), Path(home, "new"), Path(home, "folder")
        old.mkdir()
        for number in range(_NUM_FILES):
            (old / f"net{number}.py").write_text(_MODEL.format(number=number), encoding="utf-8")
        before = _contents(old)
        _load(shutil.copytree(old, folder))
        whole = _run(shutil.copytree(old, new))
        after = _contents(new)
        assert all(before[name] != after[name] for name in before), "nothing was repaired: the check proves nothing"
        for number in range(times):
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(old, folder)
            moment = chance.uniform(0, whole.seconds) if number % 2 else None
            step = None if number % 2 else chance.randrange(whole.num_steps)
            _run(folder, seconds=moment, step=step)
            found = _contents(folder)
            damaged = [name for name in before if found.get(name) not in (before[name], after[name])]
            _run(folder)
            if damaged or _contents(folder) != after:
                when = f"before step {step} of writing" if moment is None else f"after {moment:.3f} s"
                wrong.append(f"run {number}, killed {when}: {damaged or 'something is left behind'}")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.interrupted", description=__doc__)
    parser.add_argument("times", type=int)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    wrong = killed(given.times, given.seed)
    print(f"{given.times} runs killed below {ROOT.name}, {len(wrong)} with a file damaged or something left behind")
    print(*wrong, sep="\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
