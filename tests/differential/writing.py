"""Shared parts of the generator: the text that is being written, names, and random choices."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

__all__ = ["Scope", "Writer"]

_T = TypeVar("_T")


@dataclass
class Scope:
    """The names that code at a place can use.

    Attributes:
        x: The name of the current tensor.
        flags: Names of booleans.
        kinds: Names of strings that are `"a"`, `"b"` or `"c"`.
        counts: Names of integers of at least 1.
        rates: Names of dropout rates that may be 0.
        activations: Names of parameters with activations as defaults.
        depth: The depth of nested code.
        calls: Whether functions and classes of the program can be used.
    """

    x: str = "x"
    flags: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    counts: list[str] = field(default_factory=list)
    rates: list[str] = field(default_factory=list)
    activations: list[str] = field(default_factory=list)
    depth: int = 0
    calls: bool = True


class Writer:
    """A program while it is written.

    Attributes:
        rng: The random number generator of this program.
        is_image: Whether tensors are images, and linear layers convolutions.
        budget: The number of statements that may still be written.
        helpers: Expressions that call functions from tensor to tensor, with placeholders; set by the definitions.
        used: The idioms written so far.
    """

    def __init__(self, rng: random.Random, *, is_image: bool, budget: int) -> None:
        self.rng = rng
        self.is_image = is_image
        self.budget = budget
        self.helpers: list[str] = []
        self.used: set[str] = set()
        self._lines: list[str] = []
        self._indent = 0
        self._numbers = 0

    def line(self, text: str) -> None:
        self._lines.append("    " * self._indent + text)

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """A compound statement, with a `pass` if nothing is written into it."""
        self.line(head)
        self._indent += 1
        before = len(self._lines)
        yield
        if len(self._lines) == before:
            self.line("pass")
        self._indent -= 1

    def name(self, stem: str) -> str:
        """A new name."""
        self._numbers += 1
        return f"{stem}{self._numbers}"

    def pick(self, options: Sequence[_T]) -> _T:
        return self.rng.choice(options)

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    @property
    def text(self) -> str:
        return "\n".join(self._lines) + "\n"
