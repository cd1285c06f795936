"""Reasons for not repairing a finding that several ways of repair share."""

from __future__ import annotations

from typing import Final

__all__ = [
    "BOUND_BETWEEN",
    "DIFFERENT_ACTIVATIONS",
    "DIFFERENT_FUNCTIONS",
    "DIFFERENT_REPAIRS",
    "IN_A_BLOCK",
    "IN_A_LOOP",
    "ONE_IN_A_LOOP",
    "SHARED_LINE",
    "TOO_TANGLED",
]

BOUND_BETWEEN: Final = "a name that one of the statements uses is assigned between them; change the order by hand"
DIFFERENT_ACTIVATIONS: Final = "the layers before it have different activations; change the order by hand"
DIFFERENT_FUNCTIONS: Final = "the layers are in different functions; apply them in one function"
DIFFERENT_REPAIRS: Final = "the paths through this layer need different repairs; change the order by hand"
IN_A_BLOCK: Final = (
    "a layer is in a block (an `if`, a `with`) that cannot move as a whole; put the layers into one block"
)
IN_A_LOOP: Final = "the layers are in a loop; change their order by hand"
ONE_IN_A_LOOP: Final = "one of the layers is in a loop, the other is not; put both into the loop, or outside"
SHARED_LINE: Final = "several statements share a line; put each on its own line"
TOO_TANGLED: Final = "the output of one layer is not passed directly to the next; write one layer per line"
