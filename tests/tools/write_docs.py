"""Writes the parts of the documentation that come from the code.

That is `docs/rules/`, the rule table of the README, and the keys of the configuration.

python -m tests.tools.write_docs            # write
python -m tests.tools.write_docs --check    # write nothing, exit 1 where something is stale
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from orderlint.config.configuration import Configuration, Selection
from orderlint.config.reading import KEYS
from orderlint.judging import Fixable, Rule
from orderlint.report.rules import page
from tests.judged import RULES

ROOT = Path(__file__).parent.parent.parent
PAGES = Path("docs/rules")
README = Path("README.md")
BEGIN = "<!-- rules: written by tests/tools/write_docs.py -->\n"
END = "<!-- end of rules -->\n"
CONFIGURATION = Path("docs/configuration.md")
BEGIN_KEYS = "<!-- keys: written by tests/tools/write_docs.py -->\n"
END_KEYS = "<!-- end of keys -->\n"
# The terms that rules refer to, and the places of their definitions.
REFERENCES = (
    (re.compile(r"(?<![\w/\[])arXiv:(\d{4}\.\d{4,5})"), r"[arXiv:\1](https://arxiv.org/abs/\1)"),
    (re.compile(r"(?<![\w/\[])([\w-]+/[\w.-]+)#(\d+)"), r"[\1#\2](https://github.com/\1/issues/\2)"),
    (re.compile(r"(?<![\w/\[.])(stackoverflow\.com/q/\d+)"), r"[\1](https://\1)"),
    (re.compile(r"`docs/study\.md`"), "[A study of the orders](../study.md)"),
    (re.compile(r"`docs/models\.md`"), "[Public models before and after their repair](../models.md)"),
    (re.compile(r"(?<=\d) %"), "\u00a0%"),  # no line break before the sign
)
# Terms that the page of all rules explains: their first occurrence becomes a link.
TERMS = (
    (re.compile(r"(?<=\w )unit\b"), "[unit](index.md#unit)"),
    (re.compile(r"\blinear layer\b"), "[linear layer](index.md#linear-layer)"),
    (re.compile(r"\bmerge\b"), "[merge](index.md#merge)"),
    (re.compile(r"\*variance shift\*"), "[variance shift](index.md#variance-shift)"),
)

GLOSSARY = """\
## Terms

### linear layer

`Dense`, `EinsumDense`, a convolution, or a layer of your own with the role `linear`
([configuration](../configuration.md)).

### unit

The sequence of layers that the data passes through, from one linear layer up to the next one, to a merge, or to the
end of the model. Rules compare layers of the same unit only. If the data flow branches, each branch is a unit. A unit
can also start at another layer, such as `LSTM`.

### path

One way that the data can take through the layers. A layer is on several paths if its output is used more than once, if
an `if` decides which layers are applied, or if its function is called in several places.

### merge

A layer or an operation that combines several tensors: `Add`, `Concatenate`, `x + y`. A unit ends there.

### boundary

A layer or a call that orderlint does not look into, such as an unknown layer. A unit ends there, and no rule draws
conclusions across it.

### normalization

On these pages, *normalization* is short for batch normalization. Other kinds are ignored, unless the configuration
says that they are a `norm`.

### variance shift

The variance of a normalization's input in training, divided by its variance at inference ([measuring](../measure.md)).

### equivalent, same-inference, changes-model

What a repair does to the model, from mild to strong. An *equivalent* repair computes the same function. A
*same-inference* repair changes the training and gives the same predictions. A *changes-model* repair computes another
function, so the model has to be trained again ([repairing](../fix.md#what-a-repair-does-to-the-model)).
"""


def expected(root: Path) -> Mapping[Path, str]:
    """The files to write, by their paths below the root, with their new texts."""
    files = {PAGES / f"{rule.code}.md": rule_page(rule) for rule in RULES.values()}
    files[PAGES / "index.md"] = index()
    readme, configuration = root / README, root / CONFIGURATION
    if readme.is_file():
        files[README] = with_table(readme.read_text(encoding="utf-8"))
    if configuration.is_file():
        text = configuration.read_text(encoding="utf-8")
        files[CONFIGURATION] = between(text, BEGIN_KEYS, END_KEYS, keys(), CONFIGURATION)
    return files


def rule_page(rule: Rule) -> str:
    """The page of a rule, with links, and how to configure and suppress it."""
    *prose, code = re.split(r"(?=^## Examples$)", page(rule), maxsplit=1, flags=re.MULTILINE)
    text = "".join(prose) or code
    for pattern, link in REFERENCES:
        text = pattern.sub(link, text)
    head, start, body = text.partition("## What it does\n")
    for pattern, link in TERMS:
        body = pattern.sub(link, body, count=1)
    return f"{head}{start}{body}".rstrip("\n") + f"\n\n{use_of(rule)}\n" + (f"\n{code}" if prose else "")


def use_of(rule: Rule) -> str:
    """How to turn a rule on or off, and how to suppress one finding of it."""
    key, what = ("ignore", "off") if rule.default_on else ("extend-select", "on")
    return (
        f"## Configure and suppress\n\nTo turn the rule {what}:\n\n"
        f'```toml\n[tool.orderlint]\n{key} = ["{rule.code}"]\n```\n\n'
        f"To keep one finding as it is, write `# orderlint: ignore[{rule.code}]` on its line. See also\n"
        "[configuration](../configuration.md) and [suppressing findings](../suppressing.md)."
    )


def index() -> str:
    """The page of all rules."""
    text = (
        "# Rules\n\nRules that are *on* by default run without any configuration. Turn on the others with\n"
        "`--extend-select` or in the [configuration](../configuration.md#choose-rules). *yes* under *repair* means\n"
        "that `orderlint fix` can often repair what the rule finds.\n\n"
    )
    toctree = "\n".join(RULES)
    return f"{text}{table('')}\n{GLOSSARY}\n```{{toctree}}\n:hidden:\n\n{toctree}\n```\n"


def keys() -> str:
    """The keys of the configuration as a Markdown table, from the docstrings of its records."""
    said = {**_attributes(Selection), **_attributes(Configuration)}
    rows = ["| key | what it sets |", "|---|---|"]
    return "\n".join([*rows, *(f"| `{key}` | {said[key.replace('-', '_')]} |" for key in KEYS)]) + "\n"


def _attributes(record: type) -> dict[str, str]:
    """The descriptions of the attributes in a docstring."""
    listed = inspect.cleandoc(record.__doc__ or "").partition("Attributes:\n")[2]
    entries = re.findall(r"^    (\w+): (.+?)(?=^    \w|\Z)", listed, re.DOTALL | re.MULTILINE)
    return {name: " ".join(text.split()) for name, text in entries}


def between(text: str, begin: str, end: str, new: str, name: Path) -> str:
    """A text with the part between two lines replaced.

    Raises: ValueError: The lines are not there.
    """
    before, first, rest = text.partition(begin)
    _, last, after = rest.partition(end)
    if not (first and last):
        raise ValueError(f"{name} has no place for what is written: the lines {begin.strip()!r} and {end.strip()!r}")
    return before + begin + new + end + after


def with_table(text: str) -> str:
    """The README with the rule table between its two markers.

    Raises: ValueError: There is no place for the table.
    """
    return between(text, BEGIN, END, table(), README)


def table(folder: str = f"{PAGES.as_posix()}/") -> str:
    """The rules as a Markdown table, with links to their pages in a folder."""
    rows = ["| code | name | what it finds | by default | repair |", "|---|---|---|---|---|"]
    return "\n".join([*rows, *(row(rule, folder) for rule in RULES.values())]) + "\n"


def row(rule: Rule, folder: str) -> str:
    link = f"[{rule.code}]({folder}{rule.code}.md)"
    on = "on" if rule.default_on else ""
    repair = "" if rule.fixable is Fixable.NEVER else "yes"
    return f"| {link} | `{rule.name}` | {rule.summary} | {on} | {repair} |"


def stale(root: Path) -> Iterator[Path]:
    """The files that are out of date: with other text, missing, or of a rule that no longer exists."""
    files = expected(root)
    for path, text in files.items():
        if not (root / path).is_file() or (root / path).read_bytes() != text.encode():
            yield path
    for path in sorted((root / PAGES).glob("*.md")):
        if path.relative_to(root) not in files:
            yield path.relative_to(root)


def write(root: Path) -> None:
    """Update every file."""
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
