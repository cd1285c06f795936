"""Helpers for the tests of repairs: syntax trees, nodes by their code, and requested moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from orderlint.graph import LayerCall, LayerGraph
from orderlint.judging import MoveAfter, MoveBefore, Violation, judge
from orderlint.repair.net.moves import Move, merged, move_of
from orderlint.repair.net.obstacles import Obstacles
from orderlint.repair.text.drafts import Draft, apply_edits
from orderlint.repair.text.lines import Item, items_of
from orderlint.repair.text.syntax import Spot, Syntax, Tree
from orderlint.repair.ways.task import Task
from orderlint.source import analyze
from orderlint.text.files import source_from_text
from tests.judged import standards

__all__ = [
    "Case",
    "call_at",
    "changed",
    "find",
    "find_call",
    "spot_at",
    "statements",
    "syntax_of",
    "top_items",
    "tree_of",
]


def syntax_of(text: str, path: str = "net.py") -> Syntax:
    return Syntax(source_from_text(text, path))


def tree_of(text: str) -> Tree:
    return syntax_of(text).trees[0]


def find(tree: Tree, code: str, nth: int = 0) -> cst.CSTNode:
    """The outermost node with this code; of several, the `nth` from the top."""
    found = [node for node in tree.parents if tree.text[slice(*tree.span(node))] == code]
    outermost = [node for node in found if tree.parent(node) not in found]
    return sorted(outermost, key=tree.span)[nth]


def find_call(tree: Tree, code: str) -> cst.Call:
    """The call with this code."""
    return next(node for node in tree.parents if isinstance(node, cst.Call) and tree.code(node) == code)


def spot_at(syntax: Syntax, code: str) -> Spot:
    """The innermost expression with this code."""
    tree = syntax.trees[0]
    found = [node for node in tree.parents if isinstance(node, cst.BaseExpression) and tree.code(node) == code]
    return Spot(tree, found[0])


def statements(text: str) -> Sequence[Item]:
    """The top-level statements of a text."""
    return top_items(syntax_of(text))


def top_items(syntax: Syntax) -> Sequence[Item]:
    """The top-level items of a file with one cell."""
    (tree,) = syntax.trees
    return items_of(tree, tree.cell.module)


def changed(tree: Tree, draft: Draft) -> str:
    """The text of a tree after the edits of a draft."""
    return apply_edits(tree.text, draft.finished())


def call_at(graphs: Sequence[LayerGraph], line: int, layer: str | None = None) -> LayerCall:
    """The first call on a line, or the first call of a layer on it."""
    calls = [call for graph in graphs for call in graph.calls]
    return next(c for c in calls if c.place.location().line == line and layer in (None, c.layer))


@dataclass
class Case:
    """A text that was analyzed and checked, and the wishes of its first finding.

    Names of layers that are not imported are those of Keras, so that a case can be as short as `Dense(8)`.
    """

    text: str
    code: str = "ORD001"
    path: str = "net.py"

    def __post_init__(self) -> None:
        file = source_from_text(self.text, self.path)
        self.standards = standards(self.code)
        self.graphs = analyze(file)
        self.violations = judge(self.graphs, self.standards.rules, self.standards.order)
        self.syntax = Syntax(file)
        self.obstacles = Obstacles(self.graphs)

    @property
    def violation(self) -> Violation:
        return self.violations[0]

    def moves(self) -> list[Move]:
        """The moves for the first finding, one for each kind of path."""
        wishes = [wish for wish in (self.violation.wish, *self.violation.other_wishes) if wish is not None]
        return [self._move(wish) for wish in wishes if isinstance(wish, (MoveBefore, MoveAfter))]

    def _move(self, wish: MoveBefore | MoveAfter) -> Move:
        unit = list({step.call.id: step.call for step in self.violation.unit.steps}.values())
        ends = (wish.anchor.call, wish.call) if isinstance(wish, MoveBefore) else (wish.call, wish.anchor.call)
        return move_of(wish, unit if all(end in unit for end in ends) else self.obstacles.path(*ends))

    def move(self) -> Move:
        return merged(self.moves())

    def task(self) -> Task:
        return Task(self.syntax, self.obstacles, self.move(), set())

    def changed(self, draft: Draft) -> str:
        return changed(self.syntax.trees[0], draft)
