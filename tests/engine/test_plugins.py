"""Rules and roles of other packages."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest
from click.testing import CliRunner

from orderlint import Session, check_paths
from orderlint.cli import group
from orderlint.diagnostics import Report
from orderlint.engine.plugins import Plugins
from orderlint.judging import own_registry
from tests.support import ROOT

PAGE = ROOT / "docs" / "plugins.md"
RULE = '''\
"""Rules of the lab."""

from orderlint.judging import Rule, Violation


class TwoDropouts(Rule):
    """Two dropouts in a row.

    ## What it does
    Reports the second one.
    """

    code = "LAB001"
    name = "two-dropouts"
    default_on = True

    def check(self, units, order):
        for unit in units:
            for first, second in zip(unit.steps, unit.steps[1:]):
                if first.role.value == second.role.value == "dropout":
                    yield Violation(self, second.call, (first.call,), "the first", "two dropouts in a row", unit)
'''
FAILING = '''

class Failing(TwoDropouts):
    """A rule with a bug."""

    code = "LAB002"
    name = "rule-with-a-bug"
    default_on = False

    def check(self, units, order):
        raise RuntimeError("a bug of the lab")
'''
RULE += FAILING
ROLES = 'ROLES = {"lab.layers.ConvBN": ["linear", "norm"], "lab.layers.Norm": "norm"}\n'
NET = """\
import keras
import lab

x = keras.layers.Dense(8, "relu")(keras.Input((8,)))
x = lab.layers.Norm()(x)
x = keras.layers.Dropout(0.2)(x)
x = keras.layers.Dropout(0.2)(x)
"""


def installed(folder: Path, name: str, entry_points: str, **modules: str) -> None:
    """Write a package into a folder, as an installer does."""
    info = folder / f"{name.replace('-', '_')}-1.2.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text(entry_points)
    for module, text in modules.items():
        (folder / f"{module}.py").write_text(text)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on `sys.path` for packages."""
    monkeypatch.chdir(tmp_path)
    place = tmp_path / "packages"
    place.mkdir()
    monkeypatch.syspath_prepend(place)
    for name in ("lab_one", "lab_two", "lab_three"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return place


def codes(report: Report) -> list[str]:
    return [finding.code for finding in report]


def test_without_plug_ins_the_rules_are_orderlint_s_own() -> None:
    """Without plugins, only the folders of the environment are listed, and `importlib.metadata` is not imported."""
    code = "import sys; from orderlint import Session; s = Session(); print('importlib.metadata' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    result = subprocess.run(
        [sys.executable, "-S", "-c", code], check=False, env=environment, capture_output=True, text=True
    )
    assert (result.stdout, result.returncode) == ("False\n", 0), result.stderr
    assert Session(plugins=Plugins(own_registry())).registry.rules == own_registry().rules


def test_a_rule_and_roles_from_a_package_count(folder: Path) -> None:
    """The rule is enabled by default, and can be selected, configured and suppressed."""
    entry_points = "[orderlint.rules]\nlab = lab_one\n[orderlint.catalog]\nlab = lab_one:ROLES\n"
    installed(folder, "lab-one", entry_points, lab_one=RULE + ROLES)
    Path("net.py").write_text(NET)
    session = Session()
    assert session.plugins.packages == ("lab-one 1.2",)
    assert session.registry.find("two-dropouts").home == "lab-one 1.2"
    assert codes(check_paths(["net.py"], session=session)) == ["ORD001", "LAB001"]
    assert codes(check_paths(["net.py"], select=["LAB001"])) == ["LAB001"]
    assert codes(check_paths(["net.py"], ignore=["two-dropouts"])) == ["ORD001"]
    Path("orderlint.toml").write_text('ignore = ["LAB"]\n[roles]\n"lab.layers.Norm" = "pass"\n')
    assert codes(check_paths(["net.py"])) == []
    Path("orderlint.toml").write_text('extend-select = ["ORD901"]\n')
    line = "x = keras.layers.Dropout(0.2)(x)\n"
    for comment in ("# noqa: LAB001", "# orderlint: ignore[LAB001]", "# orderlint: ignore[two-dropouts]"):
        Path("net.py").write_text(NET[: -len(line)] + line.rstrip() + f"  {comment}\n")
        assert codes(check_paths(["net.py"])) == ["ORD001"], comment
    Path("net.py").write_text("import keras  # noqa: LAB001\n")
    assert codes(check_paths(["net.py"])) == ["ORD901"]


def test_a_rule_that_fails_is_named_with_its_package(folder: Path) -> None:
    """The other rules are checked, and the error names the package to which the bug should be reported."""
    installed(folder, "lab-one", "[orderlint.rules]\nlab = lab_one\n", lab_one=RULE)
    Path("net.py").write_text(NET)
    report = check_paths(["net.py"], extend_select=["LAB002"])
    assert codes(report) == ["LAB001"]
    assert [error.message for error in report.errors] == [
        (
            "internal error in rule LAB002 of lab-one 1.2: RuntimeError: a bug of the lab "
            "(a bug in lab-one 1.2: please report it, with --debug)"
        )
    ]


@pytest.mark.parametrize(
    ("entry_points", "text", "what"),
    [
        ("[orderlint.rules]\nx = lab_one\n", "1 / 0\n", "ZeroDivisionError: division by zero"),
        ("[orderlint.rules]\nx = lab_one\n", "", "the module lab_one defines no subclass"),
        ("[orderlint.rules]\nx = lab_nothing\n", "", "No module named 'lab_nothing'"),
        ("[orderlint.rules]\nx = lab_one:X\n", "X = 3\n", "expected a module or a subclass"),
        ("[orderlint.rules]\nx = lab_one\n", RULE.replace("LAB001", "ORD999"), "`ORD999` is not allowed; expected"),
        ("[orderlint.rules]\nx = lab_one\n", RULE.replace("two-dropouts", "dropout-rate"), "is taken: orderlint has"),
        ("[orderlint.rules]\nx = lab_one\n", RULE.replace("LAB002", "LAB001"), "is taken: lab-one 1.2 has"),
        ("[orderlint.rules]\nx = lab_one\n", RULE.replace("two-dropouts", "TwoDropouts"), "is not in kebab-case"),
        ("[orderlint.catalog]\nx = lab_one:R\n", "R = {'a.B': 'normal'}\n", "unknown role 'normal' of `a.B`"),
        ("[orderlint.catalog]\nx = lab_one:R\n", "R = {'a.B': []}\n", "the role of `a.B` is []"),
        ("[orderlint.catalog]\nx = lab_one:R\n", "R = 3\n", "expected a mapping"),
    ],
)
def test_a_package_that_cannot_be_used_is_named(folder: Path, entry_points: str, text: str, what: str) -> None:
    """It is an error, and the run continues without it."""
    installed(folder, "lab-one", entry_points, lab_one=text)
    Path("net.py").write_text(NET)
    report = check_paths(["net.py"], select=["ORD001"])
    assert report.exit_status == 2
    (error,) = report.errors
    assert error.path == "lab-one 1.2"
    assert what in error.message
    assert CliRunner().invoke(group, ["rules"], standalone_mode=False).return_value == 2


def test_a_package_in_an_environment_of_its_own(tmp_path: Path) -> None:
    """The package of the manual, installed beside orderlint, is in the table, the configuration and a report."""
    for tool in ("hatchling", "pip"):
        pytest.importorskip(tool, reason="it builds or installs the package")
    package = tmp_path / "lab"
    (package / "lab_rules").mkdir(parents=True)
    project, rule, roles = re.findall(
        r"^```(?:toml|python)\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    (package / "pyproject.toml").write_text(project)
    (package / "lab_rules" / "__init__.py").write_text(rule + FAILING)
    (package / "lab_rules" / "roles.py").write_text(roles)
    home = tmp_path / "venv"
    venv.create(home, with_pip=False)
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    target = subprocess.run([python, "-c", where], capture_output=True, text=True, check=True).stdout.strip()
    # Build tools and dependencies are those of the environment of the tests: nothing is downloaded.
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "install", *options, "--target", target, str(ROOT), str(package)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    subprocess.run(command, check=True, cwd=tmp_path, env=environment)
    environment["PYTHONPATH"] = sysconfig.get_path("purelib")

    def run(*args: str) -> subprocess.CompletedProcess[str]:
        command = [str(python), "-m", "orderlint", *args]
        return subprocess.run(command, check=False, cwd=tmp_path, env=environment, capture_output=True, text=True)

    (tmp_path / "net.py").write_text(NET)
    assert "LAB001  two-dropouts" in run("rules").stdout
    assert "# LAB001 two-dropouts" in run("rule", "LAB001").stdout
    found = json.loads(run("check", "net.py", "--format", "json").stdout)
    assert [finding["code"] for finding in found["findings"]] == ["ORD001", "LAB001"]
    (tmp_path / "orderlint.toml").write_text('select = ["two-dropouts"]\n')
    assert "LAB001" in run("check", "net.py", "--format", "concise").stdout
    failed = run("check", "net.py", "--extend-select", "LAB002")
    assert failed.returncode == 2
    assert "internal error in rule LAB002 of lab-rules 1.2" in failed.stderr
