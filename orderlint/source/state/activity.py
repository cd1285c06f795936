"""The position of the interpreter, as one record that is saved and restored as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, fields
from operator import attrgetter
from typing import Any, TypeAlias

import libcst as cst

from orderlint.graph import Site
from orderlint.graph.guards import ALWAYS, NEVER, Guard
from orderlint.records import record
from orderlint.source.state.frames import ClassObject, Frame
from orderlint.source.state.values import Iteration

__all__ = ["Activity", "Loop", "Place"]

Place: TypeAlias = tuple[Any, ...]  # the fields of an `Activity`, in order


@record(eq=False, slots=True)
class Loop:
    """A loop that is running: the paths that left it, and those that left its current iteration.

    Attributes:
        differs: Whether its latest iteration did something else than its first one.
    """

    broken: Guard = NEVER
    continued: Guard = NEVER
    differs: bool = False


@record(eq=False, slots=True)
class Activity:
    """The position of the interpreter. The machine *is* an activity, because the path is read at every step.

    The interpreter saves and restores all fields whenever it enters other code and returns. So no field may hold
    anything that is changed in place, except the iterations of a `Loop`.

    Attributes:
        frame: The scope of the code that runs.
        path: The guard under which this code is reached; `NEVER` after `return` or `raise`.
        loops: The running loops of the current function, the innermost last.
        loops_open: The number of running loops, including those of the calling functions.
        iterations: The current iterations of running loops of unknown length, including those of the calling functions.
        patience: The steps that the running loop may take in iterations that add nothing new; 0 outside of loops.
        depth: The number of running functions.
        active: For each running function, the number of its activations, and the path at the first of them.
        own: The function of the judged file that runs, also indirectly, and where it is defined; `None` at the top
            level.
        in_main: Whether the code is under `if __name__ == "__main__":`.
        caught: Whether a running `try` would catch an error.
        defining: The class whose body is running.
        loading: The imported names that are being loaded, to detect cycles.
        reserve: The steps of the root that are reserved for later code.
    """

    frame: Frame = field(init=False)
    path: Guard = ALWAYS
    loops: tuple[Loop, ...] = ()
    loops_open: int = 0
    iterations: tuple[Iteration, ...] = ()
    patience: int = 0
    depth: int = 0
    active: Mapping[cst.CSTNode, tuple[int, Guard]] = field(default_factory=dict)
    own: tuple[str, Site] | None = None
    in_main: bool = False
    caught: bool = False
    defining: ClassObject | None = None
    loading: frozenset[tuple[str, str]] = frozenset()
    reserve: int = 0

    def place(self) -> Place:
        """The current position."""
        found: Place = _read(self)
        return found

    def return_to(self, place: Place) -> None:
        """Return to a position."""
        # This is one statement because functions are entered and left all the time: a loop over the names would take
        # four times as long. A test compares it with the fields.
        (
            self.frame,
            self.path,
            self.loops,
            self.loops_open,
            self.iterations,
            self.patience,
            self.depth,
            self.active,
            self.own,
            self.in_main,
            self.caught,
            self.defining,
            self.loading,
            self.reserve,
        ) = place


_read = attrgetter(*(one.name for one in fields(Activity)))
