"""Possible findings in other files than the one that is checked.

Many files use one builder that is out of order. What they show of it stands in the file of the builder, and most of it
is what that file shows by itself. So a glance goes on behind it, and tells where it is.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from orderlint.glance.unsure import Unsure
from orderlint.judging.suspects import Suspect

__all__ = ["Sites"]


class Sites:
    """The calls of a glance, and those at which a rule may find something.

    A finding on a layer stands where the layer is applied, or where it is constructed if layers that are constructed
    at several places are applied there.

    Args:
        own: The file that is checked.
    """

    def __init__(self, own: str) -> None:
        self._own = own
        self._calls: dict[int, tuple[str, ast.Call]] = {}
        self._elements: set[int] = set()  # the constructors that stand in the list of a `Sequential`, or in its `add`
        self._made: dict[int, set[int]] = {}  # where the layers are constructed that are applied at a place
        self._found: set[tuple[str, int]] = set()  # in any pass: each sees what those before it saw

    def called(self, path: str, node: ast.Call) -> None:
        """A call is met in a file."""
        self._calls[id(node)] = path, node

    def listed(self, place: int) -> None:
        """A `Sequential` is made by a call: constructors in its list are applied there."""
        if place in self._calls:
            _, node = self._calls[place]
            for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                if isinstance(argument, (ast.List, ast.Tuple)):
                    self._elements.update(id(element) for element in argument.elts if isinstance(element, ast.Call))

    def added(self, argument: ast.expr) -> None:
        """What is added to a `Sequential` is applied there, if it is a constructor."""
        self._elements.add(id(argument))

    def applied(self, place: int, made: int) -> int:
        """A layer is applied.

        Args:
            place: Where; 0 within a `Sequential`.
            made: Where it was constructed; 0 if that is not known.

        Returns: Where it is applied, as far as is known.
        """
        if not place and made in self._elements:
            place = made
        self._made.setdefault(place, set()).add(made)
        return place

    def suspect(self, code: str, place: int) -> None:
        """A rule may find something at a place.

        Raises:
            Unsure: It is not known which, or in the file itself.
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
        """What was met, when all is run.

        Args:
            column: Tells where an expression of a file begins.

        Raises:
            Unsure: Of some of it, it is not known where it would be reported.
        """
        return frozenset(self._told(code, place, column) for code, place in self._found)

    def _told(self, code: str, place: int, column: Callable[[str, ast.expr], int]) -> Suspect:
        self._refuse_several(place)  # some may have come since
        path, node = self._calls[place]
        return Suspect(code, path, node.lineno, column(path, node))
