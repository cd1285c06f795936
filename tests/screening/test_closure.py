"""Unions over the nodes that are reachable in a graph."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from orderlint.screening.closure import Closure

GRAPHS = st.integers(1, 9).flatmap(
    lambda count: st.lists(st.lists(st.integers(0, count - 1), max_size=4), min_size=count, max_size=count)
)


@given(GRAPHS)
def test_unions_are_those_of_a_search_from_each_node(targets: list[list[int]]) -> None:
    """Every node gets the bits, and the lowest rank, of all nodes that are reachable from it, also through cycles."""
    onward = {str(node): tuple(map(str, found)) for node, found in enumerate(targets)}
    closure = Closure(onward, onward.__getitem__)
    union = closure.unions(lambda node: 1 << int(node))
    least = closure.least(int)
    for node in onward:
        reached = {node}
        waiting = [node]
        while waiting:
            for target in onward[waiting.pop()]:
                if target not in reached:
                    reached.add(target)
                    waiting.append(target)
        assert union(node) == sum(1 << int(one) for one in reached)
        assert least(node) == min(map(int, reached))
        assert set(closure.reached([node])) == reached
