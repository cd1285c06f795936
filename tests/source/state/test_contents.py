"""Lists in the store: their elements on each path."""

from __future__ import annotations

from orderlint.source.state.contents import Contents
from orderlint.source.state.values import Const, Element, Unknown
from tests.source.running import interpreter


def test_lists_that_were_being_filled_are_left_open() -> None:
    """A list that layers were added to gets one unknown element, even if it is left open twice."""
    m = interpreter()
    filled, other = m.new_list([]), m.new_list([])

    def fail() -> None:
        m.append(filled.uid, Element(m.fresh("layer")))
        raise RecursionError

    m.attempt(fail)
    m.leave_open([filled.uid, filled.uid])
    assert [isinstance(element.value, Unknown) for element in m.elements(filled.uid)] == [True, True]
    assert m.elements(other.uid) == ()


def test_elements_that_the_path_excludes_are_not_there() -> None:
    """On a path a list has the elements that were added on that path."""
    m = interpreter()
    g = m.conditions.opaque("g")
    made = m.new_list([Element(Const(1)), Element(Const(2), g)])
    m.path = ~g
    assert [element.value for element in m.elements(made.uid)] == [Const(1)]


def test_it_is_known_of_a_list_whether_all_is_there_on_all_paths() -> None:
    """An element under a guard is not present on all paths, and later elements do not change that."""
    m = interpreter()
    assert isinstance(m, Contents)
    made = m.new_list([Element(Const(1))])
    m.note_certain(made.uid)
    m.append(made.uid, Element(Const(2)))
    assert m.is_certain(made.uid)
    m.append(made.uid, Element(Const(3), m.conditions.opaque("g")))
    m.append(made.uid, Element(Const(4)))
    assert not m.is_certain(made.uid)
