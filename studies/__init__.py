"""Studies that the documentation quotes. Each can be run again; none is part of the installed package."""
