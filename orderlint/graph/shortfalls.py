"""Parts of the code that were only partly checked. The report has a warning for each of them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from orderlint.graph.calls import Site
from orderlint.records import record

__all__ = ["Limit", "Shortfall", "gaps"]


class Limit(str, Enum):
    """The limit that was reached, as a reason."""

    STEPS = "it takes too many steps"
    CONDITIONS = "it has too many conditions"
    NESTING = "its code is nested too deeply"
    CALLS = "its calls are nested too deeply"
    ALTERNATIVES = "a value in it has too many possibilities"
    SIZE = "it is too large to be parsed"
    IMPORTS = "a module that it imports was not read in full"
    ITERATIONS = "a loop in it has too many iterations"
    PATHS = "there are too many paths between its layers"


@record(frozen=True, slots=True)
class Shortfall:
    """A function, a class or a module that was only partly checked.

    Attributes:
        place: Where it is defined, or the statement of the module that was left out.
        name: Its name (`build_model`, `<module>`).
        limit: The limit that was reached.
    """

    place: Site
    name: str
    limit: Limit

    @property
    def message(self) -> str:
        """The message of the report."""
        return _message(self.place, self.name, [self.limit])


def gaps(shortfalls: Iterable[Shortfall]) -> list[tuple[Site, str]]:
    """The message of the report for each place, with all of its reasons in order."""
    limits: dict[tuple[Site, str], dict[Limit, None]] = {}
    for one in shortfalls:
        limits.setdefault((one.place, one.name), {})[one.limit] = None
    return [(place, _message(place, name, met)) for (place, name), met in limits.items()]


def _message(place: Site, name: str, met: Iterable[Limit]) -> str:
    whole = "the module" if place.location().cell is None else "the cell"
    subject = whole if name == "<module>" else f"`{name}`"
    return f"{subject} was only partly checked: {'; '.join(limit.value for limit in met)}"
