"""Only regular files are read, up to their size."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from orderlint.text.regular import NotRegular, exists, is_folder, is_link, read_regular


def test_a_file_is_read_through_a_link(tmp_path: Path) -> None:
    """The bytes are those of the file."""
    (tmp_path / "a.py").write_bytes(b"a\r\n")
    (tmp_path / "b.py").symlink_to("a.py")
    assert read_regular(tmp_path / "b.py") == b"a\r\n"
    assert is_link(tmp_path / "b.py")
    assert not is_link(tmp_path / "a.py")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no FIFOs in folders")
def test_a_fifo_is_not_waited_for(tmp_path: Path) -> None:
    """A writer may never come."""
    os.mkfifo(tmp_path / "net.py")
    with pytest.raises(NotRegular, match="a FIFO, expected a regular file"):
        read_regular(tmp_path / "net.py")


def test_a_folder_and_a_file_that_is_too_long_say_so(tmp_path: Path) -> None:
    """The error says what was expected."""
    with pytest.raises(IsADirectoryError, match="a folder, expected a file"):
        read_regular(tmp_path)
    (tmp_path / "long.py").write_bytes(b"abc")
    with pytest.raises(OSError, match="3 bytes, at most 2 are read"):
        read_regular(tmp_path / "long.py", most=2)


@pytest.mark.parametrize("name", ["none", "a" * 5_000])
def test_a_name_of_no_file_is_none(tmp_path: Path, name: str) -> None:
    """The name may also be too long for a file."""
    assert not exists(tmp_path / name)
    assert not is_folder(tmp_path / name)
    assert is_folder(tmp_path)
