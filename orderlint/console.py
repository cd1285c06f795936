"""Standard output and standard error of the commands: their colors, width and encoding.

Only the commands use this. rich is only imported for reports that need it.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TextIO

import click

from orderlint.diagnostics import FileError, FileWarning
from orderlint.records import record
from orderlint.report.terminal import Glyphs, fitted, glyphs_for, place, safe, styled

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["Output", "prepare_streams", "room_of", "wants_color", "write_problems", "write_warnings"]

_COLORS = re.compile(r"\x1b\[[0-9;]*m")
_WIDEST = 120  # wider prose is hard to read; this is also the width for files and logs, because of code lines


def wants_color(stream: TextIO) -> bool:
    """Whether to write colors to `stream`.

    `--color` has priority, then `NO_COLOR`, then `FORCE_COLOR`. By default, only a terminal gets colors.
    """
    context = click.get_current_context(silent=True)
    if context is not None and context.color is not None:
        return context.color
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def room_of(stream: TextIO) -> int | None:
    """The width of `stream` in cells; `None` if it is not a terminal. Then lines are not wrapped."""
    return _columns(stream) if stream.isatty() else None


def _columns(stream: TextIO) -> int:
    """The width of a report in `stream`."""
    return _known_columns(stream) or _WIDEST


def _known_columns(stream: TextIO) -> int | None:
    """The width according to `COLUMNS` or a terminal, even that of standard error; `None` if it is not known."""
    columns = 0
    for one in (sys.stderr, stream):
        with contextlib.suppress(OSError, ValueError, AttributeError):  # no terminal, or no file
            columns = os.get_terminal_size(one.fileno()).columns or columns
    columns = shutil.get_terminal_size((columns, 24)).columns
    return max(40, min(columns, _WIDEST)) if columns else None


def prepare_streams() -> None:
    """Let standard output and standard error accept any text. Characters that cannot be encoded become `?`."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


@record(slots=True)
class Output:
    """Standard output of a command. If the reader closes it (`| head`), the command continues without output.

    Attributes:
        color: Whether to write ANSI colors.
        glyphs: The characters for drawings.
        width: The width of prose, in cells.
        said: The output so far on standard output and on standard error, if it is recorded.
    """

    color: bool
    glyphs: Glyphs
    width: int
    said: tuple[list[str], list[str]] | None = None

    @property
    def room(self) -> int | None:
        """The width in cells; `None` if it is not a terminal. Then lines are not wrapped."""
        return room_of(sys.stdout)

    @property
    def known_width(self) -> int | None:
        """The width of prose in cells; `None` if neither a terminal nor `COLUMNS` determines it, as in logs."""
        return _known_columns(sys.stdout)

    @classmethod
    def to_stdout(cls) -> Output:
        return cls(wants_color(sys.stdout), glyphs_for(sys.stdout.encoding), _columns(sys.stdout))

    def write(self, text: str, *, err: bool = False) -> None:
        """Write text unchanged, with ANSI colors if color is on; with `err`, to standard error."""
        stream = sys.stderr if err else sys.stdout
        if self.said is not None:
            self.said[err].append(text)
        try:
            if self.color and not err:
                click.echo(text, nl=False, color=True)  # it supports the colors of old Windows consoles
            else:
                stream.write(text)
                stream.flush()
        except BrokenPipeError:
            _drop_stdout()

    def write_markdown(self, text: str) -> None:
        """Write Markdown that starts with a title. On a terminal, it is rendered."""
        if not self.color:
            self.write(self.glyphs.spell(text))
            return
        from rich.markdown import Markdown
        from rich.text import Text

        title, _, body = self.glyphs.spell(text).partition("\n")
        console = self._console()
        try:
            console.print(Text(title.lstrip("# "), "bold"))
            console.print(Markdown(_CODE.sub("```", body), code_theme="ansi_dark"))
            sys.stdout.flush()
        except BrokenPipeError:
            _drop_stdout()

    def _console(self) -> Console:
        from rich.console import Console

        from orderlint.report.theme import THEME

        return Console(
            file=sys.stdout,
            theme=THEME,
            width=self.width,
            force_terminal=self.color,
            no_color=not self.color,
            highlight=False,
            markup=False,
            emoji=False,
        )


_CODE = re.compile(r"^```\w+$", re.MULTILINE)  # code is not colored: themes only fit a light or a dark background


def write_warnings(warnings: Sequence[FileWarning], *, verbose: bool = False) -> None:
    """Write `warning: place: message` lines to standard error.

    Args:
        warnings: The warnings.
        verbose: Whether to list all places that were only partly checked, even if there are many.
    """
    from orderlint.report.claims import gathered

    shown, counted = (warnings, "") if verbose else gathered(warnings, "; `--verbose` lists them")
    write_problems("warning", shown)
    if counted:
        write_problems("warning", [FileError("", counted)])


def write_problems(label: str, problems: Iterable[FileError | FileWarning]) -> None:
    """Write `error: path: message` lines to standard error."""
    color, room = wants_color(sys.stderr), room_of(sys.stderr)
    head = click.style(f"{label}:", fg={"error": "red", "warning": "magenta"}.get(label), bold=True)
    for problem in problems:
        shown = place(problem.location) if isinstance(problem, FileWarning) else safe(problem.path)
        where = f" {shown}:" if shown else ""
        first, *more = _lines(problem.message)
        said = styled(fitted(f"{label}:{where} {first}", room, "  "), color=color)
        click.echo("\n".join([head + said[len(label) + 1 :], *more]), err=True, color=color)


def _lines(message: str) -> list[str]:
    """The lines of a message, without control characters for the terminal. Colors are removed.

    Only a traceback has several lines. They are indented, so that they do not look like separate messages. Any other
    newline is in what a message quotes, and a line of its own might be a command to a CI service.
    """
    first, *more = _COLORS.sub("", message).splitlines() or [""]
    if not any(line.lstrip().startswith(("Traceback ", 'File "')) for line in more):
        return [" ".join(safe(line).strip() for line in (first, *more) if line)]
    return [safe(first), *(f"  {safe(line)}".rstrip() for line in more)]


def _drop_stdout() -> None:
    """Discard further output, so that the final flush of the interpreter does not fail, either."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, sys.stdout.fileno())
    except (OSError, ValueError):  # no descriptor, as under a test runner
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123
