"""Verifies repairs on the model: builds it before and after in separate processes, and compares the results.

No user code runs in this process, and nothing is written: the second process imports the repaired text instead of the
content of the files.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orderlint.catalog import DEFAULT, RoleTable
from orderlint.diagnostics import Built, Comparison, RepairKind, Shape, Verification

if TYPE_CHECKING:
    from orderlint.runtime.specs import InputShape

__all__ = ["VerificationError", "verify"]

_TAIL = 12  # lines of a failed process to show


class VerificationError(Exception):
    """Raised if a model cannot be built or its process died. The message is for the user."""


def verify(
    target: str,
    repaired: Mapping[Path, bytes],
    kinds: Mapping[Path, RepairKind],
    *,
    input_shape: InputShape | None = None,
    roles: RoleTable = DEFAULT,
) -> Verification:
    """Build a model before and after a repair.

    Args:
        target: `package.module:factory` or `file.py::factory`.
        repaired: The new bytes of each repaired file.
        kinds: What the repairs of each file do to the model.
        input_shape: The input shape without the batch size, for a model that does not know it.
        roles: The user's roles.

    Raises:
        VerificationError: The model cannot be built before the repair, or a process died.
    """
    with tempfile.TemporaryDirectory(prefix="orderlint-") as folder:
        job = {
            "target": target,
            "input_shape": input_shape,
            "roles": {name: [role.value for role in given] for name, given in roles.user.items()},
            "outputs": os.path.join(folder, "outputs.npz"),  # noqa: PTH118
            "result": os.path.join(folder, "result.json"),  # noqa: PTH118
        }
        paths = {os.path.abspath(path): data for path, data in repaired.items()}
        before = _run({**job, "sources": dict.fromkeys(paths)}, folder)
        if "error" in before:
            raise VerificationError(f"the model cannot be built before the repairs: {before['error']}")
        after = _run({**job, "sources": {path: data.hex() for path, data in paths.items()}}, folder)
    loaded = [path for path in repaired if os.path.abspath(path) in after.get("loaded", before["loaded"])]
    kind = max((kinds[path] for path in loaded), key=list(RepairKind).index, default=RepairKind.EQUIVALENT)
    return _verification(target, before, after, kind, loaded, len(repaired))


def _run(job: Mapping[str, Any], folder: str) -> dict[str, Any]:
    """The result of one process."""
    path, result = Path(folder, "job.json"), Path(job["result"])
    path.write_text(json.dumps(job), encoding="utf-8")
    result.unlink(missing_ok=True)
    environment = {"TF_CPP_MIN_LOG_LEVEL": "3", **os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "orderlint.runtime.verify", str(path)]
    ended = subprocess.run(command, env=environment, capture_output=True, check=False)
    if not result.exists():
        tail = "\n".join(ended.stderr.decode(errors="replace").strip().splitlines()[-_TAIL:])
        raise VerificationError(f"the process that builds the model ended with status {ended.returncode}:\n{tail}")
    found: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
    return found


def _verification(
    target: str,
    before: dict[str, Any],
    after: dict[str, Any],
    kind: RepairKind,
    loaded: Sequence[Path],
    num_repaired: int,
) -> Verification:
    old = _built(before)
    if "error" in after:
        new, comparison = None, Comparison("there is no repaired model")
        refusal: str | None = f"the repaired model cannot be built: {after['error']}"
    else:
        new, comparison = _built(after), _comparison(before["comparison"] or after["comparison"])
        refusal = _refusal(old, new, comparison, kind, bool(loaded))
    return Verification(target, old, new, comparison, tuple(loaded), num_repaired, refusal)


def _built(result: dict[str, Any]) -> Built:
    outputs = result["outputs"]
    return Built(
        _shapes(result["inputs"]),
        None if outputs is None else _shapes(outputs),
        result["parameters"],
        tuple(tuple(chain) for chain in result["units"]),
    )


def _shapes(shapes: list[list[int | None]]) -> tuple[Shape, ...]:
    return tuple(tuple(shape) for shape in shapes)


def _comparison(result: dict[str, Any]) -> Comparison:
    if not result["made"]:
        return Comparison(result["reason"], result["fits"])
    return Comparison(None, True, result["equal"], result["difference"])


def _refusal(old: Built, new: Built, comparison: Comparison, kind: RepairKind, is_loaded: bool) -> str | None:
    if not is_loaded:
        return "the target imports none of the repaired files, so the repairs cannot be verified"
    if old.inputs != new.inputs:
        return "the inputs of the model would have other shapes"
    if old.outputs is not None and new.outputs is None:
        return f"the repaired model cannot be run: {comparison.reason}"
    if old.outputs != new.outputs:
        return "the outputs of the model would have other shapes"
    if kind is RepairKind.CHANGES_MODEL:
        return None
    if not comparison.fits:
        return f"the repair is labeled {kind.value}, but {comparison.reason}"
    if comparison.reason is None and not comparison.equal:
        return f"the repair is labeled {kind.value}, but the outputs differ by up to {comparison.difference:.3g}"
    return None
