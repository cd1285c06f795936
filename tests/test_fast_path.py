"""The fast path gives the answer of the command, or none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from orderlint.commands._group import run
from orderlint.engine.screening import needs_of
from orderlint.fast_path import FastPath
from orderlint.judging import Standards, own_registry
from orderlint.screening.needs import USUAL, Needs
from tests.support import ROOT

BAD = "from keras.layers import *\nm = Sequential([Dense(8, activation='relu'), BatchNormalization()])\n"
NOTE = '{"cell_type": "markdown", "metadata": {}, "source": "text"}'
FILES = {
    "plain.py": "import os\nprint(os.name)\n",
    "clean.py": "from keras.layers import Dense\nx = Dense(8)(x)\n",
    "folder/a.py": "x = 1\n",
    "folder/b.py": "import keras\n",
    "folder/c.ipynb": '{"cells": [], "metadata": {}}',
    "colab.ipynb": '{"metadata": {"kernelspec": {"name": "python3"}}, "cells": [' + ", ".join([NOTE] * 100) + "]}",
    "r.ipynb": '{"cells": [], "metadata": {"kernelspec": {"name": "ir", "language": "R"}}}',
    "plains/a.py": "x = 1\n",
    "broken/a.py": "import keras\nx = (\n",
    "brokenplain.py": "x = (\n",
    "bad.py": BAD,
    "mixed/a.py": BAD,
    "mixed/b.py": "x = 1\n",
    "commented.py": "import keras  # orderlint: ignor\n",
    "empty/readme.md": "",
    "venv/a.py": "import keras\n",
    "configured/orderlint.toml": "select = ['ALL']\n",
    "configured/a.py": "from keras.layers import Dropout\nx = Dropout(2)(x)\n",
    "project/pyproject.toml": "[tool.orderlint]\nexclude = ['a.py']\n",
    "project/sub/a.py": BAD,
    "wide/pyproject.toml": "\0".join("[tool.orderlint]\n"),
    "wide/a.py": "x = 1\n",
    "other/pyproject.toml": "[tool.ruff]\n",
    "other/a.py": "x = 1\n",
    "ignoring/.gitignore": "*.py\n!b.py\n",
    "ignoring/a.py": BAD,
    "ignoring/b.py": "x = 1\n",
    "binary.py": "import keras\0\n",
}
# Command lines, and whether the fast path answers them.
LINES: list[tuple[str, bool]] = [
    ("check plain.py", True),
    ("check clean.py", True),
    ("check clean.py plain.py clean.py ./plain.py", True),
    ("check colab.ipynb", True),
    ("check r.ipynb", False),
    ("check folder", True),
    ("check folder folder/a.py plain.py", True),
    ("check plains", True),
    ("check other", True),
    ("check ignoring", True),
    ("check venv", True),
    ("check --isolated configured/a.py", True),
    ("check --isolated project", False),
    ("check --no-cache folder", True),
    ("check --force-exclude plain.py folder/a.py", True),
    ("check --force-exclude brokenplain.py", True),
    ("check --force-exclude venv/a.py plain.py", True),
    ("check --force-exclude venv/a.py", False),
    ("check brokenplain.py", False),
    ("check broken", False),
    ("check bad.py", False),
    ("check mixed", False),
    ("check ignoring/a.py", False),
    ("check commented.py", False),
    ("check binary.py", False),
    ("check configured", False),
    ("check configured/a.py", False),
    ("check project", False),
    ("check project/sub/a.py", False),
    ("check wide", False),
    ("check wide/a.py", False),
    ("check", False),
    ("check .", False),
    ("check missing.py", False),
    ("check plain.py missing", False),
    ("check empty", False),
    ("check empty plain.py", False),
    ("check -", False),
    ("check -- plain.py", False),
    ("check --help", False),
    ("check -h plain.py", False),
    ("check --quiet plain.py", True),
    ("check -q --format concise plain.py", True),
    ("check --format json plain.py", False),
    ("check --format=concise plain.py", True),
    ("check --output-format full plain.py", True),
    ("check plain.py --format", False),
    ("check --color never plain.py", True),
    ("check --color sometimes plain.py", False),
    ("check --warn ALL --force-exclude plain.py", True),
    ("check --warn ORD001 plain.py", False),
    ("check --select ORD001 plain.py", False),
    ("check --statistics plain.py", False),
    ("check --exit-zero plain.py", True),
    ("check --exit-zero bad.py", False),
    ("check --jobs 2 folder", True),
    ("check --jobs=2 -j 1 folder", True),
    ("check --jobs 0 folder", False),
    ("check --jobs two folder", False),
    ("check --jobs", False),
    ("check --unknown plain.py", False),
    ("check --isolate plain.py", False),
    ("check --isolated --config x plain.py", False),
    ("check --show-files plain.py", False),
    ("chekc plain.py", False),
    ("plain.py", True),
    ("plain.py --quiet", True),
    ("folder", False),
    ("--version", False),
    ("", False),
    ("rules", False),
]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(("line", "answers"), LINES, ids=[line or "nothing" for line, _ in LINES])
def test_both_paths_say_the_same(line: str, answers: bool, capsys: pytest.CaptureFixture[str]) -> None:
    """Output and exit status of the fast path are those of the command."""
    fast_path = FastPath(line.split())
    status = fast_path.status()
    said = capsys.readouterr()
    assert (status is not None) is answers
    if status is None:
        assert said == ("", ""), "it says nothing where it leaves the answer to the command"
        return
    assert run(line.split()) == status
    assert capsys.readouterr() == said


@pytest.mark.parametrize("line", ["check mixed", "check bad.py", "check broken folder", "check --isolated ."])
def test_the_command_takes_over_what_was_seen(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The screening is not repeated, and the result is the same."""
    fast_path = FastPath(line.split())
    assert fast_path.status() is None
    assert fast_path.seen
    status = run(line.split(), fast_path)
    said = capsys.readouterr()
    assert run(line.split()) == status
    assert capsys.readouterr() == said


def test_the_fast_path_knows_the_rules_that_apply() -> None:
    """The roles that it looks for are those of the rules enabled by default."""
    registry = own_registry()
    usual = needs_of(Standards(tuple(registry.rules[code] for code in registry.usual)))
    assert set(usual.sets or ()) == set(USUAL)
    assert Needs(USUAL).is_usual
    assert usual.is_usual


# Each run loads these modules. `re`, `typing` and `pathlib` each take longer than all of them.
LOADED = """
__future__ _symtable orderlint orderlint.cli orderlint.fast_path orderlint.report orderlint.report.clean
orderlint.screening
orderlint.screening.imports orderlint.screening.modules orderlint.screening.needs orderlint.screening.packages
orderlint.screening.reach orderlint.screening.screen orderlint.screening.syntax orderlint.screening.vocabulary
orderlint.text orderlint.text.marks orderlint.text.regular orderlint.version warnings
"""
FOUND = "orderlint.discovery orderlint.discovery.ignoring orderlint.discovery.walking orderlint.text.failures"


_PLAIN = pytest.param(
    "check plain.py",
    LOADED,
    marks=pytest.mark.skipif(sys.version_info < (3, 11), reason="it measures first what would end Python 3.10 itself"),
)


@pytest.mark.parametrize(("line", "loaded"), [_PLAIN, ("check plains", f"{LOADED} {FOUND}")])
def test_what_the_fast_path_loads(line: str, loaded: str) -> None:
    """No part of click, rich, the configuration, rules or engine, and little of the standard library."""
    assert loaded_by(line) <= set(loaded.split())


def test_what_the_fast_path_loads_to_repeat_an_answer() -> None:
    """Of the engine, only the module for cached answers."""
    loaded_by("check --exit-zero bad.py")
    loaded = loaded_by("check --exit-zero bad.py")
    assert {name for name in loaded if name.startswith("orderlint.engine.")} == {
        "orderlint.engine.answers",
        "orderlint.engine.places",
    }
    assert not {name.partition(".")[0] for name in loaded} & {"click", "rich", "libcst", "json", "typing", "pathlib"}
    assert not {"orderlint.config", "orderlint.rules", "orderlint.judging", "orderlint.commands"} & loaded


def loaded_by(line: str) -> set[str]:
    """The modules that a command line loads in addition to those of Python's startup."""
    code = (
        "import sys; before = set(sys.modules)\n"
        "from orderlint.cli import main\n"
        f"try: main({line.split()})\n"
        "except SystemExit as end: assert end.code == 0\n"
        "print(*sorted(set(sys.modules) - before), file=sys.stderr)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return set(result.stderr.split())


def test_a_reader_that_goes_away_ends_nothing() -> None:
    """`orderlint check plain.py | true` ends with status 0 and no message."""
    code = (
        "import os; r, w = os.pipe(); os.dup2(w, 1); os.close(w); os.close(r)\n"
        "from orderlint.cli import main; main(['check', 'plain.py'])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert (result.returncode, result.stderr) == (0, "")
