"""Lists of unknown length with a known first or last element."""

from __future__ import annotations

import pytest

from orderlint.source.python import containers, unrolled
from orderlint.source.state.values import NONE, Choice, Const, ListObject, Unknown
from tests.source.running import interpreter, value_of


@pytest.mark.parametrize("text", ["xs + [None]", "[*xs, None]", "list(xs) + [None]"])
def test_the_last_iteration_has_the_known_element(text: str) -> None:
    """Earlier iterations also have the element, where they are the last."""
    m = interpreter()
    elements = containers.walk(m, value_of(m, text))
    assert [element.iteration is not None and element.iteration.is_spare for element in elements] == [
        False,
        False,
        True,
    ]
    assert elements[-1].value == NONE
    second = elements[1].value
    assert isinstance(second, Choice)
    assert NONE in [option for _, option in second.alternatives]


def test_the_first_iteration_has_the_known_element() -> None:
    """The other iterations have elements of the unknown list."""
    m = interpreter()
    first, second, _ = containers.walk(m, value_of(m, "[64] + xs"))
    assert first.value == Const(64)
    assert isinstance(second.value, Unknown)


@pytest.mark.parametrize("text", ["[1, 2]", "xs + ys", "[1, *xs, 2]", "[*xs, *ys]", "xs + [1, 2]"])
def test_other_lists_are_walked_as_they_are(text: str) -> None:
    """Known lists, and lists with more than one known end, are iterated over as usual."""
    m = interpreter()
    value = value_of(m, text)
    elements = m.elements(value.uid) if isinstance(value, ListObject) else ()
    assert unrolled.with_ends(m, elements) is None
    assert unrolled.length(m, elements) is None


@pytest.mark.parametrize(
    ("text", "same"), [("len(xs + [1])", "len(xs) + 1"), ("len(xs[1:] + [1])", "len(xs)"), ("(xs + [1])[-1]", "1")]
)
def test_its_length_and_its_last_element_are_known(text: str, same: str) -> None:
    """They are known as far as those of the unknown list."""
    m = interpreter()
    assert value_of(m, text) == value_of(m, same)


@pytest.mark.parametrize("text", ["([64] + xs)[-1]", "[64, *xs][-1]"])
def test_the_other_end_is_not_known(text: str) -> None:
    """It is an unknown element of the unknown list."""
    assert isinstance(value_of(interpreter(), text), Unknown)


@pytest.mark.parametrize(("text", "numbers"), [("(xs + [None])[1:]", 3), ("list(xs)[1:]", 3), ("([64] + xs)[1:]", 3)])
def test_a_list_without_its_first_element_is_walked_iteration_by_iteration(text: str, numbers: int) -> None:
    """There is one iteration fewer than the list has elements."""
    m = interpreter()
    elements = containers.walk(m, value_of(m, text))
    assert [element.iteration.number for element in elements if element.iteration] == list(range(numbers))
