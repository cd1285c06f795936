"""Roles that the configuration gives to names that do not exist in the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderlint import Session, check_paths

NET = """\
from keras import layers
from mylib.norm import SyncNorm


def f(x):
    return SyncNorm()(layers.ReLU()(x))
"""
NORM = "import keras\n\n\nclass SyncNorm(keras.layers.Layer):\n    pass\n"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with a layer, and a file that uses it."""
    monkeypatch.chdir(tmp_path)
    package = tmp_path / "mylib"
    package.mkdir()
    (tmp_path / "net.py").write_text(NET)
    (package / "__init__.py").write_text("")
    (package / "norm.py").write_text(NORM)
    return tmp_path


def warnings(name: str, *, quoted: bool = True) -> list[str]:
    """The warnings about a configuration that gives the role of a normalization to a name."""
    key = f'"{name}"' if quoted else name
    Path("orderlint.toml").write_text(f'ignore = []\n[roles]\n{key} = "norm"\n')
    report = check_paths(["."], session=Session())
    return [f"{one.location.path}:{one.location.line}: {one.message}" for one in report.warnings]


@pytest.mark.parametrize("quoted", [True, False])
def test_a_misspelled_module_is_named_with_the_one_that_was_meant(quoted: bool) -> None:
    """The warning has the line, the name, the problem and the probable name."""
    (said,) = warnings("mylib.norms.SyncNorm", quoted=quoted)
    assert said == (
        "orderlint.toml:3: `roles` names `mylib.norms.SyncNorm`, which is not a layer: `mylib` has no module `norms`; "
        "did you mean `mylib.norm.SyncNorm`?"
    )


def test_a_name_that_a_package_only_imports_may_be_the_one_that_was_meant() -> None:
    """Packages re-export layers."""
    Path("mylib/__init__.py").write_text("from .norm import (\n    SyncNorm as LabNorm,  # ours\n    other\n)\n")
    (said,) = warnings("mylib.LabNrom")
    assert said.endswith("`mylib/__init__.py` defines no `LabNrom`; did you mean `mylib.LabNorm`?")


@pytest.mark.parametrize("star", ["from .norm import *", "from mylib.norm import *", "from .more import *"])
def test_a_package_that_imports_all_names_of_its_modules(star: str) -> None:
    """The names of its modules are its names, also through several modules, and in a circle."""
    Path("mylib/more.py").write_text("from .norm import *\nfrom . import *\n")
    Path("mylib/__init__.py").write_text(f'"""Layers."""\n{star}\n')
    assert warnings("mylib.SyncNorm") == []
    (said,) = warnings("mylib.SyncNrom")
    assert "`mylib/__init__.py` defines no `SyncNrom`; did you mean `mylib." in said


@pytest.mark.parametrize(
    "star", ["from elsewhere import *", "from .compiled import *", "from .norm import *\nglobals()"]
)
def test_a_package_whose_names_nobody_can_tell(star: str) -> None:
    """There is no warning."""
    Path("mylib/__init__.py").write_text(star + "\n")
    assert warnings("mylib.SyncNrom") == []


def test_a_layer_that_a_module_of_the_package_defines() -> None:
    """The qualified name has to include the module, and a module is not a layer."""
    (said,) = warnings("mylib.SyncNorm")
    assert said.endswith("`mylib/__init__.py` defines no `SyncNorm`; did you mean `mylib.norm.SyncNorm`?")
    (said,) = warnings("mylib.Norms")
    assert said.endswith("`mylib/__init__.py` defines no `Norms`")


def test_a_misspelled_class_is_named_with_the_one_that_was_meant() -> None:
    """The module exists, and does not bind the name, not even dynamically."""
    (said,) = warnings("mylib.norm.SyncNrom")
    assert said == (
        "orderlint.toml:3: `roles` names `mylib.norm.SyncNrom`, which is not a layer: `mylib/norm.py` defines no "
        "`SyncNrom`; did you mean `mylib.norm.SyncNorm`?"
    )


def test_a_module_is_no_layer() -> None:
    """A module cannot have a role."""
    (said,) = warnings("mylib.norm")
    assert said.endswith("`mylib.norm` is a module, expected the name of a layer in it")


def test_a_folder_without_init_is_a_package_if_a_module_is_alike() -> None:
    """A folder may only share the name of an installed package, so one of its modules must have a similar name."""
    Path("mylib/__init__.py").unlink()
    assert len(warnings("mylib.norms.SyncNorm")) == 1
    assert warnings("mylib.blocks.ConvBlock") == []


@pytest.mark.parametrize(
    "name",
    [
        "mylib.norm.SyncNorm",
        "tensorflow_addons.layers.GropNorm",
        "elsewhere.SyncNorm",
        "keras.layers.BatchNormalization",
    ],
)
def test_what_may_be_right_is_not_reported(name: str) -> None:
    """Correct names, and names of packages outside the project."""
    assert warnings(name) == []


@pytest.mark.parametrize(
    "text",
    ["from .norm import *\n", "def __getattr__(name): ...\n", "globals()['x'] = 1\n", "from .norm import SyncNorm\n"],
)
def test_what_is_bound_at_run_time_is_not_reported(text: str) -> None:
    """A package with `__getattr__` or a star import may have any name."""
    Path("mylib/__init__.py").write_text(text)
    assert warnings("mylib.SyncNorm") == []


def test_a_compiled_module_is_a_module() -> None:
    """The names of an extension module are unknown."""
    Path("mylib/fast.cpython-312-x86_64-linux-gnu.so").write_bytes(b"")
    assert warnings("mylib.fast.SyncNorm") == []


def test_a_file_elsewhere_may_have_the_module() -> None:
    """If two files have the same module name, the layer may be in either."""
    Path("norm.py").write_text("import keras\n")
    Path("scripts").mkdir()
    Path("scripts/norm.py").write_text(NORM)
    assert warnings("norm.SyncNorm") == []


def test_a_notebook_may_define_it() -> None:
    """The module name is that of the notebook."""
    Path("train.py").write_text("import keras\n")
    Path("train.ipynb").write_text("{}")
    assert warnings("train.SyncNorm") == []
