"""Kills runs: `python -m tests.hostile.interrupted N [--seed N]`.

Each time a folder of files is repaired by a process that is killed (SIGKILL) after a moment chosen by chance, during
the analysis or while files are written. Then every file must be the old one or the repaired one, whole. After the next
run, which is left to end, every file is the repaired one and nothing else is in the folder.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.support import ROOT

__all__ = ["killed"]

_NUM_FILES = 6
_MODEL = """import keras
from keras.layers import BatchNormalization, Dense, Dropout, ReLU
model = keras.Sequential([Dense(8), ReLU(), BatchNormalization(), Dense({number})])
"""
_COMMAND = [sys.executable, "-m", "orderlint", "fix", "--jobs", "1", "."]


def _run(folder: Path, seconds: float | None) -> float:
    """Repair a folder; kill the process after so many seconds. How long it took."""
    start = time.monotonic()
    process = subprocess.Popen(_COMMAND, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    return time.monotonic() - start


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
        shutil.copytree(old, new)
        whole = _run(new, None)
        before, after = _contents(old), _contents(new)
        assert all(before[name] != after[name] for name in before), "nothing was repaired: the check proves nothing"
        for number in range(times):
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(old, folder)
            # Most of the time goes by before the first file is written: half of the kills fall into the last third.
            moment = whole * (chance.uniform(0, 1) if chance.random() < 0.5 else chance.uniform(0.65, 1.05))
            _run(folder, moment)
            found = _contents(folder)
            damaged = [name for name in before if found.get(name) not in (before[name], after[name])]
            _run(folder, None)
            if damaged or _contents(folder) != after:
                wrong.append(f"run {number}, killed after {moment:.3f} s: {damaged or 'something is left behind'}")
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
