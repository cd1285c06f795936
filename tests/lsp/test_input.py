"""Input of the language server that is not from an editor."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest.importorskip("pygls")


@pytest.mark.parametrize("length", ["99999999999999999999", "9999999999999999"])
def test_a_message_longer_than_the_memory_ends_in_a_line(length: str) -> None:
    """The server cannot continue, since it cannot find the next message. It says so without a traceback."""
    command = [sys.executable, "-m", "orderlint", "server"]
    given = f"Content-Length: {length}\r\n\r\n{{}}".encode()
    result = subprocess.run(command, check=False, input=given, capture_output=True, timeout=60)
    assert result.returncode == 2
    assert b"larger than the available memory" in result.stderr
    assert b"Traceback" not in result.stderr


def test_what_is_no_message_is_passed_over() -> None:
    """The server waits for the next message, and exits at the end of the input."""
    command = [sys.executable, "-m", "orderlint", "server"]
    result = subprocess.run(command, check=False, input=b"garbage\r\n\r\n\0\xff", capture_output=True, timeout=60)
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")
