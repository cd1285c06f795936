"""A long run of random programs: its progress, its output, and its results after an interruption."""

from __future__ import annotations

import functools
import inspect
import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.differential.__main__ import Compared, gather, table
from tests.differential.progress import Progress
from tests.differential.quick import quickly
from tests.support import ROOT


def _compared(seed: int, *missed: tuple[str, int]) -> Compared:
    return Compared(seed, True, 1, missed, (), frozenset({"apply"}))


class _Clock:
    """A clock on which each program takes ten seconds."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 5
        return self.now


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_log_has_a_line_now_and_then() -> None:
    """There is not one line for each program; a line has the numbers of programs and disagreements, and the time."""
    stream = io.StringIO()
    progress = Progress(1_000, stream, pause=60, clock=_Clock())
    for number in range(30):
        progress.add(number % 10 == 0)
    lines = stream.getvalue().splitlines()
    assert 1 < len(lines) < 10
    assert lines[0].startswith("12 of 1,000 programs, 2 disagree, 1:")
    assert lines[0].endswith(" left")


def test_a_terminal_has_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line is rewritten, and cleared before anything else is printed."""
    monkeypatch.setattr("orderlint.progress._PATIENCE", 0)
    monkeypatch.setattr("orderlint.progress._PAUSE", 0)
    stream = _Terminal()
    progress = Progress(2, stream)
    progress.add(False)
    progress.add(True)
    assert "\n" not in stream.getvalue()
    assert stream.getvalue().rstrip(" ").endswith("\r2 of 2 programs, 1 disagree, 0:00")
    progress.clear()
    assert stream.getvalue().endswith(" \r")


def test_a_disagreement_is_printed_when_it_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    """It is printed before the next program is run, up to the maximum number of disagreements."""

    def results() -> Iterator[Compared]:
        yield _compared(3)
        yield _compared(4, ("ORD001", 2))
        head, _, second, *_ = capsys.readouterr().out.splitlines()
        assert head == "# program 4"
        assert second.endswith("  # MISSED ORD001")
        yield _compared(5, ("ORD001", 2))
        assert capsys.readouterr().out == ""

    done, is_whole = gather(results(), Progress(3, io.StringIO()), show=1)
    assert [one.seed for one in done] == [3, 4, 5]
    assert is_whole


def test_what_was_done_is_kept_when_a_run_is_interrupted() -> None:
    """The table has the results so far."""

    def results() -> Iterator[Compared]:
        yield _compared(3)
        raise KeyboardInterrupt

    done, is_whole = gather(results(), Progress(3, io.StringIO()), show=1)
    assert not is_whole
    assert "of which build                1" in table(done)


@pytest.mark.skipif(os.name != "posix", reason="Windows interrupts a process in another way")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupted_run_ends_with_its_table(jobs: str) -> None:
    """After Ctrl-C there are the table and the time that the run took, without a traceback, within seconds."""
    pytest.importorskip("keras", reason="what Keras builds cannot be compared without it")
    command = [sys.executable, "-m", "tests.differential", "100000", "--jobs", jobs, "--pause", "0.1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as run:
        assert run.stderr is not None
        assert " of 100,000 programs, 0 disagree, 0:" in run.stderr.readline()
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "findings on both sides" in out
    assert out.endswith(" s, interrupted before 100,000 were done\n")
    assert "Traceback" not in err


class _Layer:
    def __init__(self, units: int, *, name: str = "") -> None: ...

    def call(self, inputs: Any, training: bool | None = None) -> Any: ...

    @functools.wraps(call)
    def wrapped(self, *args: Any) -> Any: ...


class _Derived(_Layer):
    def call(self, inputs: Any, mask: Any = None) -> Any: ...


@pytest.mark.parametrize(
    "what",
    [
        *(_Layer, _Layer.__init__, _Layer.call, _Derived.call, _Layer(1).call, _Derived(1).call, _Layer(1).wrapped),
        *(functools.partial(_compared, 1), _compared, lambda one, *rest: one, _Clock()),
    ],
)
def test_a_signature_that_is_kept_is_the_true_one(what: Callable[..., Any]) -> None:
    """This holds for functions, methods, classes and other callables, for the first call and later ones."""
    signature, argspec = inspect.signature(what), inspect.getfullargspec(what)
    with quickly():
        for _ in range(2):
            assert inspect.signature(what) == signature
            assert inspect.getfullargspec(what) == argspec
    assert inspect.signature(what) == signature
