"""Cached results of screening: reused while nothing that it looked at has changed."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from orderlint.engine.screening_cache import ScreeningCache
from orderlint.fast_path import FastPath
from orderlint.screening.needs import USUAL, Needs
from orderlint.screening.screen import CLEAN, KEPT, Screen

MODEL = """\
from keras import layers
from parts.block import block


def build(x):
    return block(layers.Dense(8)(x))
"""
BLOCK = """\
from keras import layers


def block(x):
    return layers.Dense(8)(x)
"""
NORM = "layers.BatchNormalization()(layers.ReLU()(layers.Dense(8)(x)))"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A project whose files are old enough to be cached."""
    for name, text in {"net.py": MODEL, "parts/__init__.py": "", "parts/block.py": BLOCK, "pyproject.toml": ""}.items():
        write(tmp_path / "tree" / name, text)
    return tmp_path / "tree"


def write(path: Path, text: str, age: float = 3600) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    then = time.time() - age
    os.utime(path, (then, then))


def asked(tree: Path) -> ScreeningCache:
    """A request some time after the files were created, since the creation time cannot be set."""
    verdicts = ScreeningCache([(str(tree / "net.py"), False)], ["check", "."], str(tree.parent / "cache"))
    verdicts._began += 10**10
    return verdicts


def screened(tree: Path) -> list[int]:
    """Screen the files and cache the result."""
    screen, verdicts = Screen(Needs(USUAL)), asked(tree)
    found = screen.screen([(str(tree / "net.py"), False)])
    verdicts.keep(found, screen)
    return found


def test_what_has_not_changed_is_told_again(tree: Path) -> None:
    """The result is equal, and there is none before it was cached."""
    assert asked(tree).known() is None
    assert screened(tree) == [CLEAN]
    assert asked(tree).known() == [CLEAN]


def add_before(tree: Path) -> None:
    write(tree / "parts.py", BLOCK.replace("layers.Dense(8)(x)", NORM))


CHANGES: dict[str, Callable[[Path], None]] = {
    "the file": lambda tree: write(tree / "net.py", MODEL.replace("8", "9"), age=3000),
    "what it imports": lambda tree: write(tree / "parts" / "block.py", BLOCK.replace("layers.Dense(8)(x)", NORM)),
    "a module that is gone": lambda tree: (tree / "parts" / "block.py").unlink(),
    "a module that is new": add_before,
    "a root that is new": lambda tree: write(tree / "parts" / "setup.py", ""),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_has_changed_is_screened_anew(tree: Path, change: Callable[[Path], None]) -> None:
    """Files that were read, and folders in which modules were looked up."""
    screened(tree)
    change(tree)
    assert asked(tree).known() is None


def test_a_finding_in_what_is_imported_is_not_missed(tree: Path) -> None:
    """The file itself has not changed."""
    assert screened(tree) == [CLEAN]
    CHANGES["what it imports"](tree)
    assert screened(tree) == [KEPT]


def test_hidden_and_other_names_in_folders_do_not_count(tree: Path) -> None:
    """The cache folder, notes and data are not modules."""
    screened(tree)
    (tree / ".orderlint_cache").mkdir()
    write(tree / "notes.txt", "x")
    assert asked(tree).known() == [CLEAN]


def test_what_is_fresh_is_not_kept(tree: Path) -> None:
    """A file that was written during the screening may differ from what was read."""
    write(tree / "parts" / "block.py", BLOCK, age=-10)
    screened(tree)
    assert asked(tree).known() is None


@pytest.mark.parametrize("text", [b"", b"2", b"x\0\0\0end", b"2\0\0", b"2\0/nowhere\0(1, 2, 3, 4)\0\0\0end", b"\xff\0"])
def test_what_is_damaged_is_nothing(tree: Path, text: bytes) -> None:
    """Damaged entries are ignored."""
    screened(tree)
    (kept,) = (tree.parent / "cache" / "screenings").iterdir()
    asked_for, _, _ = kept.read_bytes().partition(b"\0")
    kept.write_bytes(asked_for + b"\0" + text)
    assert asked(tree).known() is None


def test_other_files_are_not_known(tree: Path) -> None:
    """With another file for the same arguments, the files are screened again, and the entry is replaced."""
    screened(tree)
    files = [(str(tree / "net.py"), False), (str(tree / "parts" / "block.py"), False)]
    more = ScreeningCache(files, ["check", "."], str(tree.parent / "cache"))
    more._began += 10**10
    assert more.known() is None
    screen = Screen(Needs(USUAL))
    more.keep(screen.screen(files), screen)
    assert more.known() == [CLEAN, CLEAN]
    assert len(list((tree.parent / "cache" / "screenings").iterdir())) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_nothing_is_written_through_a_link(tree: Path) -> None:
    """Another user may have created the link."""
    (tree.parent / "elsewhere").mkdir()
    (tree.parent / "cache").mkdir()
    (tree.parent / "cache" / "screenings").symlink_to(tree.parent / "elsewhere")
    screened(tree)
    assert not list((tree.parent / "elsewhere").iterdir())


def test_the_fast_path_screens_many_files_once(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The second run has the same answer, and reads no file for it."""
    for number in range(60):
        write(tree / f"plain{number}.py", "import keras\n")
    monkeypatch.setattr("time.time_ns", lambda real=time.time_ns: real() + 10**10)
    line = ["check", "--isolated", "--cache-dir", str(tree.parent / "cache"), str(tree)]
    assert FastPath(line).status() == 0, "all are clean"
    said = capsys.readouterr()
    monkeypatch.setattr(Screen, "screen", None)
    assert FastPath(line).status() == 0
    assert capsys.readouterr() == said
    with pytest.raises(TypeError):
        FastPath([*line, "--no-cache"]).status()
