"""Groups findings at one layer that the same move repairs, and remembers what the report has already said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import field

from orderlint.diagnostics import Finding, Related, Severity
from orderlint.graph import Location
from orderlint.records import record

__all__ = ["Block", "Told", "blocks"]

IN_FULL = 3  # blocks of a rule that are drawn whole; what comes after is as good in two or three rows


@record(frozen=True, slots=True)
class Block:
    """Findings at one layer that one move puts right; mostly one finding.

    Attributes:
        findings: By code; at least one.
    """

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """The finding that stands for all where they agree: place, chains, repair."""
        return self.findings[0]

    @property
    def location(self) -> Location:
        return self.first.location

    @property
    def label(self) -> str:
        """What to write beside the mark."""
        if len(self.findings) == 1:
            return self.first.mark or self.first.name.replace("-", " ")
        return ", ".join(finding.code for finding in self.findings)

    @property
    def severity(self) -> Severity:
        errors = any(finding.severity is Severity.ERROR for finding in self.findings)
        return Severity.ERROR if errors else Severity.WARNING

    @property
    def related(self) -> Iterator[Related]:
        """The related places of all that stand elsewhere, each once."""
        seen = {self.location}
        for finding in self.findings:
            for related in finding.related:
                if related.location not in seen:
                    seen.add(related.location)
                    yield related

    @property
    def kind(self) -> Hashable:
        """Equal for blocks that differ in their places alone."""
        return tuple((one.code, one.message, one.chain, one.recommended, one.repair) for one in self.findings)


def blocks(findings: Iterable[Finding]) -> Iterator[Block]:
    """The findings in blocks. They are sorted by place, so those of a block stand side by side."""
    group: list[Finding] = []
    for finding in findings:
        if group and not _are_one(group[0], finding):
            yield Block(tuple(group))
            group = []
        group.append(finding)
    if group:
        yield Block(tuple(group))


def _are_one(one: Finding, other: Finding) -> bool:
    if one.location != other.location or one.repair is None or (one.repair.title is None and not one.recommended):
        return False
    return one.repair == other.repair and (one.chain, one.recommended) == (other.chain, other.recommended)


@record(slots=True)
class Told:
    """What a report that is written in parts has told so far.

    Attributes:
        is_brief: Whether the last block was brief, so that no empty row stands below it.
    """

    is_brief: bool = False
    _codes: Counter[str] = field(default_factory=Counter)
    _kinds: set[Hashable] = field(default_factory=set)

    def is_enough(self, block: Block) -> bool:
        """Whether enough of its like was drawn whole that it can be brief. It counts as told then."""
        codes = [finding.code for finding in block.findings]
        if all(self._codes[code] >= IN_FULL for code in codes):
            return True
        self._codes.update(codes)
        self._kinds.add(block.kind)
        return False

    def is_new(self, block: Block) -> bool:
        """Whether nothing of its kind was told yet. It is, then."""
        if block.kind in self._kinds:
            return False
        self._kinds.add(block.kind)
        return True
