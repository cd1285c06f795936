"""Counts how many findings of the fixtures `orderlint fix` repairs, and lists the reasons for the others.

    python -m tests.tools.repaired [--least PERCENT] [FOLDER]...

Most reasons are facts about the model: a value has another reader, weights are shared, a rule would be broken. Then a
careful engineer would not change the order either. The other reasons say that there is no way to make the edit. Only
these count as missed.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from orderlint.diagnostics import LeftFinding
from orderlint.repair import fix_text
from orderlint.repair.text import reasons
from orderlint.text.files import read_source
from tests.judged import standards
from tests.support import ROOT

FOLDERS = [ROOT / "fixtures" / "check", ROOT / "fixtures" / "repair", ROOT / "fixtures" / "demo"]
_NO_WAY = (
    reasons.BOUND_BETWEEN,
    reasons.DIFFERENT_REPAIRS,
    reasons.IN_A_BLOCK,
    reasons.SHARED_LINE,
    reasons.TOO_TANGLED,
    "applies other layers too",
    "is assigned to a name",
    "cannot be split",
    "in a loop",
    "in different functions",
    "is in a block of",
    "one of the layers is in a",
    "added to different models",
    "too close together",
    "was undone",
)


@dataclass
class Count:
    """The results of repairing findings.

    Attributes:
        repaired: The number of repaired findings.
        kept: The reasons that are facts about the model, each with its place.
        missed: The reasons that say that there is no way to make the edit, each with its place.
    """

    repaired: int = 0
    kept: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """The percentage of the findings without an obstacle that are repaired."""
        return 100 * self.repaired / max(1, self.repaired + len(self.missed))


def is_missed(reason: str) -> bool:
    """Whether a reason says that there is no way to make the edit, and not that the edit would be wrong."""
    return any(part in reason for part in _NO_WAY)


def counted(paths: Iterable[Path]) -> Count:
    """Repair some files with the default rules, and count the results."""
    count = Count()
    for path in paths:
        file = read_source(path)
        if file.problems:
            continue
        result = fix_text(file, standards())
        count.repaired += len(result.repaired)
        for left in result.left:
            (count.missed if is_missed(left.reason) else count.kept).append(_line(path, left))
    return count


def _line(path: Path, left: LeftFinding) -> str:
    at = left.finding.location
    cell = f"{at.cell}:" if at.cell is not None else ""
    return f"{path}:{cell}{at.line} {left.finding.code} {left.reason}"


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".py", ".ipynb") and ".fixed" not in path.name:
                yield path


def _kind(line: str) -> str:
    """The reason in one line, without names."""
    return re.sub(r"\d+", "N", re.sub(r"`[^`]*`", "`_`", line.split(" ", 2)[2]))


def main() -> int:
    """Count, and check whether the rate is reached."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=FOLDERS)
    parser.add_argument("--least", type=float, default=0.0, help="fail below this rate, in percent")
    given = parser.parse_args()
    count = counted(_files(given.folders))
    for title, lines in (("left, as the change would be wrong", count.kept), ("missed", count.missed)):
        print(f"{title}: {len(lines)}")
        for kind in sorted({_kind(line) for line in lines}):
            print(f"  {sum(_kind(line) == kind for line in lines):3} {kind}")
    print(*count.missed, sep="\n")
    print(f"repaired: {count.repaired} of {count.repaired + len(count.missed)} ({count.rate:.1f} %)")
    return int(count.rate < given.least)


if __name__ == "__main__":
    sys.exit(main())
