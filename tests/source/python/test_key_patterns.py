"""Patterns of the strings that are keys of a dictionary."""

from __future__ import annotations

import pytest

from orderlint.source.python.key_patterns import LONGEST, can_meet, pattern_of
from orderlint.source.state.values import Unknown, alternatives
from tests.source.running import interpreter, value_of


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ('f"conv{n}"', 'f"norm{n}"', False),
        ('f"conv{n}"', '"conv1"', True),
        ('f"conv{n}"', '"norm1"', False),
        ('f"{n}_norm"', 'f"{n}_act"', False),
        ('f"{n}_norm"', 'f"norm_{n}"', True),
        ('f"conv{n}"', 'f"conv{n}_norm"', True),
        ('f"a{n}b{n}c"', '"abc"', True),
        ('f"a{n}b{n}c"', '"acb"', False),
    ],
)
def test_two_keys_meet_if_one_text_is_both(one: str, other: str, meet: bool) -> None:
    """An unknown part may be any string."""
    m = interpreter()
    patterns = pattern_of(value_of(m, one)), pattern_of(value_of(m, other))
    assert patterns[0] is not None
    assert patterns[1] is not None
    assert can_meet(*patterns) is meet
    assert can_meet(*reversed(patterns)) is meet


def test_what_counts_iterations_is_digits() -> None:
    """`"conv%d"` never equals `"conv%d_norm"`, or a key that contains a name."""
    m = interpreter("for i in range(n):\n    keys = f'conv{i}', f'conv{i}_norm', f'conv{i}1'\n")
    keys = [[key for _, key in alternatives(value_of(m, f"keys[{at}]")) if isinstance(key, Unknown)] for at in range(3)]
    conv, norm, more = (pattern_of(found[0]) for found in keys)
    assert conv is not None
    assert norm is not None
    assert more is not None
    assert not can_meet(conv, norm)
    assert can_meet(conv, more)


@pytest.mark.parametrize("key", ["n", "3", "str(n)", "(n, 1)", f"'{'a' * LONGEST}' + str(n)"])
def test_others_have_no_pattern(key: str) -> None:
    """Numbers, completely unknown strings and long strings have no pattern."""
    m = interpreter()
    assert pattern_of(value_of(m, key)) is None
