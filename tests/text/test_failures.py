"""The errors of the operating system about files."""

from __future__ import annotations

import pytest

from orderlint.text.failures import in_words


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (FileNotFoundError(2, "No such file or directory"), "no such file or folder"),
        (IsADirectoryError(21, "Is a directory"), "is a folder"),
        (PermissionError(13, "Permission denied"), "permission denied"),
        (OSError("The disk has gone"), "The disk has gone"),
        (ValueError("embedded null byte"), "embedded null byte"),
    ],
)
def test_failures_speak_of_folders(error: OSError | ValueError, words: str) -> None:
    """Other messages say folder, too; the messages of orderlint and Python do not change."""
    assert in_words(error) == words
