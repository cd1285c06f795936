"""Cached answers: the same arguments on unchanged files give the same output, and anything else is checked again."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from orderlint.cli import main
from orderlint.commands._group import run
from orderlint.fast_path import FastPath

BAD = "from keras.layers import *\nm = Sequential([Dense(8, activation='relu'), BatchNormalization()])\n"
GOOD = "from keras.layers import *\nm = Sequential([Dense(8), BatchNormalization(), Activation('relu')])\n"
USER = (
    "from helper import block\nfrom keras.layers import *\n"
    "x = Dense(2, activation='relu')(BatchNormalization()(block(Input((8,)))))\n"
)
HELPER = "from keras.layers import *\n\ndef block(x):\n    return Dense(8, activation='relu')(x)\n"
Answered = tuple[int, str, str]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose files are old enough to be cached."""
    for name, text in {
        "bad.py": BAD,
        "good.py": GOOD,
        "user.py": USER,
        "helper.py": HELPER,
        "plain.py": "x = 1\n",
    }.items():
        write(tmp_path / name, text)
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: Path, text: str, *, age: int = 3600) -> None:
    path.write_text(text)
    os.utime(path, (path.stat().st_mtime - age, path.stat().st_mtime - age))


def by_the_fast_path(line: str, capsys: pytest.CaptureFixture[str]) -> Answered | None:
    """The answer of the fast path, if it has one."""
    status = FastPath(line.split()).status()
    return None if status is None else (status, *capsys.readouterr())


def by_the_command(line: str, capsys: pytest.CaptureFixture[str]) -> Answered:
    """The answer of the command, which runs if the fast path has none."""
    fast_path = FastPath(line.split())
    assert fast_path.status() is None
    return (run(line.split(), fast_path), *capsys.readouterr())


LINES = (
    "check bad.py",
    "check good.py",
    "check user.py helper.py plain.py",
    "check .",
    "check --format concise bad.py",
    "check --color always bad.py good.py",
    "check --exit-zero --quiet bad.py",
    "check --warn ALL --force-exclude bad.py plain.py",
)


@pytest.mark.parametrize("line", LINES)
def test_the_second_answer_is_the_first(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Standard output, standard error and exit status are equal, and the command is not called."""
    first = by_the_command(line, capsys)
    assert by_the_fast_path(line, capsys) == first


def _edit(here: Path) -> None:
    write(here / "helper.py", HELPER.replace("relu", "tanh"))


def _shadow(here: Path) -> None:
    write(here / "helper/__init__.py", HELPER)


def _configure(here: Path) -> None:
    write(here / "orderlint.toml", "ignore = ['ORD001']\n")


def _add(here: Path) -> None:
    write(here / "more.py", BAD)


def _replace_in_place(here: Path) -> None:
    """Change a file without changing its size and modification time, as some tools do."""
    status = (here / "helper.py").stat()
    (here / "helper.py").write_text(HELPER.replace("relu", "tanh"))
    os.utime(here / "helper.py", ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.mark.parametrize("change", [_edit, _configure, _add, _replace_in_place])
def test_a_change_is_seen(change: Callable[[Path], None], here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An imported module, a configuration, a new file in a folder."""
    by_the_command("check .", capsys)
    change(here)
    assert by_the_fast_path("check .", capsys) is None
    assert by_the_command("check .", capsys) == _fresh("check .", capsys)


def _fresh(line: str, capsys: pytest.CaptureFixture[str]) -> Answered:
    return (run([*line.split(), "--no-cache"]), *capsys.readouterr())


def test_a_module_that_was_looked_for_is_seen_when_it_comes(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An import that could not be resolved before is resolved then."""
    (here / "helper.py").unlink()
    line = "check user.py"
    before = by_the_command(line, capsys)
    assert by_the_fast_path(line, capsys) == before
    write(here / "helper.py", HELPER)
    assert by_the_fast_path(line, capsys) is None
    assert by_the_command(line, capsys) != before


def test_the_same_text_written_anew_is_the_same(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A checkout of the same revision changes modification times, but no answers."""
    first = by_the_command("check good.py", capsys)
    write(here / "good.py", GOOD, age=60)
    assert by_the_fast_path("check good.py", capsys) == first


@pytest.mark.parametrize("other", ["check --no-cache bad.py", "check bad.py ./bad.py", "check -q bad.py"])
def test_another_question_has_its_own_answer(other: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Other arguments have another answer, and `--no-cache` does not read the cache."""
    by_the_command("check bad.py", capsys)
    assert by_the_fast_path(other, capsys) is None


@pytest.mark.parametrize("variable", ["NO_COLOR", "FORCE_COLOR", "COLUMNS"])
def test_what_a_terminal_shows_depends_on_the_environment(
    variable: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A colored answer is not used if colors are disabled."""
    by_the_command("check bad.py", capsys)
    monkeypatch.setenv(variable, "1")
    assert by_the_fast_path("check bad.py", capsys) is None


def test_a_warning_is_given_each_time(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Answers with warnings are not cached, since a warning may depend on other files."""
    write(here / "bad.py", BAD + "x = 1  # orderlint: ignor\n")
    first = by_the_command("check bad.py", capsys)
    assert "warning" in first[2]
    assert by_the_command("check bad.py", capsys) == first


@pytest.mark.parametrize("damage", [b"", b"\xff\0", b"0.1.0"])
def test_a_damaged_answer_is_none(damage: bytes, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A truncated or overwritten entry costs time and never gives a wrong answer."""
    first = by_the_command("check bad.py", capsys)
    (kept,) = here.glob(".orderlint_cache/answers/*.answer")
    whole = kept.read_bytes()
    for data in (damage, whole[: len(whole) // 2], whole[:-3], whole.replace(b"\0end", b"\0file")):
        kept.write_bytes(data)
        assert by_the_fast_path("check bad.py", capsys) is None
    assert by_the_command("check bad.py", capsys) == first


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="this system has no owners of files to ask for")
def test_what_somebody_else_may_write_is_not_believed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A cache folder that another user created is not read."""
    by_the_command("check bad.py", capsys)
    mine = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: mine + 1)
    assert by_the_fast_path("check bad.py", capsys) is None


def test_answers_go_with_the_cache(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`orderlint clean` deletes them."""
    by_the_command("check bad.py", capsys)
    assert run(["clean"]) == 0
    assert not (here / ".orderlint_cache").exists()


def test_a_stream_that_is_no_file_is_written_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """Output that is collected in memory is complete in the first run and the second."""
    said = []
    for _ in range(2):
        stream = io.StringIO()
        monkeypatch.setattr(sys, "stdout", stream)
        with pytest.raises(SystemExit):
            main(["check", "bad.py"])
        said.append(stream.getvalue())
    assert said[0] == said[1] != ""


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text on other systems")
def test_a_path_that_is_no_text_is_checked(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file name that is not UTF-8 can be checked, and checked again."""
    name = os.fsdecode(b"b\xffd.py")
    write(here / name, BAD)
    first = (run(["check", name], FastPath(["check", name])), *capsys.readouterr())
    assert first[0] == 1
    assert (run(["check", name], FastPath(["check", name])), *capsys.readouterr()) == first
