"""Mutation testing: `python -m tests.tools.mutants MODULE ... [--tests PATH ...] [--sample N --seed S]`.

    python -m tests.tools.mutants orderlint/graph/guards.py

Changes one expression or statement of a module at a time and runs its unit tests, which are found by its name
(`tests/graph/test_guards.py`). A mutant that no test notices survives and is printed: it is untested behavior,
unnecessary code, or a change without effect. The status is 1 if any survives.

Each mutant is a process forked from one that has loaded pytest and libcst, and loads orderlint itself again. A mutant
whose tests take three times their usual time is ended, and counts as noticed.
"""

from __future__ import annotations

import argparse
import ast
import gc
import importlib
import importlib.abc
import importlib.machinery
import os
import random
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from tests.support import ROOT
from tests.tools.mutating import Mutant, mutants

__all__ = ["unit_tests"]

_LOADED = ("pytest", "hypothesis", "_hypothesis_pytestplugin", "libcst", "libcst.metadata", "click.testing", "rich")
_OPTIONS = [
    *("-x", "-q", "--tb=no", "-p", "no:cacheprovider", "-p", "no:unraisableexception"),
    "--hypothesis-profile=mutants",
    "--assert=plain",  # rewritten assertions need their own loader, which would bypass the mutant
]
_PATIENCE, _LEAST_SECONDS = 3, 3


def unit_tests(module: Path) -> list[Path]:
    """The unit tests of a module: those of its name, and for a rule those of all rules.

    >>> [path.as_posix() for path in unit_tests(Path("orderlint/repair/net/moves.py"))]
    ['tests/repair/net/test_moves.py']
    """
    room = Path("tests", *module.parts[1:-1])
    named = room / f"test_{module.stem}.py"
    if (ROOT / named).is_file():
        return [named]
    return [Path(room)] if (ROOT / room).is_dir() else []


class _Loader(importlib.abc.Loader):
    """Loads a module from a tree."""

    def __init__(self, tree: ast.Module, path: Path) -> None:
        self._tree = tree
        self._path = path

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self._tree, str(self._path), "exec"), module.__dict__)


class _Finder(importlib.abc.MetaPathFinder):
    """Imports a mutant instead of its module."""

    def __init__(self, path: Path, tree: ast.Module) -> None:
        self._name = ".".join(path.with_suffix("").parts)
        self._place = ROOT / path
        self._loader = _Loader(tree, self._place)

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != self._name:
            return None
        return importlib.machinery.ModuleSpec(name, self._loader, origin=str(self._place))


@dataclass(frozen=True)
class _Result:
    """The result of tests, and their processor time in seconds."""

    is_noticed: bool
    seconds: float


def _tested(path: Path, tree: ast.Module, tests: Sequence[str], seconds: float | None) -> _Result:
    """Run tests with a tree instead of a module, in a separate process."""
    child = os.fork()
    if child == 0:
        _run(path, tree, tests, seconds)
    _, status, used = os.wait4(child, 0)
    return _Result(status != 0, used.ru_utime + used.ru_stime)


def _run(path: Path, tree: ast.Module, tests: Sequence[str], seconds: float | None) -> None:
    """Run tests and end the process, with status 0 if they pass."""
    import _hypothesis_pytestplugin as hypothesis_plugin
    import pytest

    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    if seconds is not None:
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, seconds)
    status = 1
    try:
        sys.meta_path.insert(0, _Finder(path, tree))
        status = int(pytest.main([*_OPTIONS, *tests], plugins=[hypothesis_plugin]))
    finally:
        os._exit(status)


def _load() -> None:
    """Import the modules that all mutants share, without the plugins of pytest that are not needed."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for name in _LOADED:
        importlib.import_module(name)
    from hypothesis import HealthCheck, Phase, settings

    phases = [Phase.explicit, Phase.generate]  # one failing example is enough: it is not shrunk
    settings.register_profile(
        "mutants",
        database=None,
        deadline=None,
        derandomize=True,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
    gc.freeze()


def _survivors(path: Path, tests: Sequence[str], picked: Sequence[Mutant]) -> list[Mutant]:
    usual = _tested(path, ast.parse((ROOT / path).read_text(encoding="utf-8")), tests, None)
    if usual.is_noticed:
        raise SystemExit(f"{path}: the tests fail without any mutant: {' '.join(tests)}")
    allowed = max(_LEAST_SECONDS, _PATIENCE * usual.seconds)
    return [one for one in picked if _survives(path, one, tests, allowed)]


def _survives(path: Path, mutant: Mutant, tests: Sequence[str], seconds: float) -> bool:
    """Whether a mutant survives. If so, it is printed at once, because a module can take an hour."""
    if _tested(path, mutant.tree, tests, seconds).is_noticed:
        return False
    print(f"  {mutant.line}: {mutant.what}", flush=True)
    return True


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.tools.mutants", description=__doc__)
    parser.add_argument("modules", nargs="+", type=Path, metavar="MODULE")
    parser.add_argument("--tests", nargs="+", metavar="PATH", help="the tests to run instead of those of its name")
    parser.add_argument(
        "--sample", type=int, help="how many mutants of each module, picked by the seed; all if not given"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--line", type=int, action="append", help="only the mutants of this line; may be repeated")
    given = parser.parse_args()
    os.chdir(ROOT)
    _load()
    alive = 0
    for path in given.modules:
        made = list(mutants((ROOT / path).read_text(encoding="utf-8")))
        made = [one for one in made if not given.line or one.line in given.line]
        picked = made
        if given.sample is not None and given.sample < len(made):
            picked = sorted(random.Random(given.seed).sample(made, given.sample), key=lambda one: one.line)
        left = _survivors(path, given.tests or list(map(str, unit_tests(path))), picked)
        alive += len(left)
        print(f"{path}: {len(picked)} mutants of {len(made)}, {len(left)} survive", flush=True)
    return int(alive > 0)


if __name__ == "__main__":
    sys.exit(main())
