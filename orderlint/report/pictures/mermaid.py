"""Mermaid, which GitHub, GitLab and many wikis draw in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orderlint.report.picture import Box, Picture

__all__ = ["render"]

_STYLES = {
    "linear": "fill:#dbe9f6,stroke:#5b7f9f,color:#10202e",
    "norm": "fill:#e3f1e3,stroke:#5f8f5f,color:#10202e",
    "activation": "fill:#fdf0d5,stroke:#a8833c,color:#10202e",
    "dropout": "fill:#eee5f5,stroke:#7d5f9a,color:#10202e",
    "merge": "fill:#e8e8e8,stroke:#777,color:#10202e",
    "folded": "stroke-dasharray:4 4",
    "marked": "stroke:#b3261e,stroke-width:4px",
}


def render(pictures: Sequence[Picture]) -> str:
    """One flow chart for each picture, with an empty line between."""
    return "\n".join("\n".join(_chart(picture)) + "\n" for picture in pictures)


def _chart(picture: Picture) -> Iterator[str]:
    yield "---"
    yield f'title: "{_escaped(picture.title)}"'
    yield "---"
    yield "flowchart TD"
    for number, box in enumerate(picture.boxes):
        yield f'  n{number}["{_label(box)}"]'
    for source, target in picture.arrows:
        yield f"  n{source} --> n{target}"
    for style, look in _STYLES.items():
        of_style = [
            n for n, box in enumerate(picture.boxes) if (box.marks if style == "marked" else box.style == style)
        ]
        if of_style:
            yield f"  classDef {style} {look}"
            yield f"  class {','.join(f'n{number}' for number in of_style)} {style}"


def _label(box: Box) -> str:
    return "<br>".join(_escaped(line) for line in (box.title, box.note, *box.marks) if line)


def _escaped(text: str) -> str:
    """Text without what Mermaid reads as markup, by its entities."""
    for character, entity in (("#", "#35;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;"), ("`", "#96;")):
        text = text.replace(character, entity)
    return text.replace("\\", "/")
