"""The safety net: obstacles to a repair, and the graph that it must result in."""
