"""The names of files and models on the command line. An empty name, for example from an unset variable, is refused,
because it would mean the current folder.
"""

from __future__ import annotations

from typing import Any

import click

from orderlint.commands._errors import TARGETS
from orderlint.text.marks import SAVED_MODELS, SUFFIXES
from orderlint.text.regular import exists

__all__ = ["OutputName", "PathName", "TargetName"]

_NO_REPORTS = (*SUFFIXES, *SAVED_MODELS)


class PathName(click.Path):
    """A path that is not empty."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            _refuse(param, ctx)
        return super().convert(value, param, ctx)


class OutputName(PathName):
    """A file for a report; `None` for `-`, which is standard output.

    An existing file of source code, a notebook and a saved model are refused, since the report would replace them.
    """

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "-":
            return None
        path = super().convert(value, param, ctx)
        if str(path).lower().endswith(_NO_REPORTS) and exists(path):
            self.fail(f"{path} would be replaced by the report; name another file", param, ctx)
        return path


class TargetName(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.2 on
    """A file or model that is not empty."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value == "":
            _refuse(param, ctx)
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> Any:
        """Complete the names of files. Functions in files or modules are not completed."""
        return click.Path().shell_complete(ctx, param, incomplete)


def _refuse(param: click.Parameter | None, ctx: click.Context | None) -> None:
    if not isinstance(param, click.Argument):
        what = "name" if isinstance(param, click.Option) and isinstance(param.type, TargetName) else "path"
        raise click.BadParameter(f"the {what} is empty", ctx, param)
    if param.name == "paths":
        raise click.UsageError('a path is empty (`""`); name a file or a folder, such as `.` for the current one', ctx)
    raise click.UsageError(f'the name of the model is empty (`""`); expected {TARGETS}', ctx)
