"""Files are replaced atomically, and links are not followed to unexpected places."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from orderlint.engine import writing
from orderlint.engine.writing import WriteError, clear_leftovers, leads_out, replace_file
from tests.support import ROOT


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def linked(path: Path, target: Path) -> Path:
    try:
        path.symlink_to(target)
    except OSError:
        pytest.skip("this user may not make links (Windows without developer mode)")
    return path


def test_a_file_is_replaced_with_its_mode(tmp_path: Path) -> None:
    """No other file is left in the folder."""
    path = tmp_path / "net.py"
    path.write_bytes(b"old")
    path.chmod(0o640)
    replace_file(path, b"new", expected=b"old")
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["net.py"]
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o640


def test_hard_links_are_never_split(tmp_path: Path) -> None:
    """Other names would keep the old text, so the file is not written, and the error says so."""
    path, other = tmp_path / "net.py", tmp_path / "same.py"
    path.write_bytes(b"old")
    os.link(path, other)
    with pytest.raises(WriteError, match="has 2 names \\(hard links\\)") as error:
        replace_file(path, b"new")
    assert "make it a file of its own first" in error.value.message
    assert (path.read_bytes(), other.read_bytes(), path.samefile(other)) == (b"old", b"old", True)
    assert names(tmp_path) == ["net.py", "same.py"]


def test_hard_links_behind_a_symbolic_link_are_not_split_either(tmp_path: Path) -> None:
    """The target of the link is checked."""
    path, other = tmp_path / "net.py", tmp_path / "same.py"
    path.write_bytes(b"old")
    os.link(path, other)
    with pytest.raises(WriteError, match="hard links"):
        replace_file(linked(tmp_path / "link.py", path), b"new")


def test_a_link_is_written_through(tmp_path: Path) -> None:
    """The link is kept, and its target is replaced."""
    path = tmp_path / "net.py"
    path.write_bytes(b"old")
    link = linked(tmp_path / "link.py", path)
    replace_file(link, b"new")
    assert link.is_symlink()
    assert path.read_bytes() == b"new"


def test_only_links_that_nobody_named_lead_out(tmp_path: Path) -> None:
    """Files, and links named on the command line, are written; for other links the target is reported."""
    path = tmp_path / "net.py"
    path.write_bytes(b"")
    link = linked(tmp_path / "link.py", path)
    assert leads_out(str(path), is_named=False) is None
    assert leads_out(str(link), is_named=True) is None
    assert leads_out(str(link), is_named=False) == os.path.realpath(path)


KILLED = """\
import os, sys
from pathlib import Path
from orderlint.engine import writing

writing.os.replace = lambda *names: os._exit(9)
writing.replace_file(Path(sys.argv[1]), b"new")
"""


def test_what_a_killed_run_leaves_is_taken_away_by_the_next(tmp_path: Path) -> None:
    """The file itself is unchanged; the name of the temporary file says which one it belongs to."""
    path = tmp_path / "net.py"
    path.write_bytes(b"old")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], env=environment, check=False)
    assert done.returncode == 9
    left = [name for name in names(tmp_path) if name != "net.py"]
    assert len(left) == 1
    assert left[0].startswith(".net.py.orderlint-")
    os.utime(tmp_path / left[0], (0, time.time() - 3600))
    clear_leftovers([tmp_path, tmp_path / "gone"])
    assert names(tmp_path) == ["net.py"]
    assert path.read_bytes() == b"old"


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    """Files with similar names, folders, and files of a run that is active."""
    others = ["net.py", ".net.py.tmp", ".net.py.orderlint-short.tmp", "net.py.orderlint-abcd1234.tmp"]
    for name in others:
        (tmp_path / name).write_bytes(b"")
    (tmp_path / ".folder.orderlint-abcd1234.tmp").mkdir()
    clear_leftovers([tmp_path])
    assert names(tmp_path) == sorted([*others, ".folder.orderlint-abcd1234.tmp"])


def test_what_another_run_is_writing_stays(tmp_path: Path) -> None:
    """The run holds a lock; without locks, the age decides."""
    path = tmp_path / ".net.py.orderlint-abcd1234.tmp"
    with path.open("wb") as file:
        writing._lock(file.fileno())
        clear_leftovers([tmp_path])
        assert path.exists()


def test_without_locks_age_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute is longer than writing takes."""
    monkeypatch.setattr(writing, "fcntl", None)
    fresh, old = tmp_path / ".a.py.orderlint-abcd1234.tmp", tmp_path / ".b.py.orderlint-abcd1234.tmp"
    for path in (fresh, old):
        path.write_bytes(b"")
    os.utime(old, (0, time.time() - 3600))
    clear_leftovers([tmp_path])
    assert names(tmp_path) == [fresh.name]
    fresh.write_bytes(b"old")
    path = tmp_path / "net.py"
    path.write_bytes(b"old")
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"
