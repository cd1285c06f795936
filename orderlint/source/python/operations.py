"""Operators: arithmetic with constants, and with tensors, where it merges them or passes a single one on."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import libcst as cst

from orderlint.graph import Limit, Role, Site, Step
from orderlint.graph.guards import ALWAYS
from orderlint.source.python import arrays, containers, dictionaries, iterations, pieces, settings, texts, unrolled
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.frames import Instance, Method
from orderlint.source.state.machine import Machine
from orderlint.source.state.recorder import Applied, Source
from orderlint.source.state.values import (
    Choice,
    Condition,
    Const,
    DictObject,
    Element,
    External,
    ListObject,
    Sequence,
    Tensor,
    Unknown,
    Value,
    Weight,
    is_data,
    restrict,
)

__all__ = [
    "add_call",
    "binary",
    "boundary",
    "is_of_weights",
    "is_tensorish",
    "record",
    "symbol",
    "tensors",
    "unary",
    "unresolved",
]

_SYMBOLS: dict[type[cst.CSTNode], str] = {
    cst.Add: "+",
    cst.AddAssign: "+",
    cst.Subtract: "-",
    cst.SubtractAssign: "-",
    cst.Multiply: "*",
    cst.MultiplyAssign: "*",
    cst.Divide: "/",
    cst.DivideAssign: "/",
    cst.FloorDivide: "//",
    cst.FloorDivideAssign: "//",
    cst.Modulo: "%",
    cst.ModuloAssign: "%",
    cst.Power: "**",
    cst.PowerAssign: "**",
    cst.MatrixMultiply: "@",
    cst.MatrixMultiplyAssign: "@",
    cst.BitOr: "|",
    cst.BitOrAssign: "|",
    cst.BitAnd: "&",
    cst.BitAndAssign: "&",
    cst.BitXor: "^",
    cst.BitXorAssign: "^",
    cst.LeftShift: "<<",
    cst.LeftShiftAssign: "<<",
    cst.RightShift: ">>",
    cst.RightShiftAssign: ">>",
}
_COMPUTE: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "|": operator.or_,
    "&": operator.and_,
    "^": operator.xor,
}
_METHODS = {
    "+": "add",
    "-": "sub",
    "*": "mul",
    "/": "truediv",
    "//": "floordiv",
    "%": "mod",
    "**": "pow",
    "@": "matmul",
    "|": "or",
    "&": "and",
    "^": "xor",
    "<<": "lshift",
    ">>": "rshift",
}
_LAYERS = {"+": "Add", "-": "Subtract", "*": "Multiply", "/": "Divide"}
_PASS_FACTS: dict[str, object] = {"shape": "same", "shift": True}  # for arithmetic with a constant
LONGEST = 10_000  # elements of a computed sequence, or repetitions of a text
MOST_IN_DOUBT = 256  # data in a list that is repeated an unknown number of times
LONGEST_TEXT = 100_000  # characters of a computed text, or bits of a computed number


def symbol(node: cst.CSTNode) -> str:
    """The sign of a binary or augmented operator."""
    return _SYMBOLS.get(type(node), "?")


def binary(m: Machine, sign: str, left: Value, right: Value, site: Site, is_in_place: bool = False) -> Value:
    """`left sign right`. With `is_in_place`, it is the value that `left sign= right` binds `left` to."""
    if type(left) is Const and type(right) is Const:
        return _plain(m, sign, left, right)
    left, right = restrict(left, m.path), restrict(right, m.path)
    left, right = settings.as_data(m, left), settings.as_data(m, right)
    if _has_tensor(left) or _has_tensor(right):
        return _tensor_operation(m, sign, left, right, site)

    def of_pair(a: Value, b: Value) -> Value:
        return _overloaded(m, sign, a, b, site, is_in_place) or _plain(m, sign, a, b)

    return m.each(left, lambda a: m.each(right, lambda b: of_pair(a, b)))


def _overloaded(m: Machine, sign: str, left: Value, right: Value, site: Site, is_in_place: bool) -> Value | None:
    """The result of an operator that a class of the analyzed code defines; `None` if it does not define it."""
    name = _METHODS.get(sign)
    if name is None or not isinstance(left, Instance):
        return None
    for wanted in (f"__i{name}__", f"__{name}__") if is_in_place else (f"__{name}__",):
        method = m.attribute(left, wanted)
        if isinstance(method, Method):
            return m.call(method, Arguments([right]), site)
    return None


def _has_tensor(value: Value) -> bool:
    if isinstance(value, Choice):
        return any(isinstance(option, Tensor) for _, option in value.alternatives)
    return isinstance(value, Tensor)


def _plain(m: Machine, sign: str, left: Value, right: Value) -> Value:
    if sign == "%" and isinstance(left, Const) and isinstance(left.value, str):
        return texts.by_percent(m, left.value, right)
    if isinstance(left, Const) and isinstance(right, Const):
        return _compute(m, sign, left.value, right.value)
    if m.is_array(left) or m.is_array(right):
        found = arrays.pairwise(m, left, right, lambda a, b: _plain(m, sign, a, b))
        return found or m.unknown(("operation", sign, left, right))
    if sign == "+" and (pieces.is_text(left) or pieces.is_text(right)):
        return texts.join(m, (left, right))
    if sign == "+" and _are_lists(left, right):
        elements = (*containers.iterate(m, left), *containers.iterate(m, right))
        return m.new_list(elements) if ListObject in (type(left), type(right)) else Sequence(elements)
    if sign == "*" and isinstance(left, (Sequence, ListObject)):
        return _repeat(m, left, right)
    if sign == "*" and isinstance(right, (Sequence, ListObject)):
        return _repeat(m, right, left)
    if sign == "|" and isinstance(left, DictObject):
        return _merged(m, left, right)
    if is_of_weights(m, [left, right]):
        return Weight()
    scalar = isinstance(left, (Const, Condition)) and isinstance(right, (Const, Condition))
    scalar = scalar or (_is_scalar(left) and _is_scalar(right))
    return m.unknown(("operation", sign, left, right), scalar=scalar)


def _are_lists(left: Value, right: Value) -> bool:
    """Whether two values are lists or tuples. An unknown value is one if it is added to one."""
    known = [isinstance(side, (Sequence, ListObject)) for side in (left, right)]
    return all(known) or (any(known) and any(isinstance(side, Unknown) and not side.scalar for side in (left, right)))


def _compute(m: Machine, sign: str, left: Any, right: Any) -> Value:
    if sign == "**" and not (isinstance(right, (int, float)) and abs(right) <= 64):
        return m.fresh("power", scalar=True)
    if _is_long(sign, left, right):
        return m.fresh("long", scalar=True)
    try:
        return Const(_COMPUTE[sign](left, right))
    except (ArithmeticError, KeyError, TypeError, ValueError, MemoryError):
        return m.fresh("operation", scalar=True)


def _is_long(sign: str, left: Any, right: Any) -> bool:
    """Whether the result is a text or number longer than any meaningful one, for example after forty doublings."""
    sizes = [_size(side) for side in (left, right)]
    texts = [isinstance(side, (str, bytes)) for side in (left, right)]
    if sign == "+" and all(texts):
        return sum(sizes) > LONGEST_TEXT
    if sign == "*" and any(texts):
        text, times = (left, right) if texts[0] else (right, left)
        return isinstance(times, int) and (times > LONGEST or len(text) * times > LONGEST_TEXT)
    if sign == "*":
        return sum(sizes) > LONGEST_TEXT
    return sign == "**" and isinstance(right, int) and sizes[0] * right > LONGEST_TEXT


def _size(value: Any) -> int:
    """The characters of a text or the bits of an integer; 0 for values that do not grow."""
    if isinstance(value, int):
        return value.bit_length()
    return len(value) if isinstance(value, (str, bytes)) else 0


def _repeat(m: Machine, part: Sequence | ListObject, times: Value) -> Value:
    elements = containers.iterate(m, part)
    if len(elements) > MOST_IN_DOUBT and not isinstance(times, Const) and all(is_data(e.value) for e in elements):
        return m.fresh("data")
    if isinstance(times, Const) and isinstance(times.value, int):
        repeated = elements * min(times.value, max(LONGEST // max(len(elements), 1), 1))
    else:
        repeated = _some_times(m, elements, times)
    return m.new_list(repeated) if isinstance(part, ListObject) else Sequence(tuple(repeated))


def _some_times(m: Machine, elements: list[Element], times: Value) -> list[Element]:
    """Repeat elements at least once, maybe more often; `n - 1` times may also be never."""
    lengths = iterations.lengths_of(times, 0)
    if lengths is None:
        again = m.conditions.opaque(("goes on", times))
        return elements + [replace(e, guard=e.guard & again) for e in elements]
    if len(elements) == 1 and elements[0].guard is ALWAYS and lengths[0][1] == 0:
        return unrolled.in_iterations(m, [elements[0].value] * iterations.UNROLLED, lengths)
    once, again = iterations.is_any(m, lengths), iterations.goes_on(m, lengths, 1)
    return [replace(e, guard=e.guard & guard) for guard in (once, once & again) for e in elements]


def _merged(m: Machine, left: DictObject, right: Value) -> Value:
    made = dictionaries.copied(m, left)
    dictionaries.update(m, made, right)
    return made


def unary(m: Machine, name: str, value: Value, site: Site) -> Value:
    """`-value`, `+value`, `~value`."""
    if _has_tensor(restrict(value, m.path)):
        return record(m, "Negative", Role.PASS, tensors(m, value), site)
    if isinstance(value, Const) and name in ("Minus", "Plus"):
        try:
            return Const(-value.value if name == "Minus" else +value.value)  # type: ignore[operator]
        except TypeError:
            return m.fresh("unary")
    if isinstance(value, Weight):
        return value
    if m.is_array(value):
        return arrays.each(m, value, lambda one: unary(m, name, one, site)) or m.unknown((name, value))
    return m.unknown((name, value), scalar=isinstance(value, Unknown) and value.scalar)


# -- tensors ----------------------------------------------------------------------------------------------------


def _tensor_operation(m: Machine, sign: str, left: Value, right: Value, site: Site) -> Value:
    sources = [*tensors(m, left), *tensors(m, right)]
    if sign not in _LAYERS:
        return boundary(m, f"operator {sign}", sources, site)
    merges = is_tensorish(m, left) and is_tensorish(m, right)
    return record(m, _LAYERS[sign], Role.MERGE if merges else Role.PASS, sources, site)


def is_tensorish(m: Machine, value: Value) -> bool:
    """Whether a value may be a tensor of the network: a recorded one, or an unknown that may be no number."""
    value = restrict(value, m.path)
    if isinstance(value, Choice):
        return any(is_tensorish(m, option) for _, option in value.alternatives)
    if isinstance(value, (Sequence, ListObject)):
        return any(is_tensorish(m, element.value) for element in containers.iterate(m, value))
    if isinstance(value, Unknown):
        return not _is_scalar(value)
    return isinstance(value, Tensor)


def _is_scalar(value: Value) -> bool:
    if isinstance(value, Unknown):
        return value.scalar or (isinstance(value.default, Const) and value.default.value is not None)
    return isinstance(value, (Const, Condition, Weight))


def is_of_weights(m: Machine, values: Iterable[Value]) -> bool:
    """Whether values are weights of layers, maybe with numbers. Then what is computed from them is a weight."""
    found = False
    for value in values:
        if isinstance(value, (Sequence, ListObject)):
            inner = [element.value for element in containers.iterate(m, value)]
            if not all(map(_is_scalar, inner)):
                return False
            found = found or any(isinstance(one, Weight) for one in inner)
        elif not _is_scalar(value):
            return False
        else:
            found = found or isinstance(value, Weight)
    return found


def tensors(m: Machine, value: Value, depth: int = 0) -> list[Source]:
    """The recorded calls whose outputs are in a value, with the guards under which they are there."""
    if isinstance(value, Tensor):
        return [(m.path, value.node)]
    if depth > 6 or isinstance(value, (Const, Unknown)):  # most arguments are of these kinds, and hold no tensors
        return []
    if isinstance(value, Choice):
        return [
            (guard & when, node)
            for when, option in value.alternatives
            if when.meets(m.path)
            for guard, node in tensors(m, option, depth + 1)
        ]
    if isinstance(value, (Sequence, ListObject)):
        return [
            (guard & element.guard, node)
            for element in containers.iterate(m, value)
            for guard, node in tensors(m, element.value, depth + 1)
        ]
    if isinstance(value, DictObject):
        entries = [m.read(value.uid, key.value) for key in dictionaries.keys(m, value)]
        return [source for entry in entries for source in tensors(m, entry, depth + 1)]
    return []


def record(m: Machine, layer: str, role: Role, sources: list[Source], site: Site) -> Tensor:
    """Record a call that is not a layer of the catalog."""
    facts = _PASS_FACTS if role is Role.PASS else {}
    return add_call(m, Applied(layer, (Step(role, layer),), site, None, None, facts), sources)


def boundary(m: Machine, layer: str, sources: list[Source], site: Site) -> Tensor:
    """Record a call whose code cannot be analyzed."""
    return record(m, layer, Role.BOUNDARY, sources, site)


def unresolved(
    m: Machine, function: Value, arguments: Arguments, site: Site, name: str = "call", *, scalar: bool = False
) -> Value:
    """Call a function whose code cannot be analyzed. It is a boundary for its tensors; `scalar` is as for `Unknown`.

    The same call with the same values returns the same unknown, so two tests of its result agree.
    """
    sources = [source for value in arguments.every() for source in tensors(m, value)]
    if sources:
        if isinstance(function, External) and function.name.rpartition(".")[0] in m.unread:
            m.fall_short(Limit.IMPORTS)
        m.doubt([function])
        return boundary(m, name, sources, site)
    try:
        key = ("call", function, tuple(arguments.positional), tuple(arguments.keywords.items()))
        return m.unknown(key, scalar=scalar)
    except TypeError:  # a part of the key is not hashable
        return m.fresh("call", scalar=scalar)


def add_call(m: Machine, applied: Applied, sources: list[Source]) -> Tensor:
    """Record a call in the graph."""
    m.tick()
    return Tensor(m.recorder.record(applied, sources, m.path, m.frame.background))
