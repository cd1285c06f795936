"""Screening with several processes has the same results as with one."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from orderlint.engine.spreading import spread_over
from orderlint.screening.needs import USUAL, Needs
from orderlint.screening.screen import Screen
from orderlint.screening.spread import Spread
from tests.support import ROOT

FORKS = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process is not forked, and one screens alone")
TEXTS = {
    "first.py": "import importlib\nm = importlib.import_module('second')\nx = m.block(1)\n",
    "second.py": "from keras import layers\ndef block(x):\n    return layers.BatchNormalization()(layers.ReLU()(x))\n",
    "third.py": "from keras import layers\nfrom second import block\ny = block(layers.Dense(8)(1))\n",
    "fourth.py": "import keras\nimport missing\n",
    "broken.py": "import keras\nx = (\n",
}


def elsewhere(work: Callable[[Any], Any], items: Sequence[Any], many: int) -> list[Any]:
    """Does the work on each item as in another process: the results are pickled."""
    return [pickle.loads(pickle.dumps(work(item))) for item in items]


def files_in(folder: Path) -> list[tuple[str, bool]]:
    paths = sorted(path for path in folder.rglob("*") if path.suffix in (".py", ".ipynb"))
    return [(str(path), number % 5 == 0) for number, path in enumerate(paths)]


def both(files: list[tuple[str, bool]], spread: Spread) -> tuple[Screen, Screen]:
    one, other = Screen(Needs(USUAL)), Screen(Needs(USUAL), spread=spread)
    assert one.screen(files) == other.screen(files)
    assert one.read == other.read
    assert {folder: set(names) for folder, names in one.listed.items()} == {
        folder: set(names) for folder, names in other.listed.items()
    }
    return one, other


@pytest.mark.parametrize("folder", ["fixtures", "orderlint", "tests", "benchmarks"])
def test_the_fates_are_the_same(folder: str) -> None:
    """The files are fixtures of all kinds, and files without Keras."""
    both(files_in(ROOT / folder), elsewhere)


def test_imports_that_are_spelled_are_followed(tmp_path: Path) -> None:
    """The imports by string in a file are also known from the other process."""
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text)
    files = [*files_in(tmp_path), (str(tmp_path / "nowhere.py"), False)]
    _, other = both(files, elsewhere)
    assert str(tmp_path / "second.py") in other.read


def alone(program: Callable[..., None], *arguments: str) -> None:
    """Run a function of this module in a new process, since one with several threads does not fork."""
    code = f"import sys; from {__name__} import {program.__name__}; {program.__name__}(*sys.argv[1:])"
    subprocess.run([sys.executable, "-c", code, *arguments], check=True, cwd=ROOT, timeout=120)


def screens_a_folder(folder: str) -> None:
    spread = spread_over(2)
    assert spread(str, range(2_000), 1_000) is not None
    both(files_in(Path(folder)), spread)


def works_in_order() -> None:
    told = spread_over(2)(lambda item: (item, os.getpid()), range(200), 100)
    assert told is not None
    items, processes = zip(*told, strict=True)
    assert list(items) == list(range(200))
    assert os.getpid() not in processes


def dies_over_one() -> None:
    here = os.getpid()

    def work(item: int) -> int:
        if item == 7 and os.getpid() != here:
            os._exit(1)
        return -item

    told = spread_over(2)(work, range(200), 100)
    assert told is not None
    assert list(told) == [-item for item in range(200)]


@FORKS
def test_real_processes_screen_a_large_folder(tmp_path: Path) -> None:
    """The folder has more files than one process screens alone."""
    for number in range(1_100):
        name, text = list(TEXTS.items())[number % len(TEXTS)]
        (tmp_path / f"{number}_{name}").write_text(text)
    alone(screens_a_folder, str(tmp_path))


@FORKS
def test_work_comes_back_in_order() -> None:
    """Other processes have done the work."""
    alone(works_in_order)


@FORKS
def test_a_process_that_dies_costs_nothing() -> None:
    """Its work is done in this process."""
    alone(dies_over_one)


def test_little_work_is_not_spread() -> None:
    """The same holds if only one process is allowed."""
    assert spread_over(2)(abs, range(99), 100) is None
    assert spread_over(1)(abs, range(200), 100) is None
