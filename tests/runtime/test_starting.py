"""Log messages of TensorFlow's startup are hidden, and nothing else is. The tests use a stand-in for TensorFlow."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from orderlint.runtime.starting import quiet_loading
from tests.support import ROOT

LOGGED = """\
WARNING: All log messages before absl::InitializeLog() is called are written to STDERR
I0000 00:00:1795760182.363569   19813 port.cc:153] oneDNN custom operations are on.
2024-01-01 10:00:00.123456: I tensorflow/core/platform/cpu_feature_guard.cc:182] This binary is optimized.
To enable the following instructions: AVX2 FMA, in other operations, rebuild TensorFlow.
E0000 00:00:1795760182.363925   19813 cuda_dnn.cc:8579] Unable to register cuDNN factory
"""
FATAL = "F0000 00:00:1795760182.363925   19813 cpu.cc:1] compiled to use AVX, which this machine has not\n"


def started(tmp_path: Path, end: str, **environment: str) -> str:
    """Standard error when a stand-in for TensorFlow logs messages and then executes a statement."""
    run = (
        "import sys\nfrom orderlint.runtime.starting import quiet_start\n"
        "with quiet_start():\n    import tensorflow\n"
        "print('after', file=sys.stderr)\n"
    )
    return told(tmp_path, ["-c", run], end, **environment)


def told(tmp_path: Path, arguments: list[str], end: str = "", **environment: str) -> str:
    """Standard error of Python with a stand-in for TensorFlow."""
    body = f"import os, sys\nos.write(2, {(LOGGED + FATAL)!r}.encode())\nprint('from Python', file=sys.stderr)\n{end}\n"
    (tmp_path / "tensorflow.py").write_text(body, encoding="utf-8")
    found = {name: value for name, value in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
    paths = os.pathsep.join([str(tmp_path), str(ROOT)])
    ended = subprocess.run(
        [sys.executable, *arguments],
        env={**found, "PYTHONPATH": paths, **environment},
        capture_output=True,
        check=False,
    )
    return ended.stderr.decode().replace("\r\n", "\n")


def test_log_lines_of_the_start_are_hidden(tmp_path: Path) -> None:
    """Information, warnings and errors of the startup are hidden; fatal messages, and those of Python, are shown."""
    assert started(tmp_path, "") == f"{FATAL}from Python\nafter\n"


def test_a_failing_import_shows_what_was_logged(tmp_path: Path) -> None:
    """If the import fails, the log may contain the reason, and is shown."""
    said = started(tmp_path, "raise ImportError('no library')")
    assert all(line in said for line in LOGGED.splitlines())
    assert "ImportError: no library" in said


def test_a_crash_shows_what_was_logged(tmp_path: Path) -> None:
    """If the process crashes during the startup, the log is shown."""
    assert all(line in started(tmp_path, "sys.stderr.flush(); os._exit(3)") for line in (LOGGED + FATAL).splitlines())


@pytest.mark.parametrize(("level", "num_shown"), [("0", 5), ("1", 1), ("2", 1), ("3", 0), ("info", 5)])
def test_the_level_of_the_user_counts(tmp_path: Path, level: str, num_shown: int) -> None:
    """`TF_CPP_MIN_LOG_LEVEL` sets the hidden severities; with 0 or an invalid value, nothing is hidden."""
    said = started(tmp_path, "", TF_CPP_MIN_LOG_LEVEL=level).splitlines()
    assert [line for line in said if line in LOGGED] == LOGGED.splitlines()[5 - num_shown :]


@pytest.mark.parametrize("command", [["inspect"], ["graph", "--built"], ["measure"]])
def test_the_commands_that_build_models_start_quietly(tmp_path: Path, command: list[str]) -> None:
    """Log messages of TensorFlow are hidden when user code imports it; errors of the code are shown."""
    (tmp_path / "net.py").write_text("import tensorflow\nbuild = 3\n", encoding="utf-8")
    said = told(tmp_path, ["-m", "orderlint", *command, f"{tmp_path / 'net.py'}::build"])
    assert said.startswith(f"{FATAL}from Python\nerror: ")
    assert "`build` is an object of type `int`" in said
    assert "port.cc" not in said


def test_warnings_on_loading_are_hidden_for_a_while(caplog: pytest.LogCaptureFixture) -> None:
    """An absl warning is hidden while a saved model is loaded, an error is not; afterwards both are shown."""
    logger = logging.getLogger("absl")
    with quiet_loading():
        logger.warning("metrics have yet to be built")
        logger.error("out of memory")
    logger.warning("later")
    assert [record.getMessage() for record in caplog.records] == ["out of memory", "later"]
