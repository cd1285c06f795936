"""Options and helpers of the whole test suite."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.running import Place
from tests.support import Recorded

# How long a machine under load takes to think of an example says nothing about the code.
settings.register_profile("patient", suppress_health_check=[HealthCheck.too_slow], deadline=None)
settings.load_profile("patient")

# A shell's background job ignores Ctrl-C, and so would all the commands that the tests start and interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-fixtures", action="store_true", help="rewrite the recorded outputs instead of comparing with them"
    )
    parser.addoption("--skip-missing", action="store_true", help="skip tests that import what is not installed")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--update-fixtures") and os.environ.get("CI"):
        raise pytest.UsageError("--update-fixtures is refused in CI: record locally, read the difference, commit it")


class _Module(pytest.Module):
    """A test file that may import what is not installed: a virtual environment on other versions has the least."""

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        try:
            return super().collect()
        except self.CollectError as error:
            _skip_if_missing(error.__cause__)
            raise


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    if parent.config.getoption("--skip-missing"):
        return _Module.from_parent(parent, path=module_path)
    return None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        if item.config.getoption("--skip-missing"):
            _skip_if_missing(error)
        raise


def _skip_if_missing(error: BaseException | None) -> None:
    if isinstance(error, ModuleNotFoundError) and not (error.name or "").startswith(("orderlint", "tests")):
        pytest.skip(f"{error.name} is not installed", allow_module_level=True)


@pytest.fixture
def recorded(request: pytest.FixtureRequest) -> Recorded:
    """`recorded(path, text)`: `text` is what the file holds."""
    return Recorded(request.config.getoption("--update-fixtures"))


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test depends on the colors and width of the terminal it is started from."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Place:
    """The current folder, in which files are written and orderlint is run."""
    monkeypatch.chdir(tmp_path)
    return Place(tmp_path, capsys)
