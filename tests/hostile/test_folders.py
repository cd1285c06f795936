"""Odd entries of folders: each costs itself alone, and never a wait without end."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

MODEL = """import keras
from keras.layers import BatchNormalization, Dense, Dropout
model = keras.Sequential([Dense(8), Dropout(0.2), BatchNormalization()])
"""
NEEDS_POSIX = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no FIFOs, sockets and devices as files")


def checked(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A run of the command in a process that is ended after a minute."""
    command = [sys.executable, "-m", "orderlint", "check", "--format", "concise", "--no-cache", *arguments]
    if (
        "--no-cache"
        not in subprocess.run(
            [sys.executable, "-m", "orderlint", "check", "--help"], capture_output=True, text=True, check=True
        ).stdout
    ):
        command.remove("--no-cache")
    return subprocess.run(command, check=False, capture_output=True, text=True, cwd=folder, timeout=60)


def odd(folder: Path, kind: str, name: str = "odd.py") -> Path:
    path = folder / name
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "socket":
        holder = socket.socket(socket.AF_UNIX)
        holder.bind(str(path))
        holder.close()
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "circle":
        path.symlink_to(path.name)
    elif kind == "nothing":
        path.symlink_to("gone.py")
    return path


@NEEDS_POSIX
@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("fifo", "a FIFO, expected a regular file"),
        ("socket", "a socket, expected a regular file"),
        ("device", "a device, expected a regular file"),
        ("circle", "a link to nothing"),
        ("nothing", "a link to nothing"),
    ],
)
def test_an_odd_file_that_is_named_is_one_error(tmp_path: Path, kind: str, message: str) -> None:
    """What is no file is told in one line, and the others are reported."""
    (tmp_path / "net.py").write_text(MODEL)
    odd(tmp_path, kind)
    result = checked(tmp_path, "odd.py", "net.py")
    assert result.returncode == 2
    assert f"error: odd.py: {message}" in result.stdout + result.stderr
    assert "net.py:3:" in result.stdout
    assert "Traceback" not in result.stderr


@NEEDS_POSIX
@pytest.mark.parametrize("kind", ["fifo", "socket", "device", "circle", "nothing"])
def test_an_odd_entry_never_ends_the_search_of_a_folder(tmp_path: Path, kind: str) -> None:
    """A folder is searched to its end, whatever stands in it."""
    (tmp_path / "net.py").write_text(MODEL)
    odd(tmp_path, kind)
    result = checked(tmp_path, ".")
    assert "net.py:3:" in result.stdout
    assert "Traceback" not in result.stderr
    assert result.returncode == (2 if kind == "circle" else 1)


@NEEDS_POSIX
@pytest.mark.parametrize("name", [".gitignore", "pyproject.toml", "orderlint.toml"])
def test_a_fifo_by_the_name_of_a_settings_file_is_no_settings_file(tmp_path: Path, name: str) -> None:
    """Nobody writes to it, so nobody reads it."""
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "net.py").write_text(MODEL)
    odd(tmp_path / "inner", "fifo", name)
    result = checked(tmp_path, ".")
    assert "inner/net.py:3:" in result.stdout.replace(os.sep, "/")
    assert result.returncode == 1


def test_a_name_that_is_too_long_is_no_module(tmp_path: Path) -> None:
    """An import of three hundred letters cannot be looked up, and is not."""
    (tmp_path / "net.py").write_text(f"from {'x' * 300} import y\n{MODEL}")
    result = checked(tmp_path, "net.py", "n" * 300 + ".py")
    assert "net.py:4:" in result.stdout
    assert result.returncode == 2
    assert "Traceback" not in result.stderr


def test_a_link_to_the_folder_itself_is_not_followed(tmp_path: Path) -> None:
    """A folder that holds itself is searched once."""
    (tmp_path / "net.py").write_text(MODEL)
    try:
        (tmp_path / "again").symlink_to(".", target_is_directory=True)
    except OSError:
        pytest.skip("this user may not make links (Windows without developer mode)")
    assert checked(tmp_path, ".").stdout.count("net.py:3:") == 1
