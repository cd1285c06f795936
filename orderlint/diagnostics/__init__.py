"""The results of orderlint: findings, repairs, errors, and the reports that contain them.

These are records. They are frozen and picklable, so they can be sent to other processes and stored in a cache.
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
