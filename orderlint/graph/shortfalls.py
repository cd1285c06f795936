"""Where the analysis stopped short of judging everything. There silence is not a pass, and the report says so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from orderlint.graph.calls import Site

__all__ = ["Limit", "Shortfall"]


class Limit(str, Enum):
    """What bound was met, as a reason."""

    STEPS = "it takes more steps than one function may"
    CONDITIONS = "its conditions are too many to be told apart"
    NESTING = "its code nests too deeply"
    CALLS = "its calls nest too deeply"
    ALTERNATIVES = "a value in it may be one of too many"
    SIZE = "it is too large to be parsed"
    IMPORTS = "what it imports is too long to be read to its end"
    TURNS = "a loop in it has more turns than are followed"
    PATHS = "its layers are joined by more paths than are followed"


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A function, a class or a module that was not judged to its end.

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
        return f"{name} was not judged to its end: {self.limit.value}"
