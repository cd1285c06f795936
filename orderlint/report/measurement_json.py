"""A measurement or a recalibration as JSON, version 1 (see `docs/measure.md`)."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from orderlint.diagnostics.measurements import MeasurementRecord, NormRow, RecalibrationRecord

__all__ = ["VERSION", "as_dict", "recalibration_as_dict", "render", "render_recalibration"]

VERSION = 1


def render(record: MeasurementRecord) -> str:
    """The measurement as indented JSON text with a final newline."""
    return json.dumps(as_dict(record), indent=2) + "\n"


def render_recalibration(record: RecalibrationRecord) -> str:
    """The recalibration as indented JSON text with a final newline."""
    return json.dumps(recalibration_as_dict(record), indent=2) + "\n"


def as_dict(record: MeasurementRecord) -> dict[str, Any]:
    """The measurement as plain dicts, lists, strings and numbers."""
    return {
        "version": VERSION,
        "name": record.name,
        "examples": record.examples,
        "given": record.given,
        "passes": record.passes,
        "on_noise": record.on_noise,
        "is_trained": record.is_trained,
        "rows": [_row(row) for row in record.rows],
        "effect": asdict(record.effect) if record.effect else None,
        "notes": list(record.notes),
    }


def _row(row: NormRow) -> dict[str, Any]:
    entry = asdict(row)
    entry["codes"] = list(row.codes)
    entry["code"] = row.code
    entry["lags"] = row.lags
    if row.fed_by is not None:
        entry["fed_by"]["is_direct"] = row.fed_by.is_direct
    return entry


def recalibration_as_dict(record: RecalibrationRecord) -> dict[str, Any]:
    """The recalibration as plain dicts, lists, strings and numbers."""
    return {
        "version": VERSION,
        "name": record.name,
        "examples": record.examples,
        "rounds": record.rounds,
        "rows": [asdict(row) for row in record.rows],
        "frozen": list(record.frozen),
        "effect": asdict(record.effect) if record.effect else None,
        "notes": list(record.notes),
    }
