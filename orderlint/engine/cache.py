"""The results for files in earlier runs, used again if nothing that they depend on has changed.

An outcome depends on the content of its file, on the rules and settings, on the versions of orderlint, its parser,
Python and the plugins, and on everything that the analysis read from disk: modules that were read, and modules that
were searched for and not found. All of this is stored with the outcome and checked before the outcome is used.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orderlint.engine.answers import own_state
from orderlint.engine.places import cache_folder, project_path
from orderlint.engine.plain import from_plain, to_plain
from orderlint.engine.plugins import Plugins, installed_version
from orderlint.engine.store import Store
from orderlint.engine.targets import Basis, Outcome, Target
from orderlint.source.queries import digest, stamp_of
from orderlint.text.regular import read_regular
from orderlint.version import __version__

if TYPE_CHECKING:
    from orderlint.judging import Rule, Standards
    from orderlint.source import Project

__all__ = ["Cache", "open_cache"]

_PARSER = "libcst"


class Cache:
    """The outcomes of earlier runs.

    Args:
        store: Where they are stored.

    Attributes:
        bases: By absolute path, the dependencies of the outcomes of this run, without failed ones.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.bases: dict[str, Basis] = {}

    def find(self, target: Target, project: Project, *, plans: bool) -> Outcome | None:
        """The stored outcome of a file, if nothing that it depends on has changed.

        Args:
            target: The file.
            project: Answers the queries again.
            plans: Whether repairs were planned.
        """
        shard, name = _place(target, plans)
        entry = self._store.get(shard, name)
        if entry is None:
            return None
        try:
            basis, outcome = _entry_of(entry)
            if not self._holds(basis, target, project, shard, name, entry):
                return None
        except ValueError:  # damaged, or written by someone else
            return None
        self.bases[target.absolute] = basis
        return outcome

    def keep(self, target: Target, outcome: Outcome, *, plans: bool) -> None:
        """Store the outcome of a file. Failures are not stored, so they are tried again."""
        if outcome.basis is None or outcome.errors or outcome.tracebacks:
            return
        self.bases[target.absolute] = outcome.basis
        shard, name = _place(target, plans)
        plain = to_plain(replace(outcome, basis=None))
        self._store.put(shard, name, {"basis": _plain_basis(outcome.basis), "outcome": plain})

    def save(self) -> None:
        """Write new entries."""
        self._store.save()

    def _holds(self, basis: Basis, target: Target, project: Project, shard: str, name: str, entry: Any) -> bool:
        """Whether nothing has changed."""
        stamp = stamp_of(target.path)
        if stamp is None or stamp != basis.stamp:
            try:
                if digest(read_regular(target.path)) != basis.digest:
                    return False
            except (OSError, ValueError):
                return False
            if stamp is not None:  # the same text was written again: the next run need not read it
                entry["basis"]["stamp"] = list(stamp)
                self._store.put(shard, name, entry)
        return all(project.answer(query) == answer for query, answer in basis.queries.items()) and all(
            project_path(path) == place for path, place in basis.places.items()
        )


def open_cache(plugins: Plugins, folder: str | os.PathLike[str] | None = None) -> Cache:
    """The cache of a run.

    Args:
        plugins: The available rules and roles.
        folder: Where it is stored; see `cache_folder`.
    """
    return Cache(Store(Path(cache_folder(folder)), _signature(plugins)))


def _signature(plugins: Plugins) -> str:
    """A hash of everything that all outcomes depend on."""
    parts = [
        __version__,
        *map(str, sys.version_info),
        installed_version(_PARSER),
        *plugins.packages,
        *(part for rule in plugins.registry.rules.values() for part in _rule_parts(rule)),
        json.dumps(to_plain({name: list(roles) for name, roles in plugins.roles.items()}), sort_keys=True),
        *own_state(),
    ]
    identity = digest("\0".join(parts).encode())[:16]
    return f"{__version__}-{identity}"


def _rule_parts(rule: Rule) -> list[str]:
    """What identifies a rule. A rule of another package may be edited without a new version."""
    module = sys.modules.get(type(rule).__module__)
    file = getattr(module, "__file__", None)
    return [rule.code, rule.name, rule.home, str(_time_and_size(file) if rule.home and file else "")]


def _time_and_size(file: str) -> tuple[int, int] | None:
    try:
        status = os.stat(file)  # noqa: PTH116
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _place(target: Target, plans: bool) -> tuple[str, str]:
    """The shard of a file, which contains its folder, and the name of its entry in the shard."""
    folder, name = os.path.split(target.absolute)
    known = digest("".join(sorted(target.known)).encode()) if plans and target.known else ""
    return digest(os.fsencode(folder)), f"{name}\0{target.shown}\0{_judged_by(target.standards)}\0{plans:d}{known}"


@lru_cache(maxsize=64)
def _judged_by_parts(codes: tuple[str, ...], order: tuple[str, ...], roles: tuple[tuple[str, ...], ...]) -> str:
    return digest(json.dumps([codes, order, roles]).encode())


def _judged_by(standards: Standards) -> str:
    roles = tuple((name, *(role.value for role in given)) for name, given in sorted(standards.roles.user.items()))
    return _judged_by_parts(standards.codes, tuple(role.value for role in standards.order.roles), roles)


def _plain_basis(basis: Basis) -> dict[str, Any]:
    return {
        "stamp": None if basis.stamp is None else list(basis.stamp),
        "digest": basis.digest,
        "queries": [[*query, answer] for query, answer in sorted(basis.queries.items())],
        "places": dict(basis.places),
    }


def _entry_of(entry: Any) -> tuple[Basis, Outcome]:
    """The basis and the outcome in an entry.

    Raises:
        ValueError: The entry contains something else.
    """
    try:
        basis = entry["basis"]
        stamp = None if basis["stamp"] is None else tuple(map(int, basis["stamp"]))
        queries = {tuple(map(str, query[:-1])): query[-1] for query in basis["queries"]}
        made_from = Basis(stamp, str(basis["digest"]), queries, dict(basis["places"]))
    except (LookupError, TypeError, ValueError) as error:
        raise ValueError(f"no entry of a cache: {error}") from None
    return made_from, from_plain(Outcome, entry.get("outcome"))
