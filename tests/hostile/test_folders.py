"""Unusual folder entries: each is one error, does not affect other files, and is never waited for."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import ROOT

MODEL = """import keras
from keras.layers import BatchNormalization, Dense, Dropout
model = keras.Sequential([Dense(8), Dropout(0.2), BatchNormalization()])
"""
NEEDS_POSIX = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no FIFOs, sockets and devices as files")


def checked(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process with a timeout of one minute."""
    command = [sys.executable, "-m", "orderlint", "check", "--format", "concise", "--no-cache", *arguments]
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
        ("circle", "a broken symbolic link"),
        ("nothing", "a broken symbolic link"),
    ],
)
def test_an_odd_file_that_is_named_is_one_error(tmp_path: Path, kind: str, message: str) -> None:
    """What is not a file is reported in one line, and the other files are checked."""
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
    """An unusual entry does not end the search of a folder."""
    (tmp_path / "net.py").write_text(MODEL)
    odd(tmp_path, kind)
    result = checked(tmp_path, ".")
    assert "net.py:3:" in result.stdout
    assert "Traceback" not in result.stderr
    assert result.returncode == (2 if kind == "circle" else 1)


@NEEDS_POSIX
@pytest.mark.parametrize("name", [".gitignore", "pyproject.toml", "orderlint.toml"])
@pytest.mark.parametrize("kind", ["fifo", "socket", "circle", "nothing"])
def test_an_odd_entry_by_the_name_of_a_settings_file_is_no_settings_file(tmp_path: Path, kind: str, name: str) -> None:
    """A FIFO without a writer, or a link to itself, is not read as a configuration."""
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "net.py").write_text(MODEL)
    odd(tmp_path / "inner", kind, name)
    result = checked(tmp_path, ".")
    assert "inner/net.py:3:" in result.stdout.replace(os.sep, "/")
    assert result.returncode == 1


def test_a_name_that_is_too_long_is_no_module(tmp_path: Path) -> None:
    """A module name of three hundred letters cannot be a file name, and is not looked up."""
    (tmp_path / "net.py").write_text(f"from {'x' * 300} import y\n{MODEL}")
    result = checked(tmp_path, "net.py", "n" * 300 + ".py")
    assert "net.py:4:" in result.stdout
    assert result.returncode == 2
    assert "Traceback" not in result.stderr


def test_a_link_to_the_folder_itself_is_not_followed(tmp_path: Path) -> None:
    """A link to a folder that contains it is not followed."""
    (tmp_path / "net.py").write_text(MODEL)
    try:
        (tmp_path / "again").symlink_to(".", target_is_directory=True)
    except OSError:
        pytest.skip("this user may not make links (Windows without developer mode)")
    assert checked(tmp_path, ".").stdout.count("net.py:3:") == 1


LONG = "a" * 300


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "--config", LONG, "net.py"),
        ("check", "--baseline", LONG, "net.py"),
        ("check", LONG, "net.py"),
        ("check", "-", "--stdin-filename", f"{LONG}.py"),
        ("check", "-o", LONG, "net.py"),
        ("check", "--cache-dir", LONG, "net.py"),
        ("fix", LONG, "net.py"),
        ("baseline", "--output-file", LONG, "net.py"),
        ("graph", f"{LONG}.py"),
        ("inspect", f"{LONG}.keras"),
        ("inspect", f"{LONG}.py::build"),
        ("recalibrate", f"{LONG}.keras", "--data", "x.npy", "-o", f"{LONG}.keras"),
    ],
)
def test_a_name_that_no_file_can_have_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    """A name that no file can have is one error. If it is the name for standard input, the text is checked."""
    monkeypatch.chdir(tmp_path)
    Path("net.py").write_text(MODEL)
    command = [sys.executable, "-m", "orderlint", *arguments]
    done = subprocess.run(command, input=MODEL, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert "internal error" not in done.stderr
    assert done.returncode in (0, 1, 2)


@NEEDS_POSIX
def test_settings_that_are_no_file_are_told(tmp_path: Path) -> None:
    """A FIFO or a folder given as the configuration is an error."""
    (tmp_path / "net.py").write_text(MODEL)
    odd(tmp_path, "fifo", "mine.toml")
    assert (
        "mine.toml: is a FIFO, expected a regular file" in checked(tmp_path, "--config", "mine.toml", "net.py").stderr
    )
    assert "is a folder, expected a file" in checked(tmp_path, "--config", ".", "net.py").stderr


@NEEDS_POSIX
@pytest.mark.parametrize("command", ["check", "fix", "baseline", "graph {}/net.py", "inspect {}/net.json", "clean"])
def test_a_current_folder_that_is_gone_is_told(tmp_path: Path, command: str) -> None:
    """The error says that the current folder does not exist, as after a switch to a branch without it."""
    (tmp_path / "net.py").write_text(MODEL)
    (tmp_path / "net.json").write_text("{}")
    (tmp_path / "gone").mkdir()
    line = f"cd gone && rmdir ../gone && '{sys.executable}' -m orderlint {command.format(tmp_path)}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["/bin/sh", "-c", line], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr == "error: the current folder no longer exists; change to another one\n"


def project(folder: Path) -> Path:
    """A project whose folder `bad` has a wrong configuration, with a subfolder that has its own."""
    for name in ("", "bad", "bad/own"):
        (folder / name).mkdir(exist_ok=True)
        (folder / name / "net.py").write_text(MODEL)
    (folder / "bad" / "orderlint.toml").write_text("# ours\nselct = []\n")
    (folder / "bad" / "own" / "orderlint.toml").write_text("")
    return folder


@pytest.mark.parametrize("path", [".", "bad/net.py net.py bad/own/net.py", "net.py bad"])
def test_a_wrong_configuration_costs_the_files_that_it_is_for(tmp_path: Path, path: str) -> None:
    """A wrong configuration is reported once, and all files with another configuration are checked."""
    result = checked(project(tmp_path), *path.split())
    assert result.returncode == 2
    assert result.stderr.count("bad/orderlint.toml: line 2: unknown key `selct`") == 1
    assert "net.py:3:" in result.stdout
    assert "bad/own/net.py:3:" in result.stdout
    assert "bad/net.py" not in result.stdout


@pytest.mark.parametrize("path", ["bad/net.py", "."])
def test_a_wrong_configuration_ends_a_run_with_nothing_left(tmp_path: Path, path: str) -> None:
    """If no file is left, the error of the configuration is the only output."""
    bad = project(tmp_path) / "bad" if path == "." else project(tmp_path)
    result = checked(bad, path, "--exclude", "own")
    assert result.returncode == 2
    assert result.stdout == ""
    assert "orderlint.toml:2: unknown key `selct`" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_wrong_configuration_leaves_repairs_of_other_files(tmp_path: Path) -> None:
    """Files with a wrong configuration are not changed."""
    command = [sys.executable, "-m", "orderlint", "fix", "."]
    result = subprocess.run(command, check=False, capture_output=True, text=True, cwd=project(tmp_path), timeout=60)
    changed = [name for name in ("net.py", "bad/net.py", "bad/own/net.py") if (tmp_path / name).read_text() != MODEL]
    assert result.returncode == 2
    assert changed == ["net.py", "bad/own/net.py"]


def test_a_wrong_baseline_costs_the_files_that_it_is_for(tmp_path: Path) -> None:
    """A baseline that is missing or has an impossible name does not affect files of other folders."""
    folder = project(tmp_path)
    (folder / "bad" / "orderlint.toml").write_text('baseline = "gone.json"\n')
    (folder / "bad" / "own" / "orderlint.toml").write_text('baseline = ""\n')
    result = checked(folder, ".")
    assert result.returncode == 2
    assert "error: bad/gone.json: no such baseline" in result.stderr
    assert "error: bad/own/orderlint.toml: line 1: `baseline` is an empty string" in result.stderr
    assert result.stdout.count(":3:") == 1
