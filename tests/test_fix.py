"""`orderlint fix`: the files it writes, the findings it leaves, and its output."""

from __future__ import annotations

import io
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import orderlint.source
from orderlint import cli
from orderlint.diagnostics import Built, Comparison, Verification
from orderlint.engine import repairing
from orderlint.engine import verifying as verification
from orderlint.repair.net.safety import Fault
from tests.support import ROOT

HEAD = "import keras\nfrom keras import layers\n\n\ndef net(x):\n    x = layers.Dense(8)(x)\n"
DENSE = "    x = layers.Dense(8)(x)\n"
DROP = "    x = layers.Dropout(0.3)(x)\n"
NORM = "    x = layers.BatchNormalization()(x)\n"
TANH = '    x = layers.Activation("tanh")(x)\n'
RELU = '    x = layers.Activation("relu")(x)\n'
END = "    return x\n"
CHANGES, CHANGED = HEAD + RELU + NORM + END, HEAD + NORM + RELU + END
SAME, SAME_FIXED = HEAD + DROP + NORM + END, HEAD + NORM + DROP + END
EQUIVALENT, EQUIVALENT_FIXED = HEAD + DROP + RELU + END, HEAD + RELU + DROP + END
ALL = HEAD + RELU + NORM + DENSE + DROP + NORM + DENSE + DROP + RELU + END
SHARED = """\
from keras import layers

norm = layers.BatchNormalization()


def net(x, y):
    x = layers.Dense(8)(x)
    x = layers.ReLU()(x)
    x = norm(x)
    return x, norm(layers.Dense(8)(y))
"""


class Result(NamedTuple):
    status: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        return self.out.decode()


class Here:
    """The current folder of a test: writes files and runs orderlint in it."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[bytes]) -> None:
        self.folder = folder
        self._monkeypatch = monkeypatch
        self._capture = capsys

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def fix(self, *args: str, stdin: bytes = b"") -> Result:
        return self.run("fix", *args, stdin=stdin)

    def run(self, *args: str, stdin: bytes = b"") -> Result:
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        with pytest.raises(SystemExit) as stop:
            cli.main(list(args))
        captured = self._capture.readouterr()
        assert b"Traceback" not in captured.err
        return Result(stop.value.code, captured.out, captured.err.decode())  # type: ignore[arg-type]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Here:
    monkeypatch.chdir(tmp_path)
    return Here(tmp_path, monkeypatch, capsysbinary)


# Written files


@pytest.mark.filterwarnings("error::SyntaxWarning", "error::DeprecationWarning:<unknown>", "error::FutureWarning")
def test_python_says_nothing_of_the_spelling_of_a_file(here: Here) -> None:
    """Warnings of Python about escapes, numbers and expressions in the parsed file are not shown."""
    odd = 'import re\nwidth = "\\d" if 1is 1else re.sub("[[a]", "b", "a")\nnamed = {"\\d": width}\n'
    path = here.write("net.py", odd + CHANGES)
    result = here.fix()
    assert (result.status, result.err) == (0, "")
    assert path.read_text() == odd + CHANGED


@pytest.mark.parametrize(("before", "after"), [(CHANGES, CHANGED), (SAME, SAME_FIXED), (EQUIVALENT, EQUIVALENT_FIXED)])
def test_a_file_is_repaired(here: Here, before: str, after: str) -> None:
    """The file has the recommended order, a check finds nothing, and a second run changes nothing."""
    path = here.write("net.py", before)
    assert here.fix().status == 0
    assert path.read_text() == after
    assert here.run("check").status == 0
    again = here.fix()
    assert (again.status, again.text) == (0, "Nothing to repair in 1 file.\n")
    assert path.read_text() == after


def test_the_command_for_what_came_to_light_names_the_same_files(here: Here) -> None:
    """The command can be copied to the terminal, and shows the findings of the summary even if the file is excluded."""
    here.write("my net.py", SAME)
    assert "`orderlint check --select ORD101 'my net.py'` shows which." in here.fix("my net.py").text
    names = [f"a_module_with_a_long_name_{index}.py" for index in range(3)]
    for name in names:
        here.write(name, SAME)
    assert "`orderlint check --select ORD101` with the same paths shows which." in here.fix(*names).text


def test_files_in_folders_and_named_ones_are_repaired(here: Here) -> None:
    """The files that `check` would check, in place; excluded ones are not changed."""
    here.write("orderlint.toml", 'exclude = ["old"]\n')
    paths = [here.write(name, SAME) for name in ("a.py", "src/b.py", "old/c.py")]
    assert here.fix().status == 0
    assert [path.read_text() == SAME_FIXED for path in paths] == [True, True, False]
    assert here.fix("--force-exclude", "old/c.py").status == 0
    assert paths[2].read_text() == SAME
    assert here.fix("old/c.py").status == 0
    assert paths[2].read_text() == SAME_FIXED


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.rstrip("\n").encode(),
        lambda text: f"# -*- coding: latin-1 -*-\n# Netz für Ärzte\n{text}".encode("latin-1"),
        lambda text: f"# 層 \U0001f9e0\n{text}\n\n\n".encode(),
        lambda text: text.replace("    ", "\t").encode(),
    ],
    ids=["CRLF", "byte order mark", "no final newline", "latin-1", "wide characters", "tabs"],
)
def test_bytes_that_are_not_concerned_stay(here: Here, encode: Callable[[str], bytes]) -> None:
    """Newlines, encoding, byte order mark, indentation, the end of the file."""
    path = here.write("net.py", encode(SAME))
    assert here.fix().status == 0
    assert path.read_bytes() == encode(SAME_FIXED)


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf" * 2, b"\xef\xbb\xbf# coding: utf-8\n\xef\xbb\xbf"])
def test_a_second_byte_order_mark_is_an_error_and_stays(here: Here, before: bytes) -> None:
    """Python refuses it, so the file is not repaired."""
    path = here.write("net.py", before + SAME.encode())
    result = here.fix()
    assert result.status == 1
    assert "the code cannot be parsed" in result.text
    assert path.read_bytes() == before + SAME.encode()


def test_an_encoding_that_cannot_be_written_is_the_reason(here: Here) -> None:
    """The codec would change other lines, too, and another run would not help."""
    text = f"# coding: unicode_escape\n{SAME}"
    path = here.write("net.py", text)
    result = here.fix()
    assert result.status == 2
    assert "left: the file cannot be written in unicode_escape without other changes; save it as UTF-8" in result.text
    assert "run again" not in result.text
    assert path.read_text() == text


def test_a_file_with_the_longest_name_is_repaired(here: Here) -> None:
    """The name of the temporary file is not longer; a character may take four bytes."""
    names = ["n" * 252 + ".py", "\U0001f9e0" * 63 + ".py"]
    try:
        for name in names:
            here.write(name, SAME)
    except OSError:
        pytest.skip("names of this length are not allowed here")
    assert here.fix().status == 0
    assert [(here.folder / name).read_text() for name in names] == [SAME_FIXED] * 2


def test_mode_and_links_stay(here: Here) -> None:
    """An executable file stays executable, and a link still points to the repaired file."""
    path = here.write("real/net.py", SAME)
    path.chmod(0o755)
    (here.folder / "link.py").symlink_to(path)
    assert here.fix("link.py").status == 0
    assert (here.folder / "link.py").is_symlink()
    assert path.read_text() == SAME_FIXED
    assert stat.S_IMODE(path.stat().st_mode) == 0o755


def notebook(*sources: list[str]) -> str:
    output = {"name": "stdout", "output_type": "stream", "text": "\u00e9 <b>"}
    cells = [
        {"outputs": [output], "cell_type": "code", "source": source, "metadata": {"z": 1, "a": 2}, "execution_count": 7}
        for source in sources
    ]
    return json.dumps({"nbformat": 4, "cells": cells, "metadata": {}, "nbformat_minor": 4}, indent=3)


def test_only_the_lines_that_move_change_in_a_notebook(here: Here) -> None:
    """All other bytes of the JSON are the same: key order, indentation, escapes, outputs."""
    lines = SAME.replace("import keras\n", "!pip install keras\n").splitlines(keepends=True)
    path = here.write("net.ipynb", notebook(["%time\n", "1 + 1"], lines))
    result = here.fix()
    assert result.status == 0
    assert "cell 2:7:9  ORD002" in result.text
    after = SAME_FIXED.replace("import keras\n", "!pip install keras\n").splitlines(keepends=True)
    assert path.read_text() == notebook(["%time\n", "1 + 1"], after)


def test_a_cell_that_does_not_parse_is_left_in_a_notebook_in_order(here: Here) -> None:
    """A notebook with unfinished cells: the quick pass suffices for the others, so there is no analysis."""
    model = ["import keras\n", "model = keras.Sequential([keras.layers.Dense(8), keras.layers.Dense(1)])\n"]
    text = notebook(model, ["loss = # TODO: one of keras.losses\n"])
    path = here.write("net.ipynb", text)
    result = here.fix()
    assert result.status == 1
    assert "the code cannot be parsed" in result.text
    assert "internal error" not in result.err
    assert path.read_text() == text


# Diffs and standard streams


def test_a_diff_writes_nothing(here: Here) -> None:
    """Standard output has the diff and nothing else; the status says that files would change."""
    path = here.write("net.py", SAME)
    result = here.fix("--diff")
    assert result.status == 1
    assert result.text.splitlines()[:3] == ["--- net.py", "+++ net.py", "@@ -4,6 +4,6 @@"]
    assert "Would repair 1 finding in 1 file." in result.err
    assert path.read_text() == SAME
    subprocess.run(["git", "apply", "-p0", "-"], input=result.out, cwd=here.folder, check=True)
    assert path.read_text() == SAME_FIXED
    clean = here.fix("--diff")
    assert (clean.status, clean.out) == (0, b"")


def test_a_diff_is_colored_where_colors_are_wanted(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """By `FORCE_COLOR`, or on a terminal."""
    here.write("net.py", SAME)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert b"\x1b[31m-" in here.fix("--diff").out


def test_standard_input_is_repaired_to_standard_output(here: Here) -> None:
    """The output has the bytes that the file would have; the report goes to standard error."""
    here.write("orderlint.toml", 'ignore = ["ORD002"]\n')
    result = here.fix("-", stdin=SAME.replace("\n", "\r\n").encode())
    assert (result.status, result.out) == (0, SAME.replace("\n", "\r\n").encode())
    result = here.fix("-", "--isolated", "--stdin-filename", "net.py", stdin=SAME.replace("\n", "\r\n").encode())
    assert (result.status, result.out) == (0, SAME_FIXED.replace("\n", "\r\n").encode())
    assert "net.py: 1 repaired" in result.err
    broken = here.fix("-", stdin=b"def f(:\n")
    assert (broken.status, broken.out) == (1, b"def f(:\n")
    assert "the code cannot be parsed" in broken.err
    cells = notebook(SAME.splitlines(keepends=True)).encode()
    result = here.fix("-", "--isolated", "--stdin-filename", "a.ipynb", "--format", "concise", stdin=cells)
    assert result.out == notebook(SAME_FIXED.splitlines(keepends=True)).encode()
    assert result.err.startswith("a.ipynb:cell 1:7:9: ORD002 repaired (same-inference): ")


def test_a_diff_of_standard_input(here: Here) -> None:
    """It replaces the text."""
    result = here.fix("-", "--diff", stdin=SAME.encode())
    assert result.status == 1
    assert result.text.startswith("--- <stdin>\n+++ <stdin>\n")


# Restrictions


@pytest.mark.parametrize(
    ("options", "left"),
    [
        (["--only", "changes-model"], []),
        (["--only", "same-inference"], ["ORD001"]),
        (["--only", "equivalent"], ["ORD001", "ORD002"]),
        (["--select", "ORD003"], []),
        (["--ignore", "ORD001", "--only", "same-inference"], []),
    ],
)
def test_repairs_are_restricted(here: Here, options: list[str], left: list[str]) -> None:
    """To a kind and milder ones, and to selected rules; findings with stronger repairs remain with that reason."""
    here.write("net.py", ALL)
    result = here.fix("--format", "json", *options)
    report = json.loads(result.out)
    assert [item["finding"]["code"] for item in report["left"]] == left
    assert all("in the configuration, allows it" in item["reason"] for item in report["left"])
    assert result.status == int(bool(left))


@pytest.mark.parametrize(
    ("configured", "options", "repaired"),
    [
        ("", [], 3),
        ("", ["--default-only", "same-inference"], 2),
        ('repair = "equivalent"', [], 1),
        ('repair = "equivalent"', ["--default-only", "same-inference"], 1),
        ('repair = "changes-model"', ["--default-only", "same-inference"], 3),
        ('repair = "equivalent"', ["--only", "same-inference"], 2),
        ('repair = ["changes-model"]', [], 1),
        ("repair = []", [], 0),
    ],
)
def test_the_configuration_restricts_repairs(here: Here, configured: str, options: list[str], repaired: int) -> None:
    """`--only` takes precedence; a list has each kind."""
    here.write("net.py", ALL)
    here.write("orderlint.toml", configured)
    result = here.fix("--format", "json", *options)
    assert len(json.loads(result.out)["repaired"]) == repaired
    assert result.status == int(repaired < 3)


def test_what_is_suppressed_is_not_repaired(here: Here) -> None:
    """A suppressed finding does not remain either, whatever else is changed."""
    text = ALL.replace(NORM, NORM.replace("\n", "  # orderlint: ignore[ORD001]\n"), 1)
    path = here.write("net.py", text)
    result = here.fix()
    assert result.status == 0
    assert text.split(DENSE)[1] in path.read_text()
    assert "2 findings" in result.text
    here.write("skipped.py", "# orderlint: skip-file\n" + SAME)
    assert here.fix("skipped.py").status == 0
    assert (here.folder / "skipped.py").read_text().endswith(SAME)


IDLE = """\
from keras import layers  # orderlint: ignore[ORD001]

# orderlint: disable[ORD002]
# orderlint: enable[ORD002]


def net(x):
    x = layers.Dense(8)(x)  # orderlint: ignore[norm-after-activation] as it was trained so
    x = layers.Dropout(0.3)(x)  # orderlint: ignore[ORD001, dropout-before-norm]
    x = layers.BatchNormalization()(x)  # noqa: ORD001, E501
    # orderlint: ignore[ORD003]
    x = layers.Dense(8)(x)  # noqa: ORD003  # fmt: skip
    return x  # noqa
"""
TIDY = """\
from keras import layers



def net(x):
    x = layers.Dense(8)(x)  # as it was trained so
    x = layers.Dropout(0.3)(x)  # orderlint: ignore[dropout-before-norm]
    x = layers.BatchNormalization()(x)  # noqa: E501
    x = layers.Dense(8)(x)  # fmt: skip
    return x  # noqa
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_suppressions_that_suppress_nothing_are_taken_out(here: Here, newline: str) -> None:
    """If requested. Codes of other tools and other text of a comment stay; an otherwise empty line is removed."""
    path = here.write("net.py", IDLE.replace("\n", newline))
    assert here.fix().status == 0
    assert path.read_bytes().decode() == IDLE.replace("\n", newline)
    result = here.fix("--extend-select", "ORD901")
    assert result.status == 0
    assert "ORD901  remove the comment (equivalent)" in result.text
    assert path.read_bytes().decode() == TIDY.replace("\n", newline)
    assert here.run("check", "--extend-select", "ORD901").status == 0


def test_suppressions_are_taken_out_of_notebooks_and_diffs(here: Here) -> None:
    """Also in dry runs, and together with repairs of layers."""
    text = SAME.replace(DENSE, DENSE.replace("\n", "  # orderlint: ignore[ORD002]\n"))
    path = here.write("net.ipynb", notebook(["%time\n"], text.splitlines(keepends=True)))
    shown = here.fix("--diff", "--extend-select", "ORD901")
    assert "-    x = layers.Dense(8)(x)  # orderlint: ignore[ORD002]\n+    x = layers.Dense(8)(x)\n" in shown.text
    assert "Would repair 2 findings" in shown.err
    assert here.fix("--extend-select", "ORD901").status == 0
    assert path.read_text() == notebook(["%time\n"], SAME_FIXED.splitlines(keepends=True))


# Remaining findings


def test_every_finding_left_has_its_reason(here: Here) -> None:
    """Findings are counted by reason, and the run fails."""
    path = here.write("net.py", SHARED)
    result = here.fix()
    assert result.status == 1
    assert "1 finding left: " in result.text
    assert "  net.py:9:9: ORD001" in result.text
    assert result.text.endswith("Nothing was repaired in 1 file.\n1 finding left in 1 file.\n")
    assert path.read_text() == SHARED
    assert here.fix("--exit-zero").status == 0


def test_a_warning_left_does_not_fail_the_run(here: Here) -> None:
    """It is listed."""
    here.write("net.py", SHARED)
    here.write("orderlint.toml", 'warn = ["ORD001"]\n')
    result = here.fix("--format", "concise")
    assert result.status == 0
    assert ": ORD001 left: " in result.text


def test_what_only_another_file_shows_is_left(here: Here) -> None:
    """The file alone has no finding, and its other users might need the current order."""
    helper = "from keras import layers\n\n\ndef block(x, act=None):\n    x = layers.Dense(8, activation=act)(x)\n"
    path = here.write("blocks.py", helper + NORM + END)
    here.write(
        "net.py",
        'from blocks import block\nfrom keras import layers\n\n\ndef net(x):\n    return block(x, act="relu")\n',
    )
    before = path.read_text()
    result = here.fix()
    assert result.status == 1
    assert "the layers have this order only where another file uses this code" in result.text
    assert path.read_text() == before
    assert here.fix("blocks.py").status == 0


@pytest.mark.parametrize("options", [[], ["--diff"]])
def test_files_that_import_each_other_are_repaired_together(here: Here, options: list[str]) -> None:
    """A finding that the importer shows does not remain after the repair of the other file, on disk or in memory."""
    here.write("blocks.py", SAME.replace("net", "block"))
    here.write("net.py", "from blocks import block\n\n\n" + SAME.replace("return x", "return block(x)"))
    result = here.fix("--format", "json", *options)
    report = json.loads(result.err if options else result.out)
    assert len(report["repaired"]) == 2
    assert report["left"] == []


def test_a_changed_model_is_said_plainly(here: Here) -> None:
    """Their number, and what it means for the model; milder repairs have no such note."""
    here.write("net.py", ALL)
    said = here.fix().text
    row = "  1  changes-model   the model computes a different function and must be trained again; old weights may load"
    assert row in said
    here.write("net.py", SAME)
    assert "wrong outputs" not in here.fix().text


# Errors


def test_a_repair_says_what_it_does_to_old_weight_files(here: Here) -> None:
    """An equivalent repair, too: the layer has one array less."""
    here.write("net.py", HEAD + NORM + RELU + END)
    said = here.fix("--select", "ORD101", "net.py").text
    assert "Old weight files do not load into layers that have lost their bias." in said
    assert "Old weight files" not in here.fix("net.py").text


def test_a_read_only_file_is_an_error(here: Here) -> None:
    """It is unchanged, the others are repaired, and its finding remains with the reason."""
    path = here.write("a.py", SAME)
    path.chmod(0o444)
    other = here.write("b.py", SAME)
    result = here.fix()
    assert result.status == 2
    assert "error: a.py: is read-only" in result.err
    assert "1 finding left: the file is read-only" in result.text
    assert (path.read_text(), other.read_text()) == (SAME, SAME_FIXED)


def test_hard_links_are_an_error(here: Here) -> None:
    """The file is unchanged under all its names, and the reason says what to do."""
    path = here.write("a.py", SAME)
    (here.folder / "twin").hardlink_to(path)
    result = here.fix()
    assert result.status == 2
    assert "error: a.py: has 2 names (hard links)" in result.err
    assert path.read_text() == (here.folder / "twin").read_text() == SAME


def test_a_link_out_of_the_folder_is_written_only_if_it_is_named(here: Here) -> None:
    """`fix` on the folder does not write it, and `check` does not offer the repair."""
    inner = here.folder / "inner"
    inner.mkdir()
    path = here.write("net.py", SAME)
    (inner / "link.py").symlink_to(path)
    result = here.fix("inner")
    assert result.status == 1
    assert "1 finding left: the file is a link that leads out of the folder, to net.py: name it" in result.text
    assert path.read_text() == SAME
    checked = " ".join(here.run("check", "inner").text.split())
    assert "repair none: the file is a link that leads out of the folder" in checked
    assert here.fix("inner/link.py").status == 0
    assert path.read_text() == SAME_FIXED
    assert (inner / "link.py").is_symlink()


def test_a_run_clears_away_what_a_killed_one_left(here: Here) -> None:
    """In each folder it works on, with or without repairs; `--diff` removes nothing."""
    here.write("net.py", SAME_FIXED)
    left = here.folder / ".net.py.orderlint-abcd1234.tmp"
    left.write_bytes(b"half")
    os.utime(left, (0, 0))
    assert here.fix("--diff").status == 0
    assert left.exists()
    assert here.fix().status == 0
    assert not left.exists()


def test_what_cannot_be_read_is_an_error(here: Here) -> None:
    """A missing file, or one that cannot be decoded; the others are repaired."""
    here.write("bad.py", b"x = '\xff'\n" + SAME.encode())
    path = here.write("net.py", SAME)
    result = here.fix("bad.py", "gone.py", "net.py")
    assert result.status == 2
    assert "error: bad.py: the file is not valid utf-8" in result.err
    assert "error: gone.py: no such file" in result.err
    assert path.read_text() == SAME_FIXED


def test_a_file_changed_meanwhile_stays(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as by an editor during the analysis."""
    path = here.write("net.py", SAME)
    write = repairing.Repairs.write

    def late(self: repairing.Repairs) -> None:
        path.write_text(SAME + "# more\n")
        write(self)

    monkeypatch.setattr(repairing.Repairs, "write", late)
    result = here.fix()
    assert result.status == 2
    assert "changed by another program" in result.err
    assert path.read_text() == SAME + "# more\n"


def test_an_interrupted_run_leaves_each_file_old_or_new(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files before it are repaired, it and those after it are unchanged, and no temporary file is left."""
    paths = [here.write(name, SAME) for name in ("a.py", "b.py", "c.py")]
    replaced: list[object] = []

    def replace(old: str, new: str) -> None:
        if replaced:
            raise KeyboardInterrupt
        replaced.append(new)
        Path(old).rename(new)

    monkeypatch.setattr("orderlint.engine.writing.os.replace", replace)
    assert here.fix().status == 130
    assert [path.read_text() for path in paths] == [SAME_FIXED, SAME, SAME]
    assert sorted(path.name for path in here.folder.iterdir()) == ["a.py", "b.py", "c.py"]


def test_a_repair_that_fails_the_safety_net_is_not_made(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is unchanged, the message names file and rule, and the finding remains with the reason."""
    path = here.write("net.py", SAME)
    broken = Fault("the result would not parse", is_bug=True)
    monkeypatch.setattr("orderlint.repair.trials.fault", lambda *args: broken)
    result = here.fix()
    assert result.status == 2
    assert "error: net.py: the repair of ORD002 was undone" in result.err
    assert "the result would not parse" in result.text
    assert path.read_text() == SAME


def test_a_repairer_that_crashes_costs_one_file(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is reported as a bug in orderlint, the file is unchanged, and the others are repaired."""
    from orderlint.repair import rounds

    fix_text = rounds.fix_text

    def crash(file: Any, *args: Any, **options: Any) -> Any:
        if file.path == "a.py":
            raise ValueError("surprise")
        return fix_text(file, *args, **options)

    monkeypatch.setattr(rounds, "fix_text", crash)
    path, other = here.write("a.py", SAME), here.write("b.py", SAME)
    result = here.fix()
    assert result.status == 2
    assert "error: a.py: internal error in the repair: ValueError: surprise" in result.err
    assert "1 finding left: its repair failed" in result.text
    assert (path.read_text(), other.read_text()) == (SAME, SAME_FIXED)


def test_quiet_tells_only_what_is_left(here: Here) -> None:
    """There is no output if everything was repaired; a diff is not a report."""
    here.write("net.py", ALL)
    result = here.fix("--only", "same-inference", "-q")
    assert result.status == 1
    assert result.text.startswith("1 finding left: ")
    assert len(result.text.splitlines()) == 2
    here.write("net.py", SAME)
    result = here.fix("--diff", "--quiet", "--color", "always", "--output-format", "concise")
    assert "\x1b[31m-" in result.text
    result = here.fix("--diff", "--quiet")
    assert (result.status, result.err) == (1, "")
    assert result.text.startswith("--- net.py\n")
    result = here.fix("--quiet")
    assert (result.status, result.out, result.err) == (0, b"", "")


def test_many_processes_come_to_the_same(here: Here) -> None:
    """The result does not depend on the number of processes."""
    paths = [here.write(f"net{number}.py", SAME) for number in range(6)]
    result = here.fix("--jobs", "2")
    assert result.status == 0
    assert {path.read_text() for path in paths} == {SAME_FIXED}
    assert "Repaired 6 findings in 6 files." in result.text


# Proofs

BUILT = Built(((None, 8),), ((None, 2),), 10, (("Dense", "Dropout"),))


def proven(refusal: str | None, seen: dict[str, Any]) -> Callable[..., Verification]:
    def verify(target: str, repaired: Any, kinds: Any, **options: Any) -> Verification:
        seen.update(options, target=target, repaired=repaired, kinds=kinds)
        return Verification(target, BUILT, BUILT, Comparison(equal=True), tuple(repaired), len(repaired), refusal)

    return verify


def test_a_repair_that_is_not_proven_is_not_written(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file is changed, the refusal is an error, and the findings remain because of it."""
    path = here.write("net.py", SAME)
    monkeypatch.setattr(verification, "verify", proven("the outputs change", {}))
    result = here.fix("--verify", "net:build")
    assert result.status == 2
    assert "error: net:build: the outputs change" in result.err
    assert "1 finding left: nothing was written: the outputs change" in result.text
    assert path.read_text() == SAME


def test_a_traceback_of_a_proof_is_told_once(here: Here) -> None:
    """The error has the traceback; the reason of each finding is its first line."""
    here.write("net.py", "import os\nif os.name:\n    raise ValueError('no\\ndata')\n" + SAME)
    result = here.fix("--verify", "net.py::build")
    assert result.status == 2
    assert result.err.count("ValueError: no") == 1
    reason = "nothing was written: the model cannot be built before the repairs: importing `net.py` failed"
    assert f"1 finding left: {reason}\n" in result.text


def test_a_proven_repair_is_written_and_the_proof_shown(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """As text and in JSON."""
    seen: dict[str, Any] = {}
    monkeypatch.setattr(verification, "verify", proven(None, seen))
    path = here.write("net.py", SAME)
    result = here.fix("--verify", "net:build", "--input-shape", "8,?")
    assert result.status == 0
    assert "predictions  the same with the old weights" in result.text
    assert seen["repaired"] == {path: SAME_FIXED.encode()}
    assert seen["input_shape"] == (8, None)
    assert path.read_text() == SAME_FIXED
    here.write("net.py", SAME)
    report = json.loads(here.fix("--verify", "net:build", "--format", "json").out)
    assert report["verification"]["before"]["outputs"] == [[None, 2]]


def test_without_repairs_nothing_is_built(here: Here) -> None:
    """The target need not exist."""
    here.write("net.py", SAME_FIXED)
    assert here.fix("--verify", "no.such:thing").status == 0


OUTPUTS = "    return keras.Model(inputs, keras.layers.Dense(1)(net(inputs)))\n"
MODEL = SAME + "\n\ndef build():\n    inputs = keras.Input((4,))\n" + OUTPUTS


def test_a_model_is_built_before_and_after_for_real(here: Here) -> None:
    """With two processes and Keras: the file is written only after the proof."""
    if not any(find_spec(name) for name in ("keras", "tensorflow")):
        pytest.skip("needs Keras")
    path = here.write("net.py", MODEL)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "orderlint", "fix", "--verify", "net:build", "net.py"]
    done = subprocess.run(command, cwd=here.folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "- Dense → Dropout → BatchNormalization" in done.stdout
    assert "+ Dense → BatchNormalization → Dropout" in done.stdout
    assert "predictions  the same" in done.stdout
    assert path.read_text() == MODEL.replace(DROP + NORM, NORM + DROP)
    assert not (here.folder / "__pycache__").exists()


def test_what_the_repairs_have_told_is_not_planned_again(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason of a remaining finding comes from the run of its repair."""
    planned: list[object] = []
    monkeypatch.setattr("orderlint.repair.plan", lambda *args, **options: planned.append(args))
    here.write("net.py", SHARED)
    (left,) = json.loads(here.run("fix", "--format", "json", "net.py").text)["left"]
    assert planned == []
    assert "one layer object" in left["reason"]


@pytest.mark.parametrize(("other", "times"), [(SHARED, 2), (CHANGES, 4)])
def test_where_nothing_is_repaired_nothing_is_analyzed_again(
    here: Here, monkeypatch: pytest.MonkeyPatch, other: str, times: int
) -> None:
    """Without a change, a check has the same result; after one, other files may import the changed one."""
    analyze, analyzed = orderlint.source.analyze, []

    def noted(file: Any, *arguments: Any) -> Any:
        analyzed.append(file.path)
        return analyze(file, *arguments)

    monkeypatch.setattr("orderlint.source.analyze", noted)
    monkeypatch.setattr("orderlint.repair.trials.analyze", noted)
    here.write("net.py", SHARED)
    here.write("other.py", other)
    result = json.loads(here.run("fix", "--format", "json", ".").text)
    assert len(analyzed) == times
    assert "net.py" in str(result["left"][0])
    assert result["left"][0]["reason"]


def test_what_was_not_allowed_is_planned_to_tell_what_could_be_done(here: Here) -> None:
    """If the repair of a finding is not allowed, the reason says of which kind it is."""
    here.write("net.py", CHANGES)
    (left,) = json.loads(here.run("fix", "--only", "equivalent", "--format", "json", "net.py").text)["left"]
    assert "changes-model" in left["reason"]
