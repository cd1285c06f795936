"""The interface for spreading work, so that the screening does not depend on processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

__all__ = ["Spread"]

Spread = Callable[[Callable[[Any], Any], Sequence[Any], int], "Iterable[Any] | None"]
"""Called with a function, the items, and the number of items that are worth another process. Returns the results in
order; `None` if there is no other process, or if there are too few items.
"""
