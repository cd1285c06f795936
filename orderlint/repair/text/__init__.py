"""Pieces of source text that repairs move, add and remove."""
