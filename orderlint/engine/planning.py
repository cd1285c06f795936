"""What a run checks, and by what: files found, each with the settings of its configuration and of the options given."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from orderlint.catalog import RoleTable
from orderlint.config import ConfigError, Configurations, Selection, load_settings
from orderlint.config import Settings as Configuration
from orderlint.diagnostics import FileError
from orderlint.discovery import PatternList, discover, shown_path
from orderlint.engine.checking import Settings, Target
from orderlint.graph import Role
from orderlint.judging import RULES, Order, select_rules

__all__ = ["Options", "Plan", "Planner", "selection_of"]

_NAMES: Mapping[str, str] = {rule.code: rule.name for rule in RULES.values()}
_USUAL = frozenset(rule.code for rule in RULES.values() if rule.default_on)


@dataclass(frozen=True, slots=True)
class Options:
    """What is said on the command line or in a call, over what configurations say.

    Attributes:
        selection: The rules.
        exclude: Patterns as in `.gitignore`, from the current folder, instead of the configured ones.
        force_exclude: Whether named files may be excluded too.
        isolated: Whether no configuration is read.
        config: The configuration to use for all files.
        warn: Selectors of rules that do not fail the run, instead of the configured ones.
        order: The order of roles, instead of the configured one.
        roles: Roles by dotted name, besides the configured ones.
    """

    selection: Selection = Selection()
    exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    isolated: bool = False
    config: Path | None = None
    warn: tuple[str, ...] | None = None
    order: tuple[Role, ...] | None = None
    roles: Mapping[str, tuple[Role, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """The files of a run.

    Attributes:
        targets: What to check, in the order of the paths shown.
        errors: Paths that lead to nothing to check.
        configurations: The configuration of each file, by the path shown.
    """

    targets: tuple[Target, ...]
    errors: tuple[FileError, ...] = ()
    configurations: Mapping[str, Configuration] = field(default_factory=dict)


def selection_of(
    select: Iterable[str] | None = None, extend_select: Iterable[str] = (), ignore: Iterable[str] = ()
) -> Selection:
    """The selection of rules by selectors that are known to select something.

    Raises:
        UnknownRule: One selects no rule; the message names the nearest.
    """
    selection = Selection(None if select is None else tuple(select), tuple(extend_select), tuple(ignore))
    for selector in (*(selection.select or ()), *selection.extend_select, *selection.ignore):
        select_rules(selector)
    return selection


class Planner:
    """Makes plans by the options of a run; configuration files are read once.

    Raises:
        ConfigError: From every method: a configuration cannot be followed.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._configurations = Configurations(_NAMES, isolated=options.isolated)
        self._given = None if options.config is None else _loaded(options.config)
        self._excluded = PatternList(options.exclude)
        self._here = str(Path.cwd()).rstrip(os.sep) + os.sep
        self._roles: dict[int, RoleTable] = {}

    def plan(self, paths: Iterable[str | os.PathLike[str]]) -> Plan:
        """The files to check among paths of files and folders."""
        found = discover(paths, self._excludes, self._forces_exclude)
        targets = []
        configurations = {}
        for file in found.files:
            configuration = configurations[file.shown] = self.configuration(file.path)
            # A tool that names every file there is and asks to exclude some does not ask to parse them all.
            is_named = file.is_named and not self._forces_exclude(str(file.path))
            targets.append(Target(file.path, file.shown, self.settings(file.path, configuration), is_named))
        return Plan(tuple(targets), found.errors, configurations)

    def plan_text(self, data: bytes, path: str | os.PathLike[str], shown: str | None = None) -> Plan:
        """The plan to check some text as if it stood in a file; none if that file is excluded by force."""
        configuration = self.configuration(path)
        absolute = os.path.abspath(path)
        if self._forces_exclude(absolute) and self._excludes(absolute, False):
            return Plan(())
        shown = shown_path(path) if shown is None else shown
        target = Target(Path(absolute), shown, self.settings(path, configuration), is_named=True, data=data)
        return Plan((target,), (), {shown: configuration})

    def configuration(self, path: str | os.PathLike[str]) -> Configuration:
        """The configuration of a file."""
        return self._given or self._configurations.of_file(path)

    def settings(self, path: str | os.PathLike[str], configuration: Configuration) -> Settings:
        """What a file is judged by."""
        options = self._options
        warn = configuration.warn if options.warn is None else options.warn
        return Settings(
            codes=configuration.codes(path, _NAMES, _USUAL, options.selection),
            warn=Selection(select=warn).codes(_NAMES, ()),
            order=Order(configuration.order if options.order is None else options.order),
            roles=self._role_table(configuration),
        )

    def _role_table(self, configuration: Configuration) -> RoleTable:
        table = self._roles.get(id(configuration))
        if table is None:
            table = self._roles[id(configuration)] = RoleTable.of({**configuration.roles, **self._options.roles})
        return table

    def _excludes(self, path: str, is_folder: bool) -> bool:
        if self._options.exclude:
            relative = path.removeprefix(self._here).replace(os.sep, "/")
            return path.startswith(self._here) and self._excluded.excludes(relative, is_folder=is_folder)
        if self._given is not None:
            return self._given.excludes(path, is_folder)
        return self._configurations.excludes(path, is_folder)

    def _forces_exclude(self, path: str) -> bool:
        if self._options.force_exclude:
            return True
        return self.configuration(path).force_exclude


def _loaded(file: Path) -> Configuration:
    """The configuration of a file that was named.

    Raises:
        ConfigError: There is none in it.
    """
    if not file.is_file():
        raise ConfigError(file, None, "is a folder, expected a file" if file.is_dir() else "no such file")
    configuration = load_settings(Path(os.path.abspath(file)), _NAMES)
    if configuration is None:
        raise ConfigError(file, None, "holds no table `[tool.orderlint]`")
    return configuration
