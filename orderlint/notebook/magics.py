"""The magics `%orderlint` and `%%orderlint`.

%orderlint                 check all cells that were run in this session
%orderlint net             check the built model in the variable `net`
%%orderlint                check this cell together with the cells that were run before it, then run it
%orderlint --select ORD1   check other rules; the option works with all of them
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from IPython.core.error import UsageError
from IPython.core.getipython import get_ipython
from IPython.core.magic import Magics, line_cell_magic, magics_class
from IPython.display import display

from orderlint.config import ConfigError
from orderlint.diagnostics import Report
from orderlint.graph import Location
from orderlint.judging import UnknownRule
from orderlint.notebook.session import as_notebook, latest
from orderlint.words import hint

__all__ = ["OrderlintMagics", "load", "unload"]

_OPTIONS = ("--select", "--extend-select", "--ignore")


@magics_class
class OrderlintMagics(Magics):
    """The magics of one IPython shell."""

    def __init__(self, shell: Any) -> None:
        super().__init__(shell)
        self._shell = shell
        self._ids: dict[int, str] = {}
        self._running: str | None = None
        shell.events.register("pre_run_cell", self.began)
        shell.events.register("post_run_cell", self.ended)

    def began(self, info: Any) -> None:
        """Store the id of the cell that runs."""
        if getattr(info, "store_history", True):
            self._running = getattr(info, "cell_id", None)

    def ended(self, result: Any) -> None:
        """Store the id of the cell that ran, by its execution count. It replaces earlier runs of the cell."""
        if self._running is not None and getattr(result.info, "store_history", True):
            self._ids[len(self._history) - 1] = self._running

    @property
    def _history(self) -> list[str]:
        """The cells that were run, by execution count, including the current one. Number 0 is empty."""
        return list(self._shell.history_manager.input_hist_raw)

    @line_cell_magic
    def orderlint(self, line: str, cell: str | None = None) -> Report | None:
        """Check the order of layers.

        %orderlint                  check all cells that were run
        %orderlint net              check the built model in the variable `net`
        %%orderlint                 check this cell together with the cells that were run before it, then run it
        %orderlint --select ORD1    check other rules; --extend-select and --ignore work as well

        Separate several codes with commas.
        """
        rules, names = _parsed(line)
        if cell is not None:
            if names:
                raise UsageError(
                    f"%%orderlint takes options only, not `{names[0]}`; `%orderlint {names[0]}` is for models"
                )
            display(self._check_cell(cell, rules))  # type: ignore[no-untyped-call]
            self._shell.run_cell(cell, store_history=False)
            return None
        return self._check_model(names, rules) if names else self._check_session(rules)

    def _check_session(self, rules: dict[str, list[str]]) -> Report:
        return self._checked(latest(self._history[:-1], self._ids), rules)

    def _check_cell(self, cell: str, rules: dict[str, list[str]]) -> Report:
        before = self._history[:-1]
        ids = self._ids if self._running is None else {**self._ids, len(before): self._running}
        report = self._checked(latest([*before, f"\n{cell}"], ids), rules)  # lines count from that of the magic
        return replace(
            report,
            findings=tuple(one for one in report.findings if one.location.cell == len(before)),
            suppressed=tuple(one for one in report.suppressed if one.finding.location.cell == len(before)),
        )

    def _checked(self, cells: Sequence[str], rules: dict[str, list[str]]) -> Report:
        from orderlint.api import check_source

        try:
            return check_source(as_notebook(cells), _notebook(self._shell.user_ns), isolated=False, **_keywords(rules))
        except (UnknownRule, ConfigError) as error:
            raise UsageError(str(error)) from None

    def _check_model(self, names: Sequence[str], rules: dict[str, list[str]]) -> Report:
        from orderlint.engine.inspecting import InspectionError, configured_standards, inspect_model
        from orderlint.engine.resolving import Options, selection_of
        from orderlint.engine.session import Session
        from orderlint.runtime.errors import NotBuiltError

        text = " ".join(names)
        try:
            model = self._shell.ev(text)
        except NameError as error:
            raise UsageError(f"`{text}` is not a model: {error}{self._meant(text, error.name or '')}") from None
        except SyntaxError:
            name = names[-1] if names[-1].isidentifier() else "net"
            raise UsageError(f"`{text}` is not a model: expected the name of one, as in `%orderlint {name}`") from None
        except Exception as error:
            raise UsageError(f"`{text}` is not a model: {type(error).__name__}: {error}") from None
        session = Session()
        try:
            options = Options(selection=selection_of(session.registry, **_keywords(rules)))
            standards = configured_standards(Path(_notebook(self._shell.user_ns)), options, session)
            return self._in_cells(inspect_model(model, standards=standards, session=session))
        except (UnknownRule, ConfigError) as error:
            raise UsageError(str(error)) from None
        except NotBuiltError:
            raise UsageError(
                f"`{text}` is not built, or does not know its input: call it on a batch, or use "
                f"`orderlint.inspect_model({text}, input_shape=(224, 224, 3))`"
            ) from None
        except InspectionError as error:
            raise UsageError(f"`{text}`: {error}") from None

    def _in_cells(self, report: Report) -> Report:
        """A report with the cells of locations, not the files that the kernel created for them."""
        counts = getattr(self._shell.compile, "_filename_map", {})
        notebook = _notebook(self._shell.user_ns)

        def in_cell(at: Location) -> Location:
            return replace(at, path=notebook, cell=counts[at.path]) if at.path in counts else at

        findings = [
            replace(
                one,
                location=in_cell(one.location),
                related=tuple(replace(other, location=in_cell(other.location)) for other in one.related),
            )
            for one in report.findings
        ]
        return replace(report, findings=tuple(findings))

    def _meant(self, text: str, name: str) -> str:
        """The end of a message about an unknown name: a command for files, or a variable with a similar name."""
        command = {".py": "check", ".ipynb": "check", ".keras": "inspect", ".h5": "inspect"}.get(Path(text).suffix)
        if command is not None:
            return f"; `!orderlint {command} {text}` is for files"
        hidden = self._shell.user_ns_hidden  # such as `In`, `exit` and `open`
        return hint(name, (one for one in self._shell.user_ns if one not in hidden and not one.startswith("_")))


def _parsed(line: str) -> tuple[dict[str, list[str]], list[str]]:
    """The options with their codes, and the other words."""
    rules: dict[str, list[str]] = {option: [] for option in _OPTIONS}
    words = _words(line)
    names = []
    while words:
        name, _, value = words.pop(0).partition("=")
        if name in rules:
            codes = [code for code in re.split(r"[\s,'\"]+", value or (words.pop(0) if words else "")) if code]
            if not codes:
                raise UsageError(f"`{name}` names no rule (`!orderlint rules` lists all rules)")
            rules[name] += codes
        elif name.startswith("-"):
            known = f"; there are {', '.join(_OPTIONS)} (`%orderlint?` explains them)"
            raise UsageError(f"no such option `{name}`{hint(name, _OPTIONS, otherwise=known)}")
        else:
            names.append(name if not value else f"{name}={value}")
    return rules, names


def _words(line: str) -> list[str]:
    """The words of a line up to a comment. Quotation marks are kept, as in `models['small']`."""
    lexer = shlex.shlex(line)
    lexer.whitespace_split, lexer.commenters = True, ""
    try:
        words = list(lexer)
    except ValueError:
        raise UsageError(f"a quotation mark in `{line}` is not closed") from None
    return words[: next((index for index, word in enumerate(words) if word.startswith("#")), None)]


def _keywords(rules: dict[str, list[str]]) -> dict[str, Any]:
    return {
        "select": rules["--select"] or None,
        "extend_select": rules["--extend-select"],
        "ignore": rules["--ignore"],
    }


def _notebook(names: dict[str, Any]) -> str:
    """The file of this notebook, if the front end provides it. The configuration nearest to it applies."""
    provided = names.get("__vsc_ipynb_file__") or os.environ.get("JPY_SESSION_NAME", "")
    name = provided if isinstance(provided, str) and provided.endswith(".ipynb") else "session.ipynb"
    path = Path(name)
    return os.path.relpath(path) if path.is_absolute() and path.is_relative_to(Path.cwd()) else path.name


def load(shell: Any = None) -> None:
    """Register the magics in a shell."""
    shell = shell or get_ipython()
    shell.register_magics(OrderlintMagics(shell))


def unload(shell: Any) -> None:
    """Remove the magics."""
    magics = shell.magics_manager.registry.pop("OrderlintMagics", None)
    if magics is not None:
        shell.events.unregister("pre_run_cell", magics.began)
        shell.events.unregister("post_run_cell", magics.ended)
    for kind in ("line", "cell"):
        shell.magics_manager.magics[kind].pop("orderlint", None)
