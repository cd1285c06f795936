"""`orderlint rules`: the table of all rules."""

from __future__ import annotations

import click

__all__ = ["command"]


@click.command()
def command() -> None:
    """List all rules."""
    from orderlint.console import Output, write_problems
    from orderlint.engine.session import Session
    from orderlint.report.rules import table

    output = Output.to_stdout()
    session = Session()
    output.write(table(session.registry.rules.values(), width=output.width, glyphs=output.glyphs))
    write_problems("error", session.plugins.problems)
