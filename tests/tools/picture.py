"""Draws `docs/output.svg`, the picture in the README, from the real output of `orderlint check fixtures/demo`.

python -m tests.tools.picture
"""

from __future__ import annotations

import io
import re
from pathlib import Path

from rich.console import Console
from rich.text import Text

from orderlint.api import check_paths
from orderlint.engine.sources import Sources
from orderlint.report import summary
from orderlint.report.drawn import renderables
from orderlint.report.theme import THEME
from orderlint.report.view import View

COMMAND = "orderlint check fixtures/demo"
PICTURE = Path("docs/output.svg")
WIDTH = 104


def picture() -> str:
    """The SVG. The current folder must be the root of the repository, because the paths are relative."""
    report = check_paths(["fixtures/demo"], isolated=True)
    console = Console(record=True, width=WIDTH, file=io.StringIO(), theme=THEME, force_terminal=True, highlight=False)
    console.print(Text.assemble(("$ ", "dim"), COMMAND, "\n"))
    for row in renderables(report, View(Sources().lines, width=WIDTH, color=True)):
        console.print(row, soft_wrap=True)
    console.print(Text.from_ansi(summary.render(report, width=WIDTH, color=True)))
    drawn = console.export_svg(title="orderlint", unique_id="orderlint")
    return re.sub(r"\s*@font-face \{.*?\}", "", drawn, flags=re.DOTALL)  # any monospace font will do, none is loaded


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
