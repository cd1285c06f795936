"""Functions whose result does not matter to a network: `print`, `open`, `id`, ..."""

from __future__ import annotations

from orderlint.graph import Site
from orderlint.source.library.kinds import Modeled
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import NONE, Value


def _unknown_scalar(m: Machine, arguments: Arguments, site: Site) -> Value:
    return m.unknown(("scalar", tuple(arguments.positional)), scalar=True)


def _nothing(m: Machine, arguments: Arguments, site: Site) -> Value:
    return NONE


def _object(m: Machine, arguments: Arguments, site: Site) -> Value:
    return m.fresh("object")


FUNCTIONS: dict[str, Modeled] = {
    "builtins.print": _nothing,
    "builtins.object": _object,
    "builtins.id": _unknown_scalar,
    "builtins.hash": _unknown_scalar,
    "builtins.format": _unknown_scalar,
    "builtins.open": _unknown_scalar,
    "builtins.input": _unknown_scalar,
}
