"""The results of orderlint: findings, repairs, errors, and the reports that contain them.

Records only. All of them are frozen and picklable, so that they may cross process borders and be kept in a cache.
"""

from __future__ import annotations

from orderlint.diagnostics.findings import (
    FileError,
    FileWarning,
    Finding,
    Related,
    Report,
    Severity,
    Suppressed,
    SuppressedBy,
)
from orderlint.diagnostics.fixes import ChangedFile, FixReport, LeftFinding, RepairedFinding, TextChange
from orderlint.diagnostics.proofs import Built, Comparison, Shape, Verification
from orderlint.diagnostics.repairs import Edit, Fix, Repair, RepairKind, not_allowed

__all__ = [
    "Built",
    "ChangedFile",
    "Comparison",
    "Edit",
    "FileError",
    "FileWarning",
    "Finding",
    "Fix",
    "FixReport",
    "LeftFinding",
    "Related",
    "Repair",
    "RepairKind",
    "RepairedFinding",
    "Report",
    "Severity",
    "Shape",
    "Suppressed",
    "SuppressedBy",
    "TextChange",
    "Verification",
    "not_allowed",
]
