"""Tensors with thousands of consumers, and lists of optional elements, are searched once.

These tests count operations. None asserts a time.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from orderlint.engine.checking import check_text
from orderlint.engine.session import Session
from orderlint.graph.guards import Guard
from orderlint.repair.net import simulation
from orderlint.repair.ways import fans
from orderlint.source import Project, analyze
from orderlint.source.python import names
from orderlint.text.files import source_from_text
from tests.hostile.test_bounds import HEADER
from tests.hostile.test_doubling import counted
from tests.judged import standards
from tests.source.running import interpreter, value_of


def fan(size: int) -> str:
    """An activation with many normalizations after it."""
    norms = "".join(f"y{number} = BatchNormalization()(h)\nz{number} = Dense(3)(y{number})\n" for number in range(size))
    return f"{HEADER}h = Dense(3)(x)\nh = ReLU()(h)\n{norms}"


def test_the_repair_of_a_fan_is_drafted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """All findings have the same repair, which is made once."""
    times = counted(monkeypatch, fans, "application")
    report = check_text(source_from_text(fan(20), "net.py"), standards(), Session())
    offered = [finding for finding in report.findings if finding.repair is not None and finding.repair.available]
    assert len(offered) == 20
    assert times() <= 21


def test_a_unit_is_changed_by_the_wishes_for_its_own_layers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the wishes for the layers of a unit change it. All normalizations of a fan go before the same activation."""
    times = counted(monkeypatch, simulation, "_granted")
    check_text(source_from_text(fan(10), "net.py"), standards(), Session())
    few = times()
    check_text(source_from_text(fan(20), "net.py"), standards(), Session())
    assert times() - few < 5 * few


def test_an_index_counts_the_elements_that_may_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """An index into a list of optional elements has as many values as elements before it, and they count as steps."""
    added = "".join(f"if a[{number}]:\n    s.append({number})\n" for number in range(12))
    m = interpreter(f"s = []\n{added}")
    before, joined = m.num_steps, Guard.__and__
    asked = 0

    def counting(one: Guard, other: Guard) -> Guard:
        nonlocal asked
        asked += 1
        return joined(one, other)

    monkeypatch.setattr(Guard, "__and__", counting)
    value_of(m, "s[0]")
    assert asked < 12 * 6
    value_of(m, "s[8]")
    assert m.num_steps > before + 12


@pytest.mark.parametrize(("depth", "codes"), [(30, ["ORD002"]), (100, [])])
def test_bases_of_bases_are_followed_or_told_of(depth: int, codes: list[str]) -> None:
    """A layer that the first class of a chain of bases makes is found in the last, or a warning says it may not be."""
    first = "class C0(keras.Model):\n    def __init__(self):\n        self.drop = Dropout(0.5)\n"
    classes = "".join(f"class C{number}(C{number - 1}):\n    width = {number}\n" for number in range(1, depth))
    call = "    def call(self, x):\n        return BatchNormalization()(self.drop(Dense(3)(x)))\n"
    report = check_text(source_from_text(HEADER + first + classes + call, "net.py"), standards(), Session())
    assert [finding.code for finding in report.findings] == codes
    assert bool(report.warnings) is not bool(codes)
    assert all(warning.is_gap for warning in report.warnings)


def test_a_name_is_sought_once_in_each_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name is looked up once in each module, although star imports in a circle make exponentially many ways."""
    for number in range(12):
        text = f"from m{(number + 1) % 12} import *\nfrom m{(number + 5) % 12} import *\nf{number} = {number}\n"
        (tmp_path / f"m{number}.py").write_text(text, encoding="utf-8")
    times = counted(monkeypatch, names, "own")
    file = source_from_text("from m0 import *\na = f7\nb = nowhere\n", str(tmp_path / "net.py"))
    analyze(file, Project())
    assert times() < 400
