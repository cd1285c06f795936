"""Elements of a list are reordered with their comments, and commas stay."""

from __future__ import annotations

import ast

import libcst as cst
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderlint.repair.text.arguments import Comments
from orderlint.repair.text.drafts import Draft
from orderlint.repair.text.elements import Added, permute_slots, slots_of
from tests.repair.texts import changed, tree_of


def permuted(text: str, order: list[int], added: dict[int, Added] | None = None) -> str:
    tree = tree_of(text)
    holder = next(node for node in tree.parents if isinstance(node, (cst.List, cst.Tuple)))
    slots = slots_of(tree, holder.elements, tree.span(holder)[0])
    draft = Draft()
    permute_slots(draft, slots, order, added)
    return changed(tree, draft)


@pytest.mark.parametrize(
    ("text", "order", "wanted"),
    [
        ("[a, b]", [1, 0], "[b, a]"),
        ("[a,b, c, ]", [2, 0, 1], "[c,a, b, ]"),
        ("[\n    a,\n    b,\n]", [1, 0], "[\n    b,\n    a,\n]"),
        ("[\n    a,\n    b\n]", [1, 0], "[\n    b,\n    a\n]"),
        ("[\n    a,  # A\n    b,  # B\n]", [1, 0], "[\n    b,  # B\n    a,  # A\n]"),
        ("[\n    # A\n    a,\n    # B\n    b,\n]", [1, 0], "[\n    # B\n    b,\n    # A\n    a,\n]"),
        ("[a,  # A\n b]", [1, 0], "[b,\n # A\n a]"),
        ("if x:\n    y = [a,\n         b]\n", [1, 0], "if x:\n    y = [b,\n         a]\n"),
        ("[(a), *b]", [1, 0], "[*b, (a)]"),
        ("(f(\n    a\n), b)", [1, 0], "(b, f(\n    a\n))"),
    ],
)
def test_elements_change_places_in_any_layout(text: str, order: list[int], wanted: str) -> None:
    """Parentheses, stars and comments move with them."""
    assert permuted(text, order) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[a, b]", "[a, b, new]"),
        ("[\n    a,\n    b,\n]", "[\n    a,\n    b,\n    new,\n]"),
        ("[\n    a,\n    b\n]", "[\n    a,\n    b,\n    new\n]"),
        ("[a,\n b]", "[a,\n b,\n new]"),
        ("[\n    a,\n    b,  # B\n]", "[\n    a,\n    b,  # B\n    new,\n]"),
    ],
)
def test_a_new_element_goes_in_behind_another(text: str, wanted: str) -> None:
    """It is on its own line if the others are. A trailing comma is kept if there was one."""
    assert permuted(text, [0, 1], {1: ("new", Comments())}) == wanted


@pytest.mark.parametrize(
    ("text", "at", "wanted"),
    [
        ("[a,\n b]", 0, "[a,\n new,\n b]"),
        ("[\n    a, b]", 0, "[\n    a, new, b]"),
        ("[\n    a, b]", 1, "[\n    a, b, new]"),
        ("[\n    a,\n    b]", 1, "[\n    a,\n    b,\n    new]"),
        ("yy = [a,\n      b\n]", 0, "yy = [a,\n      new,\n      b\n]"),
        ("z = f([a, b],\n      c)", 1, "z = f([a, b, new],\n      c)"),
        ("[a, b,  # B\n]", 1, "[a, b, new,  # B\n]"),
        ("(a,  # A\n b)", 0, "(a,  # A\n new,\n b)"),
        ("{0: [a,\n     b]}", 1, "{0: [a,\n     b,\n     new]}"),
    ],
)
def test_a_new_element_stands_as_those_around_it(text: str, at: int, wanted: str) -> None:
    """On the same line, or on its own line below; comments stay on their lines."""
    assert permuted(text, [0, 1], {at: ("new", Comments())}) == wanted


@pytest.mark.parametrize(
    ("text", "order", "wanted"),
    [
        ("[a, b]", [0, 1], "[a,\n # N\n # M\n new, b]"),
        ("y = [\n    a, b]", [0, 1], "y = [\n    a,\n    # N\n    # M\n    new, b]"),
        ("[a,  # A\n b]", [0, 1], "[a,  # A\n # N\n # M\n new,\n b]"),
        ("[a,  # A\n b]", [1, 0], "[b,\n # N\n # M\n new,\n # A\n a]"),
    ],
)
def test_comments_of_a_new_element_on_a_shared_line_stand_above_it(text: str, order: list[int], wanted: str) -> None:
    """At the end of the line, they might be followed by other elements."""
    assert permuted(text, order, {0: ("new", Comments(("# N",), "# M"))}) == wanted


def test_a_line_keeps_its_newline() -> None:
    """In a text with mixed newlines."""
    assert permuted("[\n    a,\r\n    b\n]", [1, 0]) == "[\n    b,\n    a\r\n]"
    assert permuted("[\r\n    a,\n    b,\r\n]", [1, 0]) == "[\r\n    b,\r\n    a,\n]"


def test_the_comments_of_a_new_element_come_with_it() -> None:
    """Above it and after it, as before."""
    text = permuted("[\n    a,\n]", [0], {0: ("new", Comments(("# above",), "# behind"))})
    assert text == "[\n    a,\n    # above\n    new,  # behind\n]"


COMMENTS = ["", "  # A"]


@st.composite
def lists(draw: st.DrawFn) -> str:
    """Lists of up to four names in any layout, with comments."""
    names = "abcd"[: draw(st.integers(2, 4))]
    if draw(st.booleans()):
        return f"x = [{', '.join(names)}]  # end\n"
    text = "x = [\n"
    for name in names:
        above = f"    # above {name}\n" if draw(st.booleans()) else ""
        behind = f"  # behind {name}" if draw(st.booleans()) else ""
        comma = "," if name != names[-1] or draw(st.booleans()) else ""
        text += f"{above}    {name}{comma}{behind}\n"
    return f"{text}]  # end\n"


@given(lists(), st.data())
def test_a_permutation_of_elements_is_one_of_the_list(text: str, data: st.DataObject) -> None:
    """The elements are in the new order, and each comment is still beside its element."""
    names = [node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name) and node.id != "x"]
    order = data.draw(st.permutations(range(len(names))))
    if order == sorted(order):
        return
    new = permuted(text, order)
    assert [name.id for name in ast.parse(new).body[0].value.elts] == [names[at] for at in order]  # type: ignore[attr-defined]
    lines = new.splitlines()
    for name in names:
        if f"# behind {name}" in text:
            assert any(line.strip().startswith(name) and line.endswith(f"# behind {name}") for line in lines)
        if f"# above {name}" in text:
            assert lines[lines.index(f"    # above {name}") + 1].strip().startswith(name)
    assert lines[-1].endswith("]  # end")
    assert new.count("#") == text.count("#")


@given(lists(), st.data())
def test_going_there_and_back_changes_nothing(text: str, data: st.DataObject) -> None:
    """A permutation and its inverse restore the text."""
    count = text.count("\n    ") - text.count("# above") if "\n    " in text else text.count(",") + 1
    order = data.draw(st.permutations(range(count)))
    if order != sorted(order):
        assert permuted(permuted(text, order), [order.index(at) for at in range(count)]) == text
