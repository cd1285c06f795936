"""`python -m orderlint`."""

import os
import sys

# `python -m` searches for modules in the current folder first, which may contain the checked files. `-P` prevents it.
if not getattr(sys.flags, "safe_path", False) and sys.path[:1] in ([""], [os.getcwd()]):
    del sys.path[0]

from orderlint.cli import main

main()
