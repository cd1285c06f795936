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


_NODES = '  node [shape=box, style="rounded,filled", fillcolor="#ffffff", fontname="monospace"];'


def render(pictures: Sequence[Picture]) -> str:
    """One graph, because most output formats of Graphviz contain only one. Several pictures become clusters."""
    if len(pictures) == 1:
        (picture,) = pictures
        head = [f"digraph {_quoted(picture.title)} {{", f"  label={_quoted(picture.title)}; labelloc=t;", _NODES]
        return "\n".join([*head, *_drawn(picture, "n"), "}"]) + "\n"
    lines = ["digraph {", "  labelloc=t;" if pictures else '  label="no layers";', _NODES]
    for number, picture in enumerate(pictures):
        head = [f"  subgraph cluster_{number} {{", f"  label={_quoted(picture.title)};"]
        lines += [*head, *_drawn(picture, f"g{number}n"), "  }"]
    return "\n".join([*lines, "}"]) + "\n"


def _drawn(picture: Picture, name: str) -> Iterator[str]:
    for number, box in enumerate(picture.boxes):
        yield f"  {name}{number} [{_attributes(box)}];"
    for source, target in picture.arrows:
        yield f"  {name}{source} -> {name}{target};"


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
