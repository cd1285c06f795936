"""The output of a run without findings. It imports nothing, because most runs need nothing else."""

from __future__ import annotations

__all__ = ["nothing_found", "number", "passed_over", "skipped", "unparsed", "without_files"]


def nothing_found(files: int, passed: int) -> str:
    """The summary of a run without findings, in one or two sentences.

    Args:
        files: The number of checked files.
        passed: The number of files without Keras layers.

    >>> nothing_found(2, 0), nothing_found(0, 1)
    ('No layer out of order in 2 files.', 'Nothing to check: 1 file without Keras layers.')
    """
    if files:
        return f"No layer out of order in {number(files, 'file')}.{passed_over(passed)}"
    return f"Nothing to check: {without_files(passed)}."


def without_files(passed: int) -> str:
    """The reason why no file was checked, as a clause.

    >>> without_files(1), without_files(0)
    ('1 file without Keras layers', 'all files are excluded')
    """
    # A folder without Python files is an error. So if there is no error, all named files were excluded.
    return f"{number(passed, 'file')} without Keras layers" if passed else "all files are excluded"


def passed_over(count: int) -> str:
    """The number of files without Keras layers, as a further sentence.

    >>> passed_over(0), passed_over(1), passed_over(2)
    ('', ' 1 more file without Keras layers.', ' 2 more files without Keras layers.')
    """
    return f" {number(count, 'more file')} without Keras layers." if count else ""


def unparsed(count: int) -> str:
    """The number of cells that are not Python, as a further sentence.

    >>> unparsed(0), unparsed(1), unparsed(2)
    ('', ' 1 cell is not Python.', ' 2 cells are not Python.')
    """
    return f" {number(count, 'cell')} {'is' if count == 1 else 'are'} not Python." if count else ""


def skipped(count: int) -> str:
    """The number of files that a comment skips, as a further sentence.

    >>> skipped(0), skipped(1), skipped(2)
    ('', ' 1 file skipped by a comment.', ' 2 files skipped by a comment.')
    """
    return f" {number(count, 'file')} skipped by a comment." if count else ""


def number(count: int, noun: str) -> str:
    """A count with its noun.

    >>> number(1, "file"), number(2, "file")
    ('1 file', '2 files')
    """
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
