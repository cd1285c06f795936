"""The walk over a syntax tree visits all nodes with code, and no others."""

from __future__ import annotations

from pathlib import Path

import libcst as cst
import pytest

from orderlint.text.cells import Cell
from orderlint.text.walking import children

FIXTURES = sorted(Path(__file__).parents[2].joinpath("fixtures", "check").rglob("*.py"))[::9]
_BLANK = (
    cst.BaseParenthesizableWhitespace,
    cst.AssignEqual,
    cst.Colon,
    cst.Comma,
    cst.Comment,
    cst.EmptyLine,
    cst.LeftParen,
    cst.Newline,
    cst.RightParen,
    cst.Semicolon,
    cst.TrailingWhitespace,
)
_NAMES = "deco f a int one b c two d three x y z i j k E e F g h s P q r t v w xx yy zz aa bb cc"
_Parents = dict[cst.CSTNode, cst.CSTNode]


def _below(node: cst.CSTNode, within: _Parents, *, walked: bool) -> _Parents:
    for child in children(node) if walked else node.children:
        within[child] = node
        _below(child, within, walked=walked)
    return within


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_all_nodes_are_walked_but_blanks_and_punctuation(path: Path) -> None:
    """Each node has the same parent as in libcst."""
    module = Cell(str(path), path.read_text("utf-8")).module
    all_nodes = _below(module, {}, walked=False)
    walked = _below(module, {}, walked=True)
    code = {node for node in all_nodes if not isinstance(node, _BLANK)}
    assert code <= walked.keys()
    assert all(all_nodes[node] is parent for node, parent in walked.items())


def test_a_tree_of_every_kind_of_statement_is_walked() -> None:
    """Decorators, defaults, annotations, `match`, `with`, comprehensions and f-strings hold code."""
    module = cst.parse_module(
        "@deco(1)\nasync def f(a: int = one, *b, c=two, **d) -> three:\n"
        "    with (x as y, z): return [i async for i in j if k]\n"
        "try: import a.b as c, d\nexcept* E as e: raise F from g\nelse: del h\nfinally: pass\n"
        "match s:\n    case P(q, r=[1, *t]) | {'u': v, **w} if xx: print(f'{yy!r:>{zz}}', lambda aa=bb: cc)\n"
    )
    names = {node.value for node in _below(module, {}, walked=True) if isinstance(node, cst.Name)}
    assert names >= set(_NAMES.split())
