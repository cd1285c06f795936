"""The catalog: the table of Keras names, with their roles, their parameters and the facts that rules need.

Pure data and small functions; nothing of Keras is imported. The functions `find` and `find_layer` lead from a name to
its `Entry`, `bind` from arguments to parameter names, and `describe` to what one use is in the layer graph.
"""

from __future__ import annotations

from orderlint.catalog.activations import ACTIVATIONS, activation_name, chain_name
from orderlint.catalog.binding import KERAS1, bind, today
from orderlint.catalog.describe import DECISIVE, describe, wrapped
from orderlint.catalog.entries import FACTS, UNKNOWN, ActivationOf, Description, Entry, Kind, Unknown
from orderlint.catalog.functions import FUNCTIONS
from orderlint.catalog.layers import LAYERS
from orderlint.catalog.names import KERAS_ROOTS, canonical, find, find_layer
from orderlint.catalog.roles import DEFAULT, RoleTable
from orderlint.catalog.shapes import rank_of, shape_of

__all__ = [
    "ACTIVATIONS",
    "DECISIVE",
    "DEFAULT",
    "FACTS",
    "FUNCTIONS",
    "KERAS1",
    "KERAS_ROOTS",
    "LAYERS",
    "UNKNOWN",
    "ActivationOf",
    "Description",
    "Entry",
    "Kind",
    "RoleTable",
    "Unknown",
    "activation_name",
    "bind",
    "canonical",
    "chain_name",
    "describe",
    "find",
    "find_layer",
    "rank_of",
    "shape_of",
    "today",
    "wrapped",
]
