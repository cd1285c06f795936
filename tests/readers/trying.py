"""Repairs a program with an additional reader, builds both versions, and compares what was read."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, redirect_stdout
from functools import lru_cache
from io import StringIO
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any, NamedTuple

from orderlint.text.files import SourceError, read_source, source_from_text
from tests.readers.forms import FORMS, Place, places, with_reader
from tests.repair.building import OBSTRUCTING, built, found, repaired, shapes
from tests.support import ROOT

__all__ = ["Program", "Tried", "programs", "tried"]

NEAR = 4
"""How many lines away a value may be from a layer that moves, or that it moves past."""
FOLDERS = (ROOT / "fixtures" / "repair", ROOT / "fixtures" / "check")


class Program(NamedTuple):
    """A fixture, a value in it, and the form of the additional reader."""

    path: Path
    place: Place
    form: str

    @property
    def title(self) -> str:
        at = self.path.relative_to(ROOT / "fixtures").as_posix()
        return f"{at}:{self.place.line} `{self.place.name}` ({self.form})"


class Tried(NamedTuple):
    """The result for one program.

    Attributes:
        outcome: `repaired`, `refused`, `not built` or `does not fit`.
        fault: What is wrong; empty if nothing is.
        num_read: The number of values that were read and compared.
        text: The repaired program, if there is a fault.
    """

    outcome: str
    fault: str = ""
    num_read: int = 0
    text: str = ""


def programs(seed: int = 0, only: str = "") -> Iterator[Program]:
    """Values near findings of fixtures, each with a form of reader, in random order, without end.

    Args:
        seed: The seed.
        only: A part of the path of the fixtures.
    """
    random = Random(seed)
    paths = [one for folder in FOLDERS for one in sorted(folder.rglob("*.py")) if only in one.as_posix()]
    paths = [one for one in paths if ".fixed" not in one.name and one.parent.name != "project"]
    while paths:
        path = random.choice(paths)
        found = _places(path)
        if not found:
            paths.remove(path)
            continue
        yield Program(path, random.choice(found), random.choice(sorted(FORMS)))


@lru_cache(maxsize=1_000)
def _places(path: Path) -> tuple[Place, ...]:
    """The values near the findings of a fixture."""
    try:
        file = read_source(path, path.name)
        result = repaired(file)
        if result is None:
            return ()
        findings = [one.finding for one in result.repaired]
        related = [one.location.line for finding in findings for one in finding.related]
        near = {*(finding.location.line for finding in findings), *related}
        every = places(file.text, frozenset(near))
        return tuple(one for one in every if any(abs(one.line - line) <= NEAR for line in near))
    except (SourceError, SyntaxError):
        return ()


def tried(program: Program) -> Tried:
    """Repair a program with its reader, build it before and after, and compare."""
    text = with_reader(read_source(program.path, program.path.name).text, program.place, program.form)
    if text is None:
        return Tried("does not fit")
    file = source_from_text(text, program.path.name)
    result = repaired(file)
    if result is None:
        return Tried("refused")
    with keeping() as old, redirect_stdout(StringIO()):
        try:
            before = built(file)
        except (Exception, SystemExit):  # made-up arguments do not fit
            return Tried("not built")
    with keeping() as new, redirect_stdout(StringIO()):
        try:
            after = built(source_from_text(result.text, program.path.name))
        except (Exception, SystemExit) as error:
            return Tried("repaired", f"it is not built any more: {error}", 0, result.text)
    for name, (model, _) in before.items():
        if name not in after or shapes(after[name].model) != shapes(model):
            return Tried("repaired", f"{name} has another shape", len(old), result.text)
        if found(after[name].model, OBSTRUCTING) - found(model, OBSTRUCTING):
            return Tried("repaired", f"{name} has a new finding", len(old), result.text)
    if old != new:
        return Tried("repaired", f"the reader got {sorted(new - old)} for {sorted(old - new)}", len(old), result.text)
    return Tried("repaired", "", len(old))


@contextmanager
def keeping() -> Iterator[set[str]]:
    """Provide the module whose functions record which layers the values of the block have passed."""
    values: set[str] = set()

    def keep(tag: str, *some: Any, **more: Any) -> None:
        for value in (*some, *more.values()):
            values.add(_passed(value() if callable(value) and not hasattr(value, "shape") else value))

    def keep_with(tag: str, value: Any) -> Any:
        keep(tag, value)
        return nullcontext()

    module: Any = ModuleType("kept_values")
    module.keep, module.keep_with = keep, keep_with
    sys.modules["kept_values"] = module
    try:
        yield values
    finally:
        del sys.modules["kept_values"]


def _passed(value: Any) -> str:
    """The layers that a tensor has passed, sorted; inline activations count as layers."""
    if getattr(value, "_keras_history", None) is None:
        return type(value).__name__
    counts: Counter[str] = Counter()
    seen: set[tuple[int, int]] = set()
    stack = [value]
    while stack:
        history = stack.pop()._keras_history
        key = id(history.operation), history.node_index
        if key not in seen:
            seen.add(key)
            counts.update(_steps(history.operation))
            stack += history.operation._inbound_nodes[history.node_index].input_tensors
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))


def _steps(operation: Any) -> Iterator[str]:
    name = type(operation).__name__
    activation = getattr(operation, "activation", None)
    if name not in ("Activation", "InputLayer"):
        plain = name.replace("_", "").lower()
        yield "relu" if plain in ("relu", "relu6") else plain
    if activation is not None and getattr(activation, "__name__", "") != "linear":
        yield str(getattr(activation, "__name__", type(activation).__name__)).replace("_", "").lower()
