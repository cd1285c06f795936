"""Records of the layers that code looks up in models, and of what is needed to determine the model."""

from __future__ import annotations

from dataclasses import field

from orderlint.records import record
from orderlint.repair.net.sources import Sources

__all__ = ["Argument", "Fed", "Lookup", "Lookups", "Scope", "Value", "Walked"]

Scope = str
"""The name of a function or class; empty for the module."""


@record(frozen=True, slots=True)
class Lookup:
    """A lookup of a layer.

    Attributes:
        code: The code.
        line: The line in its cell.
        cell: The number of the cell in a notebook.
        name: The name of the layer; `None` for a lookup by index.
        receiver: The model, as written.
        scope: The function that contains it.
        indices: The known indices; a slice has two.
        is_loose: Whether it is a string that may refer to something else (`{"features": "mse"}`).
        is_inner: Whether only the layer itself is used, such as its weights or its class.
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
    """The lookups in a file, and what is needed to determine their models.

    Attributes:
        by_name: Lookups by name.
        by_place: Lookups by index.
        definitions: The functions and classes: name, cell, first and last line.
        calls: By scope, the last names of the functions that are called there.
        values: The assigned values.
        added: The calls of `add`: receiver, cell and line.
        fed: The values that are added to a model or a list.
        walked: The loop variables.
        arguments: The values that are passed to functions.
        parameters: The parameters of each function.
        imported: By the last part of a module's name, the names that are imported from it.
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
        called: The last name of the function, if the value is a call.
        named: The name or attribute, if the value is one.
        lines: The first and last line of the statement.
        sources: The lists and functions that its layers come from, if it is a list or a `Sequential`.
        is_list: Whether it certainly is a list or tuple (see `is_list`).
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
        element: The name of the new element, if it has one.
        sources: The sources of several elements.
        line: The line in its cell.
    """

    target: str
    scope: Scope
    element: str | None
    sources: Sources
    cell: int | None
    line: int


@record(frozen=True, slots=True)
class Walked:
    """The variable of a loop over a list, and the sources of the list."""

    target: str
    scope: Scope
    sources: Sources


@record(frozen=True, slots=True)
class Argument:
    """A value that is passed to a function.

    Attributes:
        function: The last name of the function.
        place: The position of the argument, from 0.
        named: The name or attribute, if the argument is one.
        called: The last name of the function, if the argument is a call.
        scope: The scope in which the function is called.
    """

    function: str
    place: int
    named: str | None
    called: str | None
    scope: Scope
