"""The tests on the lowest and on the newest versions of the dependencies, on every Python there is.

`python -m tests.tools.versions [--python 3.10 ...] [--bound lowest newest] [--tests PATH ...]`

Each combination has a virtual environment of its own in a temporary folder. The tests are those that need no framework,
unless others are given. A Python that is not on the machine is named and skipped.
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

PYTHONS = ("3.10", "3.11", "3.12", "3.13", "3.14")
TESTS = ("tests/source", "tests/graph", "tests/rules", "tests/text", "tests/judging")
_DEPENDENCIES = re.compile(r"^dependencies = \[\n(.*?)^\]", re.DOTALL | re.MULTILINE)
_RANGE = re.compile(r'"(?P<name>[\w.-]+)>=(?P<lowest>[\d.]+)(?P<below>,<[\d.]+)?(?P<marker>;[^"]*)?"')


def requirements() -> Iterator[re.Match[str]]:
    """The ranges of the dependencies, as the project states them."""
    found = _DEPENDENCIES.search((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert found is not None
    return _RANGE.finditer(found[1])


def lowest() -> list[str]:
    """What asks for the lowest version of each dependency.

    >>> [one for one in lowest() if one.startswith("click")]
    ['click==8.1.*']
    """
    return [f"{one['name']}=={one['lowest']}.*{one['marker'] or ''}" for one in requirements()]


def interpreter(version: str) -> str | None:
    """A Python of a version: on the path, or one of pyenv's."""
    if (found := shutil.which(f"python{version}")) and _is(found, version):
        return found
    places = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"), reverse=True)
    return str(places[0]) if places else None


def _is(program: str, version: str) -> bool:
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return told.stdout.startswith(f"Python {version}.")


def _run(program: str, bound: str, paths: Sequence[str]) -> str:
    """What the tests came to, in one line."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([program, "-m", "venv", folder], check=True)
        python = next(path for path in Path(folder).glob("*/python*") if path.stem == "python")
        pinned = lowest() if bound == "lowest" else []
        install = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", str(ROOT), *pinned]
        done = subprocess.run([*install, "pytest>=8", "hypothesis"], capture_output=True, text=True, check=False)
        if done.returncode:
            return f"could not be installed: {done.stderr.strip().splitlines()[-1]}"
        tests = [str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider", *paths]
        done = subprocess.run(tests, capture_output=True, text=True, check=False, cwd=ROOT)
        lines = done.stdout.strip().splitlines() or [done.stderr.strip()]
        return "\n  ".join([lines[-1], *(line for line in lines if line.startswith(("FAILED", "ERROR")))])


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.tools.versions", description=__doc__)
    parser.add_argument("--python", nargs="*", default=PYTHONS, metavar="VERSION")
    parser.add_argument("--bound", nargs="*", default=("lowest", "newest"), choices=("lowest", "newest"))
    parser.add_argument("--tests", nargs="*", default=TESTS, metavar="PATH")
    given = parser.parse_args()
    failed = False
    for version in given.python:
        program = interpreter(version)
        if program is None:
            print(f"Python {version}: not on this machine, skipped")
            continue
        for bound in given.bound:
            said = _run(program, bound, given.tests)
            failed |= "failed" in said or "error" in said or "could not" in said
            print(f"Python {version}, {bound} versions: {said}", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
