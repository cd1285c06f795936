"""Findings of a repaired text are those of the text before, as far as they are the same."""

from __future__ import annotations

from orderlint.diagnostics import Edit
from orderlint.repair.matching import matched
from orderlint.repair.text.drafts import apply_edits
from tests.repair.texts import Case

LINE = "x = Dense(8, activation='relu')(x)\nx = BatchNormalization()(x)\n"


def test_a_finding_is_followed_to_where_edits_shift_it() -> None:
    """What is inserted above moves it down."""
    edit = Edit(0, 0, "n = 1\n")
    old, new = Case(LINE * 2), Case(apply_edits(LINE * 2, [edit]))
    pairs = matched(old.violations, new.violations, [edit])
    assert [pairs[violation] for violation in new.violations] == old.violations


def test_one_that_was_rewritten_is_the_one_of_the_same_layer() -> None:
    """Its place tells nothing; the rule and the layer do."""
    old, new = Case(LINE), Case(f"y = 1\n{LINE}")
    pairs = matched(old.violations, new.violations, [])
    assert pairs[new.violation] is old.violation


def test_each_old_finding_is_one_new_one_at_most() -> None:
    """A finding that came is none of the old ones."""
    old, new = Case(LINE), Case(LINE * 2)
    pairs = matched(old.violations, new.violations, [])
    assert list(pairs.values()) == old.violations
    assert matched([], new.violations, []) == {}
