"""A glance loses sight of no value, however code hands it on."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from orderlint.engine.session import Session
from orderlint.text.files import read_source, source_from_text
from tests.glance.carriers import KINDS, PAIRS, carried, carried_between, program
from tests.glance.looking import analyzed, glance, glance_at


@pytest.mark.parametrize("kind", KINDS)
def test_no_value_is_lost_on_its_way(kind: str) -> None:
    """What the analysis finds behind a way, a glance does not pass over."""
    num_found, lost = 0, []
    for text in carried(kind):
        if analyzed(source_from_text(text, "net.py")):
            num_found += 1
            if glance(text) is not None:
                lost.append(text)
    assert not lost
    assert num_found > len(PAIRS) / 2


@pytest.mark.parametrize("kind", KINDS)
def test_no_value_is_lost_between_modules(kind: str, tmp_path: Path) -> None:
    """Nor what a module of the project carries: only who imports it makes its objects."""
    num_found, lost = 0, []
    for number, (module, text) in enumerate(carried_between(kind)):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "ways.py").write_text(module)
        net = folder / "net.py"
        net.write_text(text)
        if analyzed(read_source(net)):
            num_found += 1
            if glance_at(net, Session()) is not None:
                lost.append((module, text))
    assert not lost
    assert num_found > len(PAIRS) / 3


def test_no_value_is_lost_between_two_ways() -> None:
    """Nor does it matter where in the code they are."""
    texts = [text for text in map(program, range(2000)) if _is_python(text)]
    cleared = [text for text in texts if glance(text) is not None]
    assert not [text for text in cleared if analyzed(source_from_text(text, "net.py"))]
    assert cleared


def _is_python(text: str) -> bool:
    """Whether it is a program: not every way may stand everywhere."""
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True
