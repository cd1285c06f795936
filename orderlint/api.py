"""The Python API for source code: the same checks as the command, with the result as a value."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from orderlint.diagnostics import FileError, Report
from orderlint.engine.checking import check, check_text
from orderlint.engine.resolving import Options, Resolver, selection_of
from orderlint.engine.session import Session
from orderlint.graph import Role
from orderlint.text.files import SourceError, source_from_text

__all__ = ["check_paths", "check_source"]

Roles = Mapping[str, str | Sequence[str]]


def check_source(
    text: str,
    path: str | os.PathLike[str] = "<string>",
    *,
    select: Iterable[str] | None = None,
    extend_select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    warn: Iterable[str] | None = None,
    order: Sequence[str] | None = None,
    roles: Roles | None = None,
    config: str | os.PathLike[str] | None = None,
    isolated: bool = True,
    session: Session | None = None,
) -> Report:
    """Check source code in memory. The code is never run.

    Args:
        text: Python source code, or the JSON of a notebook if `path` ends in `.ipynb`.
        path: The path of the file with this text. The report shows it, and imports are resolved from its folder.
        select: The rules to apply: their codes, prefixes of codes, or names, or `ALL`. The default is all rules that
            are on by default.
        extend_select: More rules to apply.
        ignore: The rules not to apply.
        warn: The rules whose findings do not change `report.exit_status`.
        order: The expected order of `norm`, `activation` and `dropout`.
        roles: The roles of your own layers by dotted name, such as `{"mylib.ConvBN": ["linear", "norm"]}`.
        config: A configuration file to use.
        isolated: Whether to ignore the configuration files around `path`. The default is `True`.
        session: A session to share with other calls, for example the modules that were read. By default, the call has
            its own.

    Returns:
        A report. If the text is not source code at all (NUL characters, a broken notebook), the report has an
        error.

    Raises:
        TypeError: `text` is not a string.
        UnknownRule: There is no such rule.
        ValueError: `order` or `roles` is invalid.
        ConfigError: The configuration is invalid.

    >>> report = check_source('Sequential([Dense(8, activation="relu"), BatchNormalization()])')
    >>> [(finding.code, finding.location.column) for finding in report]
    [('ORD001', 42)]
    """
    if not isinstance(text, str):
        raise TypeError(f"`text` is of type `{type(text).__name__}`, expected a string; `check_paths` checks files")
    session = session or Session()
    options = _options(session, select, extend_select, ignore, warn, order, roles, config, isolated)
    standards = Resolver(session, options).standards(path)
    problems = session.plugins.problems
    shown = os.fspath(path).replace(os.sep, "/")
    try:
        file = source_from_text(text, shown)
    except SourceError as error:
        return Report(errors=(*problems, FileError(shown, error.message)), files=1)
    report = check_text(file, standards, session)
    return replace(report, errors=(*problems, *report.errors)) if problems else report


def check_paths(
    paths: Iterable[str | os.PathLike[str]] = (".",),
    *,
    select: Iterable[str] | None = None,
    extend_select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    exclude: Iterable[str] = (),
    warn: Iterable[str] | None = None,
    order: Sequence[str] | None = None,
    roles: Roles | None = None,
    config: str | os.PathLike[str] | None = None,
    isolated: bool = False,
    jobs: int | None = None,
    session: Session | None = None,
) -> Report:
    """Check files, notebooks and folders, as `orderlint check` does. The code is never run.

    Args:
        paths: Files and folders.
        select: As in `check_source`, like the arguments that are not listed here.
        exclude: Patterns as in `.gitignore`, relative to the current folder. They replace the configured patterns.
        isolated: Whether to ignore all configuration files. Otherwise, each file uses the configuration of the nearest
            folder, and the baseline that is named there.
        jobs: The maximum number of processes. `None` means one per processor, if there are enough files.
        session: As in `check_source`.

    Raises:
        UnknownRule: There is no such rule.
        ValueError: `order` or `roles` is invalid.
        ConfigError: A configuration is invalid, and it applies to all files. If it applies to some of them, the report
            has an error instead.
    """
    session = session or Session()
    options = _options(session, select, extend_select, ignore, warn, order, roles, config, isolated, exclude)
    work = Resolver(session, options).worklist([paths] if isinstance(paths, (str, os.PathLike)) else paths)
    return check(
        work.targets,
        session=session,
        jobs=jobs,
        errors=work.errors,
        warnings=work.warnings,
        baselines=work.baselines,
    )


def _options(
    session: Session,
    select: Iterable[str] | None,
    extend_select: Iterable[str],
    ignore: Iterable[str],
    warn: Iterable[str] | None,
    order: Sequence[str] | None,
    roles: Roles | None,
    config: str | os.PathLike[str] | None,
    isolated: bool,
    exclude: Iterable[str] = (),
) -> Options:
    return Options(
        selection=selection_of(session.registry, _words(select), _words(extend_select) or (), _words(ignore) or ()),
        exclude=_words(exclude) or (),
        isolated=isolated,
        config=None if config is None else Path(config),
        warn=selection_of(session.registry, _words(warn)).select,
        order=None if order is None else tuple(Role(name) for name in order),
        roles={name: tuple(Role(role) for role in _words(given) or ()) for name, given in (roles or {}).items()},
    )


def _words(given: Iterable[str] | None) -> tuple[str, ...] | None:
    """A single string is one word, not its letters."""
    if given is None:
        return None
    return (given,) if isinstance(given, str) else tuple(given)
