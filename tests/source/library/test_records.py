"""Objects with named values."""

from __future__ import annotations

import pytest

from orderlint.source.library import records
from orderlint.source.state.records import Record
from tests.source.running import interpreter, python_value

HEADER = """
from collections import namedtuple
from types import SimpleNamespace
Size = namedtuple("Size", "height width", defaults=[7])
size = Size(3)
"""


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("size.height", 3),
        ("size.width", 7),
        ("size[1]", 7),
        ("Size(1, width=2).width", 2),
        ("size._replace(height=5).height", 5),
        ("size._asdict()", {"height": 3, "width": 7}),
        ("[part for part in size]", [3, 7]),
        ("SimpleNamespace(rate=0.5).rate", 0.5),
    ],
)
def test_named_values_are_read_as_python_reads_them(expression: str, wanted: object) -> None:
    """Fields by name and by position, defaults, copies with replacements, and namespaces work as in Python."""
    assert python_value(interpreter(HEADER), expression) == wanted
    assert records.OWNER is Record
