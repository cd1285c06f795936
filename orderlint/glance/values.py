"""Values: joining them, and how layers use them."""

from __future__ import annotations

from orderlint.glance.lists import Dict, List, Tail
from orderlint.glance.orders import FRESH, Flow
from orderlint.glance.things import ANY, DATA, NOTHING, SCALAR, UNKNOWN, Const, Stack, Tensor, Text, Thing, Value, only

__all__ = [
    "MOST_IN_ORDER",
    "again",
    "element_of",
    "flow_of",
    "holds_any",
    "join",
    "known_flow",
    "num_tensors",
    "of_order",
    "widened",
]

_MOST = 12  # things of a value; if there are more, its constants become one unknown constant
MOST_IN_ORDER = 64  # elements of a list, some of which may be missing
_MOST_OF_ALL = 200  # things of a value; if there are more, it may be anything
(_ANY,), (_UNKNOWN,), (_SCALAR,), (_DATA,) = ANY, UNKNOWN, SCALAR, DATA


def element_of(held: List | Dict) -> Value:
    """What an element of a list, or a value of a dictionary, may be."""
    if held.element is None:
        held.element = join(*held.inner)
    return held.element


def join(*values: Value) -> Value:
    """The value that may be any of several values."""
    result: Value = NOTHING
    is_mixed = False
    for value in values:
        if not result:
            result = value
        elif value is not result and not value <= result:
            is_mixed = is_mixed or not result <= value
            result |= value
    return _tidied(result) if is_mixed else result


def _tidied(things: Value) -> Value:
    """A value with one tensor at most, and one list, dictionary and model for each token.

    `ANY` replaces everything but tensors. `DATA` may be any constant, so it replaces constants and `SCALAR`. `SCALAR`
    replaces constants.
    """
    if _ANY in things:
        things = frozenset(thing for thing in things if thing is _ANY or type(thing) is Tensor)
    elif _DATA in things or _SCALAR in things:
        things = frozenset(thing for thing in things if type(thing) not in (Const, Text))
        if _DATA in things:
            things -= SCALAR
    kept: list[Thing] = []
    flow: Flow = frozenset()
    alike: dict[tuple[type, object], Thing] = {}
    for thing in things:
        kind = type(thing)
        if kind is Tensor:
            flow |= thing.flow
        elif kind in (List, Stack, Dict):
            known = alike.get((kind, thing.token))
            alike[kind, thing.token] = thing if known is None else _both(known, thing)
        else:
            kept.append(thing)
    if flow:
        kept.append(Tensor(flow))
    kept += alike.values()
    if len(kept) > _MOST:
        consts = [thing for thing in kept if type(thing) in (Const, Text)]
        if len(consts) > 1:
            kept = [*(thing for thing in kept if type(thing) not in (Const, Text)), _SCALAR]
    return frozenset(kept) if len(kept) <= _MOST_OF_ALL else ANY


def _both(first: Thing, second: Thing) -> Thing:
    """Join two states of one list, dictionary or model."""
    if type(first) is Dict:
        entries, others = first.entries, second.entries
        keys = {*entries, *others}
        # Of thousands of entries, hardly any differ. A key of one dictionary may be among the other keys of the second.
        pairs = ((key, entries.get(key, first.others), others.get(key, second.others)) for key in keys)
        merged = {key: one if one is two else join(one, two) for key, one, two in pairs}
        optional = first.optional | second.optional | (entries.keys() ^ others.keys())
        return Dict(merged, join(first.others, second.others), first.token, optional)
    is_stack = type(first) is Stack
    if not is_stack:
        ordered = _both_in_order(first, second)
        if ordered is not None:
            return ordered
    items, others = (first.layers, second.layers) if is_stack else (first.items, second.items)
    length = min(len(items), len(others))
    rest = join(first.rest, second.rest, *items[length:], *others[length:])
    common = tuple(map(join, items, others))
    if is_stack:
        return Stack(common, rest, first.flow | second.flow, first.token)
    return List(common, rest, first.token)


def _both_in_order(first: List, second: List) -> List | None:
    """Join two lists in order. Elements that only one list has may be missing. `None` if an order is not known."""
    if first.repeated or second.repeated:
        return _both_repeated(first, second)
    one, other = first.in_order, second.in_order
    if one is None or other is None or max(len(one), len(other)) > MOST_IN_ORDER:
        return None
    return of_order(_one_or_other(one, other), first.token)


def _one_or_other(one: Tail, other: Tail) -> Tail:
    """Join elements in order with others. Elements that only one side has may be missing."""
    both = ((join(a, b), may_miss or may_too) for (a, may_miss), (b, may_too) in zip(one, other))  # noqa: B905
    length = min(len(one), len(other))
    return *both, *((value, True) for value, _ in (*one[length:], *other[length:]))


def _both_repeated(first: List, second: List) -> List | None:
    """Do the same for lists if a loop has added elements to one or both of them."""
    length = min(len(first.items), len(second.items))
    one, other = _parted(first, length), _parted(second, length)
    if (
        one is None
        or other is None
        or (first.repeated and second.repeated and len(first.repeated) != len(second.repeated))
    ):
        return None
    repeated = (
        _one_or_other(first.repeated, second.repeated)
        if first.repeated and second.repeated
        else first.repeated or second.repeated
    )
    tail = _one_or_other(one, other)
    rest = join(first.rest, second.rest, *(value for value, _ in tail))
    return List(tuple(map(join, first.items, second.items)), rest, first.token, tail, repeated)


def _parted(listed: List, length: int) -> Tail | None:
    """The elements after the first ones and after those that a loop added; `None` if the loop added some elsewhere."""
    if listed.parts_in_order is None or (listed.repeated and len(listed.items) > length):
        return None
    return *((value, False) for value in listed.items[length:]), *listed.tail


def again(head: Value, end: Value) -> Value:
    """The value at the start of the next iteration of a loop.

    Args:
        head: The value at the start of this iteration.
        end: The value at the end of this iteration.
    """
    if end <= head:
        return head
    lists = {thing.token: thing for thing in head if type(thing) is List and thing.token is not None}
    grown: dict[Thing, Value] = {}
    for thing in end:
        before = lists.get(thing.token) if type(thing) is List else None
        made = None if before is None else _grown(before, thing)
        if before is not None and made is not None:
            grown[before] = frozenset((made,))
            end -= {thing}
    return join(widened(join(head.difference(grown), end)), *grown.values())


def _grown(before: List, after: List) -> List | None:
    """A list to which each iteration of a loop adds elements in order; `None` if an iteration did something else.

    Args:
        before: The list at the start of the iteration: as it was at first, or with elements of earlier iterations.
        after: The list at the end of the iteration.
    """
    num = len(before.items)
    if before.parts_in_order is None or after.parts_in_order is None or before.items != after.items[:num]:
        return None
    if before.tail or (before.repeated and (after.repeated != before.repeated or len(after.items) > num)):
        return None
    if not before.repeated:
        further = (*after.items[num:], *(value for value, _ in after.repeated))
        added = (*((value, number >= len(after.items) - num) for number, value in enumerate(further)), *after.tail)
    elif len(after.tail) == len(before.repeated):
        added = _one_or_other(before.repeated, after.tail)
    else:
        return None
    if not 0 < len(added) <= MOST_IN_ORDER:
        return None
    return List(before.items, join(after.rest, *(value for value, _ in added)), before.token, (), added)


def of_order(elements: Tail, token: object = None) -> List:
    """A list of elements in order, each with whether it may be missing."""
    surely = next((number for number, (_, may_miss) in enumerate(elements) if may_miss), len(elements))
    items = tuple(value for value, _ in elements[:surely])
    return List(items, join(*(value for value, _ in elements[surely:])), token, elements[surely:])


def widened(value: Value) -> Value:
    """A value whose lists forget the order of elements that may be missing: each iteration of a loop may add some."""
    if not any(thing.has_tail for thing in value):
        return value
    return frozenset(_widened(thing) if thing.has_tail else thing for thing in value)


def _widened(thing: List | Dict) -> List | Dict:
    if type(thing) is List:
        return List(tuple(map(widened, thing.items)), widened(thing.rest), thing.token)
    return thing.renewed(widened)


def flow_of(value: Value) -> Flow | None:
    """The ways of the tensors in a value; `None` if it may hold anything, empty if it holds no tensor."""
    return None if holds_any(value) else known_flow(value)


def known_flow(value: Value) -> Flow:
    """The ways of the tensors in a value, without those that `ANY` may add."""
    flow: Flow = frozenset()
    for thing in value:
        if type(thing) is Tensor:
            flow |= thing.flow
        elif type(thing) in (List, Dict):
            if thing.flow is None:
                thing.flow = frozenset().union(*map(known_flow, thing.inner))
            flow |= thing.flow
        elif thing is _UNKNOWN or thing is _DATA:
            flow |= FRESH
    return flow


def holds_any(value: Value) -> bool:
    """Whether a value is or holds `ANY`."""
    return any(thing.has_any for thing in value)


def num_tensors(value: Value) -> int:
    """How many tensors a value certainly holds."""
    listed = only(value, List)
    if listed is not None:
        return sum(map(num_tensors, listed.items))
    return int(any(type(thing) is Tensor for thing in value) and all(_is_tensor(thing) for thing in value))


def _is_tensor(thing: Thing) -> bool:
    return type(thing) is Tensor or thing is _UNKNOWN or thing is _DATA
