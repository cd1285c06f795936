"""A configuration that has been read and validated."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import field
from functools import cached_property
from pathlib import Path

from orderlint.diagnostics import RepairKind
from orderlint.discovery import PatternList
from orderlint.graph import Role
from orderlint.records import record
from orderlint.words import is_beginning

__all__ = ["ORDERED_ROLES", "Configuration", "Selection", "is_selector"]

ORDERED_ROLES = (Role.NORM, Role.ACTIVATION, Role.DROPOUT)


@record(frozen=True, slots=True)
class Selection:
    """The selected rules, as written in a configuration or on the command line.

    A selector is a code, the beginning of a code (`ORD1`), the name of a rule, or `ALL`. If two selectors disagree, the
    longer one has priority, and `ignore` has priority over one of equal length.

    Attributes:
        select: The rules to check, instead of those on by default.
        extend_select: Rules to check in addition.
        ignore: Rules to skip.
    """

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def codes(self, rules: Mapping[str, str], before: Collection[str]) -> frozenset[str]:
        """The codes that apply.

        Args:
            rules: The names of the rules, by code.
            before: The codes that apply without this selection.
        """
        chosen = (*(self.select or ()), *self.extend_select)
        kept = frozenset(before if self.select is None else ())
        codes = set()
        for code, name in rules.items():
            wanted = max(_weight(chosen, code, name), 0 if code in kept else -1)
            if wanted > _weight(self.ignore, code, name):
                codes.add(code)
        return frozenset(codes)


def _weight(selectors: Iterable[str], code: str, name: str) -> int:
    """The length of the longest selector that selects a rule; -1 if none does."""
    return max((_closeness(selector, code, name) for selector in selectors), default=-1)


def _closeness(selector: str, code: str, name: str) -> int:
    if selector.upper() == "ALL":
        return 1
    if selector.lower() == name or selector.upper() == code:
        return len(code)
    return len(selector) if is_beginning(selector.upper(), code) else -1


def is_selector(text: str, rules: Mapping[str, str]) -> bool:
    """Whether a text selects any rule."""
    return any(_closeness(text, code, name) > 0 for code, name in rules.items())


@record(frozen=True)
class Configuration:
    """A configuration: `[tool.orderlint]` in `pyproject.toml`, or `orderlint.toml`, or the defaults.

    Attributes:
        selection: The selected rules.
        per_file_ignores: Rules to skip in some files, by pattern. `!` before a pattern means all other files.
        exclude: Patterns of files and folders to skip, as in `.gitignore`.
        force_exclude: Whether `exclude` also applies to files and folders that are named; off by default.
        warn: Rules whose findings are reported as warnings, which do not fail.
        repair: The strongest kind of repair that `orderlint fix` makes, or a list of kinds; all kinds by default.
        order: The order of `norm`, `activation` and `dropout` after a linear layer.
        roles: The role of each of your own layers, or a list of roles, by the dotted name of the layer.
        baseline: The file with known findings, which do not fail (see `orderlint baseline`).
        file: The file of the configuration; `None` for the defaults.
    """

    selection: Selection = Selection()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    warn: tuple[str, ...] = ()
    repair: tuple[RepairKind, ...] | None = None
    order: tuple[Role, ...] = ORDERED_ROLES
    roles: Mapping[str, tuple[Role, ...]] = field(default_factory=dict)
    baseline: str | None = None
    file: Path | None = None

    @property
    def baseline_file(self) -> Path | None:
        """The absolute path of the baseline; `None` if there is none."""
        return None if self.baseline is None else Path(os.path.abspath(self.folder / self.baseline))

    @property
    def folder(self) -> Path:
        """The folder that patterns are relative to: that of the configuration, or else the current folder."""
        return self.file.parent if self.file is not None else Path.cwd()

    def codes(
        self,
        ignored: tuple[str, ...],
        rules: Mapping[str, str],
        default: Collection[str],
        overriding: Selection | None = None,
    ) -> tuple[str, ...]:
        """The codes that apply to a file, in the order of `rules`.

        Args:
            ignored: The selectors of rules that are not checked in the file (see `ignored_in`).
            rules: The names of the rules, by code.
            default: The codes that apply if nothing is selected.
            overriding: The selection of the command line. Its `select` replaces the selection of the configuration.
        """
        codes = self.selection.codes(rules, default)
        if overriding is not None:
            codes = overriding.codes(rules, codes)
        codes = Selection(ignore=ignored).codes(rules, codes)
        return tuple(code for code in rules if code in codes)

    def excludes(self, path: str, is_folder: bool, below: str = "") -> bool:
        """Whether an absolute path, or a folder between it and the folder `below`, is excluded."""
        if not self.exclude:
            return False
        relative = self._relative(path)
        return relative is not None and self._excluded.excludes(
            relative, is_folder=is_folder, below=self._relative(below)
        )

    @cached_property
    def _excluded(self) -> PatternList:
        return PatternList(self.exclude)

    @cached_property
    def _per_file(self) -> list[tuple[PatternList, bool, tuple[str, ...]]]:
        return [
            (PatternList([pattern.removeprefix("!")]), not pattern.startswith("!"), selectors)
            for pattern, selectors in self.per_file_ignores
        ]

    def ignored_in(self, path: str | os.PathLike[str]) -> tuple[str, ...]:
        """The selectors of the rules that are not checked in a file."""
        relative = self._relative(os.path.abspath(path)) if self.per_file_ignores else None
        if relative is None:
            return ()
        ignored: list[str] = []
        for patterns, wanted, selectors in self._per_file:
            if patterns.excludes(relative, is_folder=False) is wanted:
                ignored.extend(selectors)
        return tuple(ignored)

    def _relative(self, path: str) -> str | None:
        """A path relative to the folder of the configuration, with forward slashes; `None` if it is not below it."""
        folder = str(self.folder).rstrip(os.sep) + os.sep
        return path[len(folder) :].replace(os.sep, "/") if path.startswith(folder) else None
