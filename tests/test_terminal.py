"""Convenience in the terminal: completion, version information, counts by folder, marks in graphs."""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys

import jsonschema
import pytest

from orderlint import __version__
from orderlint.progress import ProgressLine
from tests.running import Place
from tests.support import ROOT

BAD = 'from keras import layers\n\n\ndef net(x):\n    return layers.BatchNormalization()(layers.Dense(8, "relu")(x))\n'


def completed(words: str) -> list[str]:
    """The completions that bash would offer for the last word of a line."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "_ORDERLINT_COMPLETE": "bash_complete"}
    environment |= {"COMP_WORDS": words, "COMP_CWORD": str(len(words.split(" ")) - 1)}
    command = [sys.executable, "-c", "from orderlint.cli import main; main()"]
    out = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    return [line.removeprefix("plain,") for line in out.splitlines()]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("orderlint ba", ["baseline"]),
        ("orderlint check --format g", ["github", "gitlab"]),
        ("orderlint check --select ORD00", ["ORD001", "ORD002", "ORD003"]),
        ("orderlint check --ignore ORD001,dropout-r", ["ORD001,dropout-rate"]),
        ("orderlint rule norm-", ["norm-after-activation"]),
        ("orderlint check --diff-b", ["--diff-base"]),
        *((f"orderlint {command} net", ["file,net"]) for command in ("check", "fix", "graph", "inspect", "measure")),
        ("orderlint fix --verify net", ["file,net"]),
    ],
)
def test_words_are_completed(words: str, offered: list[str]) -> None:
    """Commands, options, formats, files, and rules, also in comma-separated lists."""
    assert completed(words) == offered


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_is_told_how(shell: str) -> None:
    """`_ORDERLINT_COMPLETE=bash_source orderlint` prints the completion script."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "_ORDERLINT_COMPLETE": f"{shell}_source"}
    command = [sys.executable, "-c", "from orderlint.cli import main; main()"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert f"_ORDERLINT_COMPLETE={shell}_complete" in done.stdout
    if shutil.which(shell):
        check = subprocess.run([shell, "-n"], input=done.stdout, capture_output=True, text=True, check=False)
        assert check.returncode == 0, check.stderr


def test_the_version_for_a_report(place: Place) -> None:
    """`--version --verbose` prints versions and paths, in either order; `--version` alone prints one line."""
    place.write("orderlint.toml", "")
    told = place.run("--version", "--verbose")
    assert told.status == 0
    rows = dict(line.split(maxsplit=1) for line in told.out.splitlines())
    assert rows["orderlint"].startswith(__version__)
    assert rows["Python"].startswith(".".join(map(str, sys.version_info[:3])))
    assert {"libcst", "click", "rich", "plugins", "system", "encoding", "cache"} <= rows.keys()
    assert rows["configuration"] == str(place.folder / "orderlint.toml")
    assert place.run("--verbose", "--version").out == told.out
    assert place.run("--version").out == f"orderlint {__version__}\n"
    assert "--verbose is only for --version" in place.run("--verbose").err
    place.write("orderlint.toml", "select = 1\n")
    assert "cannot be used" in place.run("--version", "--verbose").out


def test_statistics_by_rule_and_folder(place: Place) -> None:
    """First by rule, then by folder if there are several."""
    place.write("a/net.py", BAD)
    counted = ["check", "--statistics", "--format", "concise", "--quiet"]
    assert place.run(*counted).out.endswith("1  ORD001  norm-after-activation\n")
    place.write("b/net.py", BAD)
    place.write("b/other.py", BAD)
    out = place.run(*counted).out
    assert out.endswith("3  ORD001  norm-after-activation\n\n2  b/\n1  a/\n")


def test_graphs_mark_what_is_found(place: Place) -> None:
    """The tree, the pictures and the JSON mark the misplaced layer, unless its finding is suppressed."""
    place.write("net.py", BAD)
    tree = place.run("graph", "net.py").out.splitlines()
    assert [row.rpartition("^ ")[2] for row in tree if "^" in row] == ["ORD001 norm after activation"]
    assert "ORD001 norm after activation" in place.run("graph", "net.py", "--format", "svg").out
    whole = json.loads(place.run("graph", "net.py", "--format", "json").out)
    jsonschema.validate(whole, json.loads((ROOT / "docs" / "graph.schema.json").read_text(encoding="utf-8")))
    assert [call.get("findings") for call in whole["graphs"][0]["calls"]] == [None, ["ORD001"]]
    place.write("net.py", BAD.rstrip() + "  # orderlint: ignore\n")
    assert "^" not in place.run("graph", "net.py").out
    place.write("net.py", BAD)
    place.write("orderlint.toml", 'ignore = ["ORD001"]\n')
    assert "^" not in place.run("graph", "net.py").out


def test_graphs_go_to_files(place: Place) -> None:
    """`-o` writes a picture, independent of redirections; a file that cannot be written is an error."""
    place.write("net.py", BAD)
    drawn = place.run("graph", "net.py", "--format", "svg").out
    assert place.run("graph", "net.py", "--format", "svg", "-o", "net.svg").out == ""
    assert place.read("net.svg") == drawn
    failed = place.run("graph", "net.py", "-o", "none/net.txt")
    assert (failed.status, "none/net.txt: no such folder: none" in failed.err) == (2, True)


def test_graphs_show_imported_layers_by_short_paths(place: Place) -> None:
    """Layers of a project module have the path relative to the current folder, as in a check, and are marked."""
    place.write("blocks.py", BAD)
    place.write("net.py", "import keras\nfrom blocks import net\n\nmodel = net(keras.Input((8,)))\n")
    tree = place.run("graph", "net.py").out
    assert " blocks.py:5:" in tree
    assert "^ ORD001" in tree
    assert str(place.folder) not in tree


def test_graphs_of_saved_models_mark_too(place: Place) -> None:
    """A saved model is checked like source code."""
    layers = [
        {"class_name": name, "config": {"name": name.lower(), **more}}
        for name, more in (("Dense", {"units": 4, "activation": "relu"}), ("BatchNormalization", {}))
    ]
    place.write("model.json", json.dumps({"class_name": "Sequential", "config": {"name": "m", "layers": layers}}))
    assert "^ ORD001 norm after activation" in place.run("graph", "model.json").out


def test_the_page_of_a_rule_names_addresses(place: Place) -> None:
    """Pages of the manual that it refers to can be found without a clone."""
    said = place.run("rule", "ORD002").out
    assert "`https://github.com/orderlint/orderlint/blob/main/docs/study.md`" in said
    assert "`docs/" not in said


def test_progress_fits_its_own_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line is cut to the width of its own terminal, independent of standard output; a wrapped line would remain."""
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    fcntl, pty, termios = (pytest.importorskip(name) for name in ("fcntl", "pty", "termios"))
    outer, inner = pty.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 30, 0, 0))
    with os.fdopen(inner, "w") as stream, ProgressLine(stream) as progress:
        progress._next = 0.0
        progress(1, 12, "a/very/long/path/of/a/file/that/is/checked.py")
    written = os.read(outer, 1000).decode()
    os.close(outer)
    assert "11 of 12 files" in written
    assert max(map(len, written.split("\r"))) == 29
