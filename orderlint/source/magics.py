"""IPython's additions to Python, masked so that the rest of a cell parses with its lines and columns unchanged.

A masked line becomes the expression `0` (a suite needs a statement) and blanks; every text keeps its length, so
offsets in the masked text are offsets in the cell. What a shell line or magic assigns becomes a name that nothing
binds: its value is unknown.

    x = !ls -l *.py          x = __
    %time model = build()          model = build()
    %%bash                   not Python: the cell is left out
"""

from __future__ import annotations

import ast
import re
import warnings

__all__ = ["mask_magics"]

# What these run is Python in the notebook's own namespace, or is meant to be.
_PYTHON_CELLS = frozenset(
    "backend capture debug heat ipytest lprun memit mprun prun px pyinstrument scalene snakeviz time timeit wandb".split()
)
# Another language, another process or another file.
_FOREIGN_CELLS = frozenset(
    "! bash batch bigquery cmd cython file fortran html javascript js julia latex markdown md octave perl "
    "pip powershell pypy python python2 python3 r ruby script sh shell sql svg sx system typescript writefile".split()
)
# Magics that people write without their `%`, and common shell commands that are magics.
_AUTOMAGICS = (
    "alias cat cd clear conda cp env history less ls load load_ext mamba man matplotlib micromamba mkdir more mv "
    "pdoc pinfo pip pwd pylab reload_ext reset rm rmdir run set_env time timeit uv who whos"
).split()

_BLANK_OR_COMMENT = re.compile(r"[ \t\f]*(?:#[^\r\n]*)?(?:\r\n?|\n)")
_CELL_MAGIC = re.compile(r"[ \t]*%%([^\s%]+)[^\r\n]*")
_AUTOMAGIC = re.compile(rf"[ \t]*(?:{'|'.join(_AUTOMAGICS)})(?:[ \t]+[^\s=(,;:][^\r\n]*)?[ \t]*")
_ESCAPE = re.compile(r"[ \t\f]*(?:[%!?/,]|;(?![ \t]*(?:#|$)))")
_PYTHON_LINE_MAGIC = re.compile(r"%{1,2}time[ \t]+")
_HELP = re.compile(r"[ \t]*%{0,2}[\w.*\[\]'\"()]+[ \t]*\?\??[ \t]*")
_ASSIGNED = re.compile(r"[ \t]*(?:![^=]|%[A-Za-z_])")
_IN_SUITE = re.compile(r"[ \t]*(?:!(?!=)|%[A-Za-z_])")
_TOKEN = re.compile(
    r'''
      """(?:[^\\"]|\\.|"(?!""))*"""
    | \'\'\'(?:[^\\']|\\.|'(?!\'\'))*\'\'\'
    | "(?:[^"\\\r\n]|\\.)*"
    | '(?:[^'\\\r\n]|\\.)*'
    | \#[^\r\n]*
    | \\(?:\r\n?|\n)
    | \r\n?|\n
    | [()\[\]{}:?]
    | [-+*/%@&|^~<>=!:]+
    ''',
    re.VERBOSE | re.DOTALL,
)
_CONTINUED = re.compile(r"(?:[^\r\n]*\\(?:\r\n?|\n))*[^\r\n]*")
