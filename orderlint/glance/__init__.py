"""The glance: a quick pass that shows that most files are in order, so that they need no analysis.

It runs the code on values that are far coarser than those of the analysis (`orderlint.source`): sets of what is
possible, on all paths at once, on the trees of Python's own parser. Whatever it cannot tell it takes for anything, so
it sees too many orders and never too few. Where it sees none that a rule would find, there is none.
"""

from __future__ import annotations

from orderlint.glance.glancer import Glance, Seen

__all__ = ["Glance", "Seen"]
