"""Python itself: statements, expressions, calls, classes, names and imports on abstract values."""
