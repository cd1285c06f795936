"""Possible findings in other files than the one that is checked.

Many files use one builder that is out of order. The possible findings are in the file of the builder, and a check of
that file alone usually shows the same ones. So the glance continues after such a finding, and records its place.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from orderlint.glance.unsure import Unsure
from orderlint.judging.suspects import Suspect

__all__ = ["Sites"]


class Sites:
    """The calls of a glance, and the places at which a rule may find something.

    A finding on a layer is reported where the layer is applied. If layers that are constructed at several places are
    applied there, it is reported where the layer is constructed.

    Args:
        own: The file that is checked.
    """

    def __init__(self, own: str) -> None:
        self._own = own
        self._calls: dict[int, tuple[str, ast.Call]] = {}
        self._elements: set[int] = set()  # constructors in the list of a `Sequential`, or in a call of its `add`
        self._made: dict[int, set[int]] = {}  # where the layers that are applied at a place are constructed
        self._found: set[tuple[str, int]] = set()  # in any pass: each pass sees what the earlier ones saw

    def called(self, path: str, node: ast.Call) -> None:
        """Record a call in a file."""
        self._calls[id(node)] = path, node

    def listed(self, place: int) -> None:
        """Record a call that creates a `Sequential`. Constructors in its list are applied there."""
        if place in self._calls:
            _, node = self._calls[place]
            for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                if isinstance(argument, (ast.List, ast.Tuple)):
                    self._elements.update(id(element) for element in argument.elts if isinstance(element, ast.Call))

    def added(self, argument: ast.expr) -> None:
        """Record an argument of `add` of a `Sequential`. If it is a constructor, it is applied there."""
        self._elements.add(id(argument))

    def applied(self, place: int, made: int) -> int:
        """Record that a layer is applied.

        Args:
            place: Where it is applied; 0 within a `Sequential`.
            made: Where it was constructed; 0 if that is not known.

        Returns: Where it is applied, if that is known.
        """
        if not place and made in self._elements:
            place = made
        self._made.setdefault(place, set()).add(made)
        return place

    def suspect(self, code: str, place: int) -> None:
        """Record that a rule may find something at a place.

        Raises:
            Unsure: The place is not known, or is in the checked file itself, or layers from several places are applied
                there.
        """
        path, _ = self._calls.get(place, (self._own, None))
        if path == self._own:
            raise Unsure("something out of order")
        self._refuse_several(place)
        self._found.add((code, place))

    def _refuse_several(self, place: int) -> None:
        made = self._made.get(place, ())
        if len(made) > 1 or 0 in made:
            raise Unsure("layers that are constructed at several places")

    def suspects(self, column: Callable[[str, ast.expr], int]) -> frozenset[Suspect]:
        """The suspects that were recorded, after everything was run.

        Args:
            column: Returns the column where an expression of a file begins.

        Raises:
            Unsure: It is not known where one of them would be reported.
        """
        return frozenset(self._suspect_at(code, place, column) for code, place in self._found)

    def _suspect_at(self, code: str, place: int, column: Callable[[str, ast.expr], int]) -> Suspect:
        self._refuse_several(place)  # other layers may have been applied there since
        path, node = self._calls[place]
        return Suspect(code, path, node.lineno, column(path, node))
