"""The state of an analysis: abstract values, the store, conditions, the graph being recorded."""
