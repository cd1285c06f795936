"""The ways to rearrange layers: one kind of place in the source a file."""
