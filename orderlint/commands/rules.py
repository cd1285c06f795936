"""`orderlint rules`: the table of all rules."""

from __future__ import annotations

import click

__all__ = ["command"]


@click.command()
def command() -> None:
    """List all rules."""
    from orderlint.console import Output
    from orderlint.judging import RULES
    from orderlint.report.rules import table

    output = Output.to_stdout()
    output.write(table(RULES.values(), width=output.width, glyphs=output.glyphs))
