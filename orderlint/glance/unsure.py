"""The exceptions that end a glance."""

from __future__ import annotations

__all__ = ["Suspicion", "Unsure"]


class Unsure(Exception):
    """The glance cannot tell that all is in order."""


class Suspicion(Unsure):
    """A rule may find something.

    Attributes:
        path: The file in which the layer is applied that completes it; empty if that is not known.
    """

    path = ""
