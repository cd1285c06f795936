"""A repository may contain a cache folder: nothing outside it is written, removed or waited for."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from orderlint.engine.places import CACHE, VARIABLE
from orderlint.engine.store import MOST_OF_SHARD
from tests.running import Place
from tests.support import write_aged

NET = "import keras\nfrom keras.layers import *\nkeras.Sequential([Dense(8), ReLU(), BatchNormalization()])\n"
GOOD = "import keras\nfrom keras.layers import *\nkeras.Sequential([Dense(8), BatchNormalization(), ReLU()])\n"
MONTHS = 100 * 24 * 3600


@pytest.fixture
def project(place: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A project with a finding, whose files are old enough to be cached."""
    monkeypatch.delenv(VARIABLE, raising=False)
    (place.folder / "project" / ".git").mkdir(parents=True)
    for name, text in (("net.py", NET), ("good.py", GOOD)):
        write_aged(str(place.folder / "project" / name), text)
    monkeypatch.chdir(place.folder / "project")
    return place


def link(path: Path, target: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    try:
        path.symlink_to(target)
    except OSError:
        pytest.skip("links cannot be made here")


def found(place: Place) -> list[str]:
    """The findings of two runs. The second one can read the cache of the first."""
    told = [place.run("check", "--format", "concise", ".").out.splitlines()[0] for _ in range(2)]
    assert told[0] == told[1]
    return told[:1]


EXPECTED = ["net.py:3:37: ORD001 `BatchNormalization` after the activation `ReLU`"]


def test_old_files_behind_a_link_stay(project: Place) -> None:
    """Old entries are removed from the cache, but a link in it is not followed to files outside."""
    outside = project.folder / "outside"
    outside.mkdir()
    for name in ("settings.json", "work.tmp", "an.answer"):
        write_aged(str(outside / name), "{}")
        os.utime(outside / name, (time.time() - MONTHS,) * 2)
    link(Path(CACHE, "0.1.0-0123"), outside)
    assert found(project) == EXPECTED
    assert sorted(path.name for path in outside.iterdir()) == ["an.answer", "settings.json", "work.tmp"]


@pytest.mark.parametrize("name", [".gitignore", "CACHEDIR.TAG"])
def test_nothing_is_written_where_a_broken_link_leads(name: str, project: Place) -> None:
    """The standard files of a cache are created only in the cache, not at the target of a broken link."""
    outside = project.folder / "outside"
    link(Path(CACHE, name), outside)
    assert found(project) == EXPECTED
    assert not outside.exists()


@pytest.mark.parametrize("name", ["", "answers", "screenings"])
def test_nothing_is_kept_behind_a_link(name: str, project: Place) -> None:
    """Neither results, nor answers, nor screening results are written through a link."""
    outside = project.folder / "outside"
    outside.mkdir()
    link(Path(CACHE, name) if name else Path(CACHE), outside)
    assert found(project) == EXPECTED
    assert not list(outside.iterdir())


@pytest.mark.parametrize("kind", ["fifo", "device", "large"])
def test_what_is_kept_is_read_only_if_it_is_a_file_of_a_usual_size(kind: str, project: Place) -> None:
    """Only regular files of limited size are read: not a device that never ends, nor JSON that fills the memory."""
    assert found(project) == EXPECTED
    kept = [path for path in Path(CACHE).rglob("*") if path.suffix in (".json", ".answer")]
    assert {path.suffix for path in kept} == {".json", ".answer"}
    for path in kept:
        path.unlink()
        if kind == "fifo":
            if not hasattr(os, "mkfifo"):
                pytest.skip("Windows has none")
            os.mkfifo(path)
        elif kind == "device":
            link(path, Path("/dev/zero"))
        else:
            path.write_text('{"a": [' + "[]," * (MOST_OF_SHARD // 3) + "[]]}")
    assert found(project) == EXPECTED
