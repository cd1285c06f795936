"""What proves a repair: obstacles before it, and what the graph must be after it."""
