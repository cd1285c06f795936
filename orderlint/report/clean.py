"""What a run that found nothing says. Nothing is imported here: it is all that most runs need."""

from __future__ import annotations

__all__ = ["nothing_found", "number", "passed_over"]


def nothing_found(files: int, passed: int) -> str:
    """One sentence.

    Args:
        files: How many files were checked.
        passed: How many were passed over, since they mention nothing of Keras.

    >>> nothing_found(2, 0), nothing_found(0, 1)
    ('No layer out of order in 2 files.', 'Nothing was checked: 1 file holds no Keras.')
    """
    more = passed_over(passed)
    if not files:
        return f"Nothing was checked{more and ':' + more}."
    return f"No layer out of order in {number(files, 'file')}{more and ';' + more}."


def passed_over(count: int) -> str:
    """What was passed over, as the end of a sentence.

    >>> passed_over(0), passed_over(1), passed_over(2)
    ('', ' 1 file holds no Keras', ' 2 files hold no Keras')
    """
    return f" {number(count, 'file')} hold{'s' if count == 1 else ''} no Keras" if count else ""


def number(count: int, noun: str) -> str:
    """
    >>> number(1, "file"), number(2, "file")
    ('1 file', '2 files')
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
