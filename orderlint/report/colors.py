"""The colors of text in a terminal. Each is readable on a dark and on a light background.

They are numbers of the 256 colors, which look similar in all terminals. In most terminals, the basic green and cyan are
not readable on white, and the basic blue is not readable on black. Red and magenta are readable on both.
"""

from __future__ import annotations

from typing import Final

__all__ = ["BOLD", "DIM", "ERROR", "GOOD", "GREEN", "GREY_BLUE", "MAGENTA", "OFF", "PAIR", "RED", "SEA_BLUE", "WARNING"]

GREEN: Final = 28
SEA_BLUE: Final = 31
GREY_BLUE: Final = 67

BOLD, DIM, OFF = "\x1b[1m", "\x1b[2m", "\x1b[0m"
RED, MAGENTA = "\x1b[31m", "\x1b[35m"
ERROR, WARNING = "\x1b[1;31m", "\x1b[1;35m"
GOOD, PAIR = f"\x1b[38;5;{GREEN}m", f"\x1b[38;5;{SEA_BLUE}m"
