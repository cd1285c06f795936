"""Moves an inline activation into the arms of an `if`: after the norm, or to the start of an arm without a norm.

`x = Dense(8, activation="relu")(x)`, `if norm: x = bn(x)`, `else: x = drop(x)` becomes `x = Dense(8)(x)`, with
`x = Activation("relu")(x)` behind the norm and before the dropout.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from orderlint.graph import Role
from orderlint.repair.net.moves import Move
from orderlint.repair.net.obstacles import Obstacles
from orderlint.repair.text.drafts import Draft, Refused
from orderlint.repair.text.lines import Item, items_of
from orderlint.repair.text.names import bound_names, read_names
from orderlint.repair.text.newlayer import NewLayer
from orderlint.repair.text.reasons import SHARED_LINE, TOO_TANGLED
from orderlint.repair.text.syntax import Syntax, Tree
from orderlint.repair.ways.flow import application, wrap
from orderlint.repair.ways.places import Kind, Place, adding_form, common_lines, place_of
from orderlint.repair.ways.splitting import split_off

__all__ = ["into_arms"]


def into_arms(syntax: Syntax, obstacles: Obstacles, move: Move, taken: set[str]) -> Draft:
    """The edits that apply an inline activation in every arm of the `if` with the norm after it.

    Args:
        syntax: The file.
        obstacles: The obstacles in its graphs.
        move: The move of the activation behind one of the norms.
        taken: The names of new layers. Further ones are added.

    Raises:
        Refused: It is not such a move, or the value does not go directly from the layer into the arms.
    """
    if move.is_merged or len(move.linears) != 1 or len(move.calls) != 1:
        raise Refused(TOO_TANGLED)
    linear, norm = place_of(syntax, move.linears[0]), place_of(syntax, move.calls[0])
    if linear.kind is not norm.kind or linear.function is not norm.function:
        raise Refused(TOO_TANGLED)
    lines = common_lines([linear.spot, norm.spot], is_lifted=False)
    first, last = lines.places
    if lines.is_split or first >= last or lines.items[first].is_compound:
        raise Refused(TOO_TANGLED)
    value = _value(linear, norm)
    out, names = Draft(), set(taken)
    new = split_off(out, syntax, move.linears, move.calls[0], norm.spot, names)
    norms = [norm, *_others(syntax, obstacles, linear, norm)]
    _Arms(out, norms, new, value).fill_rest(lines.items[first + 1 :])
    taken |= names
    return out


def _others(syntax: Syntax, obstacles: Obstacles, linear: Place, norm: Place) -> Iterator[Place]:
    """The other norms that read the output of a layer."""
    known = {norm.call.place}
    for call in obstacles.consumers(linear.call):
        if call.roles == (Role.NORM,) and call.place not in known:
            known.add(call.place)
            yield place_of(syntax, call)


def _value(linear: Place, norm: Place) -> str:
    """The name of the value that goes from a layer into the arms, or of the model that the layers are added to.

    Raises:
        Refused: There is no such name.
    """
    if linear.kind is Kind.ADDED:
        receiver = (norm.receiver or "").rpartition(".")[0]
        if not receiver or linear.receiver != norm.receiver:
            raise Refused(TOO_TANGLED)
        return receiver.partition(".")[0]
    if linear.kind is not Kind.APPLIED:
        raise Refused(TOO_TANGLED)
    one, other = application(linear.spot), application(norm.spot)
    if one.target is None or not one.is_whole or other.source != one.target.value:
        raise Refused(TOO_TANGLED)
    return one.target.value


class _Arms:
    """Inserts a layer into the arms of an `if`.

    Args:
        out: Takes the edits.
        norms: The norms behind which it goes, the one of the wish first.
        new: The layer.
        value: The name of the value in the arms.
    """

    def __init__(self, out: Draft, norms: Sequence[Place], new: NewLayer, value: str) -> None:
        self._out = out
        self._norms = norms
        self._new = new
        self._value = value
        is_added = norms[0].kind is Kind.ADDED
        self._form = adding_form(norms[0]) if is_added else f"{value} = {{}}({value})"

    def fill_rest(self, items: Sequence[Item]) -> None:
        """Insert the layer into the arms of the next statement that uses the value, and where no arm runs.

        Args:
            items: The statements behind the layer that loses the activation, up to the end of the block.

        Raises:
            Refused: The next statement is not an `if`, or the layer cannot be inserted.
        """
        at = next((index for index, one in enumerate(items) if self._value in _names(one)), None)
        if at is None or not isinstance(items[at].node, cst.If):
            raise Refused(TOO_TANGLED)
        following = items[at + 1 :]
        self._fill(items[at], is_exhaustive=any(map(_raises, following[:1])), rest=following)

    def _fill(self, item: Item, *, is_exhaustive: bool = False, rest: Sequence[Item] = ()) -> None:
        """Insert the layer into every arm of an `if` that contains a norm.

        Args:
            item: The `if`.
            is_exhaustive: Whether the value is not used if no arm runs.
            rest: The statements behind it.
        """
        node: cst.CSTNode | None = item.node
        last: cst.If | None = None
        is_left = True
        while isinstance(node, cst.If):
            if self._value in read_names(node.test):
                raise Refused(TOO_TANGLED)
            self._fill_block(item.tree, node.body)
            is_left = is_left and _leaves(items_of(item.tree, node.body)[-1])
            last, node = node, node.orelse
        if isinstance(node, cst.Else):
            self._fill_block(item.tree, node.body)
        elif is_left and rest:
            self._fill_items(item.tree, rest)
        elif last is not None and not is_exhaustive:
            self._add_else(item, last)

    def _fill_block(self, tree: Tree, block: cst.BaseSuite) -> None:
        if not isinstance(block, cst.IndentedBlock):
            raise Refused(SHARED_LINE)
        self._fill_items(tree, items_of(tree, block))

    def _fill_items(self, tree: Tree, items: Sequence[Item]) -> None:
        if any(one.is_shared for one in items):
            raise Refused(SHARED_LINE)
        for at, one in enumerate(items):
            inside = [norm for norm in self._norms if tree is norm.spot.tree and tree.holds(one.node, norm.spot.node)]
            if inside:
                self._put_behind(inside[0], one, items[at + 1 :])
                return
            if self._value in _names(one):
                break
        self._put_first(items)

    def _put_first(self, items: Sequence[Item]) -> None:
        item = items[0]
        if _raises(item):
            return
        statement = self._new.statement(self._form, item.indent, item.newline)
        self._out.insert(item.tree, item.start, f"{item.indent}{statement}{item.newline}")

    def _put_behind(self, norm: Place, item: Item, rest: Sequence[Item]) -> None:
        """Insert the layer behind the norm, or behind its block if that does nothing else with the value."""
        if item.is_compound and not self._is_alone(norm, item):
            if not isinstance(item.node, cst.If):
                raise Refused(TOO_TANGLED)
            self._fill(item, rest=rest)
            return
        if not item.is_compound and norm.kind is Kind.APPLIED and not self._is_rebound(norm):
            wrap(self._out, norm.spot, self._new.code)
            return
        if norm.kind is not self._norms[0].kind or not self._is_rebound(norm):
            raise Refused(TOO_TANGLED)
        statement = self._new.statement(self._form, item.indent, item.newline)
        self._out.insert(item.tree, item.end, f"{item.newline}{item.indent}{statement}")

    def _is_rebound(self, norm: Place) -> bool:
        """Whether the output of the norm has the name of its input, or the norm is added to a model."""
        if norm.kind is Kind.ADDED:
            return True
        app = application(norm.spot)
        return app.is_whole and app.target is not None and app.target.value == self._value

    def _is_alone(self, norm: Place, item: Item) -> bool:
        """Whether an `if` without other arms does nothing with the value except the norm."""
        if not isinstance(item.node, cst.If) or item.node.orelse is not None:
            return False
        inner = item.tree.around(norm.spot.node, cst.SimpleStatementLine)
        others = item.node.deep_remove(inner) if inner is not None else item.node
        return isinstance(others, cst.If) and self._value not in read_names(others) | bound_names(others)

    def _add_else(self, item: Item, last: cst.If) -> None:
        indent, newline = item.indent, item.newline
        inner = f"{indent}{_step(item, last)}"
        statement = self._new.statement(self._form, inner, newline)
        self._out.insert(item.tree, item.end, f"{newline}{indent}else:{newline}{inner}{statement}")


def _names(item: Item) -> set[str]:
    """The names that a statement reads or binds."""
    return read_names(item.node) | bound_names(item.node)


def _raises(item: Item) -> bool:
    return isinstance(item.node, cst.SimpleStatementLine) and isinstance(item.node.body[-1], cst.Raise)


def _leaves(item: Item) -> bool:
    """Whether a statement leaves its function."""
    return isinstance(item.node, cst.SimpleStatementLine) and isinstance(item.node.body[-1], (cst.Raise, cst.Return))


def _step(item: Item, node: cst.If) -> str:
    """The additional indentation of the block of an `if`."""
    return items_of(item.tree, node.body)[0].indent.removeprefix(item.indent) or "    "
