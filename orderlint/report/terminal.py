"""Text for a terminal: drawing characters, safe text, wrapping, and locations."""

from __future__ import annotations

import re
import textwrap
import unicodedata

from orderlint.graph import Location
from orderlint.records import record

__all__ = ["ASCII", "UNICODE", "Glyphs", "fitted", "glyphs_for", "place", "safe", "styled"]


@record(frozen=True, slots=True)
class Glyphs:
    """The characters for the drawings of a report."""

    vertical: str
    horizontal: str
    top: str
    bottom: str
    tee: str
    elision: str
    arrow: str
    more: str
    bar: str

    def chain(self, names: tuple[str, ...]) -> str:
        """`Dense → ReLU → BatchNormalization`."""
        return f" {self.arrow} ".join(names)

    def spell(self, text: str) -> str:
        """`text` with arrows and dashes that the terminal can display."""
        if self is UNICODE:
            return text
        for character, spelled in _SPELLED:
            text = text.replace(character, spelled)
        return text


_SPELLED = (("→", "->"), ("–", "-"), ("—", "-"), ("·", "-"), ("…", "..."), ("×", "x"), ("÷", "/"))

UNICODE = Glyphs("│", "─", "╭", "╰", "├", "┆", "→", "…", "█")
ASCII = Glyphs("|", "-", ",", "`", "|", ":", "->", "...", "#")


def glyphs_for(encoding: str | None) -> Glyphs:
    """The glyphs for a stream with this encoding (a redirected Windows console often uses cp1252)."""
    try:
        "│─╭╰├┆→·…█".encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return ASCII
    return UNICODE


def safe(text: str) -> str:
    """The text with a visible `�` for each control character, except tabs."""
    if text.isprintable():
        return text
    return "".join(c if c == "\t" or unicodedata.category(c) not in _STEERING else "�" for c in text)


_TICKED = re.compile(r"`([^`]+)`")


def styled(text: str, *, color: bool) -> str:
    """A message with text in backticks in bold, if there are colors.

    >>> styled("`relu`", color=False)
    '`relu`'
    """
    return _TICKED.sub("\x1b[1m\\1\x1b[22m", text) if color else text


def fitted(text: str, room: int | None, indent: str = "") -> str:
    """Wrap a sentence. Words are not broken, and neither is text in backticks that fits into a row.

    Leading spaces are kept.

    Args:
        text: One paragraph.
        room: The width of a row, in cells; `None` for no limit, as in a file or a pipe.
        indent: The start of all rows except the first.

    >>> print(fitted("Run `orderlint fix` or see `--diff`.", 20))
    Run `orderlint fix`
    or see `--diff`.
    """
    if room is None or len(text) <= room:
        return text
    kept = _TICKED.sub(lambda match: match[0].replace(" ", "\0") if len(match[0]) <= room else match[0], text)
    rows = textwrap.wrap(kept, room, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return "\n".join(rows).replace("\0", " ")


_STEERING = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # controls, bidirectional marks, lone surrogates


def place(location: Location) -> str:
    """`net.py:6:9`, `net.ipynb:cell 3:6:9`, or `model.keras:encoder/bn` for a built model.

    >>> place(Location("net.ipynb", 6, 9, cell=3))
    'net.ipynb:cell 3:6:9'
    """
    parts = [location.path]
    if location.cell is not None:
        parts.append(f"cell {location.cell}")
    if location.line:
        parts += [str(location.line), str(location.column)]
    if location.layer is not None:
        parts.append(location.layer)
    return safe(":".join(parts))
