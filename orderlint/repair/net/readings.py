"""Records which layers of models code reads, and how the model is determined."""

from __future__ import annotations

from dataclasses import field

from orderlint.records import record
from orderlint.repair.net.sources import Sources

__all__ = ["Argument", "Fed", "Lookup", "Lookups", "Scope", "Value", "Walked"]

Scope = str
"""A function or class by its name; empty for a module."""


@record(frozen=True, slots=True)
class Lookup:
    """One place that reads a layer.

    Attributes:
        code: What stands there.
        line: In its cell.
        cell: The cell, in a notebook.
        name: The name it asks for; `None` if it counts.
        receiver: The model, as written.
        scope: The function it stands in.
        indices: The places it asks for, those that are known; a slice has two.
        is_loose: Whether it is a string that may be about something else (`{"features": "mse"}`).
        is_inner: Whether it asks only for what a layer is by itself, its weights or its class.
    """

    code: str
    line: int
    cell: int | None
    name: str | None = None
    receiver: str = ""
    scope: Scope = ""
    indices: tuple[int, ...] = ()
    is_loose: bool = False
    is_inner: bool = False


@record(slots=True)
class Lookups:
    """The layers that a file looks up, and what is needed to determine the model.

    Attributes:
        by_name: Lookups by name.
        by_place: Lookups by place.
        definitions: The functions and classes: name, cell, first and last line.
        calls: By scope, the names of what is called there.
        values: By scope and target, what is assigned: a name that is called, or a name that is handed on.
        added: By scope and target, the lines on which layers are added to a model.
        fed: What is put into a model or a list.
        walked: What loops walk through.
        arguments: What is handed over to functions.
        parameters: By function, its parameters.
        imported: By the last part of a module, the names imported from it.
    """

    by_name: list[Lookup] = field(default_factory=list)
    by_place: list[Lookup] = field(default_factory=list)
    definitions: list[tuple[str, int | None, int, int]] = field(default_factory=list)
    calls: dict[Scope, set[str]] = field(default_factory=dict)
    values: list[Value] = field(default_factory=list)
    added: list[tuple[str, int | None, int]] = field(default_factory=list)
    fed: list[Fed] = field(default_factory=list)
    walked: list[Walked] = field(default_factory=list)
    arguments: list[Argument] = field(default_factory=list)
    parameters: dict[str, list[str]] = field(default_factory=dict)
    imported: dict[str, set[str]] = field(default_factory=dict)


@record(frozen=True, slots=True)
class Value:
    """A value that is assigned to a name or attribute.

    Attributes:
        called: The last name of what is called, if the value is a call.
        named: The name or attribute that is handed on, if it is one.
        lines: The first and last line of the statement.
        sources: The lists and functions that its layers come from, if it is a list or a `Sequential`.
        is_list: Whether it is a list that is written out.
    """

    target: str
    scope: Scope
    called: str | None
    named: str | None
    cell: int | None
    lines: tuple[int, int]
    sources: Sources = Sources()
    is_list: bool = False


@record(frozen=True, slots=True)
class Fed:
    """A value that is added to a model or a list: `stack.append(Dense(8))`, `stack += blocks`.

    Attributes:
        target: The model or the list.
        element: The name of what becomes one more element, if it is one.
        sources: Where several elements come from.
        line: In its cell.
    """

    target: str
    scope: Scope
    element: str | None
    sources: Sources
    cell: int | None
    line: int


@record(frozen=True, slots=True)
class Walked:
    """A name that refers to each element of a list in turn, and the source of the list."""

    target: str
    scope: Scope
    sources: Sources


@record(frozen=True, slots=True)
class Argument:
    """A value that is passed to a function.

    Attributes:
        function: The last name of the function.
        place: Which of its arguments it is, from 0.
        named: The name that is handed over, if it is one.
        called: The last name of what is called, if the argument is a call.
        scope: Where the function is called.
    """

    function: str
    place: int
    named: str | None
    called: str | None
    scope: Scope
