"""Kills runs: `python -m tests.hostile.interrupted N [--seed N]`.

Each time a folder of files is repaired by a process that is killed (SIGKILL): half of them after a moment chosen by
chance, which mostly falls into the analysis; half of them at one of the steps of writing (a file is opened, locked,
given its mode, renamed), chosen by chance too. Then every file must be the old one or the repaired one, whole. After
the next run, which is left to end, every file is the repaired one and nothing else is in the folder.

The processes are forked from one that has loaded orderlint: starting it takes longer than all it does here.
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
    """What a run took: seconds, and steps of writing."""

    seconds: float
    num_steps: int


def _run(folder: Path, *, seconds: float | None = None, step: int | None = None) -> _Run:
    """Repair a folder in a process of its own.

    Args:
        folder: The folder.
        seconds: After how many it is killed; `None` for never.
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
    """Repair a folder, tell each step of writing by a byte, and end the process."""
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
    """Bring in all that a repair needs, by making one in this process."""
    with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):
        orderlint([*_COMMAND[:-1], str(folder)])


def _writes(arguments: tuple[Any, ...]) -> bool:
    return isinstance(arguments[2], int) and bool(arguments[2] & (os.O_WRONLY | os.O_RDWR))


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def killed(times: int, seed: int = 0) -> list[str]:
    """What was wrong after so many runs that were killed."""
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
