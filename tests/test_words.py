"""Error messages, and reports that do not claim more than was checked."""

from __future__ import annotations

import json

import pytest

from orderlint import check_source
from orderlint.diagnostics import Finding, Report
from orderlint.engine import asserting
from orderlint.graph import Location
from orderlint.runtime.errors import NotBuiltError
from tests.running import Place, notebook

BAD = 'from keras import layers\n\n\ndef net(x):\n    return layers.BatchNormalization()(layers.Dense(8, "relu")(x))\n'
HEAD = 'from keras.layers import *\nm = Sequential([\n    Dense(8, activation="relu"),\n'


def test_a_traceback_keeps_its_lines(place: Place) -> None:
    """The traceback of the user's factory is indented, and its control characters are escaped."""
    lines = [
        "def helper():",
        "    raise ValueError('no \\x1b[1mweights\\x1b[0m\\x07')",
        "def build():",
        "    return helper()",
    ]
    place.write("failing_zoo.py", "\n".join(lines) + "\n")
    _, _, err = place.run("inspect", "failing_zoo.py::build")
    assert err.splitlines() == [
        "error: failing_zoo.py::build: `build` failed:",
        '    File "failing_zoo.py", line 4, in build',
        "      return helper()",
        '    File "failing_zoo.py", line 2, in helper',
        f"      {lines[1].strip()}",
        "  ValueError: no weights\ufffd",
    ]


def shown_frames(error: BaseException) -> list[str]:
    """The functions whose code pytest shows for an error."""
    found = pytest.ExceptionInfo.from_exception(error)
    return [entry.frame.code.name for entry in found.traceback.filter(found)]


FINDING = Finding("ORD001", "norm-after-activation", "a", Location("m", layer="bn"))


def test_pytest_shows_the_finding_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Frames of orderlint are hidden if the error is for the user: findings, or a model that cannot be inspected."""
    monkeypatch.setattr(asserting, "inspect_model", lambda *args, **options: Report((FINDING,)))
    with pytest.raises(asserting.LayerOrderError) as found:
        asserting.assert_layer_order(object())
    assert shown_frames(found.value) == ["test_pytest_shows_the_finding_alone"]

    def not_built(*args: object, **options: object) -> Report:
        raise NotBuiltError("not built") from KeyError("cause")

    monkeypatch.setattr(asserting, "inspect_model", not_built)
    with pytest.raises(NotBuiltError) as refused:
        asserting.assert_layer_order(object())
    assert shown_frames(refused.value) == ["test_pytest_shows_the_finding_alone"]
    assert isinstance(refused.value.__cause__, KeyError)


def test_pytest_shows_bugs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other errors are bugs, and their frames are needed."""

    def broken(*args: object, **options: object) -> Report:
        raise ZeroDivisionError

    monkeypatch.setattr(asserting, "inspect_model", broken)
    with pytest.raises(ZeroDivisionError) as found:
        asserting.assert_layer_order(object())
    assert shown_frames(found.value)[1:] == ["assert_layer_order", "broken"]


@pytest.mark.parametrize(
    "lines",
    [
        ["    # orderlint: ignore[ORD001]"],
        ["    # orderlint: ignore  since weights are published", "", "    # more words"],
        ["    # noqa: ORD001"],
    ],
)
def test_a_comment_on_the_line_above_counts(place: Place, lines: list[str]) -> None:
    """It applies to the next line of code, after blank lines and comments, and is not unused."""
    place.write("net.py", HEAD + "\n".join([*lines, "    BatchNormalization(),", "])\n"]))
    assert place.codes("--extend-select", "ORD901") == []
    assert place.codes("--extend-select", "ORD901") == []  # as read from the cache


def test_a_comment_above_counts_for_one_line(place: Place) -> None:
    """It does not apply to later lines, after code, or if a `noqa` is meant for other linters, too."""
    norm = "    BatchNormalization(),\n])\n"
    place.write("far.py", HEAD + "    # orderlint: ignore[ORD001]\n    Flatten(),\n" + norm)
    place.write("behind.py", HEAD.rstrip() + "  # orderlint: ignore[ORD001]\n" + norm)
    place.write("noqa.py", HEAD + "    # noqa\n" + norm)
    assert [line.split(" ")[1] for line in place.codes()] == ["ORD001"] * 3


def test_what_does_not_parse_is_not_called_in_order(place: Place) -> None:
    """Without ORD900, a file or a cell that does not parse has a warning, and the summary counts it."""
    place.write("net.py", BAD + "x = (\n")
    place.write("a.ipynb", notebook("import keras\nfrom keras.layers import *\n", "x = BatchNormalization()(\n"))
    status, out, err = place.run("check", "--ignore", "ORD900")
    assert status == 0
    assert out == "No layer out of order in 2 files, as far as could be checked.\n"
    assert err.count("cannot be parsed") == 2


PLAIN = "import os\n\nprint(os.name)\n"
GOOD = BAD.replace(', "relu"', "")
NO_KERAS = "1 file without Keras layers."


@pytest.mark.parametrize("options", [(), ("--no-cache", "--statistics"), ("--select", "ALL"), ("--fix",)])
def test_a_named_file_without_keras_is_not_called_in_order(place: Place, options: tuple[str, ...]) -> None:
    """On the fast path or not, as a file or as a notebook, with any rules: nothing was checked."""
    place.write("plain.py", PLAIN)
    place.write("plain.ipynb", notebook(PLAIN))
    for name in ("plain.py", "plain.ipynb"):
        assert place.run("check", name, *options) == (0, f"Nothing to check: {NO_KERAS}\n", "")
    place.write("net.py", GOOD.replace("layers.Dense(8)(x)", "x"))
    both = "No layer out of order in 1 file. 1 more file without Keras layers.\n"
    assert place.run("check", "plain.py", "net.py", *options).out == both


def test_a_module_with_layers_makes_its_importer_a_checked_file(place: Place) -> None:
    """Layers of project functions are checked where they are called, even if that file does not mention Keras."""
    place.write("lib.py", GOOD)
    place.write("uses.py", "from lib import net\n\ny = net(x)\n")
    for options in ((), ("--select", "ALL", "--ignore", "ORD101")):
        assert place.run("check", "uses.py", *options).out == "No layer out of order in 1 file.\n"


def test_all_commands_and_formats_say_so(place: Place) -> None:
    """Standard input, `fix`, `baseline`, JSON, which counts no checked file, and the display in a notebook."""
    place.write("plain.py", PLAIN)
    place.write("net.py", GOOD)
    assert place.run("fix", "plain.py") == (0, f"Nothing to repair: {NO_KERAS}\n", "")
    both = "Nothing to repair in 1 file. 1 more file without Keras layers.\n"
    assert place.run("fix", "plain.py", "net.py").out == both
    assert place.run("check", "-", stdin=PLAIN.encode()).out == f"Nothing to check: {NO_KERAS}\n"
    assert place.run("baseline", "plain.py").out.startswith(f"Nothing to check: {NO_KERAS}\nWrote")
    for command in ("check", "fix"):
        assert json.loads(place.run(command, "--format", "json", "plain.py").out)["files"] == 0
    assert "Nothing to check: no Keras layers." in check_source(PLAIN)._repr_html_()


@pytest.mark.parametrize("text", ["import keras\n\nkeras.utils.set_random_seed(1)\n", PLAIN])
def test_a_file_without_layers_is_called_so_wherever_it_comes_from(place: Place, text: str) -> None:
    """A named file, in a folder or on standard input, and in JSON, which counts such files."""
    place.write("plain.py", text)
    for path in ("plain.py", ".", "-"):
        assert place.run("check", path, stdin=text.encode()).out == f"Nothing to check: {NO_KERAS}\n"
        assert place.run("check", path, "--select", "ALL", stdin=text.encode()).out == f"Nothing to check: {NO_KERAS}\n"
    place.write("net.py", GOOD)
    for command in ("check", "fix"):
        counts = json.loads(place.run(command, "--format", "json", "plain.py", "net.py").out)
        assert (counts["files"], counts["passed_over"]) == (1, 1)


def test_a_file_of_another_library_beside_a_model_leaves_nothing_unchecked(place: Place) -> None:
    """The checked files are in order; the other file has nothing to check, and a warning says why."""
    place.write("net.py", GOOD)
    place.write("other.py", "import torch\n")
    status, out, err = place.run("check", "net.py", "other.py")
    assert (status, out) == (0, "No layer out of order in 1 file. 1 more file without Keras layers.\n")
    assert "imports PyTorch" in err


def test_a_file_of_another_library_is_named_by_every_command(place: Place) -> None:
    """With its import, and without a message that sounds like success."""
    place.write("net.py", "from torch import nn\n\nnet = nn.Sequential(nn.Dropout(0.3), nn.BatchNorm1d(4))\n")
    for command, nothing in (("check", "Nothing to check"), ("fix", "Nothing to repair")):
        status, out, err = place.run(command, "net.py")
        assert (status, out) == (0, f"{nothing}: {NO_KERAS}\n")
        assert "net.py:1:6: imports PyTorch and has no Keras layers" in err


def test_what_a_comment_skips_is_not_called_in_order(place: Place) -> None:
    """It is counted separately."""
    place.write("a.py", "# orderlint: skip-file\n" + BAD)
    assert place.run("check").out == "Nothing to check. 1 file skipped by a comment.\n"
    place.write("b.py", BAD.replace(', "relu"', ""))
    assert place.run("check").out == "No layer out of order in 1 file. 1 file skipped by a comment.\n"
    place.write("c.py", PLAIN)
    assert place.run("check", "a.py", "c.py").out == f"Nothing to check: {NO_KERAS} 1 file skipped by a comment.\n"
    place.write("b.py", BAD)
    (place.folder / "c.py").unlink()
    assert "1 finding in 1 file. 1 file skipped by a comment." in place.run("check").out
    assert place.run("fix", "a.py").out == "Nothing to repair. 1 file skipped by a comment.\n"
    out = place.run("fix", "--only", "equivalent").out
    assert "Nothing was repaired in 1 file. 1 file skipped by a comment.\n" in out
    for command in ("check", "fix"):
        counts = json.loads(place.run(command, "--format", "json", "a.py").out)
        assert (counts["files"], counts["passed_over"], counts["skipped"]) == (0, 0, 1)
    assert "<b>Nothing to check.</b>" in check_source("# orderlint: skip-file\n" + BAD)._repr_html_()
