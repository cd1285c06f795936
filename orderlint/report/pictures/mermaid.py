"""Mermaid, which GitHub, GitLab and many wikis display in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orderlint.report.picture import Box, Picture

__all__ = ["MOST_ARROWS", "caution", "render"]

MOST_ARROWS = 500
"""The most arrows that Mermaid draws, unless the page allows more. The text of a drawing cannot allow more."""

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
    """One flow chart, because Mermaid reads only one per text. Several pictures become subgraphs."""
    if len(pictures) == 1:
        (picture,) = pictures
        head = ["---", f'title: "{_escaped(picture.title)}"', "---", "flowchart TD"]
        lines = [*head, *_boxes(picture, "n", "  "), *_arrows(picture, "n")]
    else:
        lines = ["flowchart TD", *([] if pictures else ['  none["no layers"]'])]
        for number, picture in enumerate(pictures):
            lines += [
                f'  subgraph g{number} ["{_escaped(picture.title)}"]',
                *_boxes(picture, f"g{number}n", "    "),
                "  end",
            ]
            lines += _arrows(picture, f"g{number}n")
    return "\n".join([*lines, *_styled(pictures)]) + "\n"


def caution(pictures: Sequence[Picture]) -> str:
    """A warning if the pictures cannot be displayed, or else an empty string."""
    arrows = sum(len(picture.arrows) for picture in pictures)
    if arrows <= MOST_ARROWS:
        return ""
    return (
        f"the drawing has {arrows} arrows, and Mermaid draws at most {MOST_ARROWS} unless the page sets `maxEdges`; "
        "`--format svg` has no limit"
    )


def _boxes(picture: Picture, name: str, indent: str) -> Iterator[str]:
    for number, box in enumerate(picture.boxes):
        yield f'{indent}{name}{number}["{_label(box)}"]'


def _arrows(picture: Picture, name: str) -> Iterator[str]:
    for source, target in picture.arrows:
        yield f"  {name}{source} --> {name}{target}"


def _styled(pictures: Sequence[Picture]) -> Iterator[str]:
    named = [
        (f"n{number}" if len(pictures) == 1 else f"g{index}n{number}", box)
        for index, picture in enumerate(pictures)
        for number, box in enumerate(picture.boxes)
    ]
    for style, look in _STYLES.items():
        of_style = [name for name, box in named if (box.marks if style == "marked" else box.style == style)]
        if of_style:
            yield f"  classDef {style} {look}"
            yield f"  class {','.join(of_style)} {style}"


def _label(box: Box) -> str:
    return "<br>".join(_escaped(line) for line in (box.title, box.note, *box.marks) if line)


def _escaped(text: str) -> str:
    """Escape text for Mermaid."""
    for character, entity in (("#", "#35;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;"), ("`", "#96;")):
        text = text.replace(character, entity)
    return text.replace("\\", "/")
