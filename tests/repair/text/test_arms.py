"""Branches of `if`: their combined conditions, the blocks around a statement, and moving it out of them."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderlint.repair.text.arms import Inner, conjunction, inner_item, siblings, take_away
from orderlint.repair.text.drafts import Draft, Refused
from orderlint.repair.text.lines import items_of
from tests.repair.texts import changed, spot_at, syntax_of, top_items


def inner(text: str, code: str = "here") -> Inner:
    """The blocks around an expression of a text, from the outermost."""
    syntax = syntax_of(text)
    tree = syntax.trees[0]
    return inner_item(spot_at(syntax, code), items_of(tree, tree.cell.module))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("if a:\n    here\n", "a"),
        ("if a:\n    pass\nelse:\n    here\n", "not a"),
        ("if not a:\n    pass\nelse:\n    here\n", "a"),
        ("if a or b:\n    here\n", "a or b"),
        ("if a or b:\n    if c:\n        here\n", "(a or b) and c"),
        ("if a and b:\n    if c:\n        here\n", "a and b and c"),
        ("if a or b:\n    pass\nelse:\n    here\n", "not (a or b)"),
        ("if a > 1:\n    pass\nelse:\n    here\n", "not (a > 1)"),
        ("if a:\n    pass\nelif b:\n    here\n", "not a and b"),
        ("if k == 'a':\n    pass\nelif k == 'b':\n    here\n", "k == 'b'"),
        ("if k != 'a':\n    pass\nelif k != 'b':\n    here\n", "not (k != 'a') and k != 'b'"),
        ("with s:\n    if a:\n        here\n", "a"),
        ("if (a if b else c):\n    here\n", "(a if b else c)"),
    ],
)
def test_the_condition_of_a_place_is_that_of_all_its_arms(text: str, wanted: str) -> None:
    """A condition that is implied by another one is left out."""
    assert conjunction(inner(text).arms) == wanted


TESTS = st.sampled_from(["a", "not a", "b", "a or b", "a and b", "k == 1", "k == 2", "(a)", "a if b else c"])


@given(st.lists(st.tuples(TESTS, st.sampled_from(["if", "else", "elif"]), TESTS), min_size=1, max_size=3))
def test_a_conjunction_holds_where_the_place_is_reached(shape: list[tuple[str, str, str]]) -> None:
    """For all values of the conditions, the combined condition is true if the branch is executed."""
    text, indent = "", ""
    for test, arm, other in shape:
        text += f"{indent}if {test}:\n"
        if arm != "if":
            text += f"{indent}    pass\n{indent}{arm}{f' {other}' if arm == 'elif' else ''}:\n"
        indent += "    "
    condition = conjunction(inner(f"{text}{indent}here\n").arms)
    run = compile(f"{text}{indent}reached = True\n", "<arms>", "exec")
    for a, b, c, k in itertools.product((False, True), (False, True), (False, True), (1, 2, 3)):
        world: dict[str, object] = {"a": a, "b": b, "c": c, "k": k, "reached": False}
        exec(run, world)
        assert bool(eval(condition, dict(world))) == world["reached"]


@pytest.mark.parametrize(
    "text", ["for i in xs:\n    here\n", "try:\n    here\nfinally:\n    pass\n", "def f():\n    here\n"]
)
def test_a_block_that_is_not_run_once_is_refused(text: str) -> None:
    """A statement in a loop, a `try` or a function is not moved out."""
    with pytest.raises(Refused, match="may not run exactly once"):
        inner(text)


def test_a_node_in_the_head_of_a_statement_stands_in_no_arm() -> None:
    """The test of an `if` is evaluated in any case, so it is in none of the branches."""
    found = inner("if here:\n    pass\n")
    assert (len(found.items), found.arms) == (1, ())


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("if a:\n    b\n    here\nelse:\n    here\n", 2),
        ("if a:\n    here\nelif b:\n    here\nelse:\n    here\n", 3),
        ("if a:\n    here\n", 0),
        ("if a:\n    here\nelse:\n    b\n", 0),
        ("if a:\n    here\nelif b:\n    here\n", 0),
        ("here\n", 0),
    ],
)
def test_arms_that_all_end_alike_are_siblings(text: str, wanted: int) -> None:
    """There is an `else`, and each branch ends with the statement."""
    assert len(siblings(inner(text))) == wanted


@pytest.mark.parametrize(
    ("text", "wanted", "gone"),
    [
        ("if a:\n    here\n    b\nc\n", "if a:\n    b\nc\n", 0),
        ("if a:\n    here\nc\n", "c\n", 1),
        ("with s:\n    if a:\n        here\nc\n", "c\n", 2),
        ("if a:\n    b\nelse:\n    if c:\n        here\n    d\n", "if a:\n    b\nelse:\n    d\n", 1),
    ],
)
def test_blocks_that_are_left_with_nothing_go_too(text: str, wanted: str, gone: int) -> None:
    """The number of removed blocks is returned."""
    found = inner(text)
    draft = Draft()
    assert take_away(draft, found) == gone
    assert changed(found.item.tree, draft) == wanted


@pytest.mark.parametrize(
    ("text", "reason"),
    [("if a:\n    here\nelse:\n    b\n", "would be empty"), ("b; here\n", "share a line")],
)
def test_what_cannot_be_taken_out_is_refused(text: str, reason: str) -> None:
    """A branch with siblings must not become empty, and a shared line is not split."""
    with pytest.raises(Refused, match=reason):
        take_away(Draft(), inner(text))


def test_a_loop_that_would_be_left_with_nothing_keeps_what_it_runs() -> None:
    """Evaluating the iterable may have effects."""
    syntax = syntax_of("for i in xs:\n    here\nc\n")
    found = inner_item(spot_at(syntax, "here"), top_items(syntax), through_loops=True)
    with pytest.raises(Refused, match="loop"):
        take_away(Draft(), found)


def test_what_follows_in_an_iteration_of_a_loop() -> None:
    """The statements after it in its own blocks, up to the loop."""
    syntax = syntax_of("a\nfor i in xs:\n    b\n    if c:\n        here\n        d\n    e\nf\n")
    found = inner_item(spot_at(syntax, "here"), top_items(syntax), through_loops=True)
    assert [item.code for item in found.later_in_iteration] == ["e", "d"]
    assert list(inner("if a:\n    here\n    b\n").later_in_iteration) == []
