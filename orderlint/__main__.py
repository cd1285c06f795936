"""`python -m orderlint`."""

import os
import sys

# `python -m` searches the current folder for modules first, and what is checked may stand there. `-P` forbids it.
if not getattr(sys.flags, "safe_path", False) and sys.path[:1] in ([""], [os.getcwd()]):
    del sys.path[0]

from orderlint.cli import main

main()
