"""Files are replaced whole, or left as they are."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from orderlint.engine.writing import WriteError, replace_file


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_new_bytes_take_the_place_and_the_mode_stays(tmp_path: Path) -> None:
    """An executable script is still executable, and nothing else is left in the folder."""
    path = tmp_path / "train.py"
    path.write_bytes(b"old")
    path.chmod(0o754)
    replace_file(path, b"new\r\n", expected=b"old")
    assert path.read_bytes() == b"new\r\n"
    assert mode(path) == 0o754
    assert list(tmp_path.iterdir()) == [path]


def test_a_symbolic_link_stays_a_link(tmp_path: Path) -> None:
    """The file it points to is replaced, in the folder where that lies."""
    (tmp_path / "real").mkdir()
    real, link = tmp_path / "real" / "net.py", tmp_path / "net.py"
    real.write_bytes(b"old")
    link.symlink_to(real)
    replace_file(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_a_read_only_file_is_refused(tmp_path: Path) -> None:
    """The mode forbids writing, whoever asks: the administrator may write it all the same, and is refused too."""
    path = tmp_path / "net.py"
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(WriteError, match="read-only"):
        replace_file(path, b"new")
    assert path.read_bytes() == b"old"


def test_a_file_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    """What was analysed is no longer there: an editor saved it."""
    path = tmp_path / "net.py"
    path.write_bytes(b"newer")
    with pytest.raises(WriteError, match="meanwhile"):
        replace_file(path, b"new", expected=b"old")
    assert path.read_bytes() == b"newer"


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    """Each with its own words."""
    with pytest.raises(WriteError, match="no such file"):
        replace_file(tmp_path / "gone.py", b"new")
    with pytest.raises(WriteError, match="no regular file"):
        replace_file(tmp_path, b"new")


@pytest.mark.parametrize("failing", ["fsync", "chmod", "replace"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str, error: BaseException
) -> None:
    """Wherever it stops, the old file is whole and the temporary one is gone."""
    path = tmp_path / "net.py"
    path.write_bytes(b"old")

    def fail(*args: object, **kwargs: object) -> None:
        raise error

    monkeypatch.setattr(os, failing, fail)
    with pytest.raises((WriteError, KeyboardInterrupt)):
        replace_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
