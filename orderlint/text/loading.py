"""Imports libcst in half the time, with nodes that are asked for their class quickly, in orderlint's own processes.

The check of one model took twenty-three times as long as an empty program, and `import libcst` was two thirds of that.
Most of it went into `dataclasses`: for each of libcst's 174 classes of nodes it writes and compiles a comparison and a
representation, which their base class has anyway, and what keeps a node from being changed, which nobody here tries.
Without these, and with constructors that are compiled when they are first called, the import takes half as long
(`python -m benchmarks.one_file`), and the nodes are the same otherwise. Their classes are no abstract base classes
either: for these, each `isinstance` that fails is a call of Python code, and the interpreter makes millions of them.
And no node is validated when it is made, which took a fifth of each parse: the parser makes nearly all of them, and no
wrong ones. libcst's other dataclasses are made as orderlint's own are (`records.py`).

As the nodes of such a process can be changed by mistake, the Python interface does without this: there, libcst may be
somebody else's too.
"""

from __future__ import annotations

import sys

from orderlint.records import defer_constructor, record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any

__all__ = ["install"]

_LIBRARY = "libcst."
_NODES = "libcst._nodes."
_OF_RECORDS = {"frozen", "slots", "eq"}
_LEFT_OUT = {"init": False, "eq": False, "repr": False, "frozen": False}


def install() -> None:
    """Let the modules of libcst's nodes be imported so; nothing if they are loaded already."""
    if "libcst" not in sys.modules and not any(isinstance(one, _Finder) for one in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder:
    """Finds the modules of libcst as Python does, and has them run with leaner dataclasses."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not name.startswith(_LIBRARY):
            return None
        from importlib.machinery import PathFinder

        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader)  # type: ignore[assignment]
        return spec


class _Plain:
    """In place of `ABC`, for whose subclasses each `isinstance` that fails takes four times as long."""


class _Loader:
    """A loader that runs its module with leaner dataclasses."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def exec_module(self, module: ModuleType) -> None:
        import abc
        import dataclasses

        real, base = dataclasses.dataclass, abc.ABC
        dataclasses.dataclass = _leaner(real)
        if module.__name__.startswith(_NODES):
            abc.ABC = _Plain  # type: ignore[assignment, misc]
        try:
            self._loader.exec_module(module)
        finally:
            dataclasses.dataclass, abc.ABC = real, base  # type: ignore[misc]
        if module.__name__ == f"{_NODES}base":
            _compare_by_identity(module.CSTNode)
            _leave_unvalidated(module.CSTNode)


def _compare_by_identity(node: type) -> None:
    """Leave out what says in Python that nodes are equal if they are the same: so is what says nothing of it."""
    for name in ("__eq__", "__hash__"):
        if name in vars(node):
            delattr(node, name)


def _leave_unvalidated(node: type) -> None:
    """Leave out what validates each node when it is made: the classes that follow are written without a call of it."""
    if "__post_init__" in vars(node):
        delattr(node, "__post_init__")


def _leaner(real: Callable[..., Any]) -> Callable[..., Any]:
    """A decorator like `dataclass`, which makes of nodes no more than the base class of all nodes has not."""

    def dataclass(cls: type | None = None, /, **options: Any) -> object:
        def make(cls: type) -> object:
            if cls.__module__.startswith(_NODES):
                made = real(**options | _LEFT_OUT)(cls)
                defer_constructor(made)
                return made
            is_like_ours = cls.__module__.startswith(_LIBRARY) and options.keys() <= _OF_RECORDS
            return (record if is_like_ours else real)(**options)(cls)

        return make if cls is None else make(cls)

    return dataclass
