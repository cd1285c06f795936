"""Arguments are removed and added without changing the others, in any layout."""

from __future__ import annotations

import libcst as cst
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderlint.repair.text.arguments import Comments, add_keyword, keyword, remove
from orderlint.repair.text.drafts import Draft
from tests.repair.texts import changed, tree_of


def without(text: str, index: int) -> tuple[str, Comments]:
    tree = tree_of(text)
    call = next(node for node in tree.parents if isinstance(node, (cst.Call, cst.Dict)))
    draft = Draft()
    comments = remove(draft, tree, call, index)
    return changed(tree, draft), comments


def with_keyword(text: str, argument: str) -> str:
    tree = tree_of(text)
    call = next(node for node in tree.parents if isinstance(node, cst.Call))
    draft = Draft()
    add_keyword(draft, tree, call, argument)
    return changed(tree, draft)


@pytest.mark.parametrize(
    ("text", "index", "wanted"),
    [
        ("f(a, b, c)", 0, "f(b, c)"),
        ("f(a, b, c)", 1, "f(a, c)"),
        ("f(a, b, c)", 2, "f(a, b)"),
        ("f(a)", 0, "f()"),
        ("f(a, )", 0, "f( )"),
        ("f(a,b,c)", 1, "f(a,c)"),
        ("f(a,b, c)", 1, "f(a, c)"),
        ("f(a,b,\tc)", 1, "f(a,\tc)"),
        ("f(a, (b), c)", 1, "f(a, c)"),
        ("f(a, k = b, c = 1)", 1, "f(a, c = 1)"),
        ("f(a, *b)", 1, "f(a)"),
        ("f(\n    a,\n    b,\n)", 1, "f(\n    a,\n)"),
        ("f(\n    a,\n    b\n)", 1, "f(\n    a\n)"),
        ("f(\n    a,\n    b,\n)", 0, "f(\n    b,\n)"),
        ("f(a,\n  b)", 1, "f(a)"),
        ("f(a,\n  b)", 0, "f(\n  b)"),
        ("f(a, b,\n  c)", 1, "f(a,\n  c)"),
        ("f(a, bb ,\n  c)", 1, "f(a,\n  c)"),
        ("{'a': 1, 'b': 2}", 0, "{'b': 2}"),
        ("{'a': 1}", 0, "{}"),
    ],
)
def test_an_argument_goes_with_its_comma(text: str, index: int, wanted: str) -> None:
    """The other arguments are unchanged; an empty line is removed."""
    assert without(text, index)[0] == wanted


@pytest.mark.parametrize(
    ("text", "index", "wanted", "comments"),
    [
        ("f(\n    a,  # one\n    b,  # two\n)", 1, "f(\n    a,  # one\n)", Comments((), "# two")),
        ("f(\n    a,\n    # above\n    b,\n)", 1, "f(\n    a,\n)", Comments(("# above",))),
        ("f(a,  # one\n  b)", 1, "f(a)  # one", Comments()),
        ("f(a,  # one\n  b)  # two", 1, "f(a  # one\n)  # two", Comments()),
        ("f(a,  # one\n  # two\n  b)", 1, "f(a  # one\n  # two\n)", Comments()),
        ("f(\n    a  # x, y\n    ,\n    b\n)", 1, "f(\n    a  # x, y\n    ,\n)", Comments()),
    ],
)
def test_its_comments_are_handed_back_and_no_others(text: str, index: int, wanted: str, comments: Comments) -> None:
    """Comments above and after the argument are its own; those of other arguments stay."""
    assert without(text, index) == (wanted, comments)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("f()", "f(k=1)"),
        ("f(a)", "f(a, k=1)"),
        ("f(a, )", "f(a, k=1, )"),
        ("f(g(a))", "f(g(a), k=1)"),
        ("(f)(a)", "(f)(a, k=1)"),
        ("f(\n    a,\n)", "f(\n    a,\n    k=1,\n)"),
        ("f(\n    a\n)", "f(\n    a,\n    k=1\n)"),
        ("f(\n    a,  # one\n)", "f(\n    a,  # one\n    k=1,\n)"),
        ("f(\n    a  # one\n)", "f(\n    a,  # one\n    k=1\n)"),
        ("f(a,\n  b)", "f(a,\n  b, k=1)"),
    ],
)
def test_a_keyword_goes_last_in_the_layout_of_the_call(text: str, wanted: str) -> None:
    """It is on its own line if the last argument is, and has a trailing comma if that has one."""
    assert with_keyword(text, "k=1") == wanted


ARGUMENTS = st.lists(st.sampled_from(["a", "b=(1)", "c=[1, 2]", "*d", "e=f(x)"]), min_size=1, unique=True)
LAYOUTS = st.sampled_from([("f(", ", ", ")"), ("f(", ",", ")"), ("f(\n    ", ",\n    ", ",\n)"), ("f(", ",\n  ", ")")])


@given(ARGUMENTS, LAYOUTS, st.data())
def test_any_argument_of_any_layout_can_go(
    arguments: list[str], layout: tuple[str, str, str], data: st.DataObject
) -> None:
    """The other arguments remain, in their order."""
    arguments.sort(key=lambda one: "=" in one)
    start, between, end = layout
    index = data.draw(st.integers(0, len(arguments) - 1))
    text, _ = without(f"{start}{between.join(arguments)}{end}", index)
    call = cst.parse_expression(text)
    assert isinstance(call, cst.Call)
    codes = [cst.Module([]).code_for_node(arg.with_changes(comma=cst.MaybeSentinel.DEFAULT)) for arg in call.args]
    assert [code.strip() for code in codes] == arguments[:index] + arguments[index + 1 :]


def test_keywords_are_found_by_name() -> None:
    """The value of another argument is ignored."""
    call = cst.parse_expression("f(a, b=a, c=1)")
    assert isinstance(call, cst.Call)
    assert keyword(call, "b") is call.args[1]
    assert keyword(call, "a") is None
