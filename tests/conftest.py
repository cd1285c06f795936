"""Options and helpers of the whole test suite."""

from __future__ import annotations

import os

import pytest

from tests.support import Recorded


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-fixtures", action="store_true", help="rewrite the recorded outputs instead of comparing with them"
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--update-fixtures") and os.environ.get("CI"):
        raise pytest.UsageError("--update-fixtures is refused in CI: record locally, read the difference, commit it")


@pytest.fixture
def recorded(request: pytest.FixtureRequest) -> Recorded:
    """`recorded(path, text)`: `text` is what the file holds."""
    return Recorded(request.config.getoption("--update-fixtures"))


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test depends on the colours and width of the terminal it is started from."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
