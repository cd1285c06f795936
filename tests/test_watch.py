"""`check --watch` runs again after each change."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import SimpleNamespace

import click
import pytest

from orderlint.commands._watching import watch
from tests.running import Place
from tests.support import ROOT

HEAD = "from keras import layers\n\n\ndef net(x):\n"
BAD = HEAD + '    return layers.BatchNormalization()(layers.Dense(8, "relu")(x))\n'
GOOD = HEAD + "    return layers.ReLU()(layers.BatchNormalization()(layers.Dense(8)(x)))\n"


def watched(
    edits: Iterable[Callable[[], object]], run: Callable[[], Iterable[str]], paths: Callable[[], Iterable[str]]
) -> int:
    """Watch while edits are made one after the other, and stop with Ctrl-C."""
    left = iter(edits)

    def sleep(seconds: float) -> None:
        assert seconds >= 0.5
        try:
            next(left)()
        except StopIteration:
            raise KeyboardInterrupt from None

    return watch(run, paths, sleep=sleep)


def test_it_runs_again_when_something_has_changed(tmp_path: Path) -> None:
    """It runs at the start, and when a file changes, appears or disappears, but not otherwise. Ctrl-C is status 0."""
    net, module, runs = tmp_path / "net.py", tmp_path / "blocks.py", list[int]()
    net.write_text("1")
    module.write_text("1")

    def run() -> list[str]:
        runs.append(len(runs))
        return [str(module)]

    def nothing() -> None:
        assert len(runs) == 1

    edits = [
        nothing,
        nothing,
        lambda: net.write_text("12"),
        lambda: module.write_text("12"),
        lambda: (tmp_path / "new.py").write_text("1"),
        net.unlink,
        lambda: None,
    ]
    assert watched(edits, run, lambda: map(str, tmp_path.glob("n*.py"))) == 0
    assert len(runs) == 5


def test_a_long_run_makes_no_long_pause(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The interval depends on the time needed to look for changes; after a check of seconds it looks at once."""
    clock, pauses = [0.0], list[float]()
    monkeypatch.setattr("orderlint.commands._watching.time", SimpleNamespace(monotonic=lambda: clock[0]))

    def run() -> list[str]:
        clock[0] += 60
        return []

    def paths() -> list[str]:
        clock[0] += 0.2
        return []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        raise KeyboardInterrupt

    assert watch(run, paths, sleep=sleep) == 0
    assert pauses == pytest.approx([2.0])


def test_what_changes_during_a_run_is_seen(tmp_path: Path) -> None:
    """The state of the files is taken before the run."""
    net, runs = tmp_path / "net.py", list[int]()
    net.write_text("1")

    def run() -> list[str]:
        if not runs:
            net.write_text("12")
        runs.append(1)
        return []

    assert watched([lambda: None, lambda: None], run, lambda: [str(net)]) == 0
    assert len(runs) == 2


def test_a_configuration_that_is_being_edited_ends_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The error is shown once, and watching continues."""
    broken: list[bool] = []

    def run() -> list[str]:
        if broken:
            raise click.ClickException("broken")
        return []

    def paths() -> list[str]:
        run()
        return []

    assert watched([lambda: broken.append(True), lambda: None, broken.clear, lambda: None], run, paths) == 0
    assert capsys.readouterr().err.count("error: broken") == 1


def test_what_makes_no_sense_is_refused(place: Place) -> None:
    """Standard input does not change, and `--add-ignores` runs once."""
    for args in (["-"], ["--add-ignores"], ["--show-files"]):
        assert place.run("check", "--watch", *args).status == 2


@pytest.mark.skipif(os.name != "posix", reason="signals are sent as POSIX knows them")
def test_the_command_watches(tmp_path: Path) -> None:
    """The command reports findings, reports again after an edit of an imported module, and ends with Ctrl-C.

    Its status is 0, there is no traceback, and without a terminal there are no control characters.
    """
    (tmp_path / "net.py").write_text(HEAD.replace("\n\n", "\nfrom blocks import act\n\n", 1) + "    return act(x)\n")
    (tmp_path / "blocks.py").write_text(BAD.replace("net", "act"))
    command = [
        sys.executable,
        "-m",
        "orderlint",
        "check",
        "--watch",
        "--no-cache",
        "--format",
        "concise",
        "--jobs",
        "1",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    out, err = tmp_path / "out.txt", tmp_path / "err.txt"
    with out.open("w") as to, err.open("w") as to_error:
        process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=to, stderr=to_error)
    try:
        _wait(lambda: err.read_text().count("Watching") == 1)
        assert out.read_text().startswith("blocks.py:5:12: ORD001")
        (tmp_path / "blocks.py").write_text(GOOD.replace("net", "act"))
        _wait(lambda: err.read_text().count("Watching") == 2)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()
    assert "No layer out of order in 2 files." in err.read_text()
    assert "Traceback" not in err.read_text()
    assert "\x1b" not in out.read_text() + err.read_text()


def _wait(for_what: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not for_what():
        assert time.monotonic() < end
        time.sleep(0.05)
