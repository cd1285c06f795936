"""What the interpreter knows of Python's own functions and methods, and of those outside the project."""
