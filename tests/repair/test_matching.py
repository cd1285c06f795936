"""The findings of a repaired text are matched with those of the original."""

from __future__ import annotations

import pytest

from orderlint.diagnostics import Edit
from orderlint.repair.matching import matched
from orderlint.repair.text.drafts import apply_edits
from tests.repair.texts import Case

LINE = "x = Dense(8, activation='relu')(x)\nx = BatchNormalization()(x)\n"


def test_a_finding_is_followed_to_where_edits_shift_it() -> None:
    """Lines inserted above a finding move it down."""
    edit = Edit(0, 0, "n = 1\n")
    old, new = Case(LINE * 2), Case(apply_edits(LINE * 2, [edit]))
    pairs = matched(old.violations, new.violations, [edit])
    assert [pairs[violation] for violation in new.violations] == old.violations


RIGHT = "x = Dense(8)(x)\nx = BatchNormalization()(x)\nx = ReLU()(x)\n"


@pytest.mark.parametrize("right", [RIGHT, f"n = 1\n{RIGHT}", "pass\n"])
@pytest.mark.parametrize("gone", [0, 1, 2])
@pytest.mark.parametrize("order", [1, -1])
def test_what_is_left_is_told_from_what_was_repaired_by_its_place(right: str, gone: int, order: int) -> None:
    """A finding is matched by its layer, whose position depends on the edits before it."""
    edit = Edit(gone * len(LINE), (gone + 1) * len(LINE), right)
    old, new = Case(LINE * 3), Case(apply_edits(LINE * 3, [edit]))
    pairs = matched(old.violations[::order], new.violations, [edit])
    assert [pairs[one] for one in new.violations] == [one for at, one in enumerate(old.violations) if at != gone]


def test_the_edits_of_a_cell_move_nothing_in_another() -> None:
    """Positions are relative to a cell, so edits of one cell do not change those of another."""
    edit = Edit(0, len(LINE), RIGHT, cell=2)
    old = Case(LINE * 2)
    assert matched(old.violations[::-1], Case(LINE * 2).violations[:1], [edit]).popitem()[1] is old.violations[0]


def test_one_that_was_rewritten_is_the_one_of_the_same_layer() -> None:
    """If the layer was rewritten, its position does not match; the rule and the layer do."""
    old, new = Case(LINE), Case(f"y = 1\n{LINE}")
    pairs = matched(old.violations, new.violations, [])
    assert pairs[new.violation] is old.violation


def test_each_old_finding_is_one_new_one_at_most() -> None:
    """An old finding matches at most one new one, and a new finding matches none."""
    old, new = Case(LINE), Case(LINE * 2)
    pairs = matched(old.violations, new.violations, [])
    assert list(pairs.values()) == old.violations
    assert matched([], new.violations, []) == {}
