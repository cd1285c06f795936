"""TensorFlow Model Optimization: functions and wrappers that prune, cluster or quantize a layer, or a whole model.

Each has the role of what it is given. The functions hand a model back changed and of the same layers.

Source: github.com/tensorflow/model-optimization, tensorflow_model_optimization/python/core/sparsity/keras/prune.py,
pruning_wrapper.py, clustering/keras/cluster.py, cluster_wrapper.py, quantization/keras/quantize.py,
quantize_annotate.py, quantize_wrapper.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from orderlint.catalog.entries import Entry
from orderlint.catalog.library import Library, layers, merged
from orderlint.graph import Role

__all__ = ["LIBRARY"]

_TAKEN: Final = {
    "prune_low_magnitude": "to_prune",
    "cluster_weights": "to_cluster",
    "quantize_annotate_layer": "to_annotate",
    "quantize_annotate_model": "to_annotate",
    "quantize_apply": "model",
    "quantize_model": "to_quantize",
    "strip_pruning": "model",
    "strip_clustering": "model",
    "fix_input_output_range": "model",
    "remove_input_range": "model",
    "PruneLowMagnitude": "layer",
    "ClusterWeights": "layer",
    "QuantizeAnnotate": "layer",
    "QuantizeWrapper": "layer",
    "QuantizeWrapperV2": "layer",
}
"""Every name, and the parameter that takes the layer or model."""


def _wrappers() -> Iterator[Entry]:
    for entry in layers(Role.BOUNDARY, " ".join(_TAKEN), _TAKEN):
        yield replace(entry, wrapper=True)


LIBRARY: Final = Library(roots=("tensorflow_model_optimization",), entries=merged(_wrappers()))
