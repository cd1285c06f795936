"""Builds a model in a separate process and reports the result. This is one half of a verification.

    python -m orderlint.runtime.verify JOB.json

`orderlint.engine.verifying` starts it twice, with the source before and after a repair, and compares the results.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from orderlint.catalog import RoleTable
from orderlint.graph import LayerGraph, Role, units_of
from orderlint.runtime.building import importable, load_model
from orderlint.runtime.errors import InspectionError, TargetError
from orderlint.runtime.models import read_model
from orderlint.runtime.overlay import Overlay
from orderlint.runtime.sources import SourceRecorder
from orderlint.runtime.targets import CodeTarget, parse_target
from orderlint.runtime.trial import Trial, Weight, copied, input_specs, without_biases

__all__ = ["main"]

TOLERANCE: Final = 1e-4  # for float32 sums in another order; moved dropouts have a difference of 0.0


@dataclass(frozen=True, slots=True)
class Job:
    """The job of the process.

    Attributes:
        target: The function that builds the model.
        sources: By path, the source to run instead of that of the file, in hexadecimal; `null` for the file itself.
        input_shape: The input shape without the batch size, for a model that does not know it.
        roles: The user's roles, by dotted name.
        outputs: The file with inputs, weights and outputs. If it does not exist, it is written, else compared.
        result: The file for the result.
    """

    target: str
    sources: dict[str, str | None]
    input_shape: Any
    roles: dict[str, list[str]]
    outputs: str
    result: str


def main(path: str) -> None:
    """Do the job in the file `path`, and write its result or its error."""
    job = Job(**json.loads(Path(path).read_text(encoding="utf-8")))
    try:
        with contextlib.redirect_stdout(sys.stderr):
            result = _built(job)
    except InspectionError as error:
        result = {"error": str(error)}
    Path(job.result).write_text(json.dumps(result), encoding="utf-8")


def _built(job: Job) -> dict[str, Any]:
    target = parse_target(job.target)
    if not isinstance(target, CodeTarget):
        raise TargetError(
            "a repair is verified on the code that builds the model: package.module:factory, file.py::factory"
        )
    sources = {path: None if data is None else bytes.fromhex(data) for path, data in job.sources.items()}
    overlay = Overlay(sources)
    with importable(target), overlay.installed():
        model = load_model(target, SourceRecorder())
        roles = RoleTable.of({name: [Role(role) for role in given] for name, given in job.roles.items()})
        graphs = read_model(model, target=job.target, input_shape=job.input_shape, roles=roles).graphs
        return {
            "units": [list(unit.chain) for unit in _units(graphs)],
            "loaded": sorted(overlay.loaded),
            **_tried(model, job),
        }


def _units(graphs: Sequence[LayerGraph]) -> list[Any]:
    return [unit for graph in graphs for unit in units_of(graph) if unit.chain]


def _tried(model: Any, job: Job) -> dict[str, Any]:
    """The results of a run of the model on random input."""
    trial = Trial(model, input_specs(model, job.input_shape))
    result: dict[str, Any] = {"inputs": trial.input_shapes(), "outputs": None, "comparison": None}
    try:
        result["outputs"] = trial.output_shapes(trial.outputs(trial.random_inputs()))
        store = Path(job.outputs)
        result["comparison"] = _compared(trial, store) if store.exists() else _recorded(trial, store)
    except Exception as error:  # user code may raise any error
        lines = str(error).strip().splitlines() or [""]
        result["comparison"] = {"made": False, "fits": True, "reason": f"{type(error).__name__}: {lines[0]}"}
    result["parameters"] = trial.num_parameters()
    return result


def _recorded(trial: Trial, store: Path) -> dict[str, Any] | None:
    """Store the weights, the input and the outputs. Return the reason if they cannot be compared, else `None`."""
    import numpy as np

    trial.stir()
    inputs, values = trial.random_inputs(), trial.values()
    outputs, again = trial.outputs(inputs), trial.outputs(inputs)
    if not all(np.array_equal(first, second, equal_nan=True) for first, second in zip(outputs, again, strict=True)):
        return {"made": False, "fits": True, "reason": "its outputs differ from run to run, even at inference"}
    trial.take(without_biases(trial.weights(), values))
    unbiased = trial.outputs(inputs)
    arrays: dict[str, Any] = {"names": np.array(json.dumps([asdict(weight) for weight in trial.weights()]))}
    for name, group in (("weight", values), ("input", inputs), ("output", outputs), ("unbiased", unbiased)):
        arrays |= {f"{name}{number}": value for number, value in enumerate(group)}
    with store.open("wb") as file:
        np.savez(file, **arrays)
    return None


def _compared(trial: Trial, store: Path) -> dict[str, Any]:
    """Compare the outputs with the stored ones, with the same weights.

    If a bias is missing, all biases are 0 in both: a normalization cancels a bias, except for its stored mean.
    """
    import numpy as np

    with np.load(store, allow_pickle=False) as stored:
        arrays = dict(stored)
    old = [Weight(entry["name"], tuple(entry["shape"])) for entry in json.loads(str(arrays["names"]))]
    new = trial.weights()
    values = copied(old, _numbered(arrays, "weight"), new)
    if values is None:
        return {"made": False, "fits": False, "reason": "the weights of the model do not fit the repaired one"}
    has_all = len(old) == len(new)
    trial.take(values if has_all else without_biases(new, values))
    outputs = trial.outputs(_numbered(arrays, "input"))
    pairs = list(zip(_numbered(arrays, "output" if has_all else "unbiased"), outputs, strict=True))
    if any(before.shape != after.shape for before, after in pairs):
        return {"made": False, "fits": True, "reason": "the outputs have other shapes"}
    close = all(np.allclose(a, b, rtol=TOLERANCE, atol=TOLERANCE, equal_nan=True) for a, b in pairs)
    difference = max((float(np.nanmax(np.abs(a - b))) for a, b in pairs if a.size), default=0.0)
    return {"made": True, "fits": True, "equal": close, "difference": difference}


def _numbered(arrays: dict[str, Any], name: str) -> list[Any]:
    found: list[Any] = []
    while f"{name}{len(found)}" in arrays:
        found.append(arrays[f"{name}{len(found)}"])
    return found


if __name__ == "__main__":
    main(sys.argv[1])
