"""What ends a glance."""

from __future__ import annotations

__all__ = ["Suspicion", "Unsure"]


class Unsure(Exception):
    """The glance cannot tell that all is in order."""


class Suspicion(Unsure):
    """A rule may find something, in a file that is not asked for."""
