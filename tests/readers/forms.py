"""The ways in which code reads a value, each as an insertion into a program."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

__all__ = ["FORMS", "Place", "places", "with_reader"]

KEEPING = "from kept_values import keep, keep_with"
"""What hands the values to the probe; no part of the project, so that the analysis knows nothing of it."""

FORMS: Mapping[str, tuple[str, str, str]] = {
    "call": ("", "keep(TAG, NAME)", ""),
    "starred": ("", "keep(TAG, *[NAME])", ""),
    "keyword": ("", "keep(TAG, one=NAME)", ""),
    "dictionary": ("", "kept_ = {'one': NAME}\nkeep(TAG, kept_['one'])", ""),
    "list": ("", "kept_ = []\nkept_.append(NAME)\nkeep(TAG, *kept_)", ""),
    "tuple": ("", "kept_ = NAME, 1\nkeep(TAG, kept_[0])", ""),
    "attribute": ("", "class Holder_:\n    value = NAME\nkeep(TAG, Holder_.value)", ""),
    "f-string": ("", "f'{keep(TAG, NAME)}'", ""),
    "other name": ("", "kept_ = NAME", "keep(TAG, kept_)"),
    "two names": ("", "kept_, more_ = NAME, 1", "keep(TAG, kept_)"),
    "walrus": ("", "if (kept_ := NAME) is not None:\n    keep(TAG, kept_)", ""),
    "test": ("", "if keep(TAG, NAME):\n    pass", ""),
    "while": ("", "while keep(TAG, NAME):\n    break", ""),
    "assert": ("", "assert keep(TAG, NAME) is None", ""),
    "with": ("", "with keep_with(TAG, NAME):\n    pass", ""),
    "for": ("", "for kept_ in (NAME,):\n    keep(TAG, kept_)", ""),
    "comprehension": ("", "[keep(TAG, one) for one in [NAME]]", ""),
    "try": ("", "try:\n    keep(TAG, NAME)\nfinally:\n    pass", ""),
    "raise": ("", "try:\n    raise ValueError(keep(TAG, NAME))\nexcept ValueError:\n    pass", ""),
    "default": ("", "def peek_(value=NAME):\n    keep(TAG, value)\npeek_()", ""),
    "return": ("", "def peek_():\n    return NAME\nkeep(TAG, peek_())", ""),
    "closure before": ("def peek_():\n    return NAME", "keep(TAG, peek_())", ""),
    "closure handed on": ("def peek_():\n    return NAME", "keep(TAG, peek_)", ""),
    "closure kept": ("kept_ = []\ndef peek_():\n    kept_.append(NAME)", "peek_()", "keep(TAG, *kept_)"),
    "lambda": ("", "keep(TAG, lambda: NAME)", ""),
    "late lambda": ("", "peek_ = lambda: NAME", "keep(TAG, peek_())"),
    "generator": ("", "peek_ = (one for one in [NAME])\nkeep(TAG, next(peek_))", ""),
    "yield": ("def peek_():\n    yield NAME", "keep(TAG, *peek_())", ""),
    "locals": ("", "keep(TAG, locals()['NAME'])", ""),
    "eval": ("", "keep(TAG, eval('NAME'))", ""),
    "match": ("", "match NAME:\n    case kept_:\n        keep(TAG, kept_)", ""),
    "late": ("", "", "keep(TAG, NAME)"),
    "next iteration": ("", "ITERATION", ""),
}
"""By name: what comes before the statement that binds a value, behind it, and at the end of its block."""


@dataclass(frozen=True)
class Place:
    """A statement that assigns a name.

    Attributes:
        name: The name.
        line: Its first line, from 1.
        end: Its last line.
        last: The last line of its block, before a `return` that ends it.
        start: The first line of its block.
        loop: The first line of the body of the loop around it, if there is one: the name is bound before it.
    """

    name: str
    line: int
    end: int
    last: int
    start: int
    loop: int | None = None


def places(text: str, near: frozenset[int]) -> Iterator[Place]:
    """The statements that assign names, in blocks that contain one of some lines."""
    tree = ast.parse(text)
    yield from _in_blocks(tree, near, None, frozenset())


def _in_blocks(node: ast.AST, near: frozenset[int], loop: int | None, known: frozenset[str]) -> Iterator[Place]:
    for block in ("body", "orelse", "finalbody"):
        body = getattr(node, block, None)
        if not isinstance(body, list) or not body or not isinstance(body[0], ast.stmt):
            continue
        inner = body[0].lineno if isinstance(node, (ast.For, ast.While)) and block == "body" else loop
        inner = None if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Module)) else inner
        bound = known
        is_near = any(body[0].lineno <= line <= (body[-1].end_lineno or 0) for line in near)
        ends = [one for one in body if not isinstance(one, (ast.Return, ast.Raise, ast.Continue, ast.Break))]
        for one in body:
            if isinstance(one, ast.Assign) and len(one.targets) == 1 and isinstance(one.targets[0], ast.Name):
                name = one.targets[0].id
                if is_near and not isinstance(node, ast.ClassDef):
                    iteration = inner if name in known else None
                    last = ends[-1].end_lineno or 0
                    yield Place(name, one.lineno, one.end_lineno or 0, last, body[0].lineno, iteration)
                bound |= {name}
            yield from _in_blocks(one, near, inner, bound)


def with_reader(text: str, place: Place, form: str) -> str | None:
    """The program with an additional reader; `None` if the form does not fit the place."""
    before, behind, end = (part.replace("NAME", place.name).replace("TAG", "'tag'") for part in FORMS[form])
    lines = text.split("\n")
    if place.end > len(lines):  # its lines end otherwise
        return None
    indent = lines[place.line - 1][: len(lines[place.line - 1]) - len(lines[place.line - 1].lstrip())]
    if behind == "ITERATION":
        if place.loop is None:
            return None
        insertions = [(place.loop - 1, f"keep('tag', {place.name})")]
    else:
        insertions = [(place.last, end), (place.end, behind), (place.start - 1, before)]
    for at, code in insertions:
        if code:
            lines[at:at] = [indent + line for line in code.split("\n")]
    header = next((at for at, line in enumerate(lines) if line.startswith(("import ", "from "))), None)
    if header is None:
        return None
    if lines[header].startswith("from __future__"):
        header += 1
    lines.insert(header, KEEPING)
    changed = "\n".join(lines)
    try:
        ast.parse(changed)
    except SyntaxError:
        return None
    return changed
