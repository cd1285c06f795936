"""Asks about each repair on the terminal, with its diff and its effect."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from orderlint.repair.results import Answer, Question

__all__ = ["Interview"]


class Interview:
    """Asks the user about repairs, for all files of a run.

    Questions are written to standard error, so that standard output only contains the report. The end of the input
    means "quit".

    Args:
        clear: Called before anything is written, to clear the progress line.
    """

    def __init__(self, clear: Callable[[], None] = lambda: None) -> None:
        self._clear = clear
        self._codes: set[str] = set()
        self._has_quit = False

    def __call__(self, question: Question) -> Answer:
        from orderlint.repair.results import Answer

        codes = {one.finding.code for one in question.repaired}
        if self._has_quit:
            return Answer.QUIT
        if codes <= self._codes:
            return Answer.YES
        self._clear()
        click.echo(_shown(question), err=True, nl=False)
        answer = self._answer(" and ".join(sorted(codes)))
        if answer is Answer.ALL:
            self._codes |= codes
        self._has_quit = answer is Answer.QUIT
        return answer

    def _answer(self, codes: str) -> Answer:
        from orderlint.repair.results import Answer

        words = {answer.value: answer for answer in Answer} | {answer.value[0]: answer for answer in Answer}
        while True:
            try:
                text = click.prompt(f"Repair it? [y]es, [n]o, [a]ll of {codes}, [q]uit", err=True, prompt_suffix=": ")
            except click.Abort:
                click.echo(err=True)
                return Answer.QUIT
            answer = words.get(text.strip().lower())
            if answer is not None:
                return answer
            click.echo(f"{text.strip()!r} is not an answer; type y, n, a or q", err=True)


def _shown(question: Question) -> str:
    """The findings, the kind of the repair, the diff, and remarks."""
    from orderlint.console import room_of, wants_color
    from orderlint.diagnostics import ChangedFile
    from orderlint.report import diff
    from orderlint.report.described import KIND_WORDS
    from orderlint.report.terminal import fitted, glyphs_for, place, safe, styled

    color, room = wants_color(sys.stderr), room_of(sys.stderr)

    def row(text: str) -> str:
        return styled(fitted(text, room, " " * 4), color=color) + "\n"

    lines = []
    for one in question.repaired:
        lines += [row(f"{place(one.finding.location)}: {one.finding.code} {safe(one.title)}")]
        lines += [row(f"  {one.kind.value}: {KIND_WORDS[one.kind]}.")]
    shown = diff.render(ChangedFile(question.path, question.changes), color=color)
    remarks = dict.fromkeys(row(f"  {safe(remark)}.") for one in question.repaired for remark in one.remarks)
    return glyphs_for(sys.stderr.encoding).spell("\n" + "".join([*lines, shown, *remarks]))
