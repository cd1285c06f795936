"""Reachability in a graph with cycles: for every node, the union of the bits of all nodes that it leads to."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["Closure"]


class Closure:
    """The nodes that can be reached from some nodes, condensed so that a union over them takes one pass.

    Args:
        starts: The nodes to start from.
        onward: Returns the direct successors of a node.
    """

    def __init__(self, starts: Iterable[str], onward: Callable[[str], tuple[str, ...]]) -> None:
        self._group_of: dict[str, int] = {}
        self._groups: list[list[str]] = []  # nodes that reach each other; groups that they lead to come before them
        self._ahead: list[set[int]] = []  # for each group, the groups that it leads to
        self._onward = onward
        for start in starts:
            if start not in self._group_of:
                self._explore(start)

    @property
    def nodes(self) -> Iterable[str]:
        """All nodes that can be reached."""
        return self._group_of

    def unions(self, bits: Callable[[str], int]) -> Callable[[str], int]:
        """For each node, the bits of the node and of all nodes that it leads to."""
        unions: list[int] = []
        for group, ahead in zip(self._groups, self._ahead, strict=True):
            union = 0
            for node in group:
                union |= bits(node)
            for other in ahead:
                union |= unions[other]
            unions.append(union)
        return lambda node: unions[self._group_of[node]]

    def least(self, rank: Callable[[str], int]) -> Callable[[str], int]:
        """For each node, the lowest rank of the node and of all nodes that it leads to."""
        lowest: list[int] = []
        for group, ahead in zip(self._groups, self._ahead, strict=True):
            lowest.append(min(*map(rank, group), *(lowest[other] for other in ahead), sys.maxsize))
        return lambda node: lowest[self._group_of[node]]

    def reached(self, starts: Iterable[str]) -> Iterable[str]:
        """All nodes that the given ones lead to, including themselves."""
        waiting = list({self._group_of[start] for start in starts})
        seen = set(waiting)
        while waiting:
            group = waiting.pop()
            yield from self._groups[group]
            new = self._ahead[group] - seen
            seen |= new
            waiting += new

    def _explore(self, start: str) -> None:
        """Tarjan's algorithm, without recursion. A group is found after all groups that it leads to.

        Source: R. E. Tarjan, "Depth-First Search and Linear Graph Algorithms", SIAM J. Computing 1(2), 1972.
        """
        number: dict[str, int] = {start: 0}
        low: dict[str, int] = {start: 0}
        path = [start]  # nodes that do not belong to a group yet
        frames = [(start, iter(self._onward(start)))]
        while frames:
            node, targets = frames[-1]
            for target in targets:
                if target in self._group_of:
                    continue
                if target not in number:
                    number[target] = low[target] = len(number)
                    path.append(target)
                    frames.append((target, iter(self._onward(target))))
                    break
                low[node] = min(low[node], number[target])
            else:
                frames.pop()
                if frames:
                    above = frames[-1][0]
                    low[above] = min(low[above], low[node])
                if low[node] == number[node]:
                    self._close(node, path)

    def _close(self, first: str, path: list[str]) -> None:
        """Form a group of the nodes from `first` on."""
        at = len(path) - 1
        while path[at] != first:
            at -= 1
        group, index = path[at:], len(self._groups)
        del path[at:]
        for node in group:
            self._group_of[node] = index
        ahead = {self._group_of[target] for node in group for target in self._onward(node)}
        ahead.discard(index)
        self._groups.append(group)
        self._ahead.append(ahead)
