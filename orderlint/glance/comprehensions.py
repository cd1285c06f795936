"""Comprehensions."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from orderlint.glance import containers, loops, paths
from orderlint.glance.frames import Point
from orderlint.glance.lists import Dict, List, Tail
from orderlint.glance.things import NOTHING, Const, Value, one, only
from orderlint.glance.values import join, of_order

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = ["comprehension", "dict_comprehension"]

Made = TypeVar("Made")


def comprehension(g: Machine, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Value:
    """`[element for target in iterable]`."""
    token = g.token(node)
    known, further = _iterations(g, node.generators, lambda: g.evaluate(node.elt))
    return one(of_order(tuple(known), token) if further is None else List((), further, token))


def dict_comprehension(g: Machine, node: ast.DictComp) -> Value:
    """`{key: value for target in iterable}`."""

    def make() -> tuple[Value, Value]:
        return g.peek(node.key), g.evaluate(node.value)

    token = g.token(node)
    known, further = _iterations(g, node.generators, make, containers.MOST_UNROLLED)
    if further is not None:
        return one(Dict({}, _of_keys(*further), token))
    entries: dict[Any, Value] = {}
    optional: set[Any] = set()
    others = NOTHING
    for (key, value), may_miss in known:
        constant = only(key, Const)
        if constant is None:  # it may be any earlier key
            entries = {name: join(held, value) for name, held in entries.items()}
            others = join(others, _of_keys(key, value))
        elif not may_miss:
            entries[constant.value] = value
            optional.discard(constant.value)
        else:
            optional |= {constant.value} - entries.keys()
            entries[constant.value] = join(entries.get(constant.value, NOTHING), value)
    return one(Dict(entries, others, token, frozenset(optional)))


def _of_keys(key: Value, value: Value) -> Value:
    """The values of keys that are not distinguished, and those of the keys that are kept, since layers may be keys."""
    return join(value, *containers.kept_keys(key))


def _iterations(
    g: Machine, generators: Sequence[ast.comprehension], make: Callable[[], Made], most: int = containers.MOST_PLAIN
) -> tuple[list[tuple[Made, bool]], Made | None]:
    """Run a comprehension.

    Args:
        g: The machine.
        generators: Its loops.
        make: Evaluates the element of one iteration.
        most: How many numbers or texts of a list are iterated one by one.

    Returns: The element of each iteration, with whether it may be missing; or the element of any iteration.
    """
    names = g.frame.names
    if names is None:
        return [], None
    targets = [each.id for one in generators for each in ast.walk(one.target) if isinstance(each, ast.Name)]
    outer = {name: names.get(name) for name in targets}
    first, *others = generators
    lists = None if others else containers.unrolled(g.peek(first.iter), most)
    if lists is not None and len(lists) == 1 and len(lists[0]) == 1:
        (elements, _), *_ = lists[0]
        made = list(_one_by_one(g, first, elements, make))
        _forget(g, outer)
        return made, None
    further: list[Made] = []

    def iteration() -> list[Point]:
        for generator in generators:
            containers.assign(g, generator.target, containers.element(g, g.peek(generator.iter)))
            for test in generator.ifs:
                g.peek(test)
        further.append(make())
        _forget(g, outer)
        return []

    loops.any_number(g, iteration)
    return [], further[-1]


def _one_by_one(
    g: Machine, generator: ast.comprehension, elements: Tail, make: Callable[[], Made]
) -> Iterator[tuple[Made, bool]]:
    """The elements of iterations over known values, each with whether it may be missing."""
    for value, may_miss in elements:
        containers.assign(g, generator.target, value)
        holds = [g.decide(test) for test in generator.ifs]
        if False in holds:
            continue
        is_sure = not may_miss and None not in holds
        before = None if is_sure else paths.fork(g)
        yield make(), not is_sure
        if before is not None:
            paths.meet(g, before, paths.here(g))


def _forget(g: Machine, outer: dict[str, Value | None]) -> None:
    """Restore the names of the loops. They belong to the comprehension, and have their old values after it."""
    for name, value in outer.items():
        if g.frame.names is not None:
            g.frame.names.pop(name, None)
            if value is not None:
                g.frame.names[name] = value
