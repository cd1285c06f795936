"""`--input-shape`: the input shape, for a model that does not know it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from orderlint.runtime.specs import InputShape

Command = TypeVar("Command", bound=Callable[..., Any])

__all__ = ["input_shape_of", "shape_option"]


def shape_option(command: Command) -> Command:
    """`--input-shape`, as the parameter `shapes`."""
    option = click.option(
        "--input-shape",
        "shapes",
        multiple=True,
        metavar="SHAPE",
        help="The input shape of a subclassed model that has not been called yet, without the batch dimension: "
        "224,224,3, with ? for any size. For several inputs repeat it, or give them by the arguments of `call`: "
        "NAME=SHAPE.",
    )
    return option(command)


def input_shape_of(shapes: tuple[str, ...]) -> InputShape | None:
    """The shape from the options; `None` if there are none.

    Raises:
        click.UsageError: An option is not a shape, or only some options have names.
    """
    given = [_shape(text) for text in shapes]
    named = {name: shape for name, shape in given if name}
    if named and len(named) < len(given):
        raise click.UsageError("give either every --input-shape a name of its own, or none")
    if named:
        return named
    return [shape for _, shape in given] if len(given) > 1 else given[0][1] if given else None


def _shape(text: str) -> tuple[str, tuple[int | None, ...]]:
    """The name (empty if there is none) and the sizes."""
    name, separator, numbers = text.rpartition("=")
    sizes = [word.strip() for word in numbers.strip("() ").split(",") if word.strip()]
    if (separator and not name.isidentifier()) or not all(size == "?" or size.isdecimal() for size in sizes):
        message = f"{text!r} is not a shape: give the sizes without the batch, such as 224,224,3, with ? for any size"
        raise click.BadParameter(message, param_hint="'--input-shape'")
    return name, tuple(None if size == "?" else int(size) for size in sizes)
