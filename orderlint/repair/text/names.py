"""The names that statements read and bind, and how to rename a value."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from operator import itemgetter

import libcst as cst

from orderlint.graph import Role
from orderlint.repair.text.drafts import Draft, Refused
from orderlint.repair.text.lines import Item
from orderlint.repair.text.syntax import Spot, Syntax, Tree, bare_name
from orderlint.source.python.syntax import leaves_iteration
from orderlint.text.walking import children, walk

__all__ = [
    "bound_names",
    "is_binding",
    "is_movable",
    "names_in",
    "read_names",
    "rename_after",
    "suggests_layer",
    "uses_after",
]

_POPPED = re.compile(r"([\w.]+)\.pop\(")
_LEAVING = (cst.Return, cst.Raise)
_WORDS = {
    Role.NORM: r"bn|norm|batch",
    Role.ACTIVATION: r"act|elu|relu|tanh|sigm|swish|silu|mish|soft",
    Role.DROPOUT: r"drop|do\d*$|dp\d*$",
}


def suggests_layer(name: str, role: Role, layer: str) -> bool:
    """Whether the name of a value suggests which layer it comes from."""
    word = _WORDS.get(role) or "|".join(re.findall(r"[A-Z][a-z]{2,3}", layer)) or "$^"
    return re.search(word, name, re.IGNORECASE) is not None


def names_in(node: cst.CSTNode) -> Iterator[tuple[cst.Name, cst.CSTNode]]:
    """Every name in code with its parent, without the names of attributes and keywords."""
    stack: list[tuple[cst.CSTNode, cst.CSTNode]] = [(node, node)]
    while stack:
        one, parent = stack.pop()
        if isinstance(one, cst.Name):
            label = (isinstance(parent, cst.Attribute) and one is parent.attr) or (
                isinstance(parent, cst.Arg) and one is parent.keyword
            )
            if not label:
                yield one, parent
        stack += [(child, one) for child in children(one)]


def is_binding(name: cst.Name, parent: cst.CSTNode) -> bool:
    """Whether a name is bound, and not read, at its place."""
    if isinstance(parent, (cst.AssignTarget, cst.AnnAssign, cst.AugAssign, cst.For, cst.NamedExpr)):
        return parent.target is name
    if isinstance(parent, (cst.FunctionDef, cst.ClassDef, cst.Param)):  # a default is read
        return parent.name is name
    return isinstance(parent, (cst.AsName, cst.ImportAlias, cst.Global, cst.NameItem))


def bound_names(node: cst.CSTNode) -> set[str]:
    """The names that running a statement binds."""
    found = {name.value for name, parent in names_in(node) if is_binding(name, parent)}
    return found | {name for target in _tuple_targets(node) for name in target}


def _tuple_targets(node: cst.CSTNode) -> Iterator[set[str]]:
    for one in walk(node):
        target = getattr(one, "target", None)
        if isinstance(one, (cst.AssignTarget, cst.For, cst.CompFor)) and isinstance(target, (cst.Tuple, cst.List)):
            yield {name.value for name, _ in names_in(target)}


def read_names(node: cst.CSTNode) -> set[str]:
    """The names that a statement reads."""
    return {name.value for name, parent in names_in(node) if not is_binding(name, parent)}


def is_movable(item: Item, crossed: Iterable[Item], values: set[str], *, leaving: Item | None = None) -> bool:
    """Whether a statement can pass others without a name being read before it is bound.

    Args:
        item: The statement.
        crossed: The others.
        values: The names of the value that the layers pass on. They do not count.
        leaving: One of the others that may leave the block, because the statement then comes before it.
    """
    if leaves_iteration(item.node):
        return False
    binds, reads = bound_names(item.node) - values, read_names(item.node) - values
    for other in crossed:
        others = bound_names(other.node) - values
        if binds & (others | read_names(other.node)) or reads & others:
            return False
        if other is leaving:
            continue
        if isinstance(other.node, cst.SimpleStatementLine) and isinstance(other.node.body[-1], _LEAVING):
            return False
        if leaves_iteration(other.node) or _takes_out(other, item):
            return False
    return True


def _takes_out(other: Item, item: Item) -> bool:
    """Whether one statement takes a layer out of the model that another one adds a layer to: `model.pop()`."""
    if not isinstance(other.node, cst.SimpleStatementLine):
        return False
    return any(f"{name}.add(" in item.code for name in _POPPED.findall(other.code))


def uses_after(syntax: Syntax, spot: Spot, names: Collection[str]) -> Iterator[tuple[Spot, bool]]:
    """The uses of names after a statement in its function (or file), and whether each of them binds its name.

    A name that an inner function binds itself is another one.
    """
    function = spot.tree.function(spot.node)
    start = spot.span[1]
    for tree in syntax.trees if function is None else [spot.tree]:
        if tree.number < spot.tree.number:
            continue
        uses = tree.once((_uses, function), partial(_uses, tree, function))
        found = [use for name in dict.fromkeys(names) for use in uses.get(name, ())]
        if len(names) > 1:
            found.sort(key=itemgetter(0))
        for at in range(bisect_left(found, start, key=itemgetter(0)) if tree is spot.tree else 0, len(found)):
            _, use, binds = found[at]
            yield Spot(tree, use), binds


_Uses = Mapping[str, Sequence[tuple[int, cst.Name, bool]]]
"""The uses of each name from the top: the offset, the node, and whether it is bound there."""


def _uses(tree: Tree, function: cst.FunctionDef | cst.Lambda | None) -> _Uses:
    """The names that are used in a function or a file, without those that inner functions bind themselves."""
    found: dict[str, list[tuple[int, cst.Name, bool]]] = {}
    for use, parent in names_in(function.body if function is not None else tree.cell.module):
        if not isinstance(parent, cst.Param) and not _is_local(tree, use, function):
            found.setdefault(use.value, []).append((tree.span(use)[0], use, is_binding(use, parent)))
    for uses in found.values():
        uses.sort(key=itemgetter(0))
    return found


def _is_local(tree: Tree, use: cst.Name, function: cst.CSTNode | None) -> bool:
    """Whether a name belongs to an inner function."""
    inner = tree.function(use)
    while inner is not None and inner is not function:
        if use.value in tree.once((bound_names, inner), partial(bound_names, inner)):
            return True
        inner = tree.function(inner)
    return False


class _Renaming:
    """Renames a value in the code after a statement."""

    def __init__(self, draft: Draft, last: Item, old: str, new: str) -> None:
        self.draft = draft
        self.last = last
        self.old, self.new = old, new
        self.shadowed = False

    def run(self, syntax: Syntax, own: Sequence[cst.CSTNode]) -> None:
        tree = self.last.tree
        function = tree.function(self.last.node)
        if any(isinstance(above, (cst.For, cst.While)) for above in _up_to(tree, self.last.node, function)):
            raise self.failure
        for spot, binds in uses_after(syntax, Spot(tree, self.last.node), (self.old, self.new)):
            use = spot.node
            assert isinstance(use, cst.Name)
            if any(spot.tree.holds(statement, use) for statement in own):
                continue
            if binds and self._rebound(spot.tree, use):
                return
            if not binds:
                self._read(spot.tree, use)

    @property
    def failure(self) -> Refused:
        return Refused(f"`{self.old}` is used in too many ways to be renamed; change the order by hand")

    def _rebound(self, tree: Tree, use: cst.Name) -> bool:
        """Handle another binding of a name. Return whether nothing is left to rename after it.

        Raises:
            Refused: It is not a plain assignment in the same block.
        """
        if not _is_straight(tree, use, self.last):
            raise self.failure
        if use.value == self.new:
            self.shadowed = True
            return False
        statement = tree.around(use, cst.SimpleStatementLine)
        assert statement is not None
        for other, parent in names_in(statement):
            if other.value == self.old and not is_binding(other, parent):
                self._read(tree, other)
        return True

    def _read(self, tree: Tree, use: cst.Name) -> None:
        if use.value == self.new:
            if not self.shadowed:
                raise self.failure
        elif self.shadowed:
            raise self.failure
        else:
            self.draft.replace(tree, *tree.span(use), self.new)


def rename_after(draft: Draft, syntax: Syntax, last: Item, old: str, new: str, own: Sequence[cst.CSTNode]) -> None:
    """Rename a value in the code after a statement.

    Args:
        draft: Takes the edits.
        syntax: The file.
        last: The statement that binds the value.
        old: Its old name.
        new: Its new name.
        own: Statements that are edited anyway.

    Raises:
        Refused: It is used in ways that cannot be followed, for example in a loop.
    """
    _Renaming(draft, last, old, new).run(syntax, own)


def _up_to(tree: Tree, node: cst.CSTNode, function: cst.CSTNode | None) -> Iterator[cst.CSTNode]:
    for above in tree.ancestors(node):
        if above is function:
            return
        yield above


def _is_straight(tree: Tree, name: cst.Name, last: Item) -> bool:
    """Whether a name is bound again by a plain statement in the same block."""
    statement = tree.around(name, cst.SimpleStatementLine)
    if statement is None or bare_name(name) is None:
        return False
    return tree.parent(statement) is last.tree.parent(last.node) or (
        isinstance(tree.parent(statement), cst.Module) and isinstance(last.tree.parent(last.node), cst.Module)
    )
