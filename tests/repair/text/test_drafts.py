"""The edits of a repair: which can be combined, and their result."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderlint.diagnostics import Edit
from orderlint.graph import Location
from orderlint.repair.text.drafts import Draft, Refused, Taken, apply_edits, described
from tests.repair.texts import tree_of

TEXT = "abcdefghij"
PLACES = st.integers(0, 10)
TEXTS = st.sampled_from(["", "X", "YZ"])
EDITS = st.lists(st.builds(lambda a, b, text: Edit(min(a, b), max(a, b), text), PLACES, PLACES, TEXTS))


def apart(edits: list[Edit]) -> bool:
    """Whether no two of some edits concern the same character or position."""
    ordered = sorted(edits, key=lambda edit: (edit.start, edit.end))
    return all(one.end <= other.start and one.start != other.start for one, other in pairwise(ordered))


@given(EDITS)
def test_a_draft_is_finished_where_its_edits_are_apart(edits: list[Edit]) -> None:
    """The edits are sorted, without duplicates; overlapping edits are refused."""
    draft = Draft()
    draft.edits += edits
    distinct = list(set(edits))
    if distinct and apart(distinct):
        assert draft.finished() == tuple(sorted(distinct, key=lambda edit: edit.start))
    else:
        with pytest.raises(Refused, match="too close" if distinct else "one expression applies both"):
            draft.finished()


@given(EDITS.filter(apart))
def test_edits_are_made_as_one_after_the_other_from_the_end(edits: list[Edit]) -> None:
    """The order of the edits does not matter, and each changes its own characters."""
    text = TEXT
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    assert apply_edits(TEXT, edits) == text


@given(EDITS.filter(apart), EDITS.filter(apart))
def test_what_does_not_overlap_can_be_made_together(some: list[Edit], others: list[Edit]) -> None:
    """The order does not matter. Two repairs may have the same insertion."""
    assert Taken(others).meets(some) == Taken(some).meets(others)
    if not Taken(others).meets(some):
        both = list({*some, *others})
        assert apart(both)
        draft = Draft()
        draft.edits += both
        if both:
            draft.finished()


def test_edits_that_touch_are_in_each_others_way() -> None:
    """Two adjacent repairs are made in two rounds."""
    assert Taken([Edit(3, 5, "")]).meets([Edit(0, 3, "")])
    assert not Taken([Edit(4, 5, "")]).meets([Edit(0, 3, "")])
    assert not Taken([Edit(0, 3, "", 2)]).meets([Edit(0, 3, "", 1)])


def test_an_import_that_several_ask_for_is_made_once() -> None:
    """An insertion is compatible with an equal one."""
    tree = tree_of("from keras.layers import Dense\n")
    draft = Draft()
    for _ in range(2):
        draft.share(tree, 25, "BatchNormalization, ")
    assert len(draft.finished()) == 1
    assert not Taken(draft.finished()).meets(draft.finished())


def test_a_replacement_by_the_same_is_no_edit() -> None:
    """A draft that changes nothing is refused."""
    tree = tree_of("x = 1\n")
    draft = Draft()
    draft.replace(tree, 0, 5, "x = 1")
    with pytest.raises(Refused):
        draft.finished()


def test_a_part_can_be_shown_with_its_edits_made() -> None:
    """The rest of the text is left out."""
    tree = tree_of("f(a)\nf(b)\n")
    draft = Draft()
    draft.replace(tree, 7, 8, "c")
    assert draft.applied(tree, 5, 9) == "f(c)"


def test_places_are_named_with_their_cell() -> None:
    """In the form that reasons use."""
    assert described(Location("n.ipynb", 2, 1, 2, 1, 3)) == "line 2 of cell 3"
    assert described(Location("n.py", 2, 1, 2, 1)) == "line 2"
