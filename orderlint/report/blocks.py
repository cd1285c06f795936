"""Groups findings at one layer that the same move repairs, and remembers what the report has already said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import field

from orderlint.diagnostics import Finding, Related, Severity
from orderlint.graph import Location
from orderlint.records import record

__all__ = ["Block", "BlockHistory", "blocks"]

IN_FULL = 3  # blocks of a rule that are drawn completely; two or three rows are enough for the others


@record(frozen=True, slots=True)
class Block:
    """Findings at one layer that the same move repairs. Most blocks have one finding.

    Attributes:
        findings: At least one finding, sorted by code.
    """

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """The first finding. All of them have its location, chains and repair."""
        return self.findings[0]

    @property
    def location(self) -> Location:
        return self.first.location

    @property
    def label(self) -> str:
        """The label of the mark."""
        if len(self.findings) == 1:
            return self.first.mark or self.first.name.replace("-", " ")
        return ", ".join(finding.code for finding in self.findings)

    @property
    def severity(self) -> Severity:
        errors = any(finding.severity is Severity.ERROR for finding in self.findings)
        return Severity.ERROR if errors else Severity.WARNING

    @property
    def related(self) -> Iterator[Related]:
        """The related places of all findings, without duplicates."""
        seen = {self.location}
        for finding in self.findings:
            for related in finding.related:
                if related.location not in seen:
                    seen.add(related.location)
                    yield related

    @property
    def kind(self) -> Hashable:
        """A key that is equal for blocks that only differ in their locations."""
        return tuple((one.code, one.message, one.chain, one.recommended, one.repair) for one in self.findings)


def blocks(findings: Iterable[Finding]) -> Iterator[Block]:
    """Group findings into blocks. They are sorted by location, so those of a block are adjacent."""
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
class BlockHistory:
    """The blocks that a report, which may be written in parts, has contained so far.

    Attributes:
        is_brief: Whether the last block was brief, so that no empty row follows it.
    """

    is_brief: bool = False
    _codes: Counter[str] = field(default_factory=Counter)
    _kinds: set[Hashable] = field(default_factory=set)

    def is_enough(self, block: Block) -> bool:
        """Whether enough similar blocks were drawn completely, so that this one can be short. It is counted."""
        codes = [finding.code for finding in block.findings]
        if all(self._codes[code] >= IN_FULL for code in codes):
            return True
        self._codes.update(codes)
        self._kinds.add(block.kind)
        return False

    def is_new(self, block: Block) -> bool:
        """Whether this kind of block is new. Afterward, it is not."""
        if block.kind in self._kinds:
            return False
        self._kinds.add(block.kind)
        return True
