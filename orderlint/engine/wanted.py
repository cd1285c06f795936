"""Decides which violations to repair."""

from __future__ import annotations

from orderlint.diagnostics import RepairKind
from orderlint.judging import Registry, Violation
from orderlint.text.files import SourceFile
from orderlint.text.suppression import Suppressions, suppressions

__all__ = ["Wanted"]


class Wanted:
    """Decides whether to repair a violation: it must be in the file itself, and no comment may suppress it.

    Args:
        registry: The rules that comments may name.
        kinds: The kinds of repairs to make.
    """

    def __init__(self, registry: Registry, kinds: tuple[RepairKind, ...] = tuple(RepairKind)) -> None:
        self._registry = registry
        self._kinds = kinds
        self._read: tuple[SourceFile, Suppressions] | None = None

    def __call__(self, file: SourceFile, violation: Violation) -> bool:
        at = violation.at.place.location()
        if at.path != file.path or not self._is_of_kind(violation):
            return False
        if self._read is None or self._read[0] is not file:
            self._read = (file, suppressions(file, self._registry.names, self._registry.about_comments))
        return not self._read[1].covers(violation.rule.code, at)

    def _is_of_kind(self, violation: Violation) -> bool:
        return violation.wish is None or RepairKind(violation.wish.effect) in self._kinds
