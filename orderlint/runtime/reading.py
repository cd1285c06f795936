"""Reads the model of a target: a saved file as data, or a model that code builds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orderlint.catalog import DEFAULT, RoleTable
from orderlint.runtime.readmodel import ReadModel
from orderlint.runtime.saved import read_file
from orderlint.runtime.targets import SavedTarget, parse_target

if TYPE_CHECKING:
    from orderlint.runtime.specs import InputShape

__all__ = ["read_target"]


def read_target(
    text: str,
    *,
    input_shape: InputShape | None = None,
    roles: RoleTable = DEFAULT,
) -> ReadModel:
    """The layer graphs of a target.

    Raises:
        InspectionError: It cannot be read. The message gives the reason.
        OSError: A file cannot be opened.
    """
    target = parse_target(text)
    if isinstance(target, SavedTarget):
        return read_file(target.path, text, roles)
    from orderlint.runtime.building import read_code  # not needed for files

    return read_code(target, text, input_shape, roles)
