"""The last step of the screening: whether the code of a file uses the layers of its imports."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderlint.screening import uses
from orderlint.screening.needs import USUAL, Needs
from orderlint.screening.screen import CLEAN, KEPT, Screen
from orderlint.text.files import read_source
from tests.glance.looking import analyzed
from tests.screening.reaching import BLOCK, WAYS, program


def verdict(folder: Path, module: str, net: str) -> int:
    """The decision about `net.py`."""
    texts = program(module, net)
    for name, text in zip(("blocks.py", "net.py"), texts, strict=True):
        (folder / name).write_text(text)
    return Screen(Needs(USUAL)).screen([(str(folder / "net.py"), False)])[0]


@pytest.mark.parametrize("way", WAYS)
def test_what_a_file_reaches_is_not_overlooked(way: str, tmp_path: Path) -> None:
    """If the analysis has a finding for a file in one of its imports, the file is kept."""
    module, net = WAYS[way]
    kept = verdict(tmp_path, module, net) == KEPT
    assert kept or not analyzed(read_source(tmp_path / "net.py"))


def test_the_analysis_follows_most_ways(tmp_path: Path) -> None:
    """Otherwise the ways would test nothing."""
    followed = 0
    for number, (module, net) in enumerate(WAYS.values()):
        folder = tmp_path / str(number)
        folder.mkdir()
        verdict(folder, module, net)
        followed += analyzed(read_source(folder / "net.py"))
    assert followed > len(WAYS) * 0.8


# The imports of a file, and code that uses them without using the block.
PASSED = {
    "a function beside it": (
        BLOCK + "def other(x):\n    return layers.Dense(2)(x)\n",
        "from blocks import other\ny = other(x)",
    ),
    "the import alone": (BLOCK, "import blocks\nfrom blocks import block"),
    "an attribute of an object": (
        BLOCK,
        "import blocks\nclass Net:\n    def run(self):\n        return self.block\nNet()",
    ),
    "an attribute of a framework": (BLOCK, "import blocks\nimport tensorflow as tf\ntf.block(x)"),
    "a keyword": (BLOCK, "import blocks\nprint(block=3)"),
    "a method of this name": (BLOCK, "import blocks\nclass Net:\n    def block(self):\n        return 1\nNet()"),
    "a table that nobody reads": (BLOCK + "PARTS = {'a': block}\n", "import blocks\nprint(blocks.other)"),
    "a registry that nobody reads": (
        "FOUND = {}\ndef register(f):\n    FOUND[f.__name__] = f\n    return f\n@register\n" + BLOCK.lstrip(),
        "import blocks\nprint(blocks.other)",
    ),
    "a decorator of another library": (
        "import functools\n@functools.cache\n" + BLOCK.lstrip(),
        "import blocks\nprint(blocks.other)",
    ),
    "a text without a lookup": (BLOCK, "import blocks\nprint('block')"),
    "another name by text": (BLOCK, "import blocks\ngetattr(blocks, 'other')"),
}


@pytest.mark.parametrize("what", PASSED)
def test_what_is_not_reached_does_not_count(what: str, tmp_path: Path) -> None:
    """A file that imports a module and uses something else from it is not analyzed."""
    module, net = PASSED[what]
    assert verdict(tmp_path, module, "from keras import layers\nlayers.Dense(2)(x)\n" + net) == CLEAN


def test_one_file_of_a_package_is_told_alone(tmp_path: Path) -> None:
    """A hook checks the few changed files, whose package imports all of its modules."""
    package = tmp_path / "parts"
    package.mkdir()
    names = [f"part{number}" for number in range(40)]
    for name in names:
        (package / f"{name}.py").write_text("from keras import layers\n" + BLOCK.replace("block", name))
    (package / "__init__.py").write_text("".join(f"from parts.{name} import {name}\n" for name in names))
    net = tmp_path / "net.py"
    for used, expected in (("other", CLEAN), ("part7", KEPT)):
        net.write_text(f"import parts\nfrom keras import layers\ny = parts.{used}(layers.Dense(2)(x))\n")
        assert Screen(Needs(USUAL)).screen([(str(net), False)]) == [expected]


def test_a_long_chain_of_names_is_followed(tmp_path: Path) -> None:
    """Any number of imports may rename the name."""
    renamed = "".join(f"from blocks import n{number} as n{number + 1}\n" for number in range(3000))
    assert verdict(tmp_path, BLOCK.replace("block", "n0"), f"{renamed}y = n3000(x)") == KEPT


@pytest.mark.parametrize("room", [0, 1_000_000])
def test_files_are_told_alike_whatever_is_kept(room: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The modules of other files are dropped from the cache if there are many, which only changes the time."""
    monkeypatch.setattr(uses, "_ROOM", room)
    files: list[tuple[str, bool]] = []
    for number, (module, net) in enumerate(PASSED.values()):
        folder = tmp_path / str(number)
        folder.mkdir()
        kept = number % 2  # every second file calls the block, too
        for name, text in zip(("blocks.py", "net.py"), program(module, net), strict=True):
            (folder / name).write_text(text + "\nfrom blocks import block\nblock(x)\n" * (kept and name == "net.py"))
        files.append((str(folder / "net.py"), False))
    verdicts = Screen(Needs(USUAL)).screen(files)
    assert verdicts == [KEPT if number % 2 else CLEAN for number in range(len(files))]
