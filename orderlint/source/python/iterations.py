"""The iterations of loops of unknown length: their number, and tests for the first and last one.

Such a loop is unrolled into a first iteration, a later one, and, if the code tests which iteration is the last, one
more, which is certainly the last. `for i in range(n)` has its second iteration if `n > 1`, and its third if `n > 2`:

    iteration  i           goes on if  is the last if
    0          0           n > 1       not n > 1
    1          some i > 0  n > 2       not n > 2
    2          some i > 0  never       always

The guards of this table also answer a test of `i` against `n` (`i < n - 1`, `i + 1 == n`, `n - i > 1`), or of an
element against the last one (`x is xs[-1]`). So no path runs the branch for the last iteration and then continues.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from itertools import count as numbers
from itertools import islice
from typing import Any, NamedTuple, TypeAlias

from orderlint.graph.guards import ALWAYS, NEVER, Guard, union
from orderlint.source.state.activity import Loop
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import Const, Iteration, Unknown, Value

__all__ = [
    "UNROLLED",
    "Count",
    "Lengths",
    "Linear",
    "compare",
    "count_of",
    "difference",
    "goes_on",
    "going_on",
    "index",
    "index_backwards",
    "is_any",
    "is_asked",
    "is_computed",
    "is_element",
    "is_last",
    "is_multiple",
    "is_of_iteration",
    "is_positive",
    "lengths_of",
    "linear",
    "loop_of",
]

Lengths: TypeAlias = tuple[tuple[Unknown, int], ...]
"""The number of iterations of a loop: each of these unknowns plus its number. All of them are equal."""

UNROLLED = 3  # iterations of a loop of unknown length; the last one only if the code tests for it
_DEEPEST = 8  # additions in a linear expression
_Comparison = Callable[[Any, Any], Any]
_SIGNS: Mapping[str, _Comparison] = {
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    ">=": operator.ge,
    ">": operator.gt,
}
_MIRRORED = {"<": ">", "<=": ">=", "==": "==", ">=": "<=", ">": "<"}


# -- linear expressions -----------------------------------------------------------------------------------------

Linear: TypeAlias = tuple[dict[Unknown, int], int]
"""A sum of unknowns with factors, and a constant."""


def linear(value: Value, depth: int = 0) -> Linear | None:
    """A value as a sum of unknowns and a number; `None` if it is not a number."""
    if isinstance(value, Const):
        return ({}, value.value) if isinstance(value.value, int) and not isinstance(value.value, bool) else None
    if not isinstance(value, Unknown):
        return None
    match value.key:
        case ("operation", "+" | "-" as sign, Value() as left, Value() as right) if depth < _DEEPEST:
            one, other = linear(left, depth + 1), linear(right, depth + 1)
            if one is not None and other is not None:
                return _sum(one, other, 1 if sign == "+" else -1)
        case ("Minus", Value() as inner) if depth < _DEEPEST:
            given = linear(inner, depth + 1)
            if given is not None:
                return _sum(({}, 0), given, -1)
    return {value: 1}, 0


def _sum(one: Linear, other: Linear, times: int = 1) -> Linear:
    parts = dict(one[0])
    for unknown, factor in other[0].items():
        parts[unknown] = parts.get(unknown, 0) + times * factor
    return {unknown: factor for unknown, factor in parts.items() if factor}, one[1] + times * other[1]


def difference(left: Value, right: Value, more: int = 0) -> Linear | None:
    """`left - right + more`; `None` if that is not a number."""
    one, other = linear(left), linear(right)
    return _sum(_sum(one, other, -1), ({}, more)) if one is not None and other is not None else None


def lengths_of(value: Value, less: int) -> Lengths | None:
    """The length `value - less` of a loop; `None` if it is not an unknown plus a number."""
    found = linear(value)
    if found is None or list(found[0].values()) != [1]:
        return None
    return ((next(iter(found[0])), found[1] - less),)


# -- iterations ------------------------------------------------------------------------------------------------------


def goes_on(m: Machine, lengths: Lengths, number: int) -> Guard:
    """The guard under which a loop has the iteration with this number, from 0. The first iteration always runs."""
    return next(islice(going_on(m, lengths), max(number, 0), None))


def going_on(m: Machine, lengths: Lengths) -> Iterator[Guard]:
    """The guards under which a loop has its first iteration, its second iteration, and so on without end."""
    guard = ALWAYS
    for iteration in numbers():
        for base, more in lengths:
            if iteration >= max(more, 1):  # lengths are not negative
                guard = guard & ~m.conditions.less(base, iteration - more, strictly=False)
        yield guard


def is_any(m: Machine, lengths: Lengths) -> Guard:
    """The guard under which a length is greater than 0: for `n - 1`, it is `n > 1`. `n` itself is assumed to be."""
    short = [m.conditions.less(base, -more, strictly=False) for base, more in lengths if more < 0]
    return ~union(short)


def index(m: Machine, lengths: Lengths, first: int, number: int) -> Value:
    """The counter of a loop in one of its iterations. It starts at `first`."""
    if number == 0:
        return Const(first)
    return m.unknown(("iteration", lengths, first, number), scalar=True, nth=number)


def index_backwards(m: Machine, lengths: Lengths, first: int, number: int) -> Value:
    """The counter of a loop that runs from its last iteration to its first, in one of its iterations."""
    longer = goes_on(m, lengths, number + 1) if number < UNROLLED - 1 else NEVER
    base, more = lengths[0]
    later = index(m, lengths, first, number)
    if number == 0:
        later = m.unknown(("operation", "+", base, Const(more + first - 1)), scalar=True)
    return m.choose([(longer, later), (~longer, Const(first))])


def is_asked(m: Machine, iteration: Iteration) -> bool:
    """Whether an iteration is run. A spare iteration is only run if the code tests which iteration is the last."""
    return not iteration.is_spare or any(length in m.asked for length in iteration.lengths)


def loop_of(m: Machine, value: Value) -> Loop | None:
    """The loop of unknown length to whose current iteration a value belongs: the first, or one that it depends on."""
    if not m.iterations or not m.loops:
        return None
    number = m.iterations[-1].number
    return m.loops[-1] if number == 0 or is_of_iteration(value, number) else None


def is_of_iteration(part: object, number: int, depth: int = 0) -> bool:
    """Whether a value is the element of an iteration, or is computed from it."""
    if isinstance(part, Unknown):
        return part.nth == number or (depth < _DEEPEST and is_of_iteration(part.key, number, depth + 1))
    return isinstance(part, tuple) and any(is_of_iteration(one, number, depth) for one in part)


def is_computed(value: object, depth: int = 0) -> bool:
    """Whether a value is the result of arithmetic, such as `i + 1`, or a text that contains one."""
    if isinstance(value, Unknown):
        if value.nth is not None:  # it is the element itself, for example of `range(n + 1)`
            return False
        is_sum = isinstance(value.key, tuple) and value.key[0] == "operation"
        return is_sum or (depth < _DEEPEST and is_computed(value.key, depth + 1))
    return isinstance(value, tuple) and any(is_computed(one, depth) for one in value)


def is_positive(value: Unknown) -> bool:
    """Whether a value is the counter of a loop, and is not 0."""
    count = count_of(value)
    return count is not None and count.least > 0


class Count(NamedTuple):
    """The counter of a loop: the loop, by its length, the first value, and the iteration."""

    lengths: Lengths
    first: int
    iteration: int

    @property
    def least(self) -> int:
        """The least value that it can have."""
        return self.first + self.iteration


def count_of(value: Unknown) -> Count | None:
    """The counter of a loop that a value is; `None` for any other value."""
    match value.key:
        case ("iteration", tuple() as lengths, int() as first, int() as iteration):
            return Count(lengths, first, iteration)
    return None


def is_last(m: Machine, lengths: Lengths, number: int) -> Guard:
    """The guard under which an iteration is the last one."""
    m.asked.update(lengths)
    return ALWAYS if number >= UNROLLED - 1 else ~goes_on(m, lengths, number + 1)


# -- tests ------------------------------------------------------------------------------------------------------


def compare(m: Machine, sign: str, left: Value, right: Value) -> Guard | None:
    """The guard of `left sign right`, if the test distinguishes iterations of a loop; `None` if it does not."""
    if not isinstance(left, Unknown) and not isinstance(right, Unknown):
        return None
    if sign == "==" and Const(0) in (left, right):
        remainder = is_multiple(m, right if left == Const(0) else left)
        if remainder is not None:
            return remainder
    apart = difference(left, right)
    if apart is None:
        return None
    parts, number = apart
    if not parts:
        return ALWAYS if _SIGNS[sign](number, 0) else NEVER
    counts = [(unknown, count) for unknown in parts if (count := count_of(unknown)) is not None]
    if len(counts) > 1 or any(abs(factor) != 1 for factor in parts.values()):
        return None
    if counts:
        return _of_count(m, sign, *counts[0], parts, number)
    if len(parts) != 1:
        return None
    found = _of_length(m, sign, parts, number) if m.iterations else None
    return found if found is not None or {left, right} & parts.keys() else _of_rest(m, sign, parts, number)


def is_multiple(m: Machine, value: Value) -> Guard | None:
    """The guard under which `value`, a remainder such as `(i + 1) % n`, is 0; `None` if that is not known.

    A counter that runs from 1 to `n` is only a multiple of `n` in the last iteration.
    """
    match value:
        case Unknown(key=("operation", "%", Value() as number, Value() as divisor)):
            counts = isinstance(number, Const) or compare(m, ">", number, Const(0)) is ALWAYS
            if counts and number != Const(0) and compare(m, "<=", number, divisor) is ALWAYS:
                return compare(m, "==", number, divisor)
    return None


def _of_count(
    m: Machine, sign: str, unknown: Unknown, count: Count, parts: Mapping[Unknown, int], number: int
) -> Guard | None:
    """`± count ∓ length + number sign 0`, or the same without a length."""
    if parts[unknown] == -1:
        sign, number = _MIRRORED[sign], -number
    others = {other: factor * parts[unknown] for other, factor in parts.items() if other is not unknown}
    if not others:
        return _from_start(sign, count.least, -number)
    for base, more in count.lengths:
        if others == {base: -1}:  # count + number sign base, and the loop ends before base + more + first
            return _at_end(m, sign, -number - more - count.first, count.lengths, count.iteration)
    return None


def _from_start(sign: str, least: int, bound: int) -> Guard | None:
    """Compare a counter that is at least `least` with a number."""
    small = {"<": least >= bound, "<=": least > bound, "==": least > bound, ">=": False, ">": False}
    large = {"<": False, "<=": False, "==": False, ">=": least >= bound, ">": least > bound}
    return NEVER if small[sign] else ALWAYS if large[sign] else None


def _of_length(m: Machine, sign: str, parts: Mapping[Unknown, int], number: int) -> Guard | None:
    """`± length + number sign 0` in an iteration of a loop of that length, where the counter is known."""
    ((base, factor),) = parts.items()
    for iteration in reversed(m.iterations):
        for length, more in iteration.lengths:
            if length == base:  # in terms of the count: `count - length - ... sign 0`
                if factor == 1:
                    sign, number = _MIRRORED[sign], -number
                ahead = iteration.number - number - more
                return (
                    None
                    if _before_last(sign, ahead) is None
                    else _at_end(m, sign, ahead, iteration.lengths, iteration.number)
                )
    return None


def _of_rest(m: Machine, sign: str, parts: Mapping[Unknown, int], number: int) -> Guard | None:
    """`± unknown + number sign 0`, after a countdown, as a test for the number of iterations."""
    ((base, factor),) = parts.items()
    sign, bound = (sign, -number) if factor == 1 else (_MIRRORED[sign], number)
    if sign in ("<", "<="):
        more = _exceeds(m, base, bound - (sign == "<"))
        return ~more if more is not None else None
    if sign == "==":
        return _exactly(m, base, bound) if bound > 0 else None
    return _exceeds(m, base, bound - (sign == ">="))


def _exactly(m: Machine, base: Unknown, bound: int) -> Guard | None:
    """`base == bound`, for a bound that is not 0."""
    more = _exceeds(m, base, bound)
    return goes_on(m, ((base, 0),), bound - 1) & ~more if more is not None else None


def _exceeds(m: Machine, base: Unknown, bound: int) -> Guard | None:
    """`base > bound` for a number that is not negative, in terms of `goes_on`; `None` if the bound is large."""
    if bound > _DEEPEST:
        return None
    if bound <= 0:
        return ~m.conditions.less(base, 0, strictly=False) if bound == 0 else ALWAYS
    return goes_on(m, ((base, 0),), bound)


def _at_end(m: Machine, sign: str, ahead: int, lengths: Lengths, number: int) -> Guard:
    """`iteration sign length + ahead`. Iterations count from 0, so the last one is `length - 1`."""
    in_last = ALWAYS if _SIGNS[sign](-1, ahead) else NEVER
    before = _before_last(sign, ahead)
    if before is None:
        before = _well_before(m, sign, ahead, lengths, number)
    if before is in_last:
        return before
    last = is_last(m, lengths, number)
    return (last & in_last) | (~last & before)


def _well_before(m: Machine, sign: str, ahead: int, lengths: Lengths, number: int) -> Guard:
    """The same for one of the iterations before the last one, if the result differs between them (`i < n - 2`)."""
    if sign == "==":
        return m.conditions.opaque(("iteration at", lengths, ahead, number))
    earlier = m.conditions.opaque(("iteration before", lengths, ahead + (sign in ("<=", ">")), number))
    return earlier if sign in ("<", "<=") else ~earlier


def _before_last(sign: str, ahead: int) -> Guard | None:
    """The same for every iteration before the last one; `None` if they differ."""
    true = {"<": ahead >= -1, "<=": ahead >= -2, "==": False, ">=": False, ">": False}
    false = {"<": False, "<=": False, "==": ahead >= -1, ">=": ahead >= -1, ">": ahead >= -2}
    return ALWAYS if true[sign] else NEVER if false[sign] else None


def is_element(m: Machine, left: Unknown, right: Unknown, length: Unknown) -> Guard | None:
    """The guard under which an iteration has the first or last element of its sequence; `None` for other tests.

    Args:
        left: The element (`x`).
        right: An item of the same sequence (`xs[-1]`).
        length: The length of the sequence.
    """
    match left.key, right.key:
        case ("element", walked, int() as number), ("item", Unknown() as container, Value() as at) if (
            container.key == walked
        ):
            place = linear(at)
            if place == ({}, 0):
                return ALWAYS if number == 0 else NEVER
            if place in (({}, -1), ({length: 1}, -1)):
                return is_last(m, ((length, 0),), number)
    return None
