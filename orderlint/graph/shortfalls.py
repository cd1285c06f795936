"""Where the analysis stopped short of judging everything. There silence is not a pass, and the report says so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from orderlint.graph.calls import Site

__all__ = ["Limit", "Shortfall"]


class Limit(str, Enum):
    """What bound was met, as a reason."""

    STEPS = "it takes too many steps"
    CONDITIONS = "it has too many conditions"
    NESTING = "its code is nested too deeply"
    CALLS = "its calls are nested too deeply"
    ALTERNATIVES = "a value in it has too many possibilities"
    SIZE = "it is too large to be parsed"
    IMPORTS = "a module that it imports was not read in full"
    TURNS = "a loop in it has too many iterations"
    PATHS = "there are too many paths between its layers"


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A function, a class or a module that was only partly checked.

    Attributes:
        place: Where it is defined, or the statement of the module that was left out.
        name: What it is called (`build_model`, `<module>`).
        limit: What bound was met.
    """

    place: Site
    name: str
    limit: Limit

    @property
    def message(self) -> str:
        """What the report says."""
        name = "the module" if self.name == "<module>" else f"`{self.name}`"
        return f"{name} was only partly checked: {self.limit.value}"
