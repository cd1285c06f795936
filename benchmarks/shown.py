"""Shows the records: `python -m benchmarks.shown` writes the tables and charts of `docs/speed.md`."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.measuring import RESULTS, ROOT

PAGE = ROOT / "docs" / "speed.md"
WIDTH, ROW, LEFT = 720, 30, 230
STYLE = (
    "<style>text{font:13px system-ui,sans-serif;fill:#333}.bar{fill:#8aa4c8}.own{fill:#2a6f4e}.line{stroke:#2a6f4e;"
    "stroke-width:2;fill:none}.axis{stroke:#999}@media(prefers-color-scheme:dark){text{fill:#ddd}}</style>"
)


def machine_line(found: Mapping[str, Any]) -> str:
    """The machine and the day of a measurement."""
    machine = found["machine"]
    note = f" {found['note']}" if found.get("note") else ""
    return (
        f"{found['day']}, {machine['processor'] or machine['architecture']}, {machine['cores']} cores, "
        f"{machine['system']}, Python {machine['python']}, load {machine['load']}.{note}"
    )


def _rounds(found: Mapping[str, Any]) -> str:
    return "1 round" if found["rounds"] == 1 else f"{found['rounds']} rounds"


def linters_table(found: Mapping[str, Any]) -> str:
    """Seconds of processor time and ratios, the tools in the order of the run."""
    versions = ", ".join(f"{name} {version}" for name, version in sorted(found["versions"].items()))
    size = f"{found['files']} files, {found['bytes'] / 1e6:.1f} MB, {_rounds(found)}; {versions}"
    return _compared(found, size, ("processor time", "times that of orderlint"), lambda spent: f"{spent:.2f} s", ".2g")


def _tool_rows(found: Mapping[str, Any], shown: Callable[[float], str], digits: str) -> Iterator[str]:
    """A row for each tool: the median time, and the ratio with its spread."""
    for tool, one in found["tools"].items():
        ratio = {name: format(value, digits) for name, value in one["ratio"].items()}
        spread = f"{ratio['median']} ({ratio['least']} to {ratio['most']})"
        yield f"| {tool} | {shown(one['seconds']['median'])} | {spread} |"


def one_file_table(found: Mapping[str, Any]) -> str:
    """Milliseconds of processor time and ratios."""
    columns = ("processor time", "times an empty program")
    return _compared(found, _rounds(found), columns, lambda spent: f"{1000 * spent:.0f} ms", ".1f")


def packages_table(found: Mapping[str, Any]) -> str:
    """Wall-clock seconds and ratios."""
    size = f"{found['files']:,} files, {_rounds(found)}"
    return _compared(found, size, ("wall-clock time", "times that of ruff"), lambda spent: f"{spent:.1f} s", ".2g")


def _compared(
    found: Mapping[str, Any], what: str, columns: tuple[str, str], shown: Callable[[float], str], digits: str
) -> str:
    """What was run and where, then a row for each tool: the median time, and the ratio with its spread."""
    rows = [
        f"{what}. {machine_line(found)}",
        "",
        f"| what ran | {columns[0]} | {columns[1]} (least to most) |",
        "|---|---:|---:|",
    ]
    return "\n".join([*rows, *_tool_rows(found, shown, digits)])


def growth_table(found: Mapping[str, Any]) -> str:
    """Time and memory by the number of files."""
    rows = [machine_line(found), "", "| files | processor time | per file | memory |", "|---:|---:|---:|---:|"]
    for step in found["steps"]:
        each = 1000 * step["seconds"] / step["files"]
        rows.append(f"| {step['files']:,} | {step['seconds']:.2f} s | {each:.2f} ms | {step['mebibytes']:.0f} MiB |")
    return "\n".join(rows)


def _svg(height: int, title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-label="{escape(title)}">\n{STYLE}\n' + "\n".join(parts) + "\n</svg>\n"
    )


def bars(found: Mapping[str, Any]) -> str:
    """The median processor time of each tool as a bar."""
    tools = {tool: one["seconds"]["median"] for tool, one in found["tools"].items()}
    room = (WIDTH - LEFT - 90) / max(tools.values())
    parts = []
    for number, (tool, seconds) in enumerate(tools.items()):
        y = 10 + number * ROW
        kind = "own" if tool.startswith("orderlint") else "bar"
        width = max(seconds * room, 1)
        parts.append(f'<text x="{LEFT - 10}" y="{y + 15}" text-anchor="end">{escape(tool)}</text>')
        parts.append(f'<rect class="{kind}" x="{LEFT}" y="{y}" width="{width:.1f}" height="{ROW - 10}"/>')
        parts.append(f'<text x="{LEFT + width + 8:.1f}" y="{y + 15}">{seconds:.2f} s</text>')
    return _svg(20 + ROW * len(tools), "Processor time of orderlint and other linters", parts)


def curves(found: Mapping[str, Any]) -> str:
    """Time and memory over the number of files, which grows tenfold from step to step."""
    steps = found["steps"]
    time = [(step["files"], step["seconds"], f"{step['seconds']:.1f} s") for step in steps]
    memory = [(step["files"], step["mebibytes"], f"{step['mebibytes']:.0f} MiB") for step in steps]
    return _svg(
        230,
        "Time and memory by the number of files",
        [*_curve("processor time", time, 20), *_curve("memory", memory, 380)],
    )


def _curve(title: str, points: Sequence[tuple[int, float, str]], left: int) -> list[str]:
    """One curve on logarithmic axes, on which proportional growth is a straight line."""
    low = math.log10(min(value for _, value, _ in points) / 2)
    high = max(math.log10(max(value for _, value, _ in points)), low + math.log10(points[-1][0] / points[0][0]))
    span = max(math.log10(points[-1][0] / points[0][0]), 1)
    places = [
        (
            left + 10 + 240 * math.log10(count / points[0][0]) / span,
            190 - 140 * (math.log10(value) - low) / (high - low),
        )
        for count, value, _ in points
    ]
    parts = [f'<text x="{left}" y="20">{title}</text>']
    parts.append(f'<path class="axis" d="M{left} 190H{left + 290}"/>')
    parts.append(f'<path class="line" d="M{" L".join(f"{x:.1f} {y:.1f}" for x, y in places)}"/>')
    for (x, y), (count, _, label) in zip(places, points, strict=True):
        parts.append(f'<circle class="own" cx="{x:.1f}" cy="{y:.1f}" r="4"/>')
        parts.append(f'<text x="{x:.1f}" y="{y - 10:.1f}">{label}</text>')
        parts.append(f'<text x="{x:.1f}" y="210">{count:,}</text>')
    return parts


class Chart(NamedTuple):
    """The chart of a record."""

    drawn: Callable[[Mapping[str, Any]], str]
    title: str


SHOWN: Mapping[str, tuple[Callable[[Mapping[str, Any]], str], Chart | None]] = {
    "growth": (growth_table, Chart(curves, "growth")),
    "one-file": (one_file_table, None),
    "packages": (packages_table, None),
}
OF_LINTERS = (linters_table, Chart(bars, "processor time"))  # of any kind of files


def written(page: str, results: Path = RESULTS) -> dict[Path, str]:
    """The page and the charts, from the records.

    Args:
        page: The current page.
        results: The folder of the records.
    """
    files: dict[Path, str] = {}
    for record in sorted(results.glob("*.json")):
        found = json.loads(record.read_text())
        table, chart = SHOWN.get(record.stem, OF_LINTERS)
        shown = table(found)
        if chart is not None:
            picture = PAGE.with_name(f"speed-{record.stem}.svg")
            files[picture] = chart.drawn(found)
            shown += f"\n\n![{chart.title}]({picture.name})"
        page = _put(page, record.stem, shown)
    return {PAGE: page, **files}


def _put(page: str, name: str, shown: str) -> str:
    """The page with new text between two marks."""
    first, last = f"<!-- {name} -->", f"<!-- end of {name} -->"
    before, found, rest = page.partition(first)
    _, end, after = rest.partition(last)
    if not (found and end):
        raise SystemExit(f"{PAGE.name} has no place for {name}.json: write {first} and {last} into it")
    return f"{before}{first}\n{shown}\n{last}{after}"


def main() -> int:
    for file, text in written(PAGE.read_text()).items():
        file.write_text(text)
        print(file.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
