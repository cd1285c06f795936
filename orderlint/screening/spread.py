"""The interface for spreading work, so that the screening does not depend on processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

__all__ = ["Spread"]

Spread = Callable[[Callable[[Any], Any], Sequence[Any], int], "Iterable[Any] | None"]
"""Given some work, what to do it on, and how many things are worth another process: the results in order.

`None` if there is no other process to do it, or too little to do.
"""
