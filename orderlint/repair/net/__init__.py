"""The safety net: obstacles to a repair, and what the graph must be after it."""
