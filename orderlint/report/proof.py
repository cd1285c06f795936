"""The result of verifying a repair on the model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from orderlint.diagnostics import Comparison, Shape, Verification
from orderlint.report.terminal import UNICODE, Glyphs, safe

__all__ = ["as_dict", "render"]


def as_dict(proof: Verification) -> dict[str, Any]:
    """The verification as plain dicts, lists, strings and numbers."""
    return {**asdict(proof), "loaded": [path.as_posix() for path in proof.loaded]}


def render(proof: Verification, *, glyphs: Glyphs = UNICODE) -> str:
    """The verification in a few lines."""
    rows = [("units", text) for text in _units(proof, glyphs)]
    new = proof.after or proof.before
    rows = [
        ("inputs", _both(_shapes(proof.before.inputs), _shapes(new.inputs), glyphs)),
        ("outputs", _both(_shapes(proof.before.outputs), _shapes(new.outputs), glyphs)),
        ("parameters", _both(_number(proof.before.parameters), _number(new.parameters), glyphs)),
        *rows,
        ("predictions", _predictions(proof.comparison)),
    ]
    head = (
        f"Model of {safe(proof.target)}, before and after ({len(proof.loaded)} of {proof.num_repaired} repaired files):"
    )
    if proof.after is None:
        rows = rows[:3]
    lines = [head, *(f"  {name:<13}{text}" for name, text in rows)]
    if proof.refusal is not None:
        lines.append(f"  {'refused':<13}{safe(proof.refusal)}")
    return "".join(f"{glyphs.spell(line)}\n" for line in lines)


def _both(before: str, after: str, glyphs: Glyphs) -> str:
    return before if before == after else f"{before} {glyphs.arrow} {after}"


def _shapes(shapes: Sequence[Shape] | None) -> str:
    return "not known" if shapes is None else ", ".join(str(shape) for shape in shapes)


def _number(count: int | None) -> str:
    return "not known" if count is None else f"{count:,}"


def _units(proof: Verification, glyphs: Glyphs) -> Iterator[str]:
    """The units that were removed and those that were added, each on a line."""
    before, after = Counter(proof.before.units), Counter(proof.after.units if proof.after else ())
    for sign, units in (("-", before - after), ("+", after - before)):
        for chain, count in units.items():
            times = f" ({count} times)" if count > 1 else ""
            yield f"{sign} {safe(glyphs.chain(chain))}{times}"


def _predictions(comparison: Comparison) -> str:
    if comparison.reason is not None:
        return f"not compared: {safe(comparison.reason)}"
    if comparison.equal:
        return "the same with the old weights, on random input"
    return f"differ by up to {comparison.difference:.3g} with the old weights, on random input"
