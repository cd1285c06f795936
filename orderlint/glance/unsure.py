"""The exceptions that end a glance."""

from __future__ import annotations

__all__ = ["Suspicion", "Unsure"]


class Unsure(Exception):
    """The glance cannot show that everything is in order."""


class Suspicion(Unsure):
    """A rule may find something.

    Attributes:
        path: The file in which the layer that completes the finding is applied; empty if that is not known.
    """

    path = ""
