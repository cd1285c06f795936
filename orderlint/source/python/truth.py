"""Truth and comparison of abstract values, as guards."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import libcst as cst

from orderlint.graph.guards import ALWAYS, NEVER, Guard
from orderlint.source.python import containers, dictionaries, draining, iterations, settings, unknown_keys
from orderlint.source.state.budget import ELEMENTS_A_STEP
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import (
    MISSING,
    NONE,
    Choice,
    Condition,
    Const,
    DictObject,
    Element,
    External,
    ListObject,
    ModuleValue,
    Sequence,
    Unknown,
    Value,
    alternatives,
    restrict,
)

__all__ = ["compare", "equal", "holds", "of"]

MOST_CONSTANTS = 32  # one script tested whether a column was among 400 names, which took a minute
_Comparison = Callable[[Any, Any], object]
_ORDERS: dict[type[cst.BaseCompOp], _Comparison] = {
    cst.LessThan: operator.lt,
    cst.LessThanEqual: operator.le,
    cst.GreaterThan: operator.gt,
    cst.GreaterThanEqual: operator.ge,
}


def holds(m: Machine, node: cst.BaseExpression) -> Guard:
    """The guard under which a test holds. Each side of `and` and `or` is tested separately."""
    if type(node) is cst.UnaryOperation and type(node.operator) is cst.Not:
        return ~holds(m, node.expression)
    if type(node) is not cst.BooleanOperation:
        return of(m, _written(m, node))
    left = holds(m, node.left)
    both = type(node.operator) is cst.And
    right: list[Guard] = []
    m.when(left if both else ~left, lambda: right.append(holds(m, node.right)))
    if not right:
        return left
    return left & right[0] if both else left | right[0]


def _written(m: Machine, node: cst.BaseExpression) -> Value:
    """The value of a test. An attribute of a module is a setting: functions are tested where they were passed on."""
    value = m.evaluate(node)
    return settings.as_data(m, value) if type(node) is cst.Attribute else value


def of(m: Machine, value: Value) -> Guard:
    """The guard under which a value is true."""
    value = settings.as_tested(m, restrict(value, m.path))
    if isinstance(value, Const):
        return ALWAYS if value.value else NEVER
    if isinstance(value, Condition):
        return value.guard
    if isinstance(value, Choice):
        guard = NEVER
        for when, option in value.alternatives:
            guard = guard | (when & of(m, option))
        return guard
    if isinstance(value, Unknown):
        left = ALWAYS if iterations.is_positive(value) else draining.holds(m, value)
        if left is None:
            remainder = iterations.is_multiple(m, value)
            left = ~remainder if remainder is not None else m.conditions.truth(value)
        return left
    if isinstance(value, (Sequence, ListObject)):
        return _some(m, containers.iterate(m, value))
    if isinstance(value, DictObject):
        return _some(m, dictionaries.keys(m, value)) | _other_entries(m, value)
    return NEVER if value is MISSING else ALWAYS


def _some(m: Machine, elements: list[containers.Element]) -> Guard:
    """When any element is present. A loop over `sizes[1:]` runs at least once, but it is only true for two sizes."""
    guard = NEVER
    for element in elements:
        there = ALWAYS if element.iteration is None else iterations.is_any(m, element.iteration.lengths)
        guard = guard | (element.guard & there)
    return guard


def compare(m: Machine, node: cst.Comparison) -> Value:
    """`a < b <= c`, as a condition."""
    guard = ALWAYS
    left = _written(m, node.left)
    for comparison in node.comparisons:
        right = _written(m, comparison.comparator)
        guard = guard & _compare(m, comparison.operator, left, right)
        left = right
    if guard is ALWAYS or guard is NEVER:
        return Const(guard is ALWAYS)
    return Condition(guard)


def _compare(m: Machine, sign: cst.BaseCompOp, left: Value, right: Value) -> Guard:
    kind = type(sign)
    if kind is cst.Equal or kind is cst.Is:
        return equal(m, left, right)
    if kind is cst.NotEqual or kind is cst.IsNot:
        return ~equal(m, left, right)
    if kind is cst.In:
        return _contains(m, right, left)
    if kind is cst.NotIn:
        return ~_contains(m, right, left)
    compare_one = _ORDERS[kind]
    return _pairs(m, left, right, lambda a, b: _ordered(m, compare_one, a, b))


def equal(m: Machine, left: Value, right: Value) -> Guard:
    """The guard under which two values are equal (or identical)."""
    return _pairs(m, left, right, lambda a, b: _equal(m, a, b))


def _pairs(m: Machine, left: Value, right: Value, judge: Callable[[Value, Value], Guard]) -> Guard:
    """The guard under which `judge` holds for the alternatives of two values."""
    left, right = restrict(left, m.path), restrict(right, m.path)
    if not isinstance(left, Choice) and not isinstance(right, Choice):
        return judge(*_settings_aside(m, left, right))
    guard = NEVER
    for when, a in alternatives(left):
        for also, b in alternatives(right):
            both = when & also
            if both is not NEVER:
                guard = guard | (both & judge(*_settings_aside(m, a, b)))
    return guard


def _settings_aside(m: Machine, left: Value, right: Value) -> tuple[Value, Value]:
    """Two values that are compared. A setting is treated according to the other value."""
    may_be_functions = NONE in (left, right) or (isinstance(left, External) and isinstance(right, External))
    of = settings.as_tested if may_be_functions else settings.as_data
    return of(m, left), of(m, right)


def _equal(m: Machine, left: Value, right: Value) -> Guard:
    if left == right:
        return ALWAYS
    if isinstance(left, Const) and isinstance(right, Const):
        return ALWAYS if left.value == right.value else NEVER
    of_iteration = iterations.compare(m, "==", left, right)
    if of_iteration is not None:
        return of_iteration
    if isinstance(right, Unknown):
        left, right = right, left
    if isinstance(left, Unknown):
        return _equal_unknown(m, left, right)
    if isinstance(left, Condition) or isinstance(right, Condition):
        return _equal_conditions(m, left, right)
    if isinstance(left, External) and isinstance(right, External):
        return ALWAYS if left.name.split(".")[-1] == right.name.split(".")[-1] else NEVER
    if isinstance(left, (Sequence, ListObject)) and isinstance(right, (Sequence, ListObject)):
        return _equal_sequences(m, left, right)
    if isinstance(left, ModuleValue) and isinstance(right, ModuleValue):
        return ALWAYS if left.path == right.path else NEVER
    return NEVER  # two different objects, or an object and a constant


def _equal_unknown(m: Machine, left: Unknown, right: Value) -> Guard:
    if isinstance(right, Const):
        return m.conditions.equal(left, right)
    if right == NONE or isinstance(right, Condition):
        return m.conditions.opaque(("equal", left, right))
    if isinstance(right, Unknown) and (which := _which_element(m, left, right)) is not None:
        return which
    return m.conditions.opaque(("equal", frozenset((left, right))))


def _which_element(m: Machine, left: Unknown, right: Unknown) -> Guard | None:
    """The guard under which the element of an iteration is the first, or the last (`x is xs[-1]`)."""
    for one, other in ((left, right), (right, left)):
        match other.key:
            case ("item", Unknown() as walked, _):
                length = m.unknown(("length", walked), scalar=True)
                found = iterations.is_element(m, one, other, length)
                if found is not None:
                    return found
    return None


def _equal_conditions(m: Machine, left: Value, right: Value) -> Guard:
    if isinstance(left, Const) and not isinstance(left.value, bool):
        return NEVER
    if isinstance(right, Const) and not isinstance(right.value, bool):
        return NEVER
    a, b = of(m, left), of(m, right)
    return (a & b) | (~a & ~b)


def _equal_sequences(m: Machine, left: Value, right: Value) -> Guard:
    one, two = containers.iterate(m, left), containers.iterate(m, right)
    if not one or not two:
        return ~_some(m, [*one, *two])
    if any(element.guard is not ALWAYS for element in (*one, *two)):
        return m.conditions.opaque(("equal", left, right))
    if len(one) != len(two):
        return NEVER
    m.tick(1 + len(one) // ELEMENTS_A_STEP)
    guard = ALWAYS
    pairs = {(id(a.value), id(b.value)): (a.value, b.value) for a, b in zip(one, two, strict=True)}  # each pair once
    for first, second in pairs.values():
        guard = guard & equal(m, first, second)
    return guard


def _ordered(m: Machine, compare_one: _Comparison, left: Value, right: Value) -> Guard:
    if isinstance(left, Const) and isinstance(right, Const):
        try:
            return ALWAYS if compare_one(left.value, right.value) else NEVER
        except TypeError:
            return NEVER
    of_iteration = iterations.compare(m, _SIGNS[compare_one], left, right)
    if of_iteration is not None:
        return of_iteration
    if isinstance(right, Unknown) and isinstance(left, Const):
        left, right, compare_one = right, left, _MIRRORED[compare_one]
    if isinstance(left, Unknown) and isinstance(right, Const) and isinstance(right.value, (int, float)):
        return _bounded(m, compare_one, left, right.value)
    if compare_one in (operator.gt, operator.ge):  # `a < b`, `b > a` and their negations share one atom
        left, right, compare_one = right, left, _MIRRORED[compare_one]
    if compare_one is operator.le:
        return ~m.conditions.opaque(("less", right, left))
    return m.conditions.opaque(("less", left, right))


_SIGNS: dict[_Comparison, str] = {operator.lt: "<", operator.gt: ">", operator.le: "<=", operator.ge: ">="}
_MIRRORED: dict[_Comparison, _Comparison] = {
    operator.lt: operator.gt,
    operator.gt: operator.lt,
    operator.le: operator.ge,
    operator.ge: operator.le,
}


def _bounded(m: Machine, compare_one: object, unknown: Unknown, bound: float) -> Guard:
    if compare_one is operator.lt:
        return m.conditions.less(unknown, bound)
    if compare_one is operator.le:
        return m.conditions.less(unknown, bound, strictly=False)
    if compare_one is operator.gt:
        return ~m.conditions.less(unknown, bound, strictly=False)
    return ~m.conditions.less(unknown, bound)


def _other_entries(m: Machine, container: Value, sought: Value = NONE) -> Guard:
    """The guard under which a dictionary has a key, or any key, in addition to the known ones."""
    if not isinstance(container, DictObject):
        return NEVER
    is_any = sought == NONE
    found = m.read(container.uid, unknown_keys.OTHERS) if is_any else unknown_keys.under(m, container, sought)
    return NEVER if found is MISSING else m.conditions.opaque(("in", sought, container))


def _among_constants(m: Machine, elements: list[Element], sought: Value) -> tuple[Guard, list[Element]]:
    """Test a value against many constants at once. Return the guard, and the elements that are not covered by it.

    One by one, each constant would be distinguished from all others.
    """
    constants = {one.value for one in elements if isinstance(one.value, Const) and one.guard is ALWAYS}
    if sought in constants:
        return ALWAYS, []
    if not isinstance(sought, Unknown) or len(constants) <= MOST_CONSTANTS:
        return NEVER, elements
    values = frozenset(one.value for one in constants)
    guard = m.conditions.predicate(sought, ("one of", frozenset(constants)), lambda value: value in values)
    return guard, [one for one in elements if one.value not in constants or one.guard is not ALWAYS]


def _contains(m: Machine, container: Value, member: Value) -> Guard:
    def judge(one: Value, sought: Value) -> Guard:
        if isinstance(one, Const) and isinstance(sought, Const):
            try:
                return ALWAYS if sought.value in one.value else NEVER  # type: ignore[operator]
            except TypeError:
                return NEVER
        if isinstance(one, (Sequence, ListObject, DictObject)):
            elements = dictionaries.keys(m, one) if isinstance(one, DictObject) else containers.iterate(m, one)
            sought = dictionaries.as_key(sought) if isinstance(one, DictObject) else sought
            if any(element.value == sought and element.guard is ALWAYS for element in elements):
                return ALWAYS
            guard, elements = _among_constants(m, list(elements), sought)
            m.tick(len(elements) // ELEMENTS_A_STEP)
            for element in elements:
                guard = guard | (element.guard & equal(m, element.value, sought))
            return guard | _other_entries(m, one, sought)
        in_range = _within_range(m, one, sought)
        return m.conditions.opaque(("in", sought, one)) if in_range is None else in_range

    return _pairs(m, container, member, judge)


def _within_range(m: Machine, container: Value, member: Value) -> Guard | None:
    """`i in range(low, high)` as two comparisons; `None` for any other container."""
    match container:
        case Unknown(key=("range", Value() as low, Value() as high, *step)) if step in ([], [Const(1)]):
            return _ordered(m, operator.ge, member, low) & _ordered(m, operator.lt, member, high)
    return None
