"""`orderlint rules`: list all rules."""

from __future__ import annotations

import click

__all__ = ["command"]


@click.command(short_help="List all rules.")
def command() -> int:
    """List all rules: the code and name, whether it is on by default, whether it can be repaired, and what it finds."""
    from orderlint.console import Output, write_problems
    from orderlint.engine.session import Session
    from orderlint.report.rules import table

    output = Output.to_stdout()
    session = Session()
    rules = session.registry.rules.values()
    output.write(table(rules, width=output.width, glyphs=output.glyphs, color=output.color))
    write_problems("error", session.plugins.problems)
    return 2 if session.plugins.problems else 0
