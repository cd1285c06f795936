"""Comprehensions."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from orderlint.glance import containers
from orderlint.glance.lists import Dict, List
from orderlint.glance.things import NOTHING, Value, one
from orderlint.glance.values import element_of, join, of_order

if TYPE_CHECKING:
    from orderlint.glance.machine import Machine

__all__ = ["comprehension", "dict_comprehension"]


def comprehension(g: Machine, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Value:
    """`[element for target in iterable]`."""
    return one(_comprehended(g, node.generators, lambda: g.evaluate(node.elt), g.token(node)))


def _comprehended(g: Machine, generators: Sequence[ast.comprehension], make: Any, token: object) -> List:
    names = g.frame.names
    if names is None:
        return List((), token=token)
    before = dict(names)
    try:
        first, *others = generators
        lists = None if others else containers.unrolled(g.peek(first.iter))
        if lists is None or len(lists) > 1:
            for generator in generators:
                value = containers.element(g, g.peek(generator.iter))
                containers.assign(g, generator.target, value)
                for test in generator.ifs:
                    g.peek(test)
            return List((), make(), token)
        made = []
        for value, may_miss in lists[0]:
            containers.assign(g, first.target, value)
            holds = [g.decide(test) for test in first.ifs]
            if False not in holds:
                made.append((make(), may_miss or None in holds))
        return of_order(tuple(made), token)
    finally:
        bound = g.frame.names or {}
        for name in g.frame.outlasting & bound.keys():
            before[name] = join(before.get(name, NOTHING), bound[name])
        g.frame.names = before


def dict_comprehension(g: Machine, node: ast.DictComp) -> Value:
    """`{key: value for target in iterable}`."""

    def made() -> Value:
        return join(g.evaluate(node.value), *containers.kept_keys(g.peek(node.key)))

    return one(Dict({}, element_of(_comprehended(g, node.generators, made, None)), g.token(node)))
