"""A rule, a format, a picture and a modeled function are each added as one new file, without other changes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import ROOT

RULE = '''
"""LAB001."""
from orderlint.graph import Role
from orderlint.judging.rule import Example, NearMiss, Rule, Violation


class NormOnOutput(Rule):
    """A normalization makes the output of the model."""

    code = "LAB001"
    name = "norm-on-output"

    def check(self, units, order):
        for unit in units:
            last = unit.steps[-1]
            if unit.model_output and last.role is Role.NORM:
                yield Violation(self, last.call, (), "", f"`{last.name}` makes the output", unit)
'''
FORMAT = '''
"""The lines of findings."""
from orderlint.report.formats import Use

USE = Use.DATA


def render(report, view):
    return "".join(f"{one.code} {one.location.line}\\n" for one in report.findings)
'''
PICTURE = '''
"""The titles of boxes."""


def render(pictures):
    return "".join(f"{box.title}\\n" for picture in pictures for box in picture.boxes)
'''
FUNCTION = '''
"""`lab.last`: the last element."""
from orderlint.source.python import containers


def _last(m, arguments, site):
    elements = containers.iterate(m, arguments.positional[0])
    return elements[-1].value if elements else None


FUNCTIONS = {"lab.last": _last}
'''
FILES = {
    "rules/norm_on_output.py": RULE,
    "report/formats/lines.py": FORMAT,
    "report/pictures/titles.py": PICTURE,
    "source/library/lab.py": FUNCTION,
}
NET = """\
import lab
from keras import Input, Model, layers
x = inputs = Input((8,))
x = lab.last([layers.ReLU(), layers.BatchNormalization()])(x)
model = Model(inputs, x)
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a copy of the package and four additional files."""
    shutil.copytree(ROOT / "orderlint", tmp_path / "orderlint")
    for name, text in FILES.items():
        (tmp_path / "orderlint" / name).write_text(text.lstrip(), encoding="utf-8")
    (tmp_path / "net.py").write_text(NET, encoding="utf-8")
    return tmp_path


def run(place: Path, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(place), "NO_COLOR": "1"}
    command = [sys.executable, "-m", "orderlint", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=place, env=environment, check=False).stdout


def test_each_is_found_by_being_there(place: Path) -> None:
    """The rule is listed and has findings, the format and the picture are offered, and the function is modeled."""
    assert run(place, "check", "--isolated", "--select", "LAB001", "--format", "lines", "net.py") == "LAB001 4\n"
    assert "norm-on-output" in run(place, "rules")
    assert run(place, "graph", "--isolated", "--format", "titles", "net.py") == "Input\nBatchNormalization\n"
