"""`orderlint rule CODE`: print the page of a rule."""

from __future__ import annotations

import click

from orderlint.commands._options import complete_rules

__all__ = ["command"]


@click.command(short_help="Explain a rule.")
@click.argument("code", required=False, shell_complete=complete_rules)
def command(code: str | None) -> None:
    """Explain the rule CODE: a code such as ORD001, or a name such as norm-after-activation."""
    from orderlint.console import Output
    from orderlint.engine.session import Session
    from orderlint.judging import UnknownRule
    from orderlint.judging.rule import MANUAL
    from orderlint.report.rules import page

    if code is None:
        raise click.UsageError("which rule? Give its code or its name; `orderlint rules` lists all rules")
    try:
        rule = Session().registry.find(code)
    except UnknownRule as error:
        raise click.UsageError(str(error)) from None
    # An installation does not contain the folder `docs`.
    Output.to_stdout().write_markdown(page(rule).replace("`docs/", f"`{MANUAL}/"))
