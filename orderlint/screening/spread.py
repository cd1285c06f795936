"""How work on many files is handed in, so that whoever screens need not know of processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

__all__ = ["Spread"]

Spread = Callable[[Callable[[Any], Any], Sequence[Any], int], "Iterable[Any] | None"]
"""Given some work, what to do it on, and how many things are worth another process: the results in order.

`None` if there is no other process to do it, or too little to do.
"""
