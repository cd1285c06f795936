"""The glance: a quick pass that shows that most files are in order, so that they need no analysis.

It runs the code on values that are much coarser than those of the analysis (`orderlint.source`): sets of possible
values, on all paths at once, on the trees of Python's own parser. If it cannot determine a value, the value may be
anything. So it sees too many orders, and never too few. If a rule finds nothing in these orders, there is nothing to
find.
"""

from __future__ import annotations

from orderlint.glance.glancer import Glance, Seen

__all__ = ["Glance", "Seen"]
