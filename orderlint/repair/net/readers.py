"""Finds code, other than layers, that reads a value that a repair changes. The graph does not show such code.

For each expression that reads the output of a layer, the steps of its unit that the value has passed are compared
before and after the repair. Their order does not matter, because the repair is meant to change it.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence

import libcst as cst

from orderlint.graph import LayerCall, UnitStep
from orderlint.judging import Wish
from orderlint.records import record
from orderlint.repair.net.simulation import Paths, Shapes, Steps, leaves_unit, steps_of
from orderlint.repair.text.syntax import Tree
from orderlint.source import Analysis
from orderlint.source.python.readings import free_names, reads_all_variables
from orderlint.text.files import Cell, NodeSite, SourceFile
from orderlint.text.walking import children

__all__ = ["FACTS", "SHOWING", "Reader", "changed_reader"]

FACTS = frozenset({"dtype", "get_shape", "name", "ndim", "rank", "shape"})
"""Attributes and methods of an output that do not depend on its values."""
SHOWING = frozenset({"display", "print"})
"""Functions that only show a value."""
_INSIDE = (
    cst.Arg,
    cst.BinaryOperation,
    cst.Element,
    cst.Index,
    cst.IfExp,
    cst.List,
    cst.NamedExpr,
    cst.Subscript,
    cst.SubscriptElement,
    cst.Tuple,
    cst.UnaryOperation,
)
_FUNCTIONS = (cst.FunctionDef, cst.Lambda)
_Passed = frozenset[Hashable]


@record(frozen=True, slots=True)
class Reader:
    """An expression that reads the output of a layer, other than a layer call.

    Attributes:
        cell: The cell of the expression.
        node: The expression.
        passed: For each path to it, the steps that the value has passed in its unit.
    """

    cell: Cell
    node: cst.BaseExpression
    passed: _Passed

    @property
    def code(self) -> str:
        """The source code of the expression."""
        return _code(self.node)


def changed_reader(
    before: tuple[SourceFile, Paths, Analysis], after: tuple[SourceFile, Paths, Analysis], wishes: Sequence[Wish]
) -> Reader | None:
    """A reader that gets another value, or none, after a repair; `None` if there is no such reader.

    Args:
        before: The file as it is, its graphs with their units, and its analysis.
        after: The same for the repaired file.
        wishes: The wishes that the repair grants.
    """
    if not before[2].readings:
        return None
    taken, new_taken = (
        _taken(steps, some) for steps, some in zip(steps_of(before[1], after[1], wishes), (wishes, ()), strict=True)
    )
    leaving = [_last_step(one.call) for one in wishes if leaves_unit(one)]
    moved = {shapes.number(step) for shapes in dict.fromkeys(taken) for step in leaving} - {None}
    old = _Readers(*before, _Values(before[1], taken, moved)).by_kind()
    new = _Readers(*after, _Values(after[1], new_taken, moved)).by_kind()
    for kind, readers in old.items():
        others = new.get(kind, [])
        if len(others) == len(readers):
            for one, other in zip(readers, others, strict=True):
                if one.passed != other.passed:
                    return one
        elif len(others) < len(readers) or not {one.passed for one in others} <= {one.passed for one in readers}:
            return readers[0]
    return None


def _taken(steps: Sequence[Steps], wishes: Sequence[Wish]) -> list[Shapes]:
    """What takes the shapes of units in each graph."""
    shapes = {one: Shapes(wishes, one) for one in dict.fromkeys(steps)}
    return [shapes[one] for one in steps]


def _last_step(call: LayerCall) -> UnitStep:
    """The last step of a layer."""
    return UnitStep(call, call.steps[-1])


class _Values:
    """The steps that the outputs of calls have passed in their units.

    Args:
        paths: The graphs, with their units.
        shapes: For each graph, determines the numbers of steps.
        moved: The numbers of layers that move to another unit. Only how many of them come before an output counts.
    """

    def __init__(self, paths: Paths, shapes: Sequence[Shapes], moved: Collection[int | None]) -> None:
        self._paths = paths
        self._shapes = shapes
        self._moved = moved
        self._units: dict[int, list[tuple[int, int, int]]] = {}
        self._graph_of: dict[int, int] = {}
        for number, (graph, units) in enumerate(paths):
            for call in graph.calls:
                self._graph_of[id(call)] = number
            for at, unit in enumerate(units):
                for index, step in enumerate(unit.steps):
                    if step.step is step.call.steps[-1]:
                        self._units.setdefault(id(step.call), []).append((number, at, index))
        self._known: dict[int, _Passed] = {}

    def of(self, call: LayerCall) -> _Passed:
        """For each path to the output of a call, what it has passed."""
        if id(call) not in self._known:
            self._known[id(call)] = frozenset(self._ways(call))
        return self._known[id(call)]

    def _ways(self, call: LayerCall) -> Iterator[Hashable]:
        before = self._num_moved(call) if self._moved else 0
        places = self._units.get(id(call))
        if not places:
            yield self._shapes[self._graph_of.get(id(call), 0)].follower(call), before
            return
        for number, at, index in places:
            unit, shapes = self._paths[number][1][at], self._shapes[number]
            counts: Counter[int] = Counter()
            for step in unit.steps[: index + 1]:
                one = shapes.number(step)
                if one is not None and one not in self._moved:
                    counts[one] = 1 if shapes.is_idempotent(one) else counts[one] + 1
            yield frozenset(counts.items()), unit.head is not None, before

    def _num_moved(self, call: LayerCall) -> int:
        """How many of the layers that move to another unit come before a call, or are that call."""
        number = self._graph_of[id(call)]
        graph, shapes = self._paths[number][0], self._shapes[number]
        seen, queue, found = {call.id}, deque([call]), 0
        while queue:
            one = queue.popleft()
            found += bool(one.steps) and shapes.number(_last_step(one)) in self._moved
            for edge in graph.producers(one):
                if edge.source not in seen:
                    seen.add(edge.source)
                    queue.append(graph.calls[edge.source])
        return found


class _Readers:
    """The readers in a text."""

    def __init__(self, file: SourceFile, paths: Paths, analysis: Analysis, values: _Values) -> None:
        self._file = file
        self._analysis = analysis
        self._values = values
        self._taken = {
            call.applied.node
            for graph, _ in paths
            for edge in graph.edges
            if isinstance((call := graph.calls[edge.target]).applied, NodeSite)
        }
        self._free: dict[cst.CSTNode, set[cst.Name]] = {}

    def by_kind(self) -> Mapping[Hashable, list[Reader]]:
        """The readers in the order of the text, by their function and by what they pass the value to."""
        found: dict[Hashable, list[Reader]] = {}
        for number, cell in enumerate(self._file.cells):
            if cell.problem is not None:
                continue
            tree = Tree(cell, number)
            for node in self._readings_in(cell.module):
                kind = self._kind(tree, node)
                if kind is not None:
                    read = self._analysis.readings[node]
                    passed = frozenset((moment, way) for moment, call in read for way in self._values.of(call))
                    found.setdefault(kind, []).append(Reader(cell, node, passed))
        return found

    def _readings_in(self, module: cst.Module) -> Iterator[cst.BaseExpression]:
        """The expressions that read values, from the top."""
        stack: list[cst.CSTNode] = [module]
        while stack:
            node = stack.pop()
            if node in self._analysis.readings and isinstance(node, cst.BaseExpression):
                yield node
            stack += reversed(children(node))

    def _kind(self, tree: Tree, node: cst.BaseExpression) -> Hashable:
        """A key that distinguishes readers; `None` for one that does not count.

        A reader does not count if it is harmless, or if it only passes the value on to something in the graph.
        """
        is_copy = True
        below: cst.CSTNode = node
        above = tree.parents[node]
        while isinstance(above, _INSIDE):
            if self._is_seen(above):
                return None
            if isinstance(above, cst.IfExp) and below is above.test:
                break
            is_copy = is_copy and isinstance(above, (cst.Element, cst.IfExp, cst.NamedExpr, cst.Tuple))
            below, above = above, tree.parents[above]
        if self._is_seen(above) or self._is_harmless(tree, node, above, is_copy):
            return None
        scopes = (one for one in tree.ancestors(node) if isinstance(one, (cst.FunctionDef, cst.ClassDef)))
        called = _code(above.func) if isinstance(above, cst.Call) else ""
        return tuple(one.name.value for one in scopes), type(above).__name__, called

    def _is_seen(self, above: cst.CSTNode) -> bool:
        """Whether the graph shows what takes a value: a layer, or a call of visible code."""
        return above in self._taken or (isinstance(above, cst.Call) and above in self._analysis.followed)

    def _is_harmless(self, tree: Tree, node: cst.BaseExpression, above: cst.CSTNode, is_copy: bool) -> bool:
        """Whether a value is only shown, tested for identity or given another name, or only its facts are read."""
        if isinstance(above, cst.Attribute):
            return above.attr.value in FACTS or above in self._analysis.readings
        if isinstance(above, cst.Expr):
            return not reads_all_variables(node)
        if isinstance(above, (cst.Comparison, cst.ComparisonTarget)):
            test = above if isinstance(above, cst.Comparison) else tree.parents[above]
            assert isinstance(test, cst.Comparison)
            return all(isinstance(one.operator, (cst.Is, cst.IsNot)) for one in test.comparisons)
        if isinstance(above, cst.Call):
            return isinstance(above.func, cst.Name) and above.func.value in SHOWING
        if isinstance(above, (cst.Return, cst.Lambda)):
            function = tree.around(node, _FUNCTIONS)
            return is_copy and function not in self._analysis.followed and self._is_local(node, function)
        if isinstance(above, (cst.Assign, cst.AnnAssign)):
            return is_copy and _gives_name(tree, above)
        return False

    def _is_local(self, node: cst.BaseExpression, function: cst.CSTNode | None) -> bool:
        """Whether an expression is not a variable of an enclosing function."""
        if not isinstance(node, cst.Name) or not isinstance(function, _FUNCTIONS):
            return True
        if function not in self._free:
            self._free[function] = set(free_names(function))
        return node not in self._free[function]


def _gives_name(tree: Tree, statement: cst.Assign | cst.AnnAssign) -> bool:
    """Whether a statement only binds a value to names, and not to class attributes."""
    targets = [one.target for one in statement.targets] if isinstance(statement, cst.Assign) else [statement.target]
    scope = tree.around(statement, (cst.FunctionDef, cst.ClassDef))
    return not isinstance(scope, cst.ClassDef) and all(isinstance(one, (cst.Name, cst.Tuple)) for one in targets)


def _code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)
