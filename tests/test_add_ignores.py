"""`check --add-ignores` adds a comment for each finding, and changes nothing else."""

from __future__ import annotations

import ast
import json
import os
from pathlib import Path

import pytest

from orderlint.text.lines_with_room import lines_of
from tests.running import Place, notebook
from tests.support import ROOT

HEAD = "from keras import layers\n\n\ndef net(x):\n"
DENSE = '    x = layers.Dense(8, "relu")(x)\n'
NORM = "    x = layers.BatchNormalization()(x)"
END = "\n    return x\n"
I1 = "  # orderlint: ignore[ORD001]"

# The body of a function, before and after.
CASES = {
    "plain": (DENSE + NORM, DENSE + NORM + I1),
    "a comment that is there": (DENSE + NORM + "  # type: ignore", DENSE + NORM + "  # type: ignore" + I1),
    "blanks at the end": (DENSE + NORM + "  \t", DENSE + NORM + I1),
    "codes that are there": (
        DENSE + "    x = layers.Dropout(0.3)(x)\n" + NORM + "  # orderlint: ignore[ORD102] why",
        DENSE
        + "    x = layers.Dropout(0.3)(x)  # orderlint: ignore[ORD002]\n"
        + NORM
        + "  # orderlint: ignore[ORD102, ORD001] why",
    ),
    "several codes": (
        (
            "    x = layers.Dense(8)(x)\n    x = layers.Dropout(0.3)(x)\n    x = layers.ReLU()(x)\n"
            "    x = layers.Dense(8)(x)\n"
            "    x = layers.Dropout(0.3)(x)\n    x = layers.BatchNormalization()(x)\n    x = layers.ReLU()(x)"
        ),
        (
            "    x = layers.Dense(8)(x)\n    x = layers.Dropout(0.3)(x)  # orderlint: ignore[ORD003]\n"
            "    x = layers.ReLU()(x)\n    x = layers.Dense(8)(x)\n"
            "    x = layers.Dropout(0.3)(x)  # orderlint: ignore[ORD002, ORD003]\n"
            "    x = layers.BatchNormalization()(x)\n    x = layers.ReLU()(x)"
        ),
    ),
    "a call of many lines": (
        DENSE + '    x = layers.BatchNormalization(\n        name="bn",  # a name\n    )(\n        x\n    )',
        DENSE + f'    x = layers.BatchNormalization({I1}\n        name="bn",  # a name\n    )(\n        x\n    )',
    ),
    "a comment further down the call": (
        DENSE + '    x = layers.BatchNormalization(\n        name="bn",  # orderlint: ignore[ORD103]\n    )(x)',
        DENSE + '    x = layers.BatchNormalization(\n        name="bn",  # orderlint: ignore[ORD103, ORD001]\n    )(x)',
    ),
    "a string of many lines": (
        DENSE + '    x = layers.BatchNormalization(name="""a\n# b""".strip())(x)',
        DENSE + '    x = layers.BatchNormalization(name="""a\n# b""".strip())(x)' + I1,
    ),
    "a backslash": (
        DENSE + "    x = layers.BatchNormalization() \\\n        (x)",
        DENSE + "    x = layers.BatchNormalization() \\\n        (x)" + I1,
    ),
    "a line that goes on": (
        DENSE + "    x, y = layers.BatchNormalization()(x), \\\n        1",
        DENSE
        + "    # orderlint: disable[ORD001]\n    x, y = layers.BatchNormalization()(x), \\\n        1"
        + "\n    # orderlint: enable[ORD001]",
    ),
    "two on one line": (
        DENSE + NORM + '; x = layers.Dense(8, "relu")(x); x = layers.BatchNormalization()(x)',
        DENSE + NORM + '; x = layers.Dense(8, "relu")(x); x = layers.BatchNormalization()(x)' + I1,
    ),
    "a hash in a string": (
        DENSE + '    x = layers.BatchNormalization(name="# orderlint: ignore[ORD003]")(x)',
        DENSE + '    x = layers.BatchNormalization(name="# orderlint: ignore[ORD003]")(x)' + I1,
    ),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_comments_stand_where_they_count(place: Place, case: str, newline: str) -> None:
    """Each finding gets a comment: a check finds nothing, no comment is unused, and a second run changes nothing."""
    before, after = ((HEAD + part + END).replace("\n", newline) for part in CASES[case])
    place.write("net.py", before)
    status, out, err = place.run("check", "--add-ignores", "net.py")
    assert place.read("net.py") == after
    said, suppressed = out.splitlines()
    assert (status, said) == (0, "No findings in 1 file.")
    assert "suppressed by" in suppressed
    assert err.startswith("Wrote ")
    assert place.codes("--extend-select", "ORD901") in ([], ["net.py:7 ORD901"])  # of the codes that were there before
    assert ast.dump(ast.parse(before)) == ast.dump(ast.parse(after))
    assert place.run("check", "--add-ignores").err.startswith("Wrote 0 comments in 0 files.")
    assert place.read("net.py") == after


def test_no_newline_at_the_end(place: Place) -> None:
    """A last line without a newline stays without one."""
    place.write("net.py", (HEAD + DENSE + NORM).rstrip())
    place.run("check", "--add-ignores")
    assert place.read("net.py") == HEAD + DENSE + NORM + I1


def test_notebooks_get_comments_in_their_cells(place: Place) -> None:
    """In the source of the cell of the finding; all other bytes of the file are unchanged."""
    cells = [
        "%matplotlib inline\nfrom keras import layers\nx = layers.Input((8,))\n",
        "x = layers.Dense(8, 'relu')(x)\n",
    ]
    last = "!ls\nx = layers.BatchNormalization()(x)"
    text = notebook(*cells, last)
    place.write("a.ipynb", text)
    assert place.run("check", "--add-ignores").status == 0
    assert place.read("a.ipynb") == text.replace("Normalization()(x)", f"Normalization()(x){I1}")
    assert place.codes("--extend-select", "ORD901") == []


def test_only_what_is_new_gets_a_comment(place: Place) -> None:
    """Findings that are in the baseline or already suppressed need no comment."""
    place.write("net.py", HEAD + DENSE + NORM + END)
    assert place.run("baseline").status == 0
    place.write("new.py", HEAD + DENSE + NORM + END)
    place.run("check", "--add-ignores", "--baseline", "orderlint-baseline.json")
    assert place.read("net.py") == HEAD + DENSE + NORM + END
    assert place.read("new.py") == HEAD + DENSE + NORM + I1 + END


def test_useless_comments_get_no_comments(place: Place) -> None:
    """Findings about comments cannot be suppressed: they remain, and the file is unchanged."""
    text = "import keras\nx = 1  # orderlint: ignore[ORD001]\n"
    place.write("net.py", text)
    assert place.run("check", "--add-ignores", "--select", "ALL").status == 1
    assert place.read("net.py") == text


def test_a_file_that_does_not_parse(place: Place) -> None:
    """If no comment can be added, the finding is listed as remaining."""
    place.write("net.py", "import keras\nx = '''\n")
    status, _, err = place.run("check", "--add-ignores")
    assert status == 1
    assert "ORD900: no comment can be added here" in err
    assert place.read("net.py") == "import keras\nx = '''\n"


@pytest.mark.skipif(os.name != "posix", reason="modes of files are those of POSIX")
def test_a_file_that_cannot_be_written_is_an_error(place: Place) -> None:
    """It is unchanged, with status 2, and the others are written."""
    place.write("a.py", HEAD + DENSE + NORM + END).chmod(0o444)
    place.write("b.py", HEAD + DENSE + NORM + END)
    status, _, err = place.run("check", "--add-ignores")
    assert status == 2
    assert "a.py: is read-only" in err
    assert "Wrote 1 comment in 1 file." in err


def test_standard_input_is_refused(place: Place) -> None:
    """There is no file to write to."""
    assert "cannot be used with standard input" in place.run("check", "--add-ignores", "-").err


@pytest.mark.parametrize(
    "folder", ["check/idioms", "check/ordering", "check/notebooks", "repair/notebooks", "repair/layout"]
)
def test_every_fixture_can_be_silenced(place: Place, folder: str) -> None:
    """In any kind of code, the findings are suppressed, and the code is unchanged."""
    for path in (ROOT / "fixtures" / folder).iterdir():
        if path.suffix in (".py", ".ipynb"):
            (place.folder / path.name).write_bytes(path.read_bytes().replace(b"# error:", b"# was:"))
    codes = {path: code_of(path) for path in place.folder.iterdir()}
    status, _, err = place.run("check", "--add-ignores", "--select", "ORD0", "--format", "concise")
    assert status == 0, err
    assert {path: code_of(path) for path in codes} == codes
    assert place.codes("--select", "ORD0,ORD901") == []


def code_of(path: Path) -> list[object]:
    """The code of a file, cell by cell, without comments."""
    data = path.read_bytes()
    if path.suffix == ".ipynb":
        texts = ["".join(cell["source"]) for cell in json.loads(data)["cells"] if cell["cell_type"] == "code"]
    else:
        texts = [data.decode("utf-8-sig", "replace")]
    return [lines and lines.code for lines in map(lines_of, texts)]
