"""Studies that the documentation quotes. They can be repeated, and are not part of the installed package."""
