"""The interpreter's model of Python's built-in functions and methods, and of other libraries."""
