"""Garbage collection: none during the analysis of a file, and one after it."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from orderlint.engine.garbage import WORTH_COLLECTING, collect_seldom, file_done
from orderlint.source import analysis
from orderlint.source.interpreter import Interpreter
from orderlint.source.state.machine import Machine
from orderlint.text.files import source_from_text

MODEL = """
from keras import layers, models

def build(n):
    return models.Sequential([layers.Dense(n), layers.ReLU()])

build(3)
"""


class Ring:
    """An object that only the garbage collector can free."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def settings() -> Iterator[None]:
    """The settings of the garbage collector, restored after the test."""
    gc.collect()
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


def ring_of_much() -> weakref.ref[Ring]:
    """Garbage large enough for a collection."""
    ring = Ring()
    ring.much = [[] for _ in range(WORTH_COLLECTING + 1)]  # type: ignore[attr-defined]
    return weakref.ref(ring)


@pytest.mark.usefixtures("settings")
def test_what_a_file_left_is_collected_when_it_is_done() -> None:
    """The process does not wait for an automatic collection."""
    collect_seldom()
    garbage = ring_of_much()
    assert garbage() is not None
    file_done()
    assert garbage() is None


@pytest.mark.usefixtures("settings")
def test_little_garbage_waits() -> None:
    """A collection would take longer than it is worth."""
    collect_seldom()
    gc.collect()
    garbage = weakref.ref(Ring())
    file_done()
    assert garbage() is not None


@pytest.mark.usefixtures("settings")
def test_the_settings_of_other_processes_are_theirs() -> None:
    """In a program that uses the Python API, its own settings apply."""
    gc.set_threshold(50_000_000)
    garbage = ring_of_much()
    file_done()
    assert garbage() is not None


@pytest.mark.usefixtures("settings")
def test_an_analysis_needs_no_collector(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its objects are freed by reference counting when the result is returned."""
    machines: list[weakref.ref[Machine]] = []
    made = Interpreter

    def noted(*args: object) -> Machine:
        machine = made(*args)  # type: ignore[arg-type]
        machines.append(weakref.ref(machine))
        return machine

    monkeypatch.setattr("orderlint.source.analysis.Interpreter", noted)
    gc.set_threshold(50_000_000)
    found = analysis.analyze(source_from_text(MODEL, "model.py"))
    assert len(found) > 0
    assert [machine() for machine in machines] == [None]
