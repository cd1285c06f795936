"""Describes failures of orderlint itself, or of a rule from another package, to the user."""

from __future__ import annotations

import sys

from orderlint.judging import Rule
from orderlint.text.files import SourceFile
from orderlint.text.nesting import DIRECT_KIB, measure_nesting

__all__ = ["failure", "rule_failure"]

# Python 3.12 allows about 700 nested calls through native code, however large the stack is. libcst makes such calls
# when it writes code. Python 3.13 allows 5,000, and the other versions allow as many as the stack holds.
_TOO_DEEP = (
    "the code is nested too deeply for Python {}.{} (a long chain of `elif` or operators nests, too); "
    "split the chain, or run orderlint with another version of Python"
).format(*sys.version_info)


def failure(where: str, error: Exception, file: SourceFile | None = None, home: str = "") -> str:
    """Describe a failure, and where to report it.

    Args:
        where: What failed, such as "the analysis".
        error: The error.
        file: The file that was looked at, if it was one. Code that hardly nests is not why a recursion did not end.
        home: The package that contains the code, if it is not orderlint.
    """
    if isinstance(error, RecursionError) and not home and (file is None or _nests(file)):
        return f"{where} did not finish: {_TOO_DEEP}"
    what = f"{type(error).__name__}: {error}".rstrip(": ")
    return f"internal error in {where}: {what} (a bug in {home or 'orderlint'}: please report it, with --debug)"


def rule_failure(rule: Rule, error: Exception, file: SourceFile | None = None) -> str:
    """Describe the failure of a rule."""
    return failure(f"rule {rule.code}" + (f" of {rule.home}" if rule.home else ""), error, file, rule.home)


def _nests(file: SourceFile) -> bool:
    """Whether code may nest too deeply: a walk of a hundred levels takes a thousand frames, of the 20,000 there are."""
    return any(measure_nesting(cell.text).kib > DIRECT_KIB for cell in file.cells)
