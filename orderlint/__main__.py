"""`python -m orderlint`."""

import os
import sys

# `python -m` searches for modules in the current folder first, which may contain the checked files. `-P` prevents it.
try:
    is_here = sys.path[:1] in ([""], [os.getcwd()])
except FileNotFoundError:  # the current folder was removed
    is_here = sys.path[:1] == [""]
if is_here and not getattr(sys.flags, "safe_path", False):
    del sys.path[0]

from orderlint.cli import main

main()
