"""Elements of lists that are set and read at an unknown index."""

from __future__ import annotations

import pytest

from orderlint.source.python import latest_items
from orderlint.source.state.values import ListObject, Unknown
from tests.source.running import interpreter, value_of

_LAYERS = "from keras.layers import *\na, b, c = ReLU(), ReLU(), ReLU()\nj, k, n = read()\nxs = [a, a]\n"


@pytest.mark.parametrize(
    ("code", "index", "found"),
    [
        ("xs[k] = b", "k", "b"),
        ("xs[k] = b; xs[k] = c", "k", "c"),
        ("xs[k + 1] = b", "k + 1", "b"),
        ("xs[k] = b; xs.append(c)", "k", "b"),
        ("xs[k] = b; xs[j] = c", "k", "a"),
        ("xs[k] = b; xs[0] = c; xs[1] = c", "k", "c"),
        ("xs[k] = b; xs.reverse()", "k", "a"),
        ("xs[k] = b; xs.pop()", "k", "a"),
    ],
)
def test_the_same_index_reads_what_it_set(code: str, index: str, found: str) -> None:
    """The index reads its element, unless the element may have been replaced or moved since."""
    m = interpreter(_LAYERS + code)
    values = value_of(m, f"xs[{index}]"), value_of(m, found)
    assert values[0] == values[1]


def test_an_arm_sets_an_element_on_its_paths() -> None:
    """On other paths the element is unchanged."""
    m = interpreter(_LAYERS + "if n: xs[k] = b\ny = [xs[k] if n else None, None if n else xs[k]]")
    assert value_of(m, "b") in {value for _, value in _options(value_of(m, "y[0]"))}
    assert value_of(m, "b") not in {value for _, value in _options(value_of(m, "y[1]"))}


def _options(value: object) -> list[tuple[object, object]]:
    return list(getattr(value, "alternatives", [(None, value)]))


def test_what_was_never_set_is_read_otherwise() -> None:
    """An element that was never set is looked up in the list."""
    m = interpreter(_LAYERS)
    held, index, other = value_of(m, "xs"), value_of(m, "k"), value_of(m, "c")
    assert isinstance(held, ListObject)
    assert isinstance(index, Unknown)
    assert latest_items.get(m, held, index, lambda: other) is other
    latest_items.note(m, held, index, value_of(m, "b"))
    assert latest_items.get(m, held, index, lambda: other) == value_of(m, "b")
