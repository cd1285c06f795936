"""The ways to rearrange layers. Each module handles one idiom."""
