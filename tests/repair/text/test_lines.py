"""Statements are reordered with their comments, and nothing else moves."""

from __future__ import annotations

import libcst as cst
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderlint.repair.text.drafts import Draft, Refused
from orderlint.repair.text.lines import Added, Render, below_heading, items_of, permute
from tests.repair.texts import changed, statements, tree_of


def permuted(text: str, order: list[int], render: Render | None = None, added: dict[int, Added] | None = None) -> str:
    items = statements(text)
    draft = Draft()
    permute(draft, items, order, render, added)
    return changed(items[0].tree, draft)


def test_comments_above_and_behind_belong_to_a_statement() -> None:
    """Comments above it up to a blank line, and at the end of its last line."""
    first, second = statements("# far\n\n# near\na = 1  # behind\nb = 2\n")
    assert (first.lead, first.code, first.trail) == ("# near\n", "a = 1", "  # behind")
    assert (second.lead, second.has_comments) == ("", False)


@pytest.mark.parametrize("comment", ["# %%", "# region A", "# fmt: off", "#!shebang", "# orderlint: disable[ORD001]"])
def test_comments_of_a_place_stay_there(comment: str) -> None:
    """Comments that start a cell or a region, or suppress findings in a range, are about all lines below."""
    assert statements(f"{comment}\na = 1\n")[0].lead == ""


def test_a_block_holds_the_comments_that_are_indented_like_it() -> None:
    """Comments at the end of a body move with it; one at the level of the block belongs to the next statement."""
    block, after = statements("if a:\n    b\n    # inner\n# outer\nc\n")
    assert block.tree.text[block.start : block.end] == "if a:\n    b\n    # inner"
    assert after.lead == "# outer\n"


def test_the_statements_of_a_block_are_found_once() -> None:
    """Each of a hundred repairs needs the statements of a block of thousands."""
    tree = tree_of("a = 1\nif a:\n    b = 2\n")
    top = items_of(tree, tree.cell.module)
    assert items_of(tree, tree.cell.module) is top
    inner = cst.ensure_type(top[1].node, cst.If).body
    assert [one.code for one in items_of(tree, inner)] == ["b = 2"]


def test_statements_of_one_line_share_it() -> None:
    """Each is an item without comments."""
    items = statements("a = 1; b = 2  # both\n")
    assert [(item.code, item.is_shared) for item in items] == [("a = 1", True), ("b = 2", True)]
    assert [item.code for item in statements("if a: b; c\n")] == ["if a: b; c"]


@pytest.mark.parametrize(
    ("text", "order", "wanted"),
    [
        ("a\nb\n", [1, 0], "b\na\n"),
        ("a  # A\nb\n", [1, 0], "b\na  # A\n"),
        ("# A\na\n# B\nb\n", [1, 0], "# B\nb\n# A\na\n"),
        ("a\nb", [1, 0], "b\na"),
        ("a\n\nb\n", [1, 0], "b\n\na\n"),
        ("a; b\n", [1, 0], "b; a\n"),
        ("if a:\n    b\nc\n", [1, 0], "c\nif a:\n    b\n"),
        ("a = f(\n    1,\n)\nb\n", [1, 0], "b\na = f(\n    1,\n)\n"),
    ],
)
def test_statements_change_places(text: str, order: list[int], wanted: str) -> None:
    """Blocks and statements of several lines move as a whole."""
    assert permuted(text, order) == wanted


@pytest.mark.parametrize(
    ("text", "order", "wanted"),
    [
        ("a\nb\n\n# note\n\nc  # C\nd\n", [1, 2, 0, 3], "b\nc  # C\n\n# note\n\na\nd\n"),  # such as not from end to end
        ("a\nb\n\n# note\n\n# C\nc\n", [1, 2, 0], "b\n\n# note\n\n# C\nc\na\n"),
        ("# A\na  # x\n\n# note\n\nb\nc\n", [1, 2, 0], "# note\n\nb\nc\n# A\na  # x\n"),
        ("a\nb\n\n# note\n\n# C\nc  # x\nd\n", [3, 0, 1, 2], "d\na\nb\n\n# note\n\n# C\nc  # x\n"),
        ("a\n\n# note\n\n# B\nb\n", [1, 0], "# B\nb\na\n\n# note\n"),
        ("a\r\n\r\n# note\r\n\r\nb\r\n", [1, 0], "b\r\na\r\n\r\n# note\r\n"),
        ("a\n\n# note\n\nb", [1, 0], "b\n\n# note\n\na"),  # the last line of a file keeps its newline
    ],
)
def test_comments_that_belong_to_no_statement_stay_where_they_are(text: str, order: list[int], wanted: str) -> None:
    """A statement moves past them."""
    assert permuted(text, order) == wanted


def test_other_statements_between_them_see_what_they_saw() -> None:
    """They stay in the same order relative to the moved statements, with or without comments."""
    every = statements("a\n\n# note\n\nprint(x)\nb\nc\n")
    items = [every[0], *every[2:]]
    draft = Draft()
    permute(draft, items, [1, 2, 0])
    assert changed(items[0].tree, draft) == "b\n\n# note\n\nprint(x)\nc\na\n"


def test_a_statement_that_passes_a_note_can_be_rewritten_and_another_put_in() -> None:
    """Both are at their new positions."""
    text = "a\nb\n\n# note\n\nc\n"
    render: Render = lambda payload, place: f"{'abc'[payload]}{place}"  # noqa: E731
    added: dict[int, Added] = {1: lambda slot: f"below {slot.code}", 2: lambda slot: "last"}
    assert permuted(text, [1, 2, 0], render, added) == "b0\n\n# note\n\nc1\nbelow c\na2\nlast\n"
    assert permuted(text, [2, 0, 1], render, added) == "c0\na1\nbelow a\nb2\nlast\n\n# note\n"


@pytest.mark.parametrize(
    ("text", "order", "wanted"),
    [
        ("a; b\nc  # C\n", [2, 0, 1], "c  # C\na; b\n"),
        ("# A\na\nb; c  # BC\n", [1, 2, 0], "b; c  # BC\n# A\na\n"),
        ("if a:\n    a\nb; c\nd\n", [1, 2, 3, 0], "b; c\nd\nif a:\n    a\n"),
    ],
)
def test_a_shared_line_is_passed_as_a_whole(text: str, order: list[int], wanted: str) -> None:
    """The line is unchanged."""
    assert permuted(text, order) == wanted


@pytest.mark.parametrize(
    ("text", "part", "order", "wanted"),
    [
        ("a; b\n# C\nc\n", slice(1, 3), [1, 0], "a\n# C\nc\nb\n"),
        ("a  # A\n\nb; c; d  # BCD\n", slice(0, 3), [1, 2, 0], "b\n\nc\na  # A\nd  # BCD\n"),
        ("a; b\n# C\nc\nd\n", slice(1, 4), [1, 2, 0], "a\n# C\nc\nd\nb\n"),
        ("a; b\nc  # C\nd\n", slice(1, 4), [2, 0, 1], "a\nd\nb\nc  # C\n"),
        ("a; b\nif c:\n    d\n", slice(0, 3), [2, 1, 0], "if c:\n    d\nb\na\n"),
        ("a; b  # AB\nc  # C\n", slice(0, 3), [2, 1, 0], "c  # C\nb  # AB\na\n"),
        ("a\r\n# B\r\nb\r\nc; d\r\n", slice(1, 3), [1, 0], "a\r\nc\r\n# B\r\nb\r\nd\r\n"),
    ],
)
def test_what_does_not_fit_into_a_shared_line_breaks_it(text: str, part: slice, order: list[int], wanted: str) -> None:
    """A comment would be about another statement, and a block cannot follow a semicolon."""
    items = statements(text)
    draft = Draft()
    permute(draft, items[part], order)
    assert changed(items[0].tree, draft) == wanted


def test_what_fits_into_a_shared_line_goes_into_it() -> None:
    """A simple statement without comments."""
    items = statements("a; b\nc\n")
    draft = Draft()
    permute(draft, items[1:], [1, 0])
    assert changed(items[0].tree, draft) == "a; c\nb\n"


def test_the_line_of_a_block_is_not_broken() -> None:
    """What follows the colon cannot be on another line."""
    tree = tree_of("if a: b; c\n# D\nd\n")
    block, after = items_of(tree, tree.cell.module)
    assert isinstance(block.node, cst.If)
    inner = items_of(tree, block.node.body)
    with pytest.raises(Refused, match="share a line"):
        permute(Draft(), [inner[-1], after], [1, 0])


def test_a_statement_can_be_rewritten_and_another_put_in() -> None:
    """The new one is below, with the indentation of the statement before it."""
    text = permuted("a\nb  # B\n", [0, 1], lambda payload, slot: "aa" if slot == 0 else "b", {1: lambda slot: "c"})
    assert text == "aa\nb  # B\nc\n"
    assert permuted("a = f(\n    1)\nb\n", [0, 1], None, {0: lambda slot: "c"}) == "a = f(\n    1)\nc\nb\n"


def test_a_statement_is_put_in_where_a_shared_line_breaks() -> None:
    """It gets its own line below the statement that it follows."""
    items = statements("a; b\n# C\nc\n")
    draft = Draft()
    permute(draft, items, [2, 1, 0], None, {1: lambda slot: "new"})
    assert changed(items[0].tree, draft).splitlines() == ["# C", "c", "b", "new", "a"]


def test_what_stays_is_not_edited() -> None:
    """An order that moves nothing has no edits."""
    items = statements("a  # A\nb\n")
    draft = Draft()
    permute(draft, items, [0, 1])
    assert draft.edits == []


@st.composite
def blocks(draw: st.DrawFn) -> str:
    """Blocks of up to four statements with comments; some are compound, some nested."""
    indent = draw(st.sampled_from(["", "    "]))
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    lines = ["if c:"] if indent else []
    for name in "pqrs"[: draw(st.integers(2, 4))]:
        if draw(st.booleans()):
            lines.append(f"{indent}# above {name}")
        if draw(st.integers(0, 3)) == 0:
            lines += [f"{indent}while {name}:", f"{indent}    go({name})"]
        else:
            lines.append(f"{indent}{name} = 1" + (f"  # behind {name}" if draw(st.booleans()) else ""))
        if draw(st.integers(0, 3)) == 0:
            lines.append("")
    return newline.join([*lines, f"{indent}end()", ""])


def parts(text: str) -> list[str]:
    """The statements of a block with their comments, in order."""
    tree = tree_of(text)
    body: cst.CSTNode = tree.cell.module
    first = tree.cell.module.body[0]
    if isinstance(first, cst.If):
        body = first.body
    return [tree.text[item.start : item.end] for item in items_of(tree, body)]


@given(blocks(), st.data())
def test_a_permutation_of_statements_is_one_of_the_block(text: str, data: st.DataObject) -> None:
    """Each statement is in the new order with its comments, and the inverse permutation restores the text."""
    tree = tree_of(text)
    first = tree.cell.module.body[0]
    items = items_of(tree, first.body if isinstance(first, cst.If) else tree.cell.module)
    order = data.draw(st.permutations(range(len(items))))
    if order == sorted(order):
        return
    draft = Draft()
    permute(draft, items, order)
    new = changed(tree, draft)
    old = parts(text)
    assert parts(new) == [old[at] for at in order]
    assert sorted(_filled(new)) == sorted(_filled(text))
    back = tree_of(new)
    first = back.cell.module.body[0]
    draft = Draft()
    items = items_of(back, first.body if isinstance(first, cst.If) else back.cell.module)
    permute(draft, items, [order.index(at) for at in range(len(order))])
    assert _filled(changed(back, draft)) == _filled(text)


def _filled(text: str) -> list[str]:
    """The lines that are not blank."""
    return [line for line in text.splitlines() if line]


@pytest.mark.parametrize(
    ("comment", "belongs"),
    [("# Dense follows", False), ("# Dropout before Dense", True), ("# half of them", True), ("# Flatten", True)],
)
def test_a_comment_that_names_the_next_layer_stays_for_it(comment: str, belongs: bool) -> None:
    """It names a class that the next line does not use, but the one after it does."""
    first, _ = statements(f"{comment}\nx = Dropout(0.5)(x)\nx = Dense(8)(x)\n")
    assert first.has_comments is belongs


@pytest.mark.parametrize(
    ("text", "is_heading"),
    [
        ("# Decoder\nx = Dense(8)(x)\nx = Dropout(0.5)(x)\n", True),
        ("# A dense layer\nx = Dense(8)(x)\nx = Dropout(0.5)(x)\n", False),
        ("# Decoder\nx = Dense(8)(x)\n\nx = Dropout(0.5)(x)\n", False),
        ("# Decoder\nx = Dense(8)(x)\n# Less overfitting\nx = Dropout(0.5)(x)\n", False),
    ],
)
def test_a_comment_above_a_paragraph_is_its_heading(text: str, is_heading: bool) -> None:
    """Unless it names the first layer, or the others are separated or have comments of their own."""
    first = below_heading(statements(text), "Dense")[0]
    assert (first.lead == "") == is_heading
