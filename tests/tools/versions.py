"""Runs the tests on the lowest and the newest versions of the dependencies, on every installed Python.

`python -m tests.tools.versions [--python 3.10 ...] [--bound lowest newest] [--tests PATH ...]`

The default tests are those that need no framework. The result of each folder is printed as soon as it is known, since
all of them take half an hour. Each combination has its own virtual environment in a temporary folder, with only the
packages that most tests import; tests that need others, such as Keras, are skipped and counted. `--with` installs
more. If `uv` is installed, it creates the environment and caches downloads; otherwise `venv` and `pip` create it. A
Python that is not installed is named and skipped.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.support import ROOT

__all__ = ["interpreter", "lowest", "requirements"]

PYTHONS = ("3.10", "3.11", "3.12", "3.13", "3.14", "3.15")
TESTS = (
    *("tests/source", "tests/graph", "tests/judging", "tests/rules", "tests/repair", "tests/text", "tests/report"),
    *("tests/screening", "tests/glance", "tests/engine", "tests/hostile", "tests/tools", "tests/differential"),
    *("tests/lsp", "tests/notebook", "tests/test_fixtures.py", "tests/test_cli.py"),
)
TOOLS = ("pytest>=8", "hypothesis>=6.90", "jsonschema>=4.17", "tornado>=6.2", "tomli>=2")
"""The packages that these tests import besides orderlint and its dependencies."""
_SECONDS = 1800
"""The maximum time to create an environment, with a slow registry and packages that have to be built."""
_PASSED = (0, 5)  # 5: all files in a folder were skipped
_DEPENDENCIES = re.compile(r"^dependencies = \[\n(.*?)^\]", re.DOTALL | re.MULTILINE)
_RANGE = re.compile(r'"(?P<name>[\w.-]+)>=(?P<lowest>[\d.]+)(?P<below>,<[\d.]+)?(?P<marker>;[^"]*)?"')


def requirements() -> Iterator[re.Match[str]]:
    """The ranges of the dependencies, as the project states them."""
    found = _DEPENDENCIES.search((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert found is not None
    return _RANGE.finditer(found[1])


def lowest() -> list[str]:
    """The requirements for the lowest version of each dependency.

    >>> [one for one in lowest() if one.startswith("click")]
    ['click==8.1.*']
    """
    return [f"{one['name']}=={one['lowest']}.*{one['marker'] or ''}" for one in requirements()]


def interpreter(version: str) -> str | None:
    """The Python of a version: on the path, or installed by pyenv."""
    if (found := shutil.which(f"python{version}")) and _is(found, version):
        return found
    places = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"), reverse=True)
    return str(places[0]) if places else None


def _is(program: str, version: str) -> bool:
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return told.stdout.startswith(f"Python {version}.")


def _environment(folder: str, program: str, bound: str, further: Sequence[str]) -> str:
    """Create a virtual environment with orderlint and these versions. Returns the Python in it.

    Raises:
        subprocess.SubprocessError: A version cannot be installed, or not in time.
    """
    uv = shutil.which("uv")
    make = [uv, "venv", "--clear", "--python", program, folder] if uv else [program, "-m", "venv", folder]
    subprocess.run(make, check=True, capture_output=True, timeout=_SECONDS)
    python = str(next(path for path in Path(folder).glob("*/python*") if path.stem == "python"))
    install = [uv, "pip", "install", "--python", python] if uv else [python, "-m", "pip", "install"]
    what = [str(ROOT), *(lowest() if bound == "lowest" else []), *TOOLS, *further]
    subprocess.run([*install, *what], check=True, capture_output=True, text=True, timeout=_SECONDS)
    return python


def _run(program: str, bound: str, paths: Sequence[str], further: Sequence[str]) -> Iterator[tuple[bool, str]]:
    """Whether the tests of each path passed, and their summary, with a line for each failure."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            python = _environment(folder, program, bound, further)
        except subprocess.CalledProcessError as error:
            yield False, f"could not be installed: {str(error.stderr).strip()}"
            return
        except subprocess.TimeoutExpired:
            yield False, f"could not be installed within {_SECONDS:,} s"
            return
        for path in paths:
            tests = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--skip-missing", path]
            done = subprocess.run(tests, capture_output=True, text=True, check=False, cwd=ROOT)
            lines = done.stdout.strip().splitlines() or [done.stderr.strip()]
            wrong = (line for line in lines if line.startswith(("FAILED", "ERROR")))
            yield done.returncode in _PASSED, "\n  ".join([f"{path}: {lines[-1]}", *wrong])


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.tools.versions", description=__doc__)
    parser.add_argument("--python", nargs="*", default=PYTHONS, metavar="VERSION")
    parser.add_argument("--bound", nargs="*", default=("lowest", "newest"), choices=("lowest", "newest"))
    parser.add_argument("--tests", nargs="*", default=TESTS, metavar="PATH")
    parser.add_argument("--with", nargs="*", default=(), metavar="PACKAGE", dest="further", help="such as tensorflow")
    given = parser.parse_args()
    failed = False
    for version in given.python:
        program = interpreter(version)
        if program is None:
            print(f"Python {version}: not on this machine, skipped", flush=True)
            continue
        for bound in given.bound:
            for passed, said in _run(program, bound, given.tests, given.further):
                failed |= not passed
                print(f"Python {version}, {bound} versions, {said}", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
