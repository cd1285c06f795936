"""Sets of nodes in the order in which they were first seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import libcst as cst

__all__ = ["Marked"]


class Marked:
    """A set of nodes that only grows. Its new nodes are known, so that it need not be searched again.

    Attributes:
        nodes: The nodes in the order in which they were added; read-only.
    """

    def __init__(self) -> None:
        self._set: set[cst.CSTNode] = set()
        self._nodes: list[cst.CSTNode] = []

    @property
    def nodes(self) -> Sequence[cst.CSTNode]:
        return self._nodes

    def __contains__(self, node: cst.CSTNode) -> bool:
        return node in self._set

    def add(self, node: cst.CSTNode) -> None:
        """Add a node."""
        if node not in self._set:
            self._set.add(node)
            self._nodes.append(node)

    def update(self, nodes: Iterable[cst.CSTNode]) -> None:
        """Add several nodes."""
        for node in nodes:
            self.add(node)
