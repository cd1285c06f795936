"""Expressions, and the tests that decide a branch."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from orderlint.glance import attributes, changes, comprehensions, containers, definitions, paths, texts
from orderlint.glance.lists import Dict, List
from orderlint.glance.overloads import overloaded
from orderlint.glance.things import (
    ANY,
    DATA,
    NOTHING,
    SCALAR,
    UNKNOWN,
    Bound,
    Class,
    Const,
    Function,
    Layer,
    Native,
    Tensor,
    Value,
    const,
    is_plain,
    one,
    only,
)
from orderlint.glance.unsure import Unsure
from orderlint.glance.values import element_of, join, known_flow

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = ["decide", "evaluate", "peek"]

_CHANGING_NOTHING = (ast.Name, ast.Constant, ast.Attribute)
"""Expressions that hardly ever run code that sets an attribute of an object."""


def evaluate(g: Machine, node: ast.expr) -> Value:
    """Evaluate an expression whose value may be kept: a list that is read this way has one more name."""
    value = peek(g, node)
    if isinstance(node, _READS):
        g.share(value)
    return value


def peek(g: Machine, node: ast.expr) -> Value:
    """Evaluate an expression whose value is only used, and not kept."""
    run = _EVALUATE.get(type(node))
    if run is None:
        raise Unsure(type(node).__name__)
    value: Value = run(g, node)
    return g.latest(value) if g.versions and isinstance(node, _READS) else value


_READS = (ast.Name, ast.Attribute, ast.Subscript)


def _constant(g: Machine, node: ast.Constant) -> Value:
    return const(node.value)


def _name(g: Machine, node: ast.Name) -> Value:
    return attributes.read(g, node.id)


def _attribute(g: Machine, node: ast.Attribute) -> Value:
    owner = peek(g, node.value)
    if node.attr in changes.CHANGES:
        owner = changes.kept(g, node, owner)
    return attributes.attribute(g, owner, node.attr, node)


def _call(g: Machine, node: ast.Call) -> Value:
    return g.call_expression(node)


def _tuple(g: Machine, node: ast.Tuple) -> Value:
    return one(containers.display(g, node.elts, token=None))


def _list(g: Machine, node: ast.List | ast.Set) -> Value:
    return one(containers.display(g, node.elts, token=g.token(node)))


def _dict(g: Machine, node: ast.Dict) -> Value:
    entries: dict[Any, Value] = {}
    made = Dict({}, NOTHING, g.token(node))
    for key, item in zip(node.keys, node.values):  # noqa: B905  # they are of one length
        value = evaluate(g, item)
        index = SCALAR if key is None else peek(g, key)
        known = only(index, Const)
        if known is not None and len(entries) < containers.MOST_DISTINGUISHED:
            entries[known.value] = value
            continue
        made, entries = containers.updated(g, made, Dict(entries)), {}
        more = only(value, Dict) if key is None else None
        others = containers.values_of(value) if key is None else join(value, *containers.kept_keys(index))
        made = containers.updated(g, made, more or Dict({}, others))
    made = containers.updated(g, made, Dict(entries))
    if len(made.entries) > containers.MOST_DISTINGUISHED:
        made = Dict({}, element_of(made), made.token)
    return one(made)


def _lambda(g: Machine, node: ast.Lambda) -> Value:
    return definitions.lambda_(g, node)


def _if_expression(g: Machine, node: ast.IfExp) -> Value:
    is_true = g.decide(node.test)
    if is_true is not None:
        return evaluate(g, node.body if is_true else node.orelse)
    if isinstance(node.body, _CHANGING_NOTHING) and isinstance(node.orelse, _CHANGING_NOTHING):
        return join(evaluate(g, node.body), evaluate(g, node.orelse))
    start = paths.fork(g)
    first, after = evaluate(g, node.body), paths.here(g)
    paths.go_to(g, start)
    result = join(first, evaluate(g, node.orelse))
    paths.meet(g, after, paths.here(g))
    return result


def _bool(g: Machine, node: ast.BoolOp) -> Value:
    result = evaluate(g, node.values[0])
    for each in node.values[1:]:
        start = None if isinstance(each, _CHANGING_NOTHING) else paths.fork(g)
        result = join(result, evaluate(g, each))
        if start is not None:
            paths.meet(g, start, paths.here(g))
    return result


def _compare(g: Machine, node: ast.Compare) -> Value:
    sides = [node.left, *node.comparators]
    values = [peek(g, side) for side in sides]
    if any(type(thing) is Tensor for value in values for thing in value):
        g.consume(values)
        return g.fresh
    if len(values) == 2:
        known = _compared(node.ops[0], *values)
        if known is not None:
            return const(known)
    return SCALAR


def _compared(sign: ast.cmpop, left: Value, right: Value) -> bool | None:
    """The result of a comparison of constants, or with `None`; `None` if it is not known."""
    if isinstance(sign, (ast.Is, ast.IsNot)) and right == const(None):
        is_none = _is_none(left)
        return None if is_none is None else is_none is isinstance(sign, ast.Is)
    first, second = only(left, Const), _constant_of(right)
    if first is None or second is None:
        return None
    try:
        return bool(_COMPARE[type(sign)](first.value, second[0]))
    except (KeyError, TypeError):
        return None


def _is_none(value: Value) -> bool | None:
    """Whether a value is `None`; `None` if that is not known."""
    if value == const(None):
        return True
    settled = (Function, Tensor, List, Dict)
    if all((type(thing) is Const and thing.value is not None) or isinstance(thing, settled) for thing in value):
        return False
    return None


def _constant_of(value: Value) -> tuple[Any] | None:
    """A constant, or a list of constants, as a Python value in a tuple; `None` if it is neither."""
    known = only(value, Const)
    if known is not None:
        return (known.value,)
    listed = only(value, List)
    if listed is not None and listed.is_known:
        parts = [only(item, Const) for item in listed.items]
        if None not in parts:
            return ([part.value for part in parts if part is not None],)
    return None


_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
}


def decide(g: Machine, test: ast.expr) -> bool | None:
    """Whether a test is true; `None` if it is not known."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = decide(g, test.operand)
        return None if inner is None else not inner
    if isinstance(test, ast.BoolOp):
        return _decide_several(g, test)
    truths = {_truth(thing) for thing in peek(g, test)}
    return truths.pop() if len(truths) == 1 else None


def _truth(thing: Any) -> bool | None:
    """Whether a thing is true; `None` if that is not known."""
    if type(thing) is Const:
        return bool(thing.value)
    if type(thing) is List:
        return bool(thing.items) if thing.items or thing.is_known else None
    return True if isinstance(thing, (Function, Layer, Class, Bound)) else None


def _decide_several(g: Machine, test: ast.BoolOp) -> bool | None:
    settles = isinstance(test.op, ast.Or)
    found = [decide(g, value) for value in test.values]
    if settles in found:
        return settles
    return None if None in found else not settles


def _unary(g: Machine, node: ast.UnaryOp) -> Value:
    if isinstance(node.op, ast.Not):
        is_true = decide(g, node.operand)
        return SCALAR if is_true is None else const(not is_true)
    value = peek(g, node.operand)
    known = only(value, Const)
    if known is not None and isinstance(node.op, ast.USub) and isinstance(known.value, (int, float)):
        return const(-known.value)
    return value if any(type(thing) is Tensor for thing in value) else _plain(value)


def _binary(g: Machine, node: ast.BinOp) -> Value:
    first: ast.expr = node
    operations: list[ast.BinOp] = []
    while isinstance(first, ast.BinOp):  # not by recursion, because a sum may have hundreds of terms
        operations.append(first)
        first = first.left
    value = evaluate(g, first)
    for each in reversed(operations):
        value = _made_by(g, each, binary(g, each.op, value, evaluate(g, each.right)))
    return value


def _made_by(g: Machine, node: ast.expr, value: Value) -> Value:
    """A value in which the lists that an expression creates have their own tokens, because they may be changed."""
    if not any(type(thing) is List for thing in value):
        return value
    return frozenset(g.copied(thing, node) if type(thing) is List else thing for thing in value)


def binary(g: Machine, sign: ast.operator, left: Value, right: Value, is_in_place: bool = False) -> Value:
    """`left sign right`. With `is_in_place`, it is the value that `left sign= right` binds `left` to."""
    left, right = _as_data(left), _as_data(right)
    return join(overloaded(g, sign, left, right, is_in_place), _computed_of(g, sign, left, right))


def _computed_of(g: Machine, sign: ast.operator, left: Value, right: Value) -> Value:
    """The result of an operator on values that have no method of their own for it."""
    if any(type(thing) is Tensor for thing in (*left, *right)):
        return _of_tensors(g, sign, left, right)
    first, second = only(left, Const), only(right, Const)
    if isinstance(sign, ast.Mod) and first is not None and isinstance(first.value, str):
        return texts.interpolated_by_percent(first.value, right)
    joined = texts.added(left, right) if isinstance(sign, ast.Add) else None
    if joined is not None:
        return joined
    if first is not None and second is not None and isinstance(first.value, (int, float)):
        return _computed(sign, first.value, second.value)
    if any(type(thing) is List for thing in (*left, *right)):
        return _of_lists(g, sign, left, right)
    if isinstance(sign, ast.BitOr) and only(left, Dict) is not None and only(right, Dict) is not None:
        return one(containers.updated(g, only(left, Dict), only(right, Dict)))
    return _plain(left, right) if is_plain(left) and is_plain(right) else ANY


def _of_lists(g: Machine, sign: ast.operator, left: Value, right: Value) -> Value:
    """The result of an operator on lists or sets. It may hold the elements of both."""
    lists = only(left, List), only(right, List)
    if None not in lists and isinstance(sign, ast.Add):
        return one(containers.chained(*lists))
    if isinstance(sign, ast.Mult) or None not in lists:
        every = join(*(containers.element(g, one(thing)) for thing in (*left, *right)))
        return join(one(List((), every)), _plain(left, right))
    first = lists[0]
    items = first.items if first is not None and first.is_known else ()
    every = join(*(containers.element(g, one(thing)) for thing in (*(() if items else left), *right)))
    return join(one(List(items, join(every, UNKNOWN))), UNKNOWN)


def _as_data(value: Value) -> Value:
    """A value as an operand. What was read from an object from outside the project is data here."""
    kept = frozenset(thing for thing in value if type(thing) is not Native)
    return value if len(kept) == len(value) else kept | DATA


def _computed(sign: ast.operator, left: Any, right: Any) -> Value:
    if _length(left) + _length(right) > _LONGEST or (isinstance(right, (str, bytes)) and right):
        return SCALAR
    try:
        return const(_COMPUTE[type(sign)](left, right))
    except (ArithmeticError, KeyError, TypeError, ValueError):
        return SCALAR


def _length(value: Any) -> int:
    """The number of bits of an integer; 0 for other values."""
    return value.bit_length() if isinstance(value, int) else 0


_COMPUTE: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_LONGEST = 1_000  # bits of both operands together; texts are never multiplied
_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div)


def _of_tensors(g: Machine, sign: ast.operator, left: Value, right: Value) -> Value:
    """Two tensors are merged; with a number, a tensor is passed on. If an operand may be either, both are possible."""
    if not isinstance(sign, _ARITHMETIC):
        g.consume((left, right))
        return g.fresh
    both = [any(type(thing) is Tensor for thing in side) for side in (left, right)]
    sides = (left, right)
    passed = NOTHING
    if not all(both) or any(len(side) > 1 for side in sides):
        passed = one(Tensor(known_flow(left) | known_flow(right)))
    is_scalar = any(not side & (UNKNOWN | DATA) and is_plain(side) for side in sides)
    if is_scalar:
        return passed
    g.consume(sides)
    return join(passed, g.fresh)


def _plain(*values: Value) -> Value:
    """The result of an operator on values that hold no layers."""
    return DATA if any(value & (UNKNOWN | DATA) for value in values) else SCALAR


def _subscript(g: Machine, node: ast.Subscript) -> Value:
    value = containers.item(g, peek(g, node.value), node.slice)
    return _made_by(g, node, value) if isinstance(node.slice, ast.Slice) else value


def _starred(g: Machine, node: ast.Starred) -> Value:
    return containers.element(g, peek(g, node.value))


def _named(g: Machine, node: ast.NamedExpr) -> Value:
    value = evaluate(g, node.value)
    containers.assign(g, node.target, value)
    return value


def _awaited(g: Machine, node: ast.Await) -> Value:
    return join(peek(g, node.value), ANY)


def _yielded(g: Machine, node: ast.Yield | ast.YieldFrom) -> Value:
    value = g.none if node.value is None else evaluate(g, node.value)
    g.frame.yielded.append(containers.element(g, value) if isinstance(node, ast.YieldFrom) else value)
    return UNKNOWN


def _slice(g: Machine, node: ast.Slice) -> Value:
    return SCALAR


_EVALUATE: dict[type[ast.expr], Any] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.Tuple: _tuple,
    ast.List: _list,
    ast.Set: _list,
    ast.Dict: _dict,
    ast.Lambda: _lambda,
    ast.IfExp: _if_expression,
    ast.BoolOp: _bool,
    ast.Compare: _compare,
    ast.UnaryOp: _unary,
    ast.BinOp: _binary,
    ast.Subscript: _subscript,
    ast.JoinedStr: texts.interpolated,
    ast.Starred: _starred,
    ast.NamedExpr: _named,
    ast.Await: _awaited,
    ast.Yield: _yielded,
    ast.YieldFrom: _yielded,
    ast.Slice: _slice,
    ast.ListComp: comprehensions.comprehension,
    ast.SetComp: comprehensions.comprehension,
    ast.GeneratorExp: comprehensions.comprehension,
    ast.DictComp: comprehensions.dict_comprehension,
}
