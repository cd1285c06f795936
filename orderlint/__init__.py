"""orderlint finds misordered layers in Keras models: linear → norm → activation → dropout."""

from __future__ import annotations

__version__ = "0.1.0"
