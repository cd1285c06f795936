"""The language of Graphviz: `orderlint graph net.py --format dot | dot -Tpdf`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orderlint.report.picture import Box, Picture

__all__ = ["render"]

_FILLS = {
    "linear": "#dbe9f6",
    "norm": "#e3f1e3",
    "activation": "#fdf0d5",
    "dropout": "#eee5f5",
    "merge": "#e8e8e8",
    "boundary": "#f4f4f4",
}


def render(pictures: Sequence[Picture]) -> str:
    """One graph of Graphviz for each picture."""
    return "\n".join("\n".join(_graph(picture)) + "\n" for picture in pictures)


def _graph(picture: Picture) -> Iterator[str]:
    yield f"digraph {_quoted(picture.title)} {{"
    yield f"  label={_quoted(picture.title)}; labelloc=t;"
    yield '  node [shape=box, style="rounded,filled", fillcolor="#ffffff", fontname="monospace"];'
    for number, box in enumerate(picture.boxes):
        yield f"  n{number} [{_attributes(box)}];"
    for source, target in picture.arrows:
        yield f"  n{source} -> n{target};"
    yield "}"


def _attributes(box: Box) -> str:
    label = "\\n".join(_escaped(line) for line in (box.title, box.note, *box.marks) if line)
    fill = _FILLS.get(box.style, "#ffffff")
    found = [f'label="{label}"', f'fillcolor="{fill}"']
    if box.marks:
        found += ['color="#b3261e"', "penwidth=3", 'fontcolor="#b3261e"']
    if box.style == "folded":
        found += ['style="dashed"']
    return ", ".join(found)


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
