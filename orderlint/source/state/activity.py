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
from orderlint.source.state.values import Turn

__all__ = ["Activity", "Loop", "Place"]

Place: TypeAlias = tuple[Any, ...]  # the fields of an `Activity`, in their order


@record(eq=False, slots=True)
class Loop:
    """A loop being run: the paths that left it, and those that left its present turn.

    Attributes:
        differs: Whether its latest turn did something else than its first.
    """

    broken: Guard = NEVER
    continued: Guard = NEVER
    differs: bool = False


@record(eq=False, slots=True)
class Activity:
    """Where the interpreter is. The machine *is* one, since the path is read at every step.

    A field added here is saved and restored wherever the interpreter goes elsewhere and comes back. So that this is
    true, no field may hold anything that is changed in place, but for the turns of a `Loop`.

    Attributes:
        frame: The scope that the code being run is in.
        path: The guard under which it is reached; `NEVER` after `return` or `raise`.
        loops: The loops of the present function that run, the innermost last.
        loops_open: How many loops run, those of the calling functions among them.
        turns: The turns of loops of unknown length that run, those of the calling functions among them.
        patience: The steps that the loop being run may take in turns that bring nothing new; 0 outside of loops.
        depth: How many functions run.
        active: For each function that runs, how often it does, and the path at the first of its activations.
        own: The function of the judged file that runs, itself or by what it calls, and where it is defined; `None` at
            the top level.
        in_main: Whether the code stands under `if __name__ == "__main__":`.
        caught: Whether an error would be caught by a `try` that runs.
        defining: The class whose body is being run.
        loading: The imported names being loaded, to see circles.
        reserve: The steps of the root that are kept for what follows.
    """

    frame: Frame = field(init=False)
    path: Guard = ALWAYS
    loops: tuple[Loop, ...] = ()
    loops_open: int = 0
    turns: tuple[Turn, ...] = ()
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
        """Where the interpreter is now."""
        found: Place = _read(self)
        return found

    def return_to(self, place: Place) -> None:
        """Be there again."""
        # One statement, since functions are entered and left all the time: a loop over the names takes four times as
        # long. A test holds it to the fields.
        (
            self.frame,
            self.path,
            self.loops,
            self.loops_open,
            self.turns,
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
