"""Python on abstract values: statements, expressions, calls, classes, names and imports."""
