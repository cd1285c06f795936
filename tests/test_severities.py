"""`--warn` and `--per-file-ignores` override the configuration."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import pytest

from orderlint.report import formats
from tests.running import Place, notebook

BAD = 'from keras import layers\n\n\ndef net(x):\n    return layers.BatchNormalization()(layers.Dense(8, "relu")(x))\n'
DROP = "from keras import layers\n\n\ndef net(x):\n    return layers.BatchNormalization()(layers.Dropout(0.2)(x))\n"

WARNED = {
    "full": "1 warning in 1 file.",
    "concise": "net.py:5:12: ORD001 (warning) ",
    "github": "::warning title=ORD001",
    "azure": "##vso[task.logissue type=warning;",
    "gitlab": '"severity": "minor"',
    "rdjson": '"severity": "WARNING"',
    "json": '"severity": "warning"',
    "sarif": '"level": "warning"',
    "html": "warning",
    "junit": 'failures="0"',
}


@pytest.mark.parametrize("form", formats.names())
def test_warnings_do_not_fail_in_any_format(place: Place, form: str) -> None:
    """A finding of a rule under `--warn` is reported as a warning, and the status is 0.

    A format that is not in the table need not mark warnings.
    """
    place.write("net.py", BAD)
    assert place.run("check", "--format", form).status == 1
    status, out, _ = place.run("check", "--format", form, "--warn", "norm-after-activation")
    assert status == 0
    assert WARNED.get(form, "") in out
    if form == "junit":
        assert ET.fromstring(out).find(".//system-out") is not None


def test_the_others_fail_still(place: Place) -> None:
    """An error beside a warning fails; `ALL` makes warnings of all findings; files that cannot be read still fail."""
    place.write("net.py", BAD)
    place.write("drop.py", DROP)
    assert place.run("check", "--warn", "ORD001").status == 1
    assert place.run("check", "--warn", "ORD001,ORD002").status == 0
    assert place.run("check", "--warn", "ALL").status == 0
    place.write("no.py", "import keras\0")
    assert place.run("check", "--warn", "ALL").status == 2


def test_the_command_line_is_over_the_configuration(place: Place) -> None:
    """`--warn` replaces `warn`, and `--per-file-ignores` the table."""
    place.write("net.py", BAD)
    place.write("orderlint.toml", 'warn = ["ORD001"]\n')
    assert place.run("check").status == 0
    assert place.run("check", "--warn", "ORD002").status == 1
    place.write("orderlint.toml", '[per-file-ignores]\n"net.py" = ["ORD001"]\n')
    assert place.codes() == []
    assert place.codes("--per-file-ignores", "other.py:ORD001") == ["net.py:5 ORD001"]


def test_rules_are_ignored_in_the_files_of_a_pattern(place: Place) -> None:
    """In Ruff's syntax: pairs separated by commas, or repeated; a folder; `!` for all other files."""
    place.write("a.ipynb", notebook(BAD))
    place.write("tests/net.py", BAD)
    place.write("src/net.py", BAD)
    assert place.codes("--per-file-ignores", "*.ipynb:ORD001,tests/:ORD0") == ["src/net.py:5 ORD001"]
    twice = ["--per-file-ignores", "*.ipynb:ORD001", "--per-file-ignores", "./tests/**:norm-after-activation"]
    assert place.codes(*twice) == ["src/net.py:5 ORD001"]
    assert place.codes("--per-file-ignores", "!src/:ORD001") == ["src/net.py:5 ORD001"]


@pytest.mark.parametrize(
    ("option", "given", "message"),
    [
        ("--warn", "ORD9999", "invalid value for `--warn`: unknown rule"),
        ("--per-file-ignores", "net.py", "is not of the form PATTERN:CODE, such as `*.ipynb:CODE`"),
        ("--per-file-ignores", ":ORD001", "is not of the form PATTERN:CODE"),
        ("--per-file-ignores", "net.py:ORD0O1", "did you mean `ORD001`?"),
    ],
)
def test_what_cannot_be_followed_is_refused(place: Place, option: str, given: str, message: str) -> None:
    """The usage error says what was expected."""
    place.write("net.py", BAD)
    status, _, err = place.run("check", option, given)
    assert status == 2
    assert message in err


def test_fix_and_baseline_follow_them_too(place: Place) -> None:
    """Remaining findings of a warning do not fail; findings ignored in a file are neither repaired nor added."""
    place.write("net.py", BAD)
    assert place.run("fix", "--only", "equivalent").status == 1
    assert place.run("fix", "--only", "equivalent", "--warn", "ORD001").status == 0
    assert place.run("fix", "--per-file-ignores", "*.py:ORD001").status == 0
    assert place.read("net.py") == BAD
    assert place.run("baseline", "--per-file-ignores", "*.py:ORD001").status == 0
    assert json.loads(place.read("orderlint-baseline.json"))["findings"] == {}


def test_inspect_warns_too(place: Place) -> None:
    """`inspect` has `--warn`."""
    layers = [
        {"class_name": name, "config": {"name": name.lower(), **more}}
        for name, more in (("Dense", {"units": 4, "activation": "relu"}), ("BatchNormalization", {}))
    ]
    place.write("model.json", json.dumps({"class_name": "Sequential", "config": {"name": "m", "layers": layers}}))
    assert place.run("inspect", "model.json").status == 1
    assert place.run("inspect", "model.json", "--warn", "ORD001").status == 0


def test_the_summary_tells_errors_from_warnings(place: Place) -> None:
    """If all findings are warnings, the summary calls them so; otherwise their number is in parentheses."""
    place.write("net.py", BAD)
    place.write("drop.py", DROP)
    assert "2 findings in 2 files." in place.run("check").out
    assert "2 findings (1 warning) in 2 files." in place.run("check", "--warn", "ORD001").out
    assert "2 warnings in 2 files." in place.run("check", "--warn", "ALL").out
