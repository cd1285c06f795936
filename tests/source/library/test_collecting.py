"""Constructing and copying containers."""

from __future__ import annotations

import pytest

from orderlint.source.library import collecting
from tests.source.running import interpreter, is_unknown, python_value

HEADER = "import collections\nimport copy\nimport numpy as np\n"


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("list((1, 2))", [1, 2]),
        ("tuple([1, 2])", (1, 2)),
        ("list()", []),
        ("dict(a=1)", {"a": 1}),
        ("dict([('a', 1), ('b', 2)], b=3)", {"a": 1, "b": 3}),
        ("dict({'a': 1})", {"a": 1}),
        ("collections.OrderedDict(a=1)", {"a": 1}),
        ("copy.deepcopy({'a': [1]})", {"a": [1]}),
        ("np.array([1, 2])", [1, 2]),
        ("collections.deque([1, 2])", [1, 2]),
        ("collections.deque()", []),
        ("collections.deque([1, 2], maxlen=None)", [1, 2]),
        ("collections.defaultdict(list)['a']", []),
        ("collections.defaultdict(lambda: 3, b=4)['a']", 3),
        ("collections.defaultdict(lambda: 3, b=4)['b']", 4),
    ],
)
def test_containers_are_made_of_what_they_are_given(expression: str, wanted: object) -> None:
    """A container that is constructed from known elements has these elements."""
    assert python_value(interpreter(HEADER), expression) == wanted


def test_a_copy_is_another_container() -> None:
    """Adding to a copy does not change the original."""
    m = interpreter(f"{HEADER}a = [1]\nb = copy.copy(a)\nc = list(a)\nb.append(2)\nc.append(3)\n")
    assert python_value(m, "a") == [1]
    assert python_value(m, "b") == [1, 2]


def test_a_default_is_kept_once_it_is_made() -> None:
    """A `defaultdict` keeps the values that reading creates; `get` and other dictionaries create none."""
    m = interpreter(f"{HEADER}a = collections.defaultdict(list)\na['x'].append(1)\na['x'].append(2)\n")
    assert python_value(m, "a['x']") == [1, 2]
    assert python_value(m, "a") == {"x": [1, 2]}
    assert is_unknown(m, "{}['x']")
    assert is_unknown(m, "collections.defaultdict()['x']")


def test_a_deque_of_a_length_is_not_followed() -> None:
    """The elements that remain in it are unknown."""
    assert is_unknown(interpreter(HEADER), "collections.deque([1, 2, 3], maxlen=2)")


def test_every_maker_is_in_the_table() -> None:
    """The table has every modeled constructor of containers."""
    assert {"builtins.list", "builtins.dict", "copy.deepcopy"} <= collecting.FUNCTIONS.keys()
