"""Writes what the documentation takes from the rules: `docs/rules/` and the rule table of the README.

python -m tests.tools.write_docs            # write
python -m tests.tools.write_docs --check    # write nothing, exit 1 where something is stale
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from orderlint.judging import Fixable, Rule
from orderlint.report.rules import page
from tests.judged import RULES

ROOT = Path(__file__).parent.parent.parent
PAGES = Path("docs/rules")
README = Path("README.md")
BEGIN = "<!-- rules: written by tests/tools/write_docs.py -->\n"
END = "<!-- end of rules -->\n"


def expected(root: Path) -> Mapping[Path, str]:
    """Every file that is written, by its path below the root, with the text it is to have."""
    files = {PAGES / f"{rule.code}.md": page(rule) for rule in RULES.values()}
    readme = root / README
    if readme.is_file():
        files[README] = with_table(readme.read_text(encoding="utf-8"))
    return files


def with_table(text: str) -> str:
    """The README with the rule table between its two markers.

    Raises: ValueError: It has no place for the table.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{README} has no place for the rule table: the lines {BEGIN.strip()!r} and {END.strip()!r}")
    return before + begin + table() + end + after


def table() -> str:
    """The rules as a Markdown table."""
    rows = ["| code | name | what it finds | by default | repair |", "|---|---|---|---|---|"]
    return "\n".join([*rows, *map(row, RULES.values())]) + "\n"


def row(rule: Rule) -> str:
    link = f"[{rule.code}]({PAGES.as_posix()}/{rule.code}.md)"
    on = "on" if rule.default_on else ""
    repair = "" if rule.fixable is Fixable.NEVER else "yes"
    return f"| {link} | `{rule.name}` | {rule.summary} | {on} | {repair} |"


def stale(root: Path) -> Iterator[Path]:
    """The files that are not as they should be: other text, missing, or of a rule that is gone."""
    files = expected(root)
    for path, text in files.items():
        if not (root / path).is_file() or (root / path).read_bytes() != text.encode():
            yield path
    for path in sorted((root / PAGES).glob("*.md")):
        if path.relative_to(root) not in files:
            yield path.relative_to(root)


def write(root: Path) -> None:
    """Bring every file up to date."""
    files = expected(root)
    for path in stale(root):
        if path not in files:
            (root / path).unlink()
            continue
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(files[path].encode())


def main(arguments: Sequence[str], root: Path = ROOT) -> int:
    """Run the command; returns its exit status."""
    if list(arguments) not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        late = list(stale(root))
        if not arguments:
            write(root)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    for path in late:
        print(f"{path.as_posix()}: {'stale' if arguments else 'written'}")
    return int(bool(late and arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
