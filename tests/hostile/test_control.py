"""Newlines and control characters in names and texts do not reach a terminal or the log of a CI service."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest

from tests.running import Place

MODEL = """import keras
from keras.layers import BatchNormalization, Dense, ReLU
model = keras.Sequential([Dense(8), ReLU(), BatchNormalization()])
"""
COMMAND = "::error::forged"
FORGED = f"a\n{COMMAND}\x1b]0;title\x07\r"
"""A command to GitHub in a line of its own (leading blanks do not matter there), and one to a terminal."""
QUOTED = json.dumps(FORGED)
STEERING = ("\x1b]", "\x07", "\r")


def is_harmless(text: str) -> bool:
    return not any(line.lstrip().startswith(COMMAND) for line in text.splitlines()) and not any(
        one in text for one in STEERING
    )


@pytest.mark.parametrize(
    "settings",
    [
        f"{QUOTED} = 1",
        f"select = [{QUOTED}]",
        f"select = {QUOTED}",
        f"order = [{QUOTED}]",
        f"repair = {QUOTED}",
        f"baseline = {QUOTED}",
        f"per-file-ignores = {{{QUOTED} = 5}}",
        f"roles = {{{QUOTED} = 'norm'}}",
        f"roles = {{a.X = {QUOTED}}}",
    ],
)
def test_what_a_configuration_quotes_is_one_line(place: Place, settings: str) -> None:
    """A value of a configuration is quoted in one line. It may come from the author of a pull request."""
    place.write("net.py", MODEL)
    place.write("orderlint.toml", settings)
    status, out, err = place.run("check", "--no-cache", ".")
    assert status == 2
    assert "forged" in err or "is a string" in err
    assert is_harmless(out + err)


@pytest.mark.parametrize("kind", ["class_name", "activation", "name"])
def test_what_a_saved_model_quotes_is_one_line(place: Place, kind: str) -> None:
    """The names of classes, activations and layers in a file may contain any characters."""
    config: dict[str, object] = {"name": "d", "units": 8, "activation": "linear"}
    dense = {"class_name": "Dense", "config": config}
    model = {"class_name": "Sequential", "config": {"name": "m", "layers": [dense]}}
    if kind == "class_name":
        model = {"class_name": FORGED, "config": {}}
    else:
        config[kind] = FORGED
    place.write("net.json", json.dumps(model))
    _, out, err = place.run("inspect", "net.json")
    assert kind == "name" or "forged" in err
    assert is_harmless(out + err)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows allows no such names")
@pytest.mark.parametrize("form", ["full", "concise", "github", "azure", "junit", "html", "json", "sarif", "gitlab"])
def test_the_name_of_a_file_is_harmless_in_every_format(place: Place, form: str) -> None:
    """File names are escaped in each format, since CI logs and terminals display them."""
    place.write(f"{FORGED}.py", MODEL)
    place.write(f"{FORGED}2.py", "import keras\nx = (\n")
    status, out, err = place.run("check", "--no-cache", "--format", form, ".")
    assert status == 1
    assert is_harmless((out + err).replace("\r\n", "\n"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows allows no such names")
def test_a_diff_quotes_the_name_of_a_file_as_git_does(place: Place) -> None:
    """A diff quotes file names as Git does, so that Git finds the file and a name cannot add a line."""
    path = place.write(f'{FORGED}\t"\\.py', MODEL)
    _, diff, err = place.run("fix", "--diff", ".")
    assert is_harmless(diff + err)
    git = shutil.which("git")
    if git is None:
        pytest.skip("needs Git")
    subprocess.run([git, "apply", "-p0", "-"], input=diff, cwd=place.folder, text=True, check=True)
    assert path.read_text() == MODEL.replace("ReLU(), BatchNormalization()", "BatchNormalization(), ReLU()")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows allows no such names")
def test_listed_files_are_harmless_on_a_terminal_and_unchanged_in_a_pipe(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """File names are escaped on a terminal, but not in a pipe, from which a program may open them."""
    place.write(f"{FORGED}.py", MODEL)
    assert place.run("check", "--show-files", ".").out == f"{FORGED}.py\n"
    monkeypatch.setattr("orderlint.console.room_of", lambda stream: 80)
    assert is_harmless(place.run("check", "--show-files", ".").out)
