"""orderlint finds misordered layers in Keras models: linear → norm → activation → dropout."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from orderlint.inspection import (
        InspectionError,
        LayerOrderCallback,
        LayerOrderError,
        LayerOrderWarning,
        assert_layer_order,
        inspect_file,
        inspect_model,
    )

__all__ = [
    "InspectionError",
    "LayerOrderCallback",
    "LayerOrderError",
    "LayerOrderWarning",
    "__version__",
    "assert_layer_order",
    "inspect_file",
    "inspect_model",
]

__version__ = "0.1.0"

# Imported when they are first asked for: `import orderlint` costs nothing.
_HOMES: Final = {
    "InspectionError": "orderlint.inspection",
    "LayerOrderCallback": "orderlint.inspection",
    "LayerOrderError": "orderlint.inspection",
    "LayerOrderWarning": "orderlint.inspection",
    "assert_layer_order": "orderlint.inspection",
    "inspect_file": "orderlint.inspection",
    "inspect_model": "orderlint.inspection",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value
