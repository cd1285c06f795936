"""Reporters: they turn findings into text. Each format is a file; nothing here prints or reads files."""
