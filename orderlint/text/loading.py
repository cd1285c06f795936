"""Makes the import of libcst, and `isinstance` on its nodes, faster in orderlint's own processes.

`import libcst` took two thirds of the check of one model. Most of that time was spent in `dataclasses`. For each of
libcst's 174 node classes, it generates and compiles a comparison and a representation, which the base class has anyway,
and the code that makes nodes immutable, which is not needed here. Without these, and with constructors that are
compiled when they are first called, the import takes half as long (`python -m benchmarks.one_file`). Otherwise, the
nodes are the same.

The node classes are not abstract base classes, either. For those, each `isinstance` that fails calls Python code, and
the analysis calls it millions of times. Nodes are not validated when they are created, which took a fifth of each
parse: the parser creates nearly all of them, and its nodes are valid. libcst's other dataclasses are created like
orderlint's own (`records.py`).

In such a process, nodes could be changed by mistake. So the Python API does not use this module: there, other code may
use libcst, too.
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
    """Change how libcst will be imported. If it was already imported, this does nothing."""
    if "libcst" not in sys.modules and not any(isinstance(one, _Finder) for one in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder:
    """Finds the modules of libcst like Python, and runs them with leaner dataclasses."""

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
    """Replaces `ABC`. For subclasses of `ABC`, each `isinstance` that fails takes four times as long."""


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
    """Remove the methods that compare nodes by identity: without them, nodes are compared by identity, too."""
    for name in ("__eq__", "__hash__"):
        if name in vars(node):
            delattr(node, name)


def _leave_unvalidated(node: type) -> None:
    """Remove the validation of nodes. Then the constructors of the classes that are defined later do not call it."""
    if "__post_init__" in vars(node):
        delattr(node, "__post_init__")


def _leaner(real: Callable[..., Any]) -> Callable[..., Any]:
    """A decorator like `dataclass`. For node classes, it does not generate what their base class already has."""

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
