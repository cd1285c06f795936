"""Shows errors of click in the same format as all other errors."""

from __future__ import annotations

import re

import click

__all__ = ["TARGETS", "show", "unusable"]


def show(error: click.ClickException) -> None:
    """Write an error to standard error. If the command line is wrong, the usage of the command is shown first."""
    from orderlint.console import write_problems
    from orderlint.diagnostics import FileError

    if isinstance(error, getattr(click.exceptions, "NoArgsIsHelpError", ())):  # from click 8.2 on
        error.show()
        return
    if isinstance(error, click.UsageError) and error.ctx is not None:
        click.echo(f"{error.ctx.get_usage()}\nTry `{error.ctx.command_path} --help`.\n", err=True)
    after = _example(error)
    if isinstance(error, click.NoSuchOption):
        after = _owner(error) or _meant(error)
        error = click.UsageError(f"no such option `{error.option_name}`", error.ctx)
    message = _unexpected(error) or error.format_message().removesuffix(".") + after
    write_problems("error", [FileError("", _as_ours(message) if isinstance(error, click.UsageError) else message)])


def unusable(error: OSError, target: str) -> click.ClickException:
    """The exception to raise if a file of a command, by default its target, cannot be opened."""
    from orderlint.text.failures import in_words
    from orderlint.words import near_path

    path = str(error.filename or target)
    near = near_path(path) if isinstance(error, FileNotFoundError) else ""
    return click.ClickException(f"{path}: {in_words(error)}{near}")


def _meant(error: click.NoSuchOption) -> str:
    """The end of a message with the options of the command that may be meant. click only finds similar spellings."""
    from orderlint.words import likely

    params = error.ctx.command.get_params(error.ctx) if error.ctx is not None else ()
    options = [name for param in params if isinstance(param, click.Option) for name in param.opts]
    names = [f"`{name}`" for name in sorted(likely(error.option_name, options))]
    return f"; did you mean {' or '.join(names)}?" if names else ""


def _owner(error: click.NoSuchOption) -> str:
    """The end of a message with another command that has the option; empty if there is none."""
    context = error.ctx.parent if error.ctx is not None else None
    if context is None or not isinstance(context.command, click.Group):
        return ""
    for name in sorted(context.command.list_commands(context), key=lambda name: name != _COMMONEST):
        command = context.command.get_command(context, name)
        if command is not None and any(error.option_name in param.opts for param in command.params):
            return f"; it is an option of `{context.command_path} {name}`"
    return ""


_COMMONEST = "check"
_QUOTED = re.compile(r"(?<!\w)'([^'\n]+)'(?!\w)")
_UNEXPECTED = re.compile(r"Got unexpected extra arguments? \((.*)\)")
_MEANT = re.compile(r"[.,]? Did you mean ")
TARGETS = "a saved model (`best.keras`) or a function that builds one (`net.py::build`)"
_TAKE_MODELS = ("model", "target", "targets")
_IS_FOLDER = re.compile(r"File (`[^`]+`) is a directory")


def _unexpected(error: click.ClickException) -> str | None:
    """The message about arguments that a command does not accept; `None` for any other error."""
    found = _UNEXPECTED.fullmatch(error.format_message())
    context = error.ctx if isinstance(error, click.UsageError) else None
    if found is None or context is None:
        return None
    taken = [_metavar(param, context) for param in context.command.params if isinstance(param, click.Argument)]
    takes = f"only takes {' '.join(taken)}" if taken else "takes no arguments"
    advice = "leave it out, or quote a name with spaces"
    if context.info_name == "rules":
        advice = f"`orderlint rule {found[1]}` explains a rule"
    return f"unexpected `{found[1]}`: `{context.command_path}` {takes}; {advice}"


def _metavar(param: click.Argument, context: click.Context) -> str:
    try:
        return param.make_metavar(context)
    except TypeError:  # before click 8.2, it does not accept the context
        return param.make_metavar()  # type: ignore[call-arg]


def _example(error: click.ClickException) -> str:
    """The end of a message about a missing target; empty for any other error."""
    if not isinstance(error, click.MissingParameter) or not isinstance(error.param, click.Argument):
        return ""
    return f"; expected {TARGETS}" if error.param.name in _TAKE_MODELS else ""


def _as_ours(message: str) -> str:
    """A message of click, in the style of the other messages.

    >>> _as_ours("Invalid value for '--jobs': 'x' is not a valid integer.")
    'invalid value for `--jobs`: `x` is not a valid integer'
    >>> _as_ours("No such command 'chek'. Did you mean 'check'?")
    'no such command `chek`; did you mean `check`?'
    """
    text = _MEANT.sub("; did you mean ", _QUOTED.sub(r"`\1`", message))
    text = _IS_FOLDER.sub(r"\1 is a folder, expected a file", text)
    return text[:1].lower() + (text[1:] if text.endswith("...") else text[1:].removesuffix("."))
