"""A glance follows values, however code passes them on."""

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
    """A glance does not miss a finding of the analysis for any way of carrying a value."""
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
    """The same holds for values from a module of the project, whose objects are only constructed by the importer."""
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
    """The places in the code make no difference."""
    texts = [text for text in map(program, range(2000)) if _is_python(text)]
    cleared = [text for text in texts if glance(text) is not None]
    assert not [text for text in cleared if analyzed(source_from_text(text, "net.py"))]
    assert cleared


def _is_python(text: str) -> bool:
    """Whether the code is a valid program: some ways are not valid everywhere."""
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True
