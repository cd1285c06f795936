"""Resolves what a run checks: the files, each with the settings of its configuration and the options."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from pathlib import Path

from orderlint.catalog import RoleTable
from orderlint.config import ConfigError, Configuration, Configurations, Selection, load_configuration
from orderlint.config.errors import usable
from orderlint.diagnostics import FileError, FileWarning
from orderlint.discovery import PatternList, discover, shown_path
from orderlint.engine.baselines import Baseline, read_baseline
from orderlint.engine.session import Session
from orderlint.engine.targets import Target
from orderlint.graph import Role
from orderlint.judging import Order, Registry, Standards
from orderlint.records import record
from orderlint.text.failures import in_words
from orderlint.text.regular import check_regular, exists
from orderlint.words import near_path

__all__ = ["Options", "Resolver", "Worklist", "selection_of"]


@record(frozen=True, slots=True)
class Options:
    """The options of the command line or of a call. They override or extend the configuration.

    Attributes:
        selection: The rules.
        exclude: Patterns as in `.gitignore`, from the current folder, instead of the configured ones.
        force_exclude: Whether named files may be excluded, too.
        isolated: Whether no configuration is read.
        config: The configuration to use for all files.
        warn: Selectors of rules that do not fail the run, instead of the configured ones.
        per_file_ignores: The rules not to check in files, by patterns of files from the current folder, instead of the
            configured ones.
        order: The order of roles, instead of the configured one.
        roles: Roles by dotted name, in addition to the configured ones.
        baseline: The baseline file, instead of the configured one.
        has_baseline: Whether a baseline is used at all.
    """

    selection: Selection = Selection()
    exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    isolated: bool = False
    config: Path | None = None
    warn: tuple[str, ...] | None = None
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] | None = None
    order: tuple[Role, ...] | None = None
    roles: Mapping[str, tuple[Role, ...]] = field(default_factory=dict)
    baseline: Path | None = None
    has_baseline: bool = True


@record(frozen=True, slots=True)
class Worklist:
    """The files of a run.

    Attributes:
        targets: The files to check, in the order of the paths shown.
        errors: Paths without anything to check, and invalid configurations.
        configurations: The configuration of each file, by the path shown.
        baselines: The known findings, by the path shown, for files with a baseline.
        warnings: Problems of the configurations that do not fail the run.
    """

    targets: tuple[Target, ...]
    errors: tuple[FileError, ...] = ()
    configurations: Mapping[str, Configuration] = field(default_factory=dict)
    baselines: Mapping[str, Baseline] = field(default_factory=dict)
    warnings: tuple[FileWarning, ...] = ()


def selection_of(
    registry: Registry,
    select: Iterable[str] | None = None,
    extend_select: Iterable[str] = (),
    ignore: Iterable[str] = (),
) -> Selection:
    """The selection of rules, from selectors that must each select at least one rule.

    Args:
        registry: The available rules.
        select: Selectors that replace the earlier selection.
        extend_select: Selectors that are added to it.
        ignore: Selectors that are removed from it.

    Raises:
        UnknownRule: A selector selects no rule. The message names the most similar one.
    """
    selection = Selection(None if select is None else tuple(select), tuple(extend_select), tuple(ignore))
    for selector in (*(selection.select or ()), *selection.extend_select, *selection.ignore):
        registry.select(selector)
    return selection


class Resolver:
    """Combines configuration files and options: which files are checked, and which standards apply to each.

    It reads each configuration once, so each run creates a new resolver.

    Args:
        session: The state of the run.
        options: The options that override or extend the configurations.

    Raises:
        ConfigError: By every method: a configuration is invalid. `worklist` only raises it if no file is left.
            Otherwise, it is an error in the list, and its files are left out.
    """

    def __init__(self, session: Session, options: Options | None = None) -> None:
        options = options or Options()
        self._session = session
        self._options = options
        self._names = session.registry.names
        self._configurations = Configurations(self._names, isolated=options.isolated)
        self._given = None if options.config is None else _loaded(options.config, self._names)
        self._excluded = PatternList(options.exclude)
        pairs = options.per_file_ignores
        self._ignores = None if pairs is None else Configuration(per_file_ignores=pairs)
        self._here = str(Path.cwd()).rstrip(os.sep) + os.sep
        self._roles: dict[int, RoleTable] = {}
        self._baselines: dict[Path, Baseline | ConfigError] = {}
        self._settled: dict[tuple[int, tuple[str, ...]], Standards] = {}  # thousands of files share a few standards

    def worklist(self, paths: Iterable[str | os.PathLike[str]]) -> Worklist:
        """The files to check among paths of files and folders."""
        found = discover(paths, self._excludes_if_known, self._forces_exclude_if_known)
        targets = []
        configurations = {}
        baselines = {}
        unusable: dict[str, ConfigError] = {}
        for file in found.files:
            try:
                configuration = self.configuration(file.path)
                baseline = self._baseline(configuration)
            except ConfigError as error:
                unusable.setdefault(str(error), error)
                continue
            configurations[file.shown] = configuration
            if baseline is not None:
                baselines[file.shown] = baseline
            # A tool that names all files and asks to exclude some of them does not ask to parse all of them.
            is_named = file.is_named and not self._forces_exclude(file.path)
            targets.append(Target(file.path, file.shown, self._standards(file.path, configuration), is_named))
        if unusable and not targets:
            raise next(iter(unusable.values()))
        errors = (*self._session.plugins.problems, *found.errors, *map(_skipping, unusable.values()))
        warnings = tuple(self._warnings(configurations))
        return Worklist(tuple(targets), errors, configurations, baselines, warnings)

    def worklist_of_text(self, data: bytes, path: str | os.PathLike[str], shown: str | None = None) -> Worklist:
        """A worklist for text that is treated as a file; empty if that file is excluded by force."""
        configuration = self.configuration(path)
        absolute = os.path.abspath(path)
        if self._forces_exclude(absolute) and self._excludes(absolute, False):
            return Worklist(())
        shown = shown_path(path) if shown is None else shown
        target = Target(absolute, shown, self._standards(path, configuration), is_named=True, data=data)
        baseline = self._baseline(configuration)
        baselines = {} if baseline is None else {shown: baseline}
        return Worklist((target,), self._session.plugins.problems, {shown: configuration}, baselines)

    def configuration(self, path: str | os.PathLike[str]) -> Configuration:
        """The configuration of a file."""
        return self._given or self._configurations.of_file(path)

    def _warnings(self, configurations: Mapping[str, Configuration]) -> Iterator[FileWarning]:
        """Warnings about the names that have roles. Each configuration is checked once."""
        files: dict[Path | None, list[str]] = {}
        for shown, configuration in configurations.items():
            if configuration.roles:
                files.setdefault(configuration.file, []).append(shown)
        if not files:
            return
        from orderlint.engine.misnamed import misnamed  # most configurations give no roles

        with self._session.run() as project:
            for paths in files.values():
                yield from misnamed(configurations[paths[0]], paths, project)

    def _baseline(self, configuration: Configuration) -> Baseline | None:
        """The baseline for the files of a configuration, if there is one. Each baseline is read once."""
        file = (self._options.baseline or configuration.baseline_file) if self._options.has_baseline else None
        if file is None:
            return None
        known = self._baselines.get(file)
        if known is None:
            known = self._baselines[file] = _baseline_or_error(file)
        return usable(known)

    def standards(self, path: str | os.PathLike[str]) -> Standards:
        """The rules, the roles and the order that apply to a file."""
        return self._standards(path, self.configuration(path))

    def _standards(self, path: str | os.PathLike[str], configuration: Configuration) -> Standards:
        ignored = (self._ignores or configuration).ignored_in(path)
        key = id(configuration), ignored
        known = self._settled.get(key)
        if known is None:
            known = self._settled[key] = self._settle(configuration, ignored)
        return known

    def _settle(self, configuration: Configuration, ignored: tuple[str, ...]) -> Standards:
        options, registry = self._options, self._session.registry
        warn = configuration.warn if options.warn is None else options.warn
        codes = configuration.codes(ignored, self._names, registry.usual, options.selection)
        return registry.standards(
            codes,
            warn=Selection(select=warn).codes(self._names, ()),
            order=Order(configuration.order if options.order is None else options.order),
            roles=self._role_table(configuration),
        )

    def _role_table(self, configuration: Configuration) -> RoleTable:
        table = self._roles.get(id(configuration))
        if table is None:
            table = self._roles[id(configuration)] = RoleTable.of(
                {**self._session.plugins.roles, **configuration.roles, **self._options.roles}
            )
        return table

    def _excludes(self, path: str, is_folder: bool, below: str = "") -> bool:
        if self._options.exclude:
            relative, start = (self._relative(one) for one in (path, below))
            return relative is not None and self._excluded.excludes(relative, is_folder=is_folder, below=start)
        if self._given is not None:
            return self._given.excludes(path, is_folder, below)
        return self._configurations.excludes(path, is_folder, below)

    def _excludes_if_known(self, path: str, is_folder: bool, below: str = "") -> bool:
        """The same as `_excludes`. If the configuration is invalid, nothing is excluded: a folder may have its own."""
        try:
            return self._excludes(path, is_folder, below)
        except ConfigError:
            return False

    def _forces_exclude_if_known(self, path: str) -> bool:
        try:
            return self._forces_exclude(path)
        except ConfigError:
            return self._options.force_exclude

    def _relative(self, path: str) -> str | None:
        """A path below the current folder, with forward slashes; `None` for another path."""
        return path.removeprefix(self._here).replace(os.sep, "/") if path.startswith(self._here) else None

    def _forces_exclude(self, path: str) -> bool:
        if self._options.force_exclude:
            return True
        return self.configuration(path).force_exclude


def _baseline_or_error(file: Path) -> Baseline | ConfigError:
    """The baseline in a file, or the reason why it cannot be used. Many files share it."""
    try:
        return read_baseline(file)
    except ConfigError as error:
        return error


def _skipping(error: ConfigError) -> FileError:
    """The error about a configuration or baseline because of which files are skipped."""
    line = "" if error.line is None else f"line {error.line}: "
    return FileError(error.path, f"{line}{error.message}; the files that it applies to are skipped")


def _loaded(file: Path, names: Mapping[str, str]) -> Configuration:
    """The configuration in a file that was named.

    Raises:
        ConfigError: The file contains no configuration.
    """
    if not exists(file):
        raise ConfigError(file, None, f"no such file{near_path(str(file))}")
    try:
        check_regular(file)
    except OSError as error:
        raise ConfigError(file, None, f"is {in_words(error)}") from None
    configuration = load_configuration(Path(os.path.abspath(file)), names)
    if configuration is None:
        message = "no table `[tool.orderlint]`: only `orderlint.toml` has the keys at the top level"
        raise ConfigError(file, None, message)
    return configuration
