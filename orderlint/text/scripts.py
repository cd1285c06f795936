"""Scripts that only Python 2 or IPython runs, masked so that the rest parses with its lines and columns unchanged."""

from __future__ import annotations

from orderlint.text.magics import mask_script_magics
from orderlint.text.prints import mask_prints

__all__ = ["mask_script"]


def mask_script(text: str) -> str:
    """A text of the same length without `print` statements, magics and shell lines; the text itself if it has none.

    It is meant for texts that do not parse: one that does may come back with less in it.

    >>> mask_script('!ls\\nprint "x is", x')
    '0  \\n(0            )'
    """
    return mask_prints(mask_script_magics(text))
