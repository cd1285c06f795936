"""The functions and methods of Python and of other libraries that the interpreter models.

Each module of this package is found automatically: its `FUNCTIONS` contains functions by their dotted names, and its
`METHODS` contains methods, by their names, for values of the class `OWNER`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType, ModuleType
from typing import TypeVar

from orderlint.graph import Site
from orderlint.source.library.kinds import Method, Modeled
from orderlint.source.python.operations import unresolved
from orderlint.source.state.arguments import Arguments
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import Const, Value

__all__ = ["call", "call_method", "functions", "methods"]

_Key = TypeVar("_Key")
_Run = TypeVar("_Run")


_MODULES = {
    **dict.fromkeys(("six.moves", "past.builtins", "future.builtins", "future_builtins"), "builtins"),
    **dict.fromkeys(("tqdm.auto", "tqdm.autonotebook", "tqdm.notebook", "tqdm.std"), "tqdm"),
}
_MOVED = {
    "builtins.reduce": "functools.reduce",
    "itertools.ifilter": "builtins.filter",
    "itertools.imap": "builtins.map",
    "itertools.izip": "builtins.zip",
    "tqdm.tnrange": "tqdm.trange",
    "tqdm.tqdm_notebook": "tqdm.tqdm",
}


def call(m: Machine, name: str, arguments: Arguments, site: Site) -> Value | None:
    """Call a function of Python or its libraries by its dotted name; `None` if it is not modeled."""
    run = functions().get(_present_name(name))
    return run(m, arguments, site) if run is not None else None


@lru_cache(maxsize=4096)
def _present_name(name: str) -> str:
    """The name under which a function is modeled that Python 2 named differently, or that several modules have."""
    module, _, last = name.rpartition(".")
    name = f"{_MODULES.get(module, module)}.{last}"
    return _MOVED.get(name, name)


def call_method(m: Machine, owner: Value, name: str, arguments: Arguments, site: Site) -> Value:
    """Call a method of a string, list, tuple or dictionary."""
    run = methods().get((type(owner), name))
    found = run(m, owner, arguments) if run is not None else None
    if found is not None:
        return found
    if isinstance(owner, Const):
        return m.unknown(("text", owner, name, tuple(arguments.positional)), scalar=True)
    return unresolved(m, owner, arguments, site, name)


@cache
def functions() -> Mapping[str, Modeled]:
    """The modeled functions by their dotted names."""
    return _joined(vars(module).get("FUNCTIONS", {}) for module in _modules())


@cache
def methods() -> Mapping[tuple[type[Value], str], Method]:
    """The modeled methods by the class of their receiver and their name."""
    return _joined(
        {(module.OWNER, name): run for name, run in vars(module).get("METHODS", {}).items()} for module in _modules()
    )


def _joined(tables: Iterable[Mapping[_Key, _Run]]) -> Mapping[_Key, _Run]:
    joined: dict[_Key, _Run] = {}
    for table in tables:
        twice = joined.keys() & table.keys()
        if twice:
            raise ValueError(f"modeled twice, keep one: {sorted(map(str, twice))}")
        joined.update(table)
    return MappingProxyType(joined)


def _modules() -> Iterator[ModuleType]:
    package = import_module("orderlint.source.library")
    for module in iter_modules(package.__path__):
        yield import_module(f"orderlint.source.library.{module.name}")
