"""orderlint finds layers that are out of order in Keras models: linear → norm → activation → dropout."""

from __future__ import annotations

from orderlint.version import __version__

TYPE_CHECKING = False  # importing `typing` takes longer than checking a file
if TYPE_CHECKING:
    from typing import Any, Final

    from orderlint.api import check_paths, check_source
    from orderlint.config import ConfigError
    from orderlint.diagnostics import Finding, Report
    from orderlint.engine.asserting import (
        LayerOrderCallback,
        LayerOrderError,
        LayerOrderWarning,
        assert_layer_order,
    )
    from orderlint.engine.inspecting import InspectionError, inspect_file, inspect_model
    from orderlint.engine.measuring import Measurement, measure_model
    from orderlint.engine.recalibrating import RecalibrateCallback, recalibrate
    from orderlint.engine.session import Session
    from orderlint.judging import UnknownRule
    from orderlint.runtime.errors import (
        FileReadError,
        MeasurementError,
        NotAModelError,
        NotBuiltError,
        NoTensorError,
        TargetError,
        TraceError,
        WeightsOnlyError,
    )

__all__ = [
    "ConfigError",
    "FileReadError",
    "Finding",
    "InspectionError",
    "LayerOrderCallback",
    "LayerOrderError",
    "LayerOrderWarning",
    "Measurement",
    "MeasurementError",
    "NoTensorError",
    "NotAModelError",
    "NotBuiltError",
    "RecalibrateCallback",
    "Report",
    "Session",
    "TargetError",
    "TraceError",
    "UnknownRule",
    "WeightsOnlyError",
    "__version__",
    "assert_layer_order",
    "check_paths",
    "check_source",
    "inspect_file",
    "inspect_model",
    "measure_model",
    "recalibrate",
]

# These are imported when they are first used, so that `import orderlint` is fast.
_HOMES: Final = {
    "ConfigError": "orderlint.config",
    "FileReadError": "orderlint.runtime.errors",
    "Finding": "orderlint.diagnostics",
    "InspectionError": "orderlint.engine.inspecting",
    "LayerOrderCallback": "orderlint.engine.asserting",
    "LayerOrderError": "orderlint.engine.asserting",
    "LayerOrderWarning": "orderlint.engine.asserting",
    "Measurement": "orderlint.engine.measuring",
    "MeasurementError": "orderlint.runtime.errors",
    "NoTensorError": "orderlint.runtime.errors",
    "NotAModelError": "orderlint.runtime.errors",
    "NotBuiltError": "orderlint.runtime.errors",
    "RecalibrateCallback": "orderlint.engine.recalibrating",
    "Report": "orderlint.diagnostics",
    "Session": "orderlint.engine.session",
    "TargetError": "orderlint.runtime.errors",
    "TraceError": "orderlint.runtime.errors",
    "UnknownRule": "orderlint.judging",
    "WeightsOnlyError": "orderlint.runtime.errors",
    "assert_layer_order": "orderlint.engine.asserting",
    "check_paths": "orderlint.api",
    "check_source": "orderlint.api",
    "inspect_file": "orderlint.engine.inspecting",
    "inspect_model": "orderlint.engine.inspecting",
    "measure_model": "orderlint.engine.measuring",
    "recalibrate": "orderlint.engine.recalibrating",
}


def load_ipython_extension(shell: Any) -> None:
    """`%load_ext orderlint`: the magics `%orderlint` and `%%orderlint`, which need the extra `notebook`."""
    from importlib import import_module

    import_module("orderlint.notebook.magics").load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """`%unload_ext orderlint`."""
    from importlib import import_module

    import_module("orderlint.notebook.magics").unload(shell)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value
