"""Reporters: they convert findings to text. Each format is a module. Nothing here prints or reads files."""
