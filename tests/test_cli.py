"""The command line: output, streams and exit statuses."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import click
import jsonschema
import pytest
import tomli
from click.testing import CliRunner

from orderlint import __version__, cli
from orderlint.commands._errors import show
from orderlint.engine import checking as engine
from orderlint.engine import session as sessions
from orderlint.graph import Unit
from orderlint.judging import Order, Violation
from tests.judged import RULES, session_with
from tests.running import Place, notebook
from tests.support import ROOT

HEAD = "from keras import layers\n\n\n"
BAD = HEAD + 'def net(x):\n    return layers.BatchNormalization()(layers.Dense(8, "relu")(x))\n'
GOOD = HEAD + "def net(x):\n    return layers.ReLU()(layers.BatchNormalization()(layers.Dense(8)(x)))\n"
DROPOUT = HEAD + "def net(x):\n    return layers.BatchNormalization()(layers.Dropout(0.2)(layers.Dense(8)(x)))\n"


class Here(Place):
    """Runs orderlint in the test or in a separate process."""

    def spawn(
        self, *args: str, stdin: bytes | None = None, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Run in a separate process."""
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})}
        command = [sys.executable, "-m", "orderlint", *args]
        return subprocess.run(command, cwd=self.folder, env=environment, input=stdin, capture_output=True, check=False)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Here:
    monkeypatch.chdir(tmp_path)
    return Here(tmp_path, capsys)


# -- findings, formats, exit status --------------------------------------------------------------------------------


def test_a_clean_file_is_status_0(here: Here) -> None:
    """The output is one line."""
    here.write("net.py", GOOD)
    assert here.run("check", "net.py") == (0, "No layer out of order in 1 file.\n", "")


def test_a_finding_is_status_1_and_shows_the_code(here: Here) -> None:
    """The full format marks both layers, shows both chains and the repair, and ends with a summary."""
    here.write("net.py", BAD)
    status, out, err = here.run("check", "net.py")
    assert (status, err) == (1, "")
    assert "ORD001 `BatchNormalization` after the activation `ReLU`" in out
    assert "net.py:5:12" in out
    assert "^^^^ " in out
    assert "norm after activation" in out
    assert "activation applied here" in out
    assert "found        Dense → ReLU → BatchNormalization" in out
    assert "recommended  Dense → BatchNormalization → ReLU" in out
    assert "1 finding in 1 file." in out


def test_concise_is_one_line_a_finding(here: Here) -> None:
    """Standard output has only findings; the summary goes to standard error."""
    here.write("b.py", BAD)
    here.write("a.ipynb", notebook("import keras", BAD))
    status, out, err = here.run("check", "--format", "concise")
    assert status == 1
    assert re.fullmatch(r"a\.ipynb:cell 2:5:12: ORD001 .+\nb\.py:5:12: ORD001 .+\n", out)
    assert "2 findings in 2 files" in err


def test_json_is_the_documented_one(here: Here) -> None:
    """The output is valid against the schema, including errors, and standard output has nothing else."""
    here.write("net.py", BAD)
    here.write("bad.py", b"import keras\0")
    status, out, _ = here.run("check", "--format", "json", "--statistics")
    assert status == 2
    report = json.loads(out)
    jsonschema.validate(report, json.loads((ROOT / "docs" / "report.schema.json").read_text()))
    assert [(f["path"], f["line"], f["column"], f["code"]) for f in report["findings"]] == [("net.py", 5, 12, "ORD001")]
    assert report["findings"][0]["chain"] == ["Dense", "ReLU", "BatchNormalization"]
    assert report["findings"][0]["related"][0]["message"] == "activation applied here"
    assert report["findings"][0]["repair"]["kind"] == "changes-model"
    assert [error["path"] for error in report["errors"]] == ["bad.py"]
    assert report["files"] == 1  # a file that cannot be read was not checked


@pytest.mark.parametrize(
    ("command", "name"),
    [("check", "net.py"), ("graph", "net.py"), ("check", "NET.IPYNB"), ("inspect", "m.h5"), ("inspect", "m.json")],
)
def test_a_report_never_replaces_what_is_looked_at(here: Here, command: str, name: str) -> None:
    """In `orderlint check -o *.py`, the first file would be overwritten."""
    path = here.write(name, BAD)
    status, _, err = here.run(command, "-o", name, name)
    assert status == 2
    assert "name another file" in err
    assert path.read_text() == BAD


def test_the_default_path_is_the_current_folder(here: Here) -> None:
    """`orderlint check` without paths checks the current folder and those below."""
    here.write("deep/er/net.py", BAD)
    assert "deep/er/net.py:5:12" in here.run("check", "--format", "concise").out


def test_a_file_named_twice_is_checked_once(here: Here) -> None:
    """Also if it is both named and in a named folder."""
    here.write("src/net.py", BAD)
    _, out, err = here.run("check", "--format", "concise", "src", "src/net.py", "./src/../src/net.py")
    assert len(out.splitlines()) == 1
    assert "1 finding in 1 file" in err


def test_exit_zero_forgives_findings_only(here: Here) -> None:
    """With --exit-zero findings are no failure, but a file that cannot be read is one."""
    here.write("net.py", BAD)
    assert here.run("check", "--exit-zero").status == 0
    assert here.run("check", "--exit-zero", "net.py", "nothing.py").status == 2
    assert here.run("check", "--exit-zero", "--select", "ORD9999").status == 2


def test_statistics_count_by_rule(here: Here) -> None:
    """The most frequent rule is first."""
    here.write("a.py", BAD)
    here.write("b.py", BAD)
    here.write("c.py", DROPOUT)
    out = here.run("check", "--statistics", "--format", "concise").out
    assert out.endswith("2  ORD001  norm-after-activation\n1  ORD002  dropout-before-norm\n")


def test_show_files_lists_and_checks_nothing(here: Here) -> None:
    """It lists the files that would be checked, with status 0."""
    here.write("net.py", BAD)
    here.write("sub/nb.ipynb", "no notebook")
    here.write("notes.txt", "")
    assert here.run("check", "--show-files") == (0, "net.py\nsub/nb.ipynb\n", "")


def test_warned_rules_do_not_fail(here: Here) -> None:
    """Rules under `warn` in the configuration are reported, marked, and do not change the status."""
    here.write("net.py", BAD)
    here.write("orderlint.toml", 'warn = ["ORD001"]\n')
    status, out, err = here.run("check", "--format", "concise")
    assert status == 0
    assert "ORD001 (warning)" in out
    assert "1 warning in" in err


# -- which rules and which files -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        ((), {"ORD001"}),
        (("--select", "ORD002"), set()),
        (("--select", "ORD0,ORD101"), {"ORD001"}),
        (("--select", "ORD108"), {"ORD108"}),
        (("--extend-select", "ORD1"), {"ORD001", "ORD108"}),
        (("--select", "ALL", "--ignore", "ORD001"), {"ORD108"}),
        (("--select", "norm-after-activation"), {"ORD001"}),
        (("--ignore", "ORD001"), set()),
    ],
)
def test_rules_are_selected_by_code_beginning_name_or_all(here: Here, options: Sequence[str], codes: set[str]) -> None:
    """The options work as documented, and override the configuration."""
    here.write("net.py", BAD + "\n\ny = layers.Dropout(0.95)\nz = y(layers.LSTM(4)(keras.Input((4, 4))))\n")
    here.write("orderlint.toml", "")
    report = json.loads(here.run("check", "--format", "json", *options).out)
    assert {finding["code"] for finding in report["findings"]} == codes


def test_options_override_the_configuration(here: Here) -> None:
    """Selections of the command line replace those of the configuration; --isolated ignores the configuration."""
    here.write("net.py", BAD)
    here.write("pyproject.toml", '[tool.orderlint]\nselect = ["ORD002"]\n')
    assert here.run("check").status == 0
    assert here.run("check", "--select", "ORD001").status == 1
    assert here.run("check", "--extend-select", "ORD001").status == 1
    assert here.run("check", "--isolated").status == 1


def test_the_nearest_configuration_wins(here: Here) -> None:
    """Each file is checked with the nearest configuration."""
    here.write("orderlint.toml", 'ignore = ["ORD001"]\n')
    here.write("net.py", BAD)
    here.write("sub/orderlint.toml", "")
    here.write("sub/net.py", BAD)
    assert here.run("check", "--format", "concise").out.startswith("sub/net.py:")


def test_config_names_the_configuration_for_all_files(here: Here) -> None:
    """--config replaces the nearest one."""
    here.write("ci/orderlint.toml", 'ignore = ["ORD001"]\n')
    here.write("net.py", BAD)
    assert here.run("check", "--config", "ci/orderlint.toml").status == 0


def test_excluded_files_are_left_out_unless_named(here: Here) -> None:
    """--exclude applies to files found in folders; --force-exclude also to named ones."""
    here.write("gen/net.py", BAD)
    here.write("net.py", BAD)
    assert here.run("check", "--show-files", "--exclude", "gen/").out == "net.py\n"
    assert here.run("check", "--show-files", "--exclude", "gen", "gen/net.py").out == "gen/net.py\n"
    status, out, _ = here.run("check", "--force-exclude", "--exclude", "gen", "gen/net.py")
    assert (status, out) == (0, "Nothing to check: all files are excluded.\n")
    assert here.run("check", "--show-files", "--exclude", "gen", "gen").out == "gen/net.py\n"
    status, out, _ = here.run("check", "--force-exclude", "--exclude", "gen", "gen")
    assert (status, out) == (0, "Nothing to check: all files are excluded.\n")


# -- standard input ------------------------------------------------------------------------------------------------


def test_standard_input_is_checked_under_its_name(here: Here) -> None:
    """`-` with --stdin-filename reports that path and shows the code that was read."""
    here.write("net.py", GOOD)
    status, out, _ = here.run("check", "-", "--stdin-filename", "net.py", stdin=BAD.encode())
    assert status == 1
    assert "net.py:5:12" in out
    assert 'layers.Dense(8, "relu")(x))' in out


def test_standard_input_may_be_nameless_or_a_notebook(here: Here) -> None:
    """Without a name it is `<stdin>`; a name with the suffix .ipynb makes it a notebook."""
    out = here.run("check", "-", "--format", "concise", stdin=BAD.encode()).out
    assert out.startswith("<stdin>:5:12: ORD001")
    text = notebook("import keras", BAD).encode()
    out = here.run("check", "-", "--stdin-filename", "a.ipynb", "--format", "concise", stdin=text).out
    assert out.startswith("a.ipynb:cell 2:5:12: ORD001")


def test_standard_input_follows_the_imports_and_configuration_of_its_name(here: Here) -> None:
    """Modules and configuration are looked up relative to the name."""
    here.write("pkg/blocks.py", HEAD + "def dense(x):\n    return layers.Dense(8, 'relu')(x)\n")
    use = b"from blocks import dense\nimport keras\nx = keras.layers.BatchNormalization()(dense(keras.Input((8,))))\n"
    result = here.run("check", "-", "--stdin-filename", "pkg/net.py", "--format", "concise", stdin=use)
    assert result.out.startswith("pkg/net.py:3:5: ORD001")
    here.write("pkg/orderlint.toml", 'ignore = ["ORD001"]\n')
    assert here.run("check", "-", "--stdin-filename", "pkg/net.py", stdin=use).status == 0


def test_a_dash_is_standard_output(here: Here) -> None:
    """As an output file, `-` is not a file of this name."""
    here.write("net.py", BAD)
    usual = here.run("check", "--format", "json", "net.py")
    assert here.run("check", "--format", "json", "-o", "-", "net.py") == usual
    assert here.run("graph", "net.py", "-o", "-") == here.run("graph", "net.py")
    assert not (here.folder / "-").exists()


def test_standard_input_honors_its_coding_cookie(here: Here) -> None:
    """The bytes are decoded like those of a file."""
    text = ("# coding: latin-1\n" + BAD + "# é\n").encode("latin-1")
    assert here.run("check", "-", stdin=text).status == 1


# -- bad input -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["check", "nothing.py"], ["error: nothing.py: no such file or folder"]),
        (["check", "empty"], ["error: empty: no Python files or notebooks in this folder"]),
        (["check", ""], ['error: a path is empty (`""`); name a file or a folder, such as `.` for the current one']),
        (["fix", "net.py", ""], ["error: a path is empty"]),
        (["check", "--config", ""], ["invalid value for `--config`: the path is empty"]),
        (["fix", "--verify", "", "net.py"], ["invalid value for `--verify`: the name is empty"]),
        (["inspect", ""], ['error: the name of the model is empty (`""`); expected a saved model (`best.keras`)']),
        (["graph", ""], ["error: the name of the model is empty"]),
        (["check", "nul.py"], ["error: nul.py: ", "NUL byte in line 2"]),
        (["check", "latin.py"], ["error: latin.py: ", "not valid utf-8", "line 1", "coding"]),
        (["check", "cookie.py"], ["cookie.py: the coding comment names an unknown encoding, `klingon`; name one"]),
        (["check", "broken.ipynb"], ["error: broken.ipynb: ", "notebook"]),
        (["check", "--select", "ORD01"], ["--select", "unknown rule `ORD01`; did you mean `ORD0"]),
        (["check", "--ignore", "norm-after-activations"], ["--ignore", "did you mean `norm-after-activation`?"]),
        (["check", "--select", ","], ["invalid value for `--select`: no rule is given (`orderlint rules` lists"]),
        (["check", "-o", "none/a.txt", "net.py"], ["cannot be written to none/a.txt: no such folder: none"]),
        (["check", "-o", "empty", "net.py"], ["`-o` / `--output-file`: `empty` is a folder, expected a file\n"]),
        (["check", "--frob"], ["no such option `--frob`"]),
        (["check", "--config", "none.toml"], ["none.toml: no such file"]),
        (["check", "--config", "other.toml"], ["other.toml: no table `[tool.orderlint]`: only `orderlint.toml` has"]),
        (["check", "--config", "other.toml", "--isolated"], ["--isolated", "one of them"]),
        (["check", "badkey"], ["badkey/orderlint.toml:2: unknown key `selct`; did you mean `select`?"]),
        (["check", "badvalue"], ["badvalue/orderlint.toml:1: unknown rule `ORD0011`; did you mean `ORD001`?"]),
        (["check", "badtoml"], ["badtoml/orderlint.toml:1: not valid TOML"]),
        (["check", "--stdin-filename", "a.py"], ["--stdin-filename", "`-`"]),
        (["check", "-", "--stdin-filename", ""], ["--stdin-filename is empty; give the name of the file"]),
        (["check", "-", "net.py"], ["`-`", "cannot be combined"]),
        (["check", "--jobs", "0"], ["--jobs", "`0` is not a whole number of at least 1"]),
        (["check", "--jobs", "many"], ["--jobs", "`many` is not a whole number of at least 1"]),
        (
            ["check", "net.py", "--cluster", "nowhere"],
            ["`nowhere` is not an address with a port, such as tcp://"],
        ),
        (["fix", "--verify", "net.py"], ["`--verify`", "that builds the model, such as net.py::build_model"]),
        (["fix", "--verify", "best.keras"], ["`--verify`", "best.keras: a saved model, expected code that builds it"]),
        (["check", "--format", "sarf"], ["--format", "did you mean `sarif`?"]),
        (["chek"], ["no such command `chek`; did you mean `check`?"]),
        (["check", "--selct", "ORD001"], ["no such option `--selct`; did you mean `--select`?\n"]),
        (["fix", "--no-cache"], ["no such option `--no-cache`; it is an option of `orderlint check`\n"]),
        (["rules", "--verify"], ["no such option `--verify`; it is an option of `orderlint fix`\n"]),
        (["baseline", "--nonsense"], ["no such option `--nonsense`\n"]),
        (["check", "--ad"], ["no such option `--ad`; did you mean `--add-ignores`?\n"]),
        (["check", "--st"], ["no such option `--st`; did you mean `--statistics` or `--stdin-filename`?\n"]),
        (["fix", "--watch"], ["no such option `--watch`; it is an option of `orderlint check`\n"]),
        (["measure", "--fa"], ["no such option `--fa`; did you mean `--fail-above`?\n"]),
        (
            ["check", "--format", "svg"],
            ["unknown format `svg`; it is a format of `orderlint inspect` and `orderlint graph`"],
        ),
        (["fix", "--format", "sarif"], ["`sarif`; it is a format of `orderlint check` and `orderlint inspect`"]),
        (["fix", "--format", "jsn"], ["unknown format `jsn`; did you mean `json`?"]),
        (["rules", "ORD001"], ["`orderlint rules` takes no arguments; `orderlint rule ORD001` explains a rule"]),
        (["check", "--format", "sa"], ["unknown format `sa`; did you mean `sarif`?"]),
        (["re"], ["no such command `re`; did you mean `recalibrate`?"]),
        (["checks"], ["no such command `checks`; did you mean `check`?"]),
        (["rule", "ORD0001"], ["unknown rule `ORD0001`; did you mean `ORD0"]),
        (["graph", "nothing.py"], ["nothing.py: no such file"]),
        (["graph", "nett.py"], ["nett.py: no such file or folder; did you mean `net.py`?"]),
        (["graph", "broken.py"], ["error: broken.py: line 1 cannot be parsed"]),
        (["graph", "notes.txt"], ["notes.txt: expected source (.py, .ipynb) or a saved model (.h5, "]),
        (["measure", "best.keras", "--fail-above", "0.5"], ["--fail-above", "`0.5` is not a number of at least 1"]),
        (["measure", "best.keras", "--svg", "none/a.svg"], ["none/a.svg: the folder none does not exist"]),
        (
            ["recalibrate", "net.py::build", "--data", "x.npy", "-o", "new.keras"],
            ["net.py::build: expected a saved model; for one that code builds, call `orderlint.recalibrate`"],
        ),
        (["explain", "ORD001"], ["no such command `explain`; did you mean `rule`?"]),
        (["graph", "net.py::nett"], ["net.py", "`nett`; did you mean `net`?"]),
        (["graph", "net.py::build"], ["net.py defines no function or class `build`; it defines `net`"]),
        (["graph", "layers.py::f"], ["no function or class `f`; without a name, `orderlint graph layers.py` shows"]),
        (["server", "foo"], ["unexpected `foo`: `orderlint server` takes no arguments; leave it out"]),
        (["rule", "ORD001", "ORD002"], ["unexpected `ORD002`: `orderlint rule` only takes [CODE]; leave it out"]),
        (["rule", "ORD999"], ["unknown rule `ORD999` (`orderlint rules` lists all rules)"]),
        (["check", "--select", "ORD5"], ["unknown rule `ORD5` (`orderlint rules` lists all rules)"]),
        (["check", "--diff-base", "", "net.py"], ["--diff-base needs a revision: a commit, a tag or a"]),
        (["check", "--config", "othr.toml"], ["othr.toml: no such file; did you mean `other.toml`?"]),
        (["inspect", "models/bset.keras"], ["models/bset.keras: no such file; did you mean `best.keras`?"]),
        (["inspect", "models/best.keras"], ["not a .keras archive: the file is empty; save the model again"]),
        (["graph", "net.py", "--format", "sgv"], ["--format", "unknown format `sgv`", "did you mean `svg`?"]),
        (["fix", "--only", "same-inferense"], ["--only", "did you mean `same-inference`?"]),
        (["inspect", "models"], ["models: the folder is neither", "name the models in it: best.h5, best.keras"]),
        (["graph", "net.py::biuld"], ["invalid value for `TARGET`: net.py defines no function or class `biuld`"]),
        (["graph", "zoo"], ["zoo: a folder, expected one file of it, such as zoo/net.py"]),
        (["inspect", "zoo"], ["zoo: the folder contains source code", "such as zoo/net.py::build_model"]),
        (["inspect", "lesson.ipynb"], ["lesson.ipynb: a notebook; `orderlint check` reads it, and `%orderlint model`"]),
        (["inspect", "empty"], ["empty: the folder is neither a SavedModel nor an unpacked .keras archive\n"]),
    ],
)
def test_bad_input_has_a_clear_message_and_status_2(here: Here, args: list[str], words: list[str]) -> None:
    """What was given, what was expected and how to mend it, on standard error, without a traceback."""
    here.write("net.py", GOOD)
    here.write("nul.py", b"import keras\nx = '\0'\n")
    here.write("latin.py", b"x = '\xe9'  # keras\n")
    here.write("cookie.py", b"# coding: klingon\nimport keras\n")
    here.write("broken.ipynb", '{"cells": [')
    here.write("other.toml", "[tool.other]\n")
    here.write("broken.py", "x = (\n")
    here.write("notes.txt", "hello\n")
    here.write("layers.py", "import keras\n")
    here.write("badkey/orderlint.toml", '\nselct = ["ORD001"]\n')
    here.write("badkey/net.py", GOOD)
    here.write("zoo/__init__.py", "")
    here.write("zoo/net.py", GOOD)
    here.write("lesson.ipynb", "{}")
    here.write("badvalue/orderlint.toml", 'select = ["ORD0011"]\n')
    here.write("badvalue/net.py", GOOD)
    here.write("badtoml/orderlint.toml", "select = [\n")
    here.write("badtoml/net.py", GOOD)
    here.write("models/best.keras", "")
    here.write("models/best.h5", "")
    (here.folder / "empty").mkdir()
    status, _, err = here.run(*args)
    assert status == 2
    for word in words:
        assert word in err


def test_one_bad_path_does_not_hide_the_others(here: Here) -> None:
    """The other paths are checked; the status says that there was an error."""
    here.write("net.py", BAD)
    here.write("nul.py", b"import keras\0")
    status, out, err = here.run("check", "nothing", "net.py", "nul.py", "--format", "concise")
    assert status == 2
    assert out.startswith("net.py:5:12: ORD001")
    assert "error: nothing: " in err
    assert "error: nul.py: " in err


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root and Windows read everything")
def test_a_file_without_permission_is_an_error(here: Here) -> None:
    """The error is that of the file, with status 2."""
    here.write("net.py", BAD).chmod(0)
    status, _, err = here.run("check")
    assert status == 2
    assert "error: net.py: permission denied" in err


def test_a_file_that_does_not_parse_is_a_finding(here: Here) -> None:
    """ORD900 with its place, and status 1."""
    here.write("net.py", "import keras\nx = (\n")
    status, out, _ = here.run("check", "--format", "concise")
    assert status == 1
    assert out.startswith("net.py:2:5: ORD900 ")


def test_a_bracket_that_is_never_closed_is_called_so(here: Here) -> None:
    """With Python's message, in scripts and cells, and no other message of Python."""
    code = "import keras\nmodel = keras.Sequential([\n    keras.layers.Dense(1),\n"
    cell = {"cell_type": "code", "source": f"%matplotlib inline\n{code}", "metadata": {}, "outputs": []}
    here.write("net.py", code)
    here.write("net.ipynb", json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    _, out, _ = here.run("check")
    assert out.count("cannot be parsed: '[' was never closed") == 2
    assert "net.py:2:26" in out
    assert "net.ipynb:cell 1:3:26" in out
    assert "invalid syntax" not in out


def test_other_encodings_are_read(here: Here) -> None:
    """Coding comments, byte order marks and all newlines are supported; columns count code points."""
    line = '    x = "é" and layers.BatchNormalization()(layers.Dense(8, "relu")(x))\n'
    text = HEAD + "def net(x):\n" + line
    here.write("latin.py", b"# coding: latin-1\n" + text.encode("latin-1"))
    here.write("bom.py", b"\xef\xbb\xbf" + text.encode())
    here.write("crlf.py", text.replace("\n", "\r\n").encode())
    out = here.run("check", "--format", "concise").out
    assert [row.split(": ")[0] for row in out.splitlines()] == ["bom.py:5:17", "crlf.py:5:17", "latin.py:6:17"]


# -- internal errors -----------------------------------------------------------------------------------------------


class Crashing(type(RULES["ORD002"])):  # type: ignore[misc]
    """ORD002, with a bug."""

    def check(self, units: Sequence[Unit], order: Order) -> Iterator[Violation]:
        raise RuntimeError("a bug")


def test_an_internal_error_names_file_and_rule(
    here: Here, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 2 with one line; the traceback only with --debug; other findings are reported."""
    monkeypatch.setattr(sessions, "load_plugins", lambda: session_with([Crashing()]).plugins)
    here.write("net.py", BAD)
    status, out, err = here.run("check", "--format", "concise")
    assert status == 2
    assert "ORD001" in out
    assert "error: net.py: internal error in rule ORD002: RuntimeError: a bug" in err
    with pytest.raises(SystemExit):
        cli.main(["check", "--debug"])
    assert "Traceback" in capsys.readouterr().err


def test_an_interrupt_is_status_130(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends the run without a traceback."""

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(engine, "check", interrupted)
    here.write("net.py", BAD)
    assert here.run("check").status == 130


# -- terminals, pipes, encodings -----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["full", "concise"])
@pytest.mark.parametrize(
    ("environment", "is_colored"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)],
)
def test_color_follows_the_environment(here: Here, form: str, environment: dict[str, str], is_colored: bool) -> None:
    """A pipe has no color; FORCE_COLOR enables it, NO_COLOR takes precedence."""
    here.write("net.py", BAD)
    result = here.spawn("check", "--format", form, environment={**environment, "PYTHONIOENCODING": "utf-8"})
    assert result.returncode == 1
    assert (b"\x1b[" in result.stdout) is is_colored


@pytest.mark.parametrize(
    "args", [["check"], ["check", "--format", "concise"], ["rules"], ["rule", "ORD001"], ["graph", "net.py"]]
)
@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp437"])
def test_any_console_encoding_will_do(here: Here, args: list[str], encoding: str) -> None:
    """On a redirected Windows console, or with LANG=C, missing characters are replaced without an error."""
    here.write("net.py", BAD.replace("net(", "netz_日本(").replace("8", "8  # → é 日本\n    "))
    result = here.spawn(*args, environment={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"})
    assert result.stderr.decode("latin-1").count("Traceback") == 0
    assert result.returncode == (1 if args[0] == "check" else 0)
    result.stdout.decode(encoding)


@pytest.mark.skipif(os.name == "nt", reason="pipes end otherwise on Windows")
@pytest.mark.parametrize("form", ["full", "concise", "json"])
def test_a_reader_that_goes_away_is_no_error(here: Here, form: str) -> None:
    """`orderlint check | head -1` ends without a message, and with the status of the findings."""
    for number in range(10):
        here.write(f"net_{number}.py", HEAD + "\n".join([BAD.removeprefix(HEAD)] * 40))
    command = [sys.executable, "-m", "orderlint", "check", "--format", form]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=here.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        error = process.stderr.read().decode()
    assert "Traceback" not in error
    assert "BrokenPipe" not in error
    assert process.returncode == 1


@pytest.mark.skipif(os.name == "nt", reason="there is no pty")
@pytest.mark.parametrize(
    ("args", "status"),
    [
        (["check", "net.py"], 1),
        (["check", "net.py", "with a long name/that is missing.py"], 2),
        (["fix", "net.py"], 0),
        (["fix", "--check", "net.py"], 1),
        (["fix", "--only", "equivalent", "net.py"], 1),
        (["baseline"], 0),
        (["graph", "net.py"], 0),
        (["inspect", "model.json"], 1),
        (["rules"], 0),
    ],
    ids=lambda value: " ".join(value[:3]) if isinstance(value, list) else "",
)
def test_a_terminal_gets_color_and_its_width(here: Here, args: list[str], status: int) -> None:
    """On a terminal each row fits, no word is broken, and names in backticks have a style."""
    import pty

    here.write("net.py", BAD)
    kinds = [("Dense", {"activation": "relu"}), ("BatchNormalization", {"name": "batch_normalization_of_the_block"})]
    layers = [{"class_name": kind, "config": {"name": kind.lower(), **more}} for kind, more in kinds]
    here.write("model.json", json.dumps({"class_name": "Sequential", "config": {"name": "m", "layers": layers}}))
    leader, follower = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "60", "TERM": "xterm-256color"}
    command = [sys.executable, "-m", "orderlint", *args]
    with subprocess.Popen(command, cwd=here.folder, env=environment, stdout=follower, stderr=follower) as process:
        os.close(follower)
        output = b""
        while chunk := _read(leader):
            output += chunk
    os.close(leader)
    text = output.decode()
    assert process.returncode == status
    assert "\x1b[" in text or args[0] == "graph"
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text).splitlines()
    assert max(len(line.rpartition("\r")[2]) for line in plain) <= 60
    assert "`" not in text


@pytest.mark.parametrize("name", ["baseline", "fix", "graph", "inspect", "measure", "recalibrate", "rule"])
def test_help_fits_a_narrow_terminal(name: str) -> None:
    """Tables of two columns that are too wide are reformatted, and no word is broken or lost."""
    runner = CliRunner()
    wide, narrow = (runner.invoke(cli.group, [name, "--help"], terminal_width=width).output for width in (120, 50))
    assert max(map(len, narrow.splitlines())) <= 50
    assert [line for line in (wide + narrow).splitlines() if line.endswith("-")] == []
    assert narrow.partition("Options:")[0].split() == wide.partition("Options:")[0].split()


def test_in_a_pipe_lines_of_code_are_whole(here: Here) -> None:
    """Files and logs have room for common line lengths; `COLUMNS` changes it."""
    line = '    return layers.BatchNormalization()(layers.Dense(8, "relu", name="a_name_for_a_layer_that_is_long")(x))'
    here.write("net.py", f"from keras import layers\n\n\ndef net(x):\n{line}\n")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "orderlint", "check", "--no-cache", "net.py"]

    def shown(**more: str) -> list[str]:
        done = subprocess.run(
            command, cwd=here.folder, env={**environment, **more}, capture_output=True, text=True, check=False
        )
        return done.stdout.splitlines()

    whole, narrow = shown(), shown(COLUMNS="80")
    assert f"5 │ {line}" in whole
    frames = whole[: whole.index("1 finding in 1 file.")]
    assert max(map(len, frames)) <= 120
    assert max(map(len, whole)) > 120, "the sentences of the summary are whole, too"
    assert max(map(len, narrow)) <= 80


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_a_pipe_in_a_terminal_has_its_width(here: Here) -> None:
    """The output of `| less` and `| head` is shown in the terminal of standard error."""
    import fcntl
    import pty
    import struct
    import termios

    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 70, 0, 0))
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "orderlint", "rules"]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=follower, text=True, check=True)
    os.close(follower)
    os.close(leader)
    assert 60 < max(map(len, done.stdout.splitlines())) <= 70


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:  # the other end is closed
        return b""


def test_progress_is_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not written to a pipe or an annotation log; a terminal shows a line, which is removed at the end."""
    from orderlint.progress import ProgressLine

    for name in ("GITHUB_ACTIONS", "TF_BUILD"):
        monkeypatch.delenv(name, raising=False)

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def shown_on(stream: io.StringIO) -> io.StringIO:
        with ProgressLine(stream) as progress:
            progress._next = 0.0
            progress(120, 3400, "src/a\x1bnet.py")
        return stream

    assert shown_on(io.StringIO()).getvalue() == ""
    terminal = shown_on(Terminal())
    assert "3280 of 3400 files left: src/a?net.py" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r")
    assert terminal.getvalue().rstrip("\r").endswith(" ")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert shown_on(Terminal()).getvalue() == ""


@pytest.mark.parametrize("form", ["full", "concise"])
def test_a_pipe_sees_findings_as_they_come(here: Here, form: str) -> None:
    """The findings of the first file can be read while the second is checked, which waits for it here."""
    here.write("a.py", BAD)
    here.write("b.py", BAD)
    code = (
        "import sys; from orderlint.cli import main; from orderlint.engine import checking\n"
        "of_file = checking.check_file\n"
        "def check_file(file, *args, **options):\n"
        "    if file.path == 'b.py': assert sys.stdin.readline() == 'go on\\n'\n"
        "    return of_file(file, *args, **options)\n"
        "checking.check_file = check_file\n"
        f"main(['check', '--no-cache', '--format', '{form}'])\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=here.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    first = process.stdout.readline()
    process.stdin.write("go on\n")
    process.stdin.close()
    rest = process.stdout.read()
    assert "ORD001" in first
    assert (first + rest).index("a.py") < (first + rest).index("b.py")
    assert process.wait() == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no groups of processes to interrupt")
def test_an_interrupt_ends_all_processes(here: Here) -> None:
    """Ctrl-C reaches the process group while the processes work: status 130, no traceback, no process left.

    The files are in separate folders, since one process takes those of a folder.
    """
    for name in ("a/a.py", "b/b.py", "c/c.py"):
        here.write(name, BAD)
    code = (
        "import os, time; from orderlint.cli import main; from orderlint.engine import checking\n"
        "def check_file(file, *args, **options):\n"
        "    os.write(1, b'at work\\n')\n"
        "    time.sleep(600)\n"
        "checking.check_file = check_file\n"
        "main(['check', '--no-cache', '--jobs', '2'])\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=here.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert [process.stdout.readline() for _ in range(2)] == ["at work\n"] * 2
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate()  # ends when no process holds the pipes
    assert (process.returncode, out, err.strip()) == (130, "", "")
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


@pytest.mark.parametrize("form", ["concise", "json"])
def test_plain_formats_load_no_rich(here: Here, form: str) -> None:
    """Formats for editors and machines load neither rich, nor a process pool, nor Keras."""
    here.write("net.py", BAD)
    code = (
        "import sys; from orderlint.cli import main\n"
        f"try: main(['check', '--format', '{form}'])\n"
        "except SystemExit: pass\n"
        "print(*{name.split('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=here.folder, env=environment, capture_output=True, text=True, check=True
    )
    assert "ORD001" in result.stdout
    assert not set(result.stderr.split()) & {"rich", "multiprocessing", "tensorflow", "keras"}


# -- convenience ---------------------------------------------------------------------------------------------------


def test_a_path_alone_is_checked(here: Here) -> None:
    """`orderlint net.py` and `orderlint .` are short for `orderlint check`, including options."""
    here.write("net.py", BAD)
    for args in (["net.py"], ["."], [".", "--format", "concise"]):
        assert here.run(*args) == here.run("check", *args)
    assert "did you mean `net.py`?" in here.run("nett.py").err


def test_a_command_comes_before_a_file_of_its_name(here: Here) -> None:
    """A folder with the name of a command does not change the meaning of the command."""
    here.write("rules/net.py", BAD)
    assert here.run("rules").status == 0


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--format", "json", "check"], "after the name of a command, as in `orderlint check --format`"),
        (["--jobs=2", "check"], "as in `orderlint check --jobs`"),
        (["check", "--format", "jsn"], "unknown format `jsn`; did you mean `json`?"),
        (["check", "--format", "x"], "choose one of full, concise"),
        (["rule"], "`orderlint rules` lists all rules"),
        (["rule", "norm"], "`orderlint rules` lists all rules"),
        (["check", "--fix", "-"], "--fix writes to files"),
        (["check", "--fix", "--diff-base", "HEAD"], "cannot be combined with --diff-base"),
    ],
)
def test_a_slip_is_answered_with_what_to_write(here: Here, args: list[str], words: str) -> None:
    """The message of a usage error says what to write, on one line that starts with `error:`."""
    result = here.run(*args)
    assert (result.status, result.out) == (2, "")
    assert result.err.splitlines()[-1].startswith("error: ")
    assert words in result.err


def test_errors_are_shown_with_click_8_1(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has no special error for a command without arguments."""
    monkeypatch.delattr("click.exceptions.NoArgsIsHelpError", raising=False)
    result = here.run("check", "--format", "jsn")
    assert (result.status, result.err.splitlines()[-1][:7]) == (2, "error: ")


class OldArgument(click.Argument):
    """An argument of click 8.1, whose name in the usage is requested without the context."""

    def make_metavar(self) -> str:  # type: ignore[override]
        return "[CODE]"

    def get_usage_pieces(self, ctx: click.Context) -> list[str]:
        return ["[CODE]"]


def test_what_a_command_takes_is_told_with_click_8_1(capsys: pytest.CaptureFixture[str]) -> None:
    context = click.Context(click.Command("rule", params=[OldArgument(["code"])]), info_name="rule")
    show(click.UsageError("Got unexpected extra argument (ORD002)", context))
    assert "unexpected `ORD002`: `rule` only takes [CODE]; leave it out" in capsys.readouterr().err


def test_other_spellings_of_options(here: Here) -> None:
    """Options of other linters work: `--output-format`, `-j`, `-V`, `help`."""
    here.write("net.py", BAD)
    assert here.run("check", "--output-format", "concise", "-j", "1") == here.run("check", "--format", "concise")
    assert here.run("-V") == here.run("--version")
    assert here.run("help") == here.run("--help")
    assert here.run("help", "fix") == here.run("fix", "--help")


def test_check_can_repair_first(here: Here) -> None:
    """`check --fix` repairs like `fix`, reports that on standard error, and reports the remaining findings."""
    here.write("net.py", DROPOUT)
    result = here.run("check", "--fix")
    assert result.status == 0
    assert result.err.startswith("Repaired 1 finding in 1 file.\n  1  same-inference  old weights ")
    assert result.out == "No layer out of order in 1 file.\n"
    here.write("orderlint.toml", 'repair = "same-inference"\n')
    here.write("net.py", BAD)
    assert here.run("check", "--fix", "--format", "concise").status == 1
    assert (here.folder / "net.py").read_text() == BAD


def test_the_summary_names_the_command_that_repairs(here: Here) -> None:
    """The suggested command has the same files and rules; if it would be long, they are omitted."""
    here.write("net.py", DROPOUT)
    assert "`orderlint fix` can repair it" in here.run("check").out
    assert "`orderlint fix --select ORD002 net.py` can repair it" in here.run("check", "net.py", "--select=ORD002").out
    assert "`orderlint fix` with the same arguments can repair it" in here.run("check", *["net.py"] * 20).out
    given = here.run("check", "-", "--stdin-filename", "net.py", stdin=(here.folder / "net.py").read_bytes())
    assert "`orderlint fix --stdin-filename net.py -` can repair it" in given.out


def test_no_repairs_are_planned_for_a_format_that_shows_none(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """The summary suggests to look; a report that shows repairs plans them later."""

    def plan(*args: object, **options: object) -> NoReturn:
        raise RuntimeError("planned")

    here.write("net.py", DROPOUT)
    with monkeypatch.context() as patched:
        patched.setattr("orderlint.repair.plan", plan)
        assert "in the planning of repairs" in here.run("check", "--no-cache").err
        for form in ("concise", "azure", "gitlab"):
            result = here.run("check", "--format", form, "-o", "report.txt")
            assert result.status == 1
            assert "planning" not in result.err
            assert "`orderlint fix` repairs what it can; `--diff` shows how.\n" in result.err
    assert "`orderlint fix` can repair it" in here.run("check").out
    here.write("net.py", "from keras import layers\nx = (\n")
    result = here.run("check", "--format", "concise")
    assert "ORD900" in result.out
    assert "orderlint fix" not in result.err  # its rule has no repairs


# -- graph, rule, rules, help --------------------------------------------------------------------------------------


def test_graph_prints_a_tree_and_json(here: Here) -> None:
    """The layers of a file and their data flow, for people and for programs."""
    here.write("net.py", BAD)
    tree = here.run("graph", "net.py").out
    assert "Dense → ReLU" in tree
    assert "linear, activation" in tree
    graphs = json.loads(here.run("graph", "net.py", "--format", "json").out)
    jsonschema.validate(graphs, json.loads((ROOT / "docs" / "graph.schema.json").read_text()))
    assert [call["layer"] for call in graphs["graphs"][-1]["calls"]][-2:] == ["Dense", "BatchNormalization"]


def test_graph_may_be_of_one_function(here: Here) -> None:
    """`FILE::NAME` shows only that function or class."""
    here.write("net.py", BAD + "\n\ndef other(x):\n    return layers.Dense(8)(x)\n")
    graphs = json.loads(here.run("graph", "net.py::other", "--format", "json").out)["graphs"]
    assert [graph["name"] for graph in graphs] == ["other"]


def test_graph_follows_the_configuration(here: Here) -> None:
    """The roles and the order of the configuration apply in `graph` as in `check`; `--isolated` ignores them."""
    here.write("orderlint.toml", '[roles]\n"mylib.Scale" = "norm"\n')
    here.write("net.py", HEAD + "import mylib\nx = mylib.Scale()(layers.ReLU()(layers.Dense(8)(x)))\n")

    def roles(*options: str) -> list[str]:
        graphs = json.loads(here.run("graph", "net.py", "--format", "json", *options).out)["graphs"]
        return list(graphs[0]["calls"][-1]["roles"])

    assert roles() == ["norm"]
    assert "ORD001" in here.run("graph", "net.py").out
    assert roles("--isolated") == ["boundary"]
    here.write("other.toml", '[tool.orderlint.roles]\n"mylib.Scale" = "dropout"\n')
    assert roles("--config", "other.toml") == ["dropout"]


def test_rule_explains_by_code_and_by_name(here: Here) -> None:
    """The page has the code, the references and the examples."""
    by_code = here.run("rule", "ord001")
    assert by_code == here.run("rule", "norm-after-activation")
    assert by_code.out.startswith("# ORD001 norm-after-activation\n")
    assert "## Evidence" in by_code.out
    assert "```python" in by_code.out


def test_rules_lists_every_rule(here: Here) -> None:
    """Code, name and summary of each."""
    out = here.run("rules").out
    assert all(rule.code in out and rule.name in out for rule in RULES.values())


def test_every_command_has_help() -> None:
    """Each command has one sentence of help, and so have its options, in 80 columns."""
    runner = CliRunner()
    commands = cli.group.list_commands(None)  # type: ignore[arg-type]
    assert {"check", "graph", "rule", "rules"} <= set(commands)
    for name in commands:
        command = cli.group.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None
        assert command.get_short_help_str()
        result = runner.invoke(cli.group, [name, "--help"])
        assert result.exit_code == 0
        assert max(map(len, result.output.splitlines())) <= 80, f"{name}: its lines break on a narrow terminal"
        for parameter in command.params:
            assert isinstance(parameter, click.Argument) or getattr(parameter, "help", None), parameter.name


def test_the_readme_documents_every_option_of_check() -> None:
    """The table of the README has exactly these options."""
    command = cli.group.get_command(None, "check")  # type: ignore[arg-type]
    assert command is not None
    options = {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = text[text.index("| option of `check` |") : text.index("Exit status:")]
    assert set(re.findall(r"--[a-z][a-z-]+", table)) == options - {"--help"}


# -- what is not checked -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["check", "fix", "baseline"])
def test_a_saved_model_is_for_inspect(here: Here, command: str) -> None:
    """For a file or a folder, the message suggests `inspect`, nothing is written, and the report is not a success."""
    here.write("best.keras", b"PK")
    here.write("saved/saved_model.pb", b"")
    for name in ("best.keras", "saved"):
        status, out, err = here.run(command, name)
        assert status == 2
        assert f"{name}: a saved model, not source code: `orderlint inspect` checks it" in err
        assert out == ("" if command == "baseline" else "Nothing was checked.\n")
    assert not (here.folder / "orderlint-baseline.json").exists()


@pytest.mark.parametrize("form", ["github", "azure"])
def test_logs_of_services_tell_more_than_findings(here: Here, form: str) -> None:
    """Files that could not be read, and code that was checked partly, are annotated like findings."""
    here.write("broken.py", b"\xff\xfe\x00 \xff")
    here.write("net.py", "# orderlint: ignroe\n" + BAD)
    mark = {"github": "::{} title=orderlint,file={}", "azure": "type={};sourcepath={}"}[form]
    for names in (["broken.py"], ["broken.py", "net.py"]):
        out = here.run("check", "--format", form, *names).out
        assert mark.format("error", "broken.py") in out
        assert (mark.format("warning", "net.py") in out) == ("net.py" in names)
        assert out.endswith("\n")


def test_another_library_is_named(here: Here) -> None:
    """A file of PyTorch has no Keras layers: the message says so with the place of the import, and the status is 0."""
    here.write("net.py", "import os\nfrom torch import nn\n\nnet = nn.Sequential(nn.Dropout(0.3), nn.BatchNorm1d(4))\n")
    status, out, err = here.run("check", "net.py")
    assert status == 0
    assert "net.py:2:6: imports PyTorch and has no Keras layers" in err
    assert out == "Nothing to check: 1 file without Keras layers.\n"
    assert here.run("check").err == ""


@pytest.mark.parametrize(
    ("metadata", "language"),
    [
        ({"kernelspec": {"name": "ir", "language": "R"}, "language_info": {"name": "R"}}, "R"),
        ({"kernelspec": {"name": "ir", "display_name": "R 4.1"}}, "R 4.1"),
        ({"kernelspec": {"name": "julia-1.9"}}, "julia-1.9"),
        ({"kernelspec": {"name": "ir", "display_name": ["R"]}}, "ir"),
        ({"kernelspec": {"name": "ir", "display_name": "R" * 100_000}}, "R" * 50),
    ],
)
def test_a_notebook_in_another_language_is_named(metadata: dict[str, Any], language: str, here: Here) -> None:
    """A named notebook in R is not checked, even if it uses Keras: a warning says so. In a folder, it is skipped."""
    source = "library(keras)\nmodel <- keras_model_sequential() |> layer_dropout(0.5) |> layer_batch_normalization()"
    cell: dict[str, Any] = {
        "cell_type": "code",
        "metadata": {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }
    here.write("net.ipynb", json.dumps({"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}))
    status, _, err = here.run("check", "net.ipynb")
    assert status == 0
    assert f"net.ipynb: is a notebook in `{language}`: orderlint checks Python only" in err
    assert here.run("check").err == ""


def test_a_folder_of_another_library_is_not_called_checked(here: Here) -> None:
    """Files that only have names in common with Keras (`nn.Dropout`) are counted as skipped, as if they were named."""
    here.write("t.py", "import torch.nn as nn\nm = nn.Sequential(nn.Linear(3, 3), nn.Dropout(0.5))\n")
    for options in ((), ("--no-cache", "--statistics")):  # with and without the fast path
        assert here.run("check", *options).out == "Nothing to check: 1 file without Keras layers.\n"
    here.write("k.py", "import torch\nfrom keras import layers\nx = layers.Dropout(0.5)(x)\n")
    assert here.run("check").out == "No layer out of order in 1 file. 1 more file without Keras layers.\n"


def test_many_places_that_were_only_partly_checked_take_one_line(
    here: Here, capsys: pytest.CaptureFixture[str]
) -> None:
    """Three places are named, the rest is counted, and `--verbose` names all; other warnings are always shown."""
    from orderlint.console import write_warnings
    from orderlint.diagnostics import FileWarning
    from orderlint.graph import Location

    gaps = [FileWarning(Location("net.py", line), "not judged", is_gap=True) for line in range(1, 9)]
    write_warnings([*gaps, FileWarning(Location("a.py"), "a comment")])
    assert capsys.readouterr().err.splitlines() == [
        "warning: a.py: a comment",
        "warning: 8 places in net.py were only partly checked; `--verbose` lists them",
    ]
    write_warnings([*gaps[:4], FileWarning(Location("b.py"), "not judged", is_gap=True)])
    assert "5 places in 2 files were only partly checked" in capsys.readouterr().err
    write_warnings(gaps[:3])
    assert len(capsys.readouterr().err.splitlines()) == 3
    write_warnings(gaps, verbose=True)
    assert len(capsys.readouterr().err.splitlines()) == 8


@pytest.mark.parametrize("command", [["check"], ["fix", "--diff"]])
def test_verbose_names_what_was_only_partly_checked(here: Here, command: list[str]) -> None:
    """Each place in each format. Without it, there is one line with their number, and JSON has all of them."""
    block = "layers.BatchNormalization()(layers.Dense(8)(made(x)))"
    loop = f"    n = 0\n    while n < 5000:\n        x = {block}\n        n += 1\n"
    start = "from keras import layers\nfrom options import config\nmade = layers.deserialize(config)\n"
    here.write("net.py", start + "".join(f"def net{number}(x):\n{loop}" for number in range(4)))
    told = here.run(*command, "net.py").err
    assert "warning: 4 places in net.py were only partly checked; `--verbose` lists them\n" in told
    told = here.run(*command, "--verbose", "net.py").err
    assert [f"`net{number}` was only partly checked" in told for number in range(4)] == [True] * 4
    assert len(json.loads(here.run(*command[:1], "net.py", "--format", "json").out)["warnings"]) == 4
    if command == ["check"]:
        assert here.run("check", "net.py", "--format", "github").out.count("::notice title=orderlint,file=net.py") == 4
        page = here.run("check", "net.py", "--format", "html").out
        assert page.count("<details><summary>warning: 4 places") == 1
        assert page.count("was only partly checked") == 4


def test_fix_says_what_it_checked_in_part(here: Here) -> None:
    """Also in a file without findings, in the words of `check`."""
    given = "layers.deserialize(config)"
    loop = f"n = 0\nwhile n < 5000:\n    x = layers.BatchNormalization()(layers.Dense(8)({given}(x)))\n    n += 1\n"
    start = "import keras\nfrom keras import layers\nfrom options import config\nx = keras.Input((8,))\n"
    here.write("net.py", start + loop)
    checked, repaired = here.run("check", "net.py"), here.run("fix", "--diff", "net.py")
    assert "net.py:" in checked.err
    assert repaired.err.endswith(checked.err)
    assert "in 1 file, as far as could be checked." in repaired.out + repaired.err


# -- output --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["full", "concise", "json", "sarif", "junit", "github"])
def test_a_report_goes_to_a_file(here: Here, form: str) -> None:
    """`-o` writes the report to a file, without colors; the counts stay on the terminal."""
    here.write("net.py", "# orderlint: ignroe\n" + BAD)
    told = here.run("check", "--format", form, "--quiet").out
    status, out, err = here.run("check", "--format", form, "-o", "report.out")
    assert status == 1
    assert (here.folder / "report.out").read_text(encoding="utf-8") == told
    assert (out, "1 finding in 1 file." in err) == ("", True)


def test_a_report_that_cannot_be_written_is_an_error(here: Here) -> None:
    """The folder is missing: status 2, with the reason."""
    here.write("net.py", BAD)
    status, _, err = here.run("check", "-o", "missing/report.txt")
    assert status == 2
    assert "the report cannot be written to missing" in err


def test_quiet_tells_findings_and_errors_alone(here: Here) -> None:
    """No counts and no warnings; a file that cannot be read is still an error."""
    here.write("net.py", BAD + "# orderlint: ignroe\n")
    status, out, err = here.run("check", "--format", "concise", "-q", "net.py", "missing.py")
    assert (status, out.count("\n")) == (2, 1)
    assert "missing.py" in err
    assert "ignroe" not in err
    assert "not everything" not in err


@pytest.mark.parametrize("form", ["full", "concise"])
def test_color_is_as_asked_for(here: Here, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`always` colors a pipe, even with NO_COLOR, and a file; `never` disables color, even with FORCE_COLOR."""
    here.write("net.py", BAD)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[1;31mORD001" in here.run("check", "--format", form, "--color", "always").out
    here.run("check", "--format", form, "--color", "always", "-o", "report.txt")
    assert "\x1b[" in (here.folder / "report.txt").read_text(encoding="utf-8")
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" not in here.run("check", "--format", form, "--color", "never").out


def test_the_number_of_findings_shown_can_be_bounded(here: Here) -> None:
    """Counts and status include all findings, and the report says how many are not shown."""
    here.write("net.py", BAD + BAD.replace("net(", "other(").partition("\n\n\n")[2])
    status, out, err = here.run("check", "--format", "concise", "--max-findings", "1")
    assert (status, out.count("ORD001")) == (1, 1)
    assert "1 more not shown (--max-findings 1)." in err
    assert "2 findings" in err


def test_version_is_that_of_the_package(here: Here) -> None:
    """`orderlint --version`."""
    assert here.run("--version").out == f"orderlint {__version__}\n"


def test_the_console_script_is_installed() -> None:
    """The entry point of pyproject.toml is the function that is tested here."""
    project = tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["scripts"] == {"orderlint": "orderlint.cli:main"}
