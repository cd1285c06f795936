"""Comprehensions."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from orderlint.glance import containers
from orderlint.glance.lists import Dict, List
from orderlint.glance.things import NOTHING, Const, Value, one, only
from orderlint.glance.values import join, of_order

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = ["comprehension", "dict_comprehension"]

Made = TypeVar("Made")


def comprehension(g: Machine, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Value:
    """`[element for target in iterable]`."""
    token = g.token(node)
    known, further = _turns(g, node.generators, lambda: g.evaluate(node.elt))
    return one(of_order(tuple(known), token) if further is None else List((), further, token))


def dict_comprehension(g: Machine, node: ast.DictComp) -> Value:
    """`{key: value for target in iterable}`."""

    def make() -> tuple[Value, Value]:
        return g.peek(node.key), g.evaluate(node.value)

    token = g.token(node)
    known, further = _turns(g, node.generators, make, containers.MOST_UNROLLED)
    if further is not None:
        return one(Dict({}, _of_keys(*further), token))
    entries: dict[Any, Value] = {}
    optional: set[Any] = set()
    others = NOTHING
    for (key, value), may_miss in known:
        told = only(key, Const)
        if told is None:  # it may be any of those before
            entries = {name: join(held, value) for name, held in entries.items()}
            others = join(others, _of_keys(key, value))
        elif not may_miss:
            entries[told.value] = value
            optional.discard(told.value)
        else:
            optional |= {told.value} - entries.keys()
            entries[told.value] = join(entries.get(told.value, NOTHING), value)
    return one(Dict(entries, others, token, frozenset(optional)))


def _of_keys(key: Value, value: Value) -> Value:
    """What keys that are not told apart stand for, and those of them that are kept, as layers may be keys."""
    return join(value, *containers.kept_keys(key))


def _turns(
    g: Machine, generators: Sequence[ast.comprehension], make: Callable[[], Made], most: int = containers.MOST_PLAIN
) -> tuple[list[tuple[Made, bool]], Made | None]:
    """What a comprehension makes.

    Args:
        g: The machine.
        generators: Its loops.
        make: Makes what one turn gives.
        most: Numbers or texts of a list that is gone through one by one.

    Returns: What each turn gives, and whether that may not be there; or what any number of them give.
    """
    names = g.frame.names
    if names is None:
        return [], None
    before = dict(names)
    try:
        first, *others = generators
        lists = None if others else containers.unrolled(g.peek(first.iter), most)
        if lists is None or len(lists) > 1:
            for generator in generators:
                value = containers.element(g, g.peek(generator.iter))
                containers.assign(g, generator.target, value)
                for test in generator.ifs:
                    g.peek(test)
            return [], make()
        made = []
        for value, may_miss in lists[0]:
            containers.assign(g, first.target, value)
            holds = [g.decide(test) for test in first.ifs]
            if False not in holds:
                made.append((make(), may_miss or None in holds))
        return made, None
    finally:
        bound = g.frame.names or {}
        for name in g.frame.outlasting & bound.keys():
            before[name] = join(before.get(name, NOTHING), bound[name])
        g.frame.names = before
