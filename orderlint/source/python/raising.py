"""The errors that a `try` catches: in the last iteration of a loop, `sizes[i + 1]` does not exist."""

from __future__ import annotations

import libcst as cst

from orderlint.graph.guards import Guard
from orderlint.source.python import draining, iterations
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import Unknown

__all__ = ["when_raised"]

_CAUGHT = frozenset({"IndexError", "LookupError", "Exception", "BaseException"})


def when_raised(
    m: Machine, node: cst.Try | cst.TryStar, handler: cst.ExceptHandler | cst.ExceptStarHandler
) -> Guard | None:
    """The guard under which a handler is entered; `None` if it is not known.

    It is known for a block whose first statement takes an element of a list of unknown length.
    """
    kind = handler.type
    if kind is not None and not (isinstance(kind, cst.Name) and kind.value in _CAUGHT):
        return None
    taken = _taken_first(node.body)
    if taken is None:
        return None
    place, index = taken
    container = m.evaluate(place)
    if not isinstance(container, Unknown):
        return None
    return iterations.compare(m, ">=", m.evaluate(index), draining.length(m, container))


def _taken_first(block: cst.BaseSuite) -> tuple[cst.BaseExpression, cst.BaseExpression] | None:
    """The list and the index of the element that the first statement of a block takes; `None` if it takes none."""
    first = block.body[0] if block.body else None
    if isinstance(first, cst.SimpleStatementLine):
        first = first.body[0]
    if not isinstance(first, (cst.Expr, cst.Assign, cst.AnnAssign)):
        return None
    match first.value:
        case cst.Subscript(value=place, slice=[cst.SubscriptElement(slice=cst.Index(value=index))]):
            return (place, index) if _is_pure(place) and _is_pure(index) else None
    return None


def _is_pure(node: cst.BaseExpression) -> bool:
    """Whether an expression can be evaluated again without any effect."""
    if isinstance(node, cst.BinaryOperation):
        return isinstance(node.operator, (cst.Add, cst.Subtract)) and _is_pure(node.left) and _is_pure(node.right)
    if isinstance(node, cst.Attribute):
        return _is_pure(node.value)
    return isinstance(node, (cst.Name, cst.Integer))
