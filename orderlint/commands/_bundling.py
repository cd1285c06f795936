"""Passes the values of options to a command as records, so that each list of options is written once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import wraps
from typing import Any, TypeVar

__all__ = ["bundled"]

Result = TypeVar("Result")


def bundled(**records: type[Any]) -> Callable[[Callable[..., Result]], Callable[..., Result]]:
    """Collect the values of options into records. This decorator is placed directly above the function of a command.

    Args:
        records: The dataclasses, by the names of parameters. The value of an option is stored in the first dataclass
            with a field of its name. Fields without an option keep their defaults.

    >>> from dataclasses import dataclass
    >>> @dataclass
    ... class Size:
    ...     width: int = 1
    ...     height: int = 1
    >>> @bundled(size=Size)
    ... def command(size, name):
    ...     return size, name
    >>> command(height=2, name="a")
    (Size(width=1, height=2), 'a')
    """

    def decorate(function: Callable[..., Result]) -> Callable[..., Result]:
        @wraps(function)
        def call(**values: Any) -> Result:
            made = {}
            for name, record in records.items():
                own = {field.name: values.pop(field.name) for field in fields(record) if field.name in values}
                made[name] = record(**own)
            return function(**made, **values)

        return call

    return decorate
