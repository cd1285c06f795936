"""Methods of lists."""

from __future__ import annotations

from collections import deque

import pytest

from orderlint.source.library import lists
from orderlint.source.state.values import Choice, Const
from tests.source.running import interpreter, python_value, value_of


@pytest.mark.parametrize(
    "code",
    [
        "a.append(4)",
        "a.extend([4, 5])",
        "a.insert(0, 4)",
        "a.insert(-1, 4)",
        "a.remove(2)",
        "a.reverse()",
        "a.pop()",
        "a.pop(0)",
        "a.clear()",
        "a += a.copy()",
    ],
)
def test_a_list_is_changed_as_python_changes_it(code: str) -> None:
    """A method changes a known list as in Python."""
    wanted: dict[str, object] = {"a": [1, 2, 3]}
    exec(code, wanted)  # code of this test
    assert python_value(interpreter(f"a = [1, 2, 3]\n{code}\n"), "a") == wanted["a"]


def test_pop_gives_what_it_takes() -> None:
    """`pop` returns the last element, or the one at the index."""
    m = interpreter("a = [1, 2, 3]\nb = a.pop()\nc = a.pop(0)\n")
    assert (python_value(m, "b"), python_value(m, "c")) == (3, 1)


def test_the_last_element_hangs_on_the_path() -> None:
    """After a conditional `append`, `pop` returns the new element where it is present, else the previous one."""
    found = value_of(interpreter("a = [1]\nif deep:\n    a.append(2)\nb = a.pop()\n"), "b")
    assert isinstance(found, Choice)
    assert {value for _, value in found.alternatives} == {Const(1), Const(2)}


def test_sets_are_lists() -> None:
    """`add` on a set is like `append` on a list."""
    assert python_value(interpreter("a = {1}\na.add(2)\n"), "a") == [1, 2]
    assert lists.METHODS["add"] is lists.METHODS["append"]


@pytest.mark.parametrize(
    "code",
    [
        "a.appendleft(4)",
        "a.extendleft([4, 5])",
        "a.popleft()",
        "a.append(4)",
        "a.pop()",
        "a.extend([4])",
        "a.rotate()",
        "a.rotate(-1)",
        "a.rotate(4)",
    ],
)
def test_a_deque_is_changed_as_python_changes_it(code: str) -> None:
    """A deque is a list that can be changed at both ends."""
    wanted: dict[str, object] = {"a": deque([1, 2, 3])}
    exec(code, wanted)  # code of this test
    made = interpreter(f"from collections import deque\na = deque([1, 2, 3])\n{code}\n")
    assert python_value(made, "list(a)") == list(wanted["a"])  # type: ignore[call-overload]


def test_a_list_grows_by_another_at_once() -> None:
    """Extending a list of any length copies it once, and not once for each new element."""
    m = interpreter("a = []\nfor i in range(40):\n    a.extend(range(3000))\n    a += range(3000)\n")
    assert len(m.elements(value_of(m, "a").uid)) == 40 * 6000  # type: ignore[attr-defined]
