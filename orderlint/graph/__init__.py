"""The layer graph: the common data structure of source code, built models, rules and reports.

Calls and the data flow between them (`calls`), the conditions under which both exist (`guards`), and the *units* that
rules see (`units`). Everything here is plain and knows neither source code nor Keras.
"""

from __future__ import annotations

from orderlint.graph.calls import Edge, LayerCall, LayerGraph, Location, Role, Site, Step
from orderlint.graph.shortfalls import Limit, Shortfall, gaps
from orderlint.graph.units import End, Unit, UnitStep, units_of

__all__ = [
    "Edge",
    "End",
    "LayerCall",
    "LayerGraph",
    "Limit",
    "Location",
    "Role",
    "Shortfall",
    "Site",
    "Step",
    "Unit",
    "UnitStep",
    "gaps",
    "units_of",
]
