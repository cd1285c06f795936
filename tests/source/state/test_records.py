"""Named tuples."""

from __future__ import annotations

from orderlint.source.state.records import Record
from orderlint.source.state.values import Const, Element


def test_an_element_is_found_by_its_name() -> None:
    """The elements of a record are also found by name; an unknown name finds nothing."""
    record = Record((Element(Const(1)), Element(Const(2))), ("size", "rate"))
    assert record.get("rate") == Const(2)
    assert record.get("depth") is None
    assert [element.value for element in record.elements] == [Const(1), Const(2)]
