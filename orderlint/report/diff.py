"""Changes as unified diffs. Plain diffs are patches, and colored diffs are for people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal, TypeAlias

from orderlint.diagnostics import ChangedFile, TextChange
from orderlint.report.colors import BOLD, GOOD, OFF, PAIR, RED
from orderlint.report.terminal import safe

__all__ = ["render"]

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_ESCAPES = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}
_STYLES = {"-": RED, "+": GOOD, "@": PAIR}
What: TypeAlias = Literal["replace", "delete", "insert", "equal"]
Step: TypeAlias = tuple[What, int, int, int, int]
"""The change, the start and end of the old lines, and the start and end of the new lines."""
_NO_NEWLINE = "\\ No newline at end of file\n"


def render(file: ChangedFile, *, color: bool = False) -> str:
    """The unified diff of a file. A notebook has one for each changed cell.

    A plain diff of a Python file is exact, so that `patch` can apply it.
    """
    lines = [line for change in file.changes for line in _lines(file.path, change)]
    return "".join(map(_painted, lines)) if color else "".join(lines)


def _lines(path: str, change: TextChange) -> Iterator[str]:
    name = path if change.cell is None else f"{path}:cell {change.cell}"
    old, new = _split(change.old), _split(change.new)
    hunks = list(_Matcher(old, new).get_grouped_opcodes())
    yield from (f"--- {_quoted(name)}\n", f"+++ {_quoted(name)}\n") if hunks else ()
    for hunk in hunks:
        _, start, _, new_start, _ = hunk[0]
        _, _, end, _, new_end = hunk[-1]
        yield f"@@ -{_range(start, end)} +{_range(new_start, new_end)} @@\n"
        for line in _changed(hunk, old, new):
            yield from (line,) if line.endswith("\n") else (f"{line}\n", _NO_NEWLINE)


def _quoted(name: str) -> str:
    """The name of a file as `patch` and Git read it. A name with control characters is a string as in C.

    >>> print(_quoted("my net.py"), _quoted("a\\nb.py"), _quoted('\\x1b"é.py'))
    my net.py "a\\nb.py" "\\033\\"é.py"
    """
    if not _CONTROL.search(name):
        return name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + _CONTROL.sub(lambda found: _ESCAPES.get(found[0]) or f"\\{ord(found[0]):03o}", escaped) + '"'


class _Matcher(SequenceMatcher[str]):
    """Compares the lines of two texts.

    In a long text, `SequenceMatcher` ignores frequent lines, because otherwise it could take minutes. So the lines that
    it considers replaced are compared again, separately.
    """

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        super().__init__(None, old, new)
        self._old, self._new = old, new

    def get_opcodes(self) -> list[Step]:
        steps: list[Step] = []
        for step in super().get_opcodes():
            for part in self._parts(step):
                if steps and part[0] == steps[-1][0] == "equal":
                    _, start, _, new_start, _ = steps.pop()
                    steps.append(("equal", start, part[2], new_start, part[4]))
                else:
                    steps.append(part)
        return steps

    def _parts(self, step: Step) -> Iterator[Step]:
        what, start, end, new_start, new_end = step
        if what != "replace":
            yield step
            return
        matcher = SequenceMatcher(None, self._old[start:end], self._new[new_start:new_end])
        for part, first, last, new_first, new_last in matcher.get_opcodes():
            yield part, start + first, start + last, new_start + new_first, new_start + new_last


def _changed(hunk: Sequence[tuple[str, int, int, int, int]], old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """The lines of a hunk, each with its sign."""
    for what, start, end, new_start, new_end in hunk:
        if what == "equal":
            yield from (f" {line}" for line in old[start:end])
            continue
        yield from (f"-{line}" for line in old[start:end])
        yield from (f"+{line}" for line in new[new_start:new_end])


def _range(start: int, end: int) -> str:
    """A range of lines in a unified diff: the first line and the number of lines. An empty one has the line before."""
    if end - start == 1:
        return f"{start + 1}"
    return f"{start + (end > start)},{end - start}"


def _split(text: str) -> list[str]:
    """Lines with their newlines. As in `patch`, a form feed or a lone carriage return does not end a line."""
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _painted(line: str) -> str:
    style = BOLD if line.startswith(("--- ", "+++ ")) else _STYLES.get(line[:1])
    body = safe(line.rstrip("\r\n"))
    return f"{style}{body}{OFF}\n" if style else f"{body}\n"
