"""Layers applied in expressions: `x = layer(x)`, `second(first(x))`, `x = self.layer(x, training=training)`."""

from __future__ import annotations

import re
from collections.abc import Sequence

import libcst as cst

from orderlint.records import record
from orderlint.repair.text.drafts import Draft, Refused
from orderlint.repair.text.reasons import IN_A_LOOP, TOO_TANGLED
from orderlint.repair.text.syntax import Spot, Tree, bare_name

__all__ = ["Application", "application", "applications", "permute_callees", "statement_of", "wrap"]

_ALIGNED = re.compile(r" {2,}= +")  # the space before the value of `x    = layer(x)`
_DATA = ("inputs", "input", "input_tensor", "x", "tensor", "features", "logits")


@record(frozen=True, slots=True)
class Application:
    """One layer applied in an expression.

    Attributes:
        tree: The cell.
        node: The call.
        data: The input of the layer.
        statement: The innermost statement that contains the call.
        target: The name that is bound to its output, if the statement is `name = call`, or an optional form of it.
        is_whole: Whether the value of the statement is the call.
    """

    tree: Tree
    node: cst.Call
    data: cst.BaseExpression
    statement: cst.CSTNode
    target: cst.Name | None
    is_whole: bool

    @property
    def source(self) -> str | None:
        """The name that it is applied to; `None` if it is applied to another expression."""
        return bare_name(self.data)

    @property
    def rebound(self) -> str:
        """The form of a statement below that applies a layer to its output, aligned alike: `x    = {}(x)`.

        Raises:
            Refused: Its output has no name.
        """
        if self.target is None:
            raise Refused(TOO_TANGLED)
        name, (start, _) = self.target.value, self.tree.span(self.node)
        gap = self.tree.text[self.tree.span(self.target)[1] : start]
        return f"{name}{gap if _ALIGNED.fullmatch(gap) else ' = '}{{}}({name})"

    @property
    def head(self) -> tuple[int, int]:
        """The span from the start of the call to its input."""
        return self.tree.span(self.node)[0], self.tree.full_span(self.data)[0]

    @property
    def tail(self) -> tuple[int, int]:
        """The span from the end of the input to the end of the call."""
        return self.tree.full_span(self.data)[1], self.tree.span(self.node)[1]


def statement_of(spot: Spot) -> cst.CSTNode | None:
    """The innermost statement around a node."""
    for above in spot.tree.ancestors(spot.node):
        if isinstance(above, (cst.BaseSmallStatement, cst.BaseCompoundStatement)):
            return above
    return None


def application(spot: Spot, before: Application | None = None) -> Application:
    """The application of a layer.

    Args:
        spot: The call.
        before: The application whose output is its input, if that is known.

    Raises:
        Refused: It is not a call with an input, or its input is not the output of `before`, or it is in a loop.
    """
    node = spot.node
    if not isinstance(node, cst.Call):
        raise Refused(TOO_TANGLED)
    data = _data(spot.tree, node, before)
    statement = statement_of(spot)
    if data is None or statement is None or spot.tree.function(node) is not spot.tree.function(statement):
        raise Refused(TOO_TANGLED)
    if _is_bound_by_comprehension(spot):
        raise Refused(IN_A_LOOP)
    whole = isinstance(statement, (cst.Assign, cst.Return, cst.Expr)) and statement.value is node
    return Application(spot.tree, node, data, statement, _target(statement, node, data), whole)


def applications(spots: Sequence[Spot]) -> list[Application]:
    """The applications of a chain of layers. The input of each is the output of the one before.

    Raises:
        Refused: It is not such a chain.
    """
    chain: list[Application] = []
    for spot in spots:
        chain.append(application(spot, chain[-1] if chain else None))
    return chain


def _is_bound_by_comprehension(spot: Spot) -> bool:
    """Whether a comprehension binds the output in the code around it: `[y := layer(x) for layer in stack]`."""
    is_named = False
    for above in spot.tree.ancestors(spot.node):
        is_named = is_named or isinstance(above, cst.NamedExpr)
        if isinstance(above, (cst.BaseComp, cst.BaseSmallStatement, cst.BaseCompoundStatement)):
            return is_named and isinstance(above, cst.BaseComp)
    return False


def _target(statement: cst.CSTNode, node: cst.Call, data: cst.BaseExpression) -> cst.Name | None:
    if not isinstance(statement, cst.Assign) or len(statement.targets) != 1:
        return None
    target = statement.targets[0].target
    is_it = statement.value is node or _is_optional(statement.value, node, data)
    return target if is_it and isinstance(target, cst.Name) else None


def _is_optional(value: cst.BaseExpression, node: cst.Call, data: cst.BaseExpression) -> bool:
    """Whether an expression is `layer(x) if flag else x`, or `layer(x) if flag else other(x)`."""
    if not isinstance(value, cst.IfExp):
        return False
    arms = (value.body, value.orelse)
    others = [bare_name(_first_argument(arm)) for arm in arms if arm is not node]
    return len(others) == 1 and others[0] is not None and others[0] == bare_name(data)


def _first_argument(arm: cst.BaseExpression) -> cst.BaseExpression:
    """The only argument of a call; any other expression itself."""
    return arm.args[0].value if isinstance(arm, cst.Call) and len(arm.args) == 1 and not arm.args[0].star else arm


def _data(tree: Tree, node: cst.Call, before: Application | None) -> cst.BaseExpression | None:
    plain = [arg for arg in node.args if not arg.star]
    if before is not None:
        if tree is before.tree and tree.holds(node, before.node):
            return next((arg.value for arg in plain if arg.value is before.node), None)
        wanted = bare_name(before.target)
        return next((arg.value for arg in plain if wanted and bare_name(arg.value) == wanted), None)
    first = next((arg for arg in plain if arg.keyword is None), None)
    if first is None:
        named = {arg.keyword.value: arg for arg in plain if arg.keyword is not None}
        first = next((named[name] for name in _DATA if name in named), None)
    return first.value if first is not None else None


def permute_callees(
    draft: Draft, chain: Sequence[Application], order: Sequence[int], added: tuple[int, str] | None = None
) -> None:
    """Swap layers with their arguments. The data flows through the same positions as before.

    Args:
        draft: Takes the edits.
        chain: The applications, in order.
        order: For each place, the index of the layer that is applied there.
        added: A place, and a new layer that is applied after it.
    """
    for place, payload in enumerate(order):
        slot, item = chain[place], chain[payload]
        head = item.tree.text[slice(*item.head)]
        tail = item.tree.text[slice(*item.tail)]
        if added is not None and added[0] == place:
            head, tail = f"{added[1]}({head}", f"{tail})"
        draft.replace(slot.tree, *slot.head, head)
        draft.replace(slot.tree, *slot.tail, tail)


def wrap(draft: Draft, spot: Spot, layer: str) -> None:
    """Apply a layer to the value of an expression."""
    start, end = spot.span
    draft.insert(spot.tree, start, f"{layer}(")
    draft.insert(spot.tree, end, ")")
