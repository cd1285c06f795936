"""Finds code that looks up layers of a model by name or index: `get_layer("features")`, `model.layers[2]`.

Such code relies on the names or positions of the layers. A repair that changes the output of such a layer, or its
position, is not made.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator

from orderlint.repair.net.inner import Takers, inner_reads, tables_for_weights
from orderlint.repair.net.readings import Argument, Fed, Lookup, Lookups, Scope, Value, Walked
from orderlint.repair.net.sources import Sources, dotted, is_list, last, sources_of
from orderlint.text.parsing import python_tree
from orderlint.text.scripts import mask_script

__all__ = ["lookups_in"]

_NAMES = ("get_layer",)
_FEEDING = ("add", "append", "extend", "insert")


def lookups_in(cells: Iterable[tuple[int | None, str]]) -> Lookups:
    """The lookups in the cells of a file. Cells that cannot be parsed are skipped."""
    found = Lookups()
    loose: list[Lookup] = []
    computed = False
    lists: dict[tuple[Scope, str], ast.expr] = {}
    parsed = list(_parsed(cells))
    takers = Takers(tree for _, _, tree in parsed)
    for number, text, tree in parsed:
        reader = _Reader(found, number, text, tree, lists, takers)
        reader.visit(tree)
        loose += reader.strings
        computed = computed or reader.computed
    if computed:  # `for name in names: model.get_layer(name)`: any string may be such a name
        found.by_name += loose
    return found


def _parsed(cells: Iterable[tuple[int | None, str]]) -> Iterator[tuple[int | None, str, ast.Module]]:
    """The cells that can be parsed, with their numbers, texts and syntax trees."""
    for number, written in cells:
        text, tree = written, python_tree(written) if written else None
        if tree is None and written:
            text = mask_script(written)
            tree = python_tree(text)
        if tree is not None:
            yield number, text, tree


class _Reader(ast.NodeVisitor):
    """Reads one cell.

    Args:
        lists: By scope and name, the models whose `layers` have a name of their own (`parts = model.layers`).
        takers: Finds functions that only use an argument itself.

    Attributes:
        tables: The dictionaries that are only used to look up weights.
        inner: The expressions of which only the layer itself is used.
    """

    def __init__(
        self,
        found: Lookups,
        cell: int | None,
        text: str,
        tree: ast.Module,
        lists: dict[tuple[Scope, str], ast.expr],
        takers: Takers,
    ) -> None:
        self.found = found
        self.lists = lists
        self.lines = text.splitlines()
        self.cell = cell
        self.scopes: list[Scope] = [""]
        self.strings: list[Lookup] = []
        self.numbers: dict[str, int] = {}
        self.ranges: dict[str, list[int]] = {}
        self.counted: dict[str, ast.expr] = {}
        self.computed = False
        self.takers = takers
        self.tables = tables_for_weights(tree)
        self.inner = set(inner_reads(tree))
        self.literal_names: set[ast.expr] = set()

    # -- scopes -------------------------------------------------------------------------------------------------

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        parameters = [*node.args.posonlyargs, *node.args.args]
        self.found.parameters[node.name] = [one.arg for one in parameters]
        self._inside(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        first = len(self.found.by_place)
        self._inside(node)
        others = _holders_of_data(node)
        self.found.by_place[first:] = [one for one in self.found.by_place[first:] if one.receiver not in others]

    def _inside(self, node: ast.FunctionDef | ast.ClassDef) -> None:
        self.found.definitions.append((node.name, self.cell, node.lineno, node.end_lineno or node.lineno))
        self.scopes.append(node.name)
        self.generic_visit(node)
        self.scopes.pop()

    # -- values -------------------------------------------------------------------------------------------------

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            self._bind(target, node.value, node)
        self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self._bind(node.target, node.value, node)
        self.generic_visit(node)

    def _bind(self, target: ast.expr, value: ast.expr, node: ast.stmt) -> None:
        name = dotted(target)
        if name is None:
            return
        self.lists.pop((self.scopes[-1], name), None)
        if isinstance(value, ast.Attribute) and value.attr == "layers":
            self.lists[self.scopes[-1], name] = value.value
        number = _number(value, {})
        if number is not None:
            self.numbers[name] = number
        called = last(value.func) if isinstance(value, ast.Call) else None
        lines = (node.lineno, node.end_lineno or node.lineno)
        whole = (sources_of(value), is_list(value))
        self.found.values.append(Value(name, self.scopes[-1], called, dotted(value), self.cell, lines, *whole))

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        name = dotted(node.target)
        if name is not None and isinstance(node.op, ast.Add):
            self._feed(name, None, sources_of(node.value), node.lineno)
        self.generic_visit(node)

    def _feed(self, target: str, element: str | None, sources: Sources, line: int) -> None:
        self.found.fed.append(Fed(target, self.scopes[-1], element, sources, self.cell, line))

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = (node.module or "").rpartition(".")[2]
        self.found.imported.setdefault(module, set()).update(alias.name for alias in node.names)

    def visit_For(self, node: ast.For) -> None:
        self._walk(node.target, node.iter)
        name = dotted(node.target)
        if name is not None:
            self.found.walked.append(Walked(name, self.scopes[-1], sources_of(node.iter)))
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        self._walk(node.target, node.iter)
        self.generic_visit(node)

    def visit_ListComp(self, node: ast.ListComp) -> None:
        self._comprehend(node)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> None:
        self._comprehend(node)

    def _comprehend(self, node: ast.ListComp | ast.GeneratorExp) -> None:
        """Visit the clauses first: the element uses the counters that they bind."""
        for part in (*node.generators, node.elt):
            self.visit(part)

    def _walk(self, target: ast.expr, walked: ast.expr) -> None:
        """Record a counter: in `for i in (1, 3)`, its numbers; in `for i, x in enumerate(model.layers)`, the model."""
        if isinstance(target, ast.Name):
            items = walked.elts if isinstance(walked, (ast.List, ast.Tuple)) else []
            self.ranges[target.id] = [known for item in items if (known := _number(item, self.numbers)) is not None]
        elif isinstance(target, ast.Tuple) and isinstance(target.elts[0], ast.Name):
            self.counted.pop(target.elts[0].id, None)
            model = self._owner(walked.args[0]) if isinstance(walked, ast.Call) and walked.args else None
            if model is not None and isinstance(walked, ast.Call) and last(walked.func) == "enumerate":
                self.counted[target.elts[0].id] = model

    # -- lookups ------------------------------------------------------------------------------------------------

    def visit_Call(self, node: ast.Call) -> None:
        called = last(node.func)
        if isinstance(node.func, ast.Name):
            self._take(node.func.id, node.args)
        if called is not None:
            self.found.calls.setdefault(self.scopes[-1], set()).add(called)
            self._hand_over(called, node)
        if isinstance(node.func, ast.Attribute) and node.func.attr in _NAMES:
            self._get_layer(node, node.func)
        elif isinstance(node.func, ast.Attribute) and node.func.attr in _FEEDING and node.args:
            self._put(node, node.func)
        self.generic_visit(node)

    def _take(self, called: str, arguments: list[ast.expr]) -> None:
        """Record the arguments of which the called function only uses the layer itself."""
        for place, argument in enumerate(arguments):
            if isinstance(argument, ast.Starred):
                return
            if isinstance(argument, (ast.Call, ast.Subscript)) and self.takers.take_inner(called, place):
                self.inner.add(argument)

    def _put(self, node: ast.Call, function: ast.Attribute) -> None:
        receiver = dotted(function.value)
        if receiver is None:
            return
        if function.attr == "add":
            self.found.added.append((receiver, self.cell, node.lineno))
        is_whole = function.attr == "extend"
        sources = sources_of(node.args[0]) if is_whole else Sources()
        self._feed(receiver, None if is_whole else dotted(node.args[-1]), sources, node.lineno)

    def _hand_over(self, called: str, node: ast.Call) -> None:
        for place, argument in enumerate(node.args):
            maker = last(argument.func) if isinstance(argument, ast.Call) else None
            name = dotted(argument)
            if name is not None or maker is not None:
                self.found.arguments.append(Argument(called, place, name, maker, self.scopes[-1]))

    def _get_layer(self, node: ast.Call, function: ast.Attribute) -> None:
        keywords = {one.arg: one.value for one in node.keywords}
        name = keywords.get("name", node.args[0] if node.args else None)
        index = keywords.get("index", node.args[1] if len(node.args) > 1 else None)
        number = _number(index, self.numbers) if index is not None else None
        if number is not None:
            self._count(node, function.value, (number,))
        elif isinstance(name, ast.Constant) and isinstance(name.value, str):
            self._name(node, name.value, is_inner=node in self.inner)
            self.literal_names.add(name)
        elif name is not None and node not in self.inner:
            self.computed = True

    def visit_Subscript(self, node: ast.Subscript) -> None:
        model = self._owner(node.value)
        if model is not None:
            self._count(node, model, tuple(self._places(node.slice)))
        self.generic_visit(node)

    def _owner(self, node: ast.expr) -> ast.expr | None:
        """The model that a list of layers belongs to: `model.layers`, or a name that was bound to it; else `None`."""
        name = dotted(node)
        known = self.lists.get((self.scopes[-1], name)) or self.lists.get(("", name)) if name is not None else None
        if known is not None:
            return known
        return node.value if isinstance(node, ast.Attribute) and node.attr == "layers" else None

    def _places(self, node: ast.expr) -> Iterator[int]:
        """The known positions that an index refers to. A slice up to position 3 refers to position 2."""
        given = [node.lower, node.upper] if isinstance(node, ast.Slice) else [node]
        if isinstance(node, ast.Name):
            yield from self.ranges.get(node.id, ())
        for number, place in enumerate(given):
            known = _number(place, self.numbers) if place is not None else None
            if known is not None:
                yield known - 1 if number and known > 0 else known

    def visit_Compare(self, node: ast.Compare) -> None:
        """`layer.name == "features"`, `layer.name in ("a", "b")`; `i < 3` for a counter of layers."""
        sides = [node.left, *node.comparators]
        self._compare_count(node, sides)
        if any(isinstance(side, ast.Attribute) and side.attr == "name" for side in sides):
            for side in sides:
                items = side.elts if isinstance(side, (ast.List, ast.Tuple, ast.Set)) else [side]
                for item in items:
                    if isinstance(item, ast.Constant) and isinstance(item.value, str):
                        self._name(node, item.value)
        self.generic_visit(node)

    def _compare_count(self, node: ast.Compare, sides: list[ast.expr]) -> None:
        models = [self.counted[side.id] for side in sides if isinstance(side, ast.Name) and side.id in self.counted]
        numbers = [number for side in sides if (number := _number(side, self.numbers)) is not None]
        if models:
            self._count(node, models[0], tuple(numbers))

    def visit_Dict(self, node: ast.Dict) -> None:
        """`loss={"features": "mse"}`."""
        for key in node.keys:
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                self._name(key, key.value, is_loose=True, is_inner=node in self.tables)
        self.generic_visit(node)

    def visit_keyword(self, node: ast.keyword) -> None:
        if node.arg != "name":
            self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and node not in self.literal_names:
            self.strings.append(Lookup(ast.unparse(node), node.lineno, self.cell, name=node.value, is_loose=True))

    def _name(self, node: ast.expr, name: str, *, is_loose: bool = False, is_inner: bool = False) -> None:
        code = self._code(node)
        self.found.by_name.append(Lookup(code, node.lineno, self.cell, name=name, is_loose=is_loose, is_inner=is_inner))

    def _code(self, node: ast.expr) -> str:
        lines = self.lines[node.lineno - 1 : node.end_lineno]
        text = ast.unparse(node)
        return text.replace("'", '"') if len(lines) == 1 and "'" not in lines[0] else text

    def _count(self, node: ast.expr, receiver: ast.expr, indices: tuple[int, ...]) -> None:
        model = dotted(_base(receiver))
        if model is not None and indices:
            scope = self.scopes[-1]
            self.found.by_place.append(
                Lookup(
                    self._code(node),
                    node.lineno,
                    self.cell,
                    receiver=model,
                    scope=scope,
                    indices=indices,
                    is_inner=node in self.inner,
                )
            )


def _holders_of_data(node: ast.ClassDef) -> set[str]:
    """The objects whose `layers` only contain constants, according to the assignments in a class: `self.layers = [64]`.

    A parameter is assumed to have its default: `def __init__(self, layers=(500, 300)): self.layers = layers`.
    """
    held: dict[str, bool] = {}
    sizes = {name for one in ast.walk(node) if isinstance(one, ast.FunctionDef) for name in _given_sizes(one.args)}
    for statement in ast.walk(node):
        if isinstance(statement, (ast.Assign, ast.AnnAssign)):
            for target in statement.targets if isinstance(statement, ast.Assign) else [statement.target]:
                if isinstance(target, ast.Attribute) and target.attr == "layers" and (name := dotted(target.value)):
                    held[name] = held.get(name, True) and _is_data(statement.value, sizes)
    return {name for name, is_data in held.items() if is_data}


def _given_sizes(arguments: ast.arguments) -> Iterator[str]:
    """The parameters whose defaults are nonempty lists or tuples of constants."""
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = [*arguments.defaults, *arguments.kw_defaults]
    parameters = [*positional[len(positional) - len(arguments.defaults) :], *arguments.kwonlyargs]
    for parameter, default in zip(parameters, defaults, strict=True):
        if isinstance(default, (ast.List, ast.Tuple)) and default.elts and _is_data(default):
            yield parameter.arg


def _is_data(node: ast.expr | None, sizes: Collection[str] = ()) -> bool:
    if isinstance(node, (ast.List, ast.Tuple)):
        return all(_is_data(one, sizes) for one in node.elts)
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id in sizes)


def _base(node: ast.expr) -> ast.expr:
    """The outermost model of `model.layers[1].layers[2]`."""
    while isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr == "layers":
        node = node.value.value
    return node


def _number(node: ast.expr, names: dict[str, int]) -> int | None:
    """A constant index: `2`, `-1`, `len(model.layers) - 2`, or a name that was bound to one; else `None`."""
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        number = _number(node.operand, names)
        return -number if number is not None else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and isinstance(node.left, ast.Call):
        number = _number(node.right, names)
        return -number if number and dotted(node.left.func) == "len" else None
    name = dotted(node)
    return names.get(name) if name is not None else None
