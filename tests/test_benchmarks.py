"""The benchmarks: the manual shows what was recorded."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from benchmarks import growth, linters, one_file, packages, server, shown
from benchmarks.measuring import RESULTS, record, spent
from orderlint import check_paths


def test_the_page_shows_what_was_recorded() -> None:
    """The tables and charts of the manual are those of the records: `python -m benchmarks.shown` writes them."""
    for file, text in shown.written(shown.PAGE.read_text()).items():
        assert file.read_text() == text, f"{file.name} is not up to date: python -m benchmarks.shown"


def test_a_record_tells_of_the_machine_and_not_of_its_owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kind of machine, cores, system and load, but no names and paths."""
    monkeypatch.setattr("benchmarks.measuring.RESULTS", tmp_path / "results")
    file = record("any", {"steps": []})
    found = json.loads(file.read_text())
    assert set(found) == {"day", "machine", "steps"}
    assert set(found["machine"]) == {"processor", "architecture", "cores", "system", "python", "load"}


def test_records_are_complete() -> None:
    """Each tool has seconds and a ratio, with their spread."""
    for file in RESULTS.glob("linters-*.json"):
        for one in json.loads(file.read_text())["tools"].values():
            assert one["seconds"]["least"] <= one["seconds"]["median"] <= one["seconds"]["most"]
            assert one["ratio"]["least"] <= one["ratio"]["median"] <= one["ratio"]["most"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell what a process has used")
def test_what_a_process_uses_is_its_own(tmp_path: Path) -> None:
    """CPU time, memory, output and status of a process do not include those of its parent."""
    held = bytearray(os.urandom(1)) * (200 * 2**20)
    code = "import os, sys; print(os.environ['WHAT']); sum(range(10**6)); sys.exit(3)"
    run = spent([sys.executable, "-c", code], folder=tmp_path, environment={"WHAT": "this"})
    assert (run.output, run.status) == ("this\n", 3)
    assert run.processor > 0
    assert 1 < run.memory < 100 < len(held) / 2**20


def test_generated_files_hold_what_they_are_said_to(tmp_path: Path) -> None:
    """Four of a hundred files have one finding each."""
    growth.made(tmp_path, 100)
    assert [finding.code for finding in check_paths([tmp_path])] == ["ORD001"] * 4


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell what a process has used")
def test_the_files_of_the_smallest_benchmark_are_what_they_are_called() -> None:
    """Each command succeeds, and the ratio of the empty program to itself is 1."""
    (round_,) = one_file.measured(1)
    assert set(round_) == set(one_file.COMMANDS)
    assert linters.table([round_], base=one_file.BASE)[one_file.BASE]["ratio"]["median"] == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell what a process has used")
def test_installed_packages_are_checked_by_each_command(tmp_path: Path) -> None:
    """Each command succeeds on a folder with a finding, and each round has a time for each."""
    growth.made(tmp_path, 100)
    lines = packages.commands(Path(sys.executable).parent, tmp_path)
    (round_,) = packages.measured(lines, 1)
    assert set(round_) == set(lines)
    assert linters.table([round_], base=packages.BASE)[packages.BASE]["ratio"]["median"] == 1


def test_every_copy_ends_with_the_word_that_torchfix_waits_for(tmp_path: Path) -> None:
    """The copies differ from the files only in their last line, and their relative positions are the same."""
    for name in ("one/net.py", "one/parts/block.py", "two/net.py", "two/notes.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x = 1")
    count, size = linters.copied([tmp_path / "one", tmp_path / "two"], tmp_path / "to")
    texts = {path.relative_to(tmp_path / "to").as_posix(): path.read_text() for path in tmp_path.rglob("to/**/*.py")}
    assert set(texts) == {"project0/net.py", "project0/parts/block.py", "project1/net.py"}
    assert set(texts.values()) == {"x = 1\n# torch\n"}
    assert (count, size) == (3, sum(map(len, texts.values())))


def test_a_table_has_medians_and_ratios_of_one_round() -> None:
    """A ratio is that of two runs in one round."""
    found = linters.table([{"orderlint": 1.0, "other": 4.0}, {"orderlint": 4.0, "other": 8.0}])
    assert found["other"]["ratio"] == {"median": 3.0, "least": 2.0, "most": 4.0}


@pytest.mark.parametrize("kind", server.KINDS)
def test_the_server_answers_what_is_typed(kind: str) -> None:
    """In a file, in a notebook, and in a file that imports others."""
    taken = asyncio.run(server.measure(kind, 40, 2))
    assert len(taken) == 2
