"""The cache: unchanged files are not analyzed again, and the report is always correct."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderlint import Report, Session, check_paths
from orderlint.engine import cache as caching
from orderlint.engine import checking, file_check, store
from orderlint.engine.plain import from_plain, to_plain
from orderlint.engine.targets import Outcome
from orderlint.source import queries
from orderlint.text.files import source_from_text
from orderlint.text.suppression import Suppressions, suppressions
from tests.support import ROOT
from tests.support import write_aged as write

FOLDER = "kept"
HELPER = "from keras import layers\n\n\ndef act(x):\n    return layers.{}()(x)\n"
NETS = {
    "clean.py": "from keras import layers\nx = layers.ReLU()(layers.BatchNormalization()(layers.Dense(8)(y)))\n",
    "bad.py": "from keras import layers\nx = layers.BatchNormalization()(layers.Dense(8, 'relu')(y))\n",
    "user.py": "from keras import layers\nfrom helper import act\n"
    "x = layers.BatchNormalization()(act(layers.Dense(8)(y)))\n",
    "helper.py": HELPER.format("ReLU"),
    "quiet.py": "from keras import layers\nx = layers.BatchNormalization()(layers.Dense(8, 'relu')(y))  "
    "# orderlint: ignore[ORD001]\nz = 1  # orderlint: ignore[ORD002]\n",
    "broken.py": "import keras\nx = (\n",
    "plain.py": "print('nothing of Keras')\n",
    "book.ipynb": json.dumps(
        {
            "cells": [
                {"cell_type": "code", "source": "from keras import layers"},
                {"cell_type": "code", "source": "x = layers.BatchNormalization()(layers.Dense(8, 'relu')(y))"},
                {"cell_type": "code", "source": "x = ("},
            ],
            "nbformat": 4,
        }
    ),
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in NETS.items():
        write(f"src/{name}", text)
    return tmp_path


@pytest.fixture
def analyzed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are analyzed, as a list that is filled."""
    seen: list[str] = []
    original = file_check.check_file

    def check_file(file: Any, *args: Any, **options: Any) -> Outcome:
        seen.append(Path(file.path).name)
        return original(file, *args, **options)

    monkeypatch.setattr(checking, "check_file", check_file)
    return seen


def check(**options: Any) -> Report:
    options.setdefault("extend_select", ["ORD901"])
    return check_paths(["src"], session=Session(cache=FOLDER), **options)


def plain(**options: Any) -> Report:
    options.setdefault("extend_select", ["ORD901"])
    return check_paths(["src"], session=Session(), **options)


def entries() -> Iterator[Path]:
    return Path(FOLDER).glob("*/*.json")


# -- results that are reused ----------------------------------------------------------------------------------------


def test_a_second_run_tells_the_same_and_analyzes_nothing(here: Path, analyzed: list[str]) -> None:
    """Findings, suppressions, notebooks, files that do not parse: the report is the same as without a cache."""
    expected = plain()
    assert {finding.code for finding in expected} >= {"ORD001", "ORD900", "ORD901"}
    assert check() == expected
    analyzed.clear()
    assert check() == expected
    assert check(jobs=2) == expected
    assert analyzed == []


@pytest.mark.parametrize(
    ("change", "anew"),
    [
        (lambda: write("src/clean.py", NETS["bad.py"]), {"clean.py"}),
        (lambda: write("src/helper.py", HELPER.format("Flatten")), {"user.py"}),
        (lambda: write("src/helper/__init__.py", HELPER.format("Flatten")), {"user.py"}),
        (lambda: Path("src/helper.py").unlink(), {"user.py"}),
        (lambda: shutil.copy("src/bad.py", "src/copy.py"), {"copy.py"}),
        (lambda: write("orderlint.toml", 'order = ["activation", "norm", "dropout"]\n'), None),
        (lambda: write("orderlint.toml", '[roles]\n"helper.act" = "pass"\n'), None),
        (lambda: write("orderlint.toml", 'select = ["ORD001"]\n'), None),
        (lambda: write("orderlint.toml", 'warn = ["ORD001"]\n'), set()),
        (lambda: write("src/clean.py", NETS["clean.py"], age=30.0), set()),
        (lambda: write("src/plain.py", "print(2)\n"), set()),
    ],
    ids=[
        "a file",
        "an import",
        "a package that hides an import",
        "an import that goes",
        "a new file",
        "the order",
        "the roles",
        "the rules",
        "severity alone",
        "the time alone",
        "a file that holds no Keras",
    ],
)
def test_what_has_changed_is_analyzed_anew(
    here: Path, analyzed: list[str], change: Callable[[], object], anew: set[str] | None
) -> None:
    """A file is analyzed again if anything that its result depends on has changed; others are not."""
    check()
    change()
    analyzed.clear()
    found = check()
    looked_at = set(analyzed)
    every = set(NETS) - {"plain.py", "helper.py"}  # these cannot have a finding
    with_findings = {"bad.py", "user.py", "quiet.py", "broken.py", "book.ipynb"}  # files that read their layers
    assert looked_at - with_findings == (every if anew is None else anew) - with_findings
    assert looked_at >= (every if anew is None else anew) & looked_at
    assert found == plain()
    analyzed.clear()
    assert check() == found
    assert analyzed == []


def test_who_reads_a_layer_by_name_decides_about_its_repair(here: Path) -> None:
    """A file that is not imported can prevent a repair; the next run takes it into account."""
    write("setup.cfg", "")
    net = "from keras import layers\n\n\ndef make(x):\n    x = layers.Dense(8, 'relu', name='features')(x)\n"
    write("src/net.py", net + "    return layers.BatchNormalization(name='bn')(x)\n")
    before = check()
    assert before == plain()
    write("src/reads.py", "from net import make\nmodel.get_layer('features')\n")
    assert check() == plain()


def test_files_that_were_just_written_are_analyzed_once(
    here: Path, analyzed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a copy or a checkout, files are checked at once and once again later, when their times can be trusted."""
    shutil.copytree("src", "fresh")
    for path in Path("fresh").iterdir():
        path.touch()
    found = check_paths(["fresh"], session=Session(cache=FOLDER))
    assert {"bad.py", "book.ipynb"} <= set(analyzed)
    analyzed.clear()
    for seconds in (0, 5):
        later = SimpleNamespace(time_ns=lambda ahead=seconds: time.time_ns() + ahead * 10**9)
        monkeypatch.setattr(queries, "time", later)
        assert check_paths(["fresh"], session=Session(cache=FOLDER)) == found
    assert analyzed == []


def test_a_change_within_the_grain_of_the_clock_is_seen(
    here: Path, analyzed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """If time and size are unchanged, the content decides. Times have a resolution of two seconds in the worst case."""
    monkeypatch.setattr(queries, "_stamp", lambda path: (Path(path).stat().st_mtime_ns // 10**9 * 10**9,))
    now = time.time()
    for text in ("print(1)\n", "print(2)\n"):
        Path("src/reads.py").write_text(text, encoding="utf-8")
        os.utime("src/reads.py", (now, now))
        analyzed.clear()
        check()
        assert "bad.py" in analyzed


def test_another_rule_of_a_package_makes_it_anew(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The signature of a cache includes the rules, the parser and the version of orderlint."""
    session = Session()
    first = caching._signature(session.plugins)
    assert caching._signature(Session().plugins) == first
    monkeypatch.setattr(caching, "installed_version", lambda name: "0.1")
    second = caching._signature(session.plugins)
    monkeypatch.setattr(session.registry.rules["ORD001"], "home", "lab-rules 1.2")
    third = caching._signature(session.plugins)
    monkeypatch.setattr(caching, "own_state", lambda: ["changed"])
    assert len({first, second, third, caching._signature(session.plugins)}) == 4


def test_what_went_wrong_is_tried_again(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure of orderlint is not cached."""
    from orderlint.source import analysis

    original = analysis.analyze
    monkeypatch.setattr(analysis, "analyze", lambda *_: 1 / 0)
    assert check().exit_status == 2
    monkeypatch.setattr(analysis, "analyze", original)
    assert check() == plain()


# -- damage and errors ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(path.read_bytes()[: len(path.read_bytes()) // 2]),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"\0\xff" * 100),
        lambda path: path.write_text("[]"),
        lambda path: path.write_text("[" * 100_000),
        lambda path: path.write_text(json.dumps({name: {} for name in json.loads(path.read_text())})),
        lambda path: path.write_text(json.dumps(dict.fromkeys(json.loads(path.read_text()), 3))),
        lambda path: path.write_text(path.read_text().replace('"line":', '"lime":')),
        lambda path: path.write_text(path.read_text().replace('"findings":[', '"findings":[3,')),
        lambda path: (path.unlink(), path.mkdir()),
    ],
)
def test_damage_costs_time_only(here: Path, damage: Callable[[Path], object]) -> None:
    """The report is correct with any content of a cache file."""
    expected = check()
    for path in list(entries()):
        damage(path)
    assert check() == expected
    assert check() == expected


@settings(max_examples=60, deadline=None)
@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=4),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(Outcome.__slots__), inner, max_size=3)
        ),
        max_leaves=8,
    )
)
def test_values_that_are_no_outcome_are_refused(value: object) -> None:
    """Any JSON value is either a valid outcome or raises `ValueError`."""
    try:
        outcome = from_plain(Outcome, value)
    except ValueError:
        return
    assert isinstance(outcome, Outcome)


def test_comments_survive_being_written_down() -> None:
    """Ranges, codes and problems are the same after a round trip, and unused comments are still unused."""
    text = (
        "# orderlint: disable[ORD001]\nx = f()  # noqa: ORD002\n# orderlint: enable[ORD001]\n"
        "y = g()  # orderlint: ignore\nz = 1  # orderlint: ignore[ORD9999]\n"
    )
    names = {"ORD001": "a-b", "ORD002": "b-c", "ORD901": "c-d"}
    before = suppressions(source_from_text(text, "net.py"), names, {"ORD901"})
    again = Suppressions.of_plain(json.loads(json.dumps(to_plain(before))))
    assert again.problems == before.problems
    places = [problem.location for problem in before.unused(names)]
    assert [problem.location for problem in again.unused(names)] == places
    for code in names:
        for place in places:
            assert again.covers(code, place) == before.covers(code, place)


def test_a_folder_that_cannot_be_used_is_no_error(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file in its place, a folder of another user, a link, a full disk."""
    expected = plain()
    Path(FOLDER).write_text("in the way")
    assert check() == expected
    Path(FOLDER).unlink()
    Path("elsewhere").mkdir()
    if hasattr(os, "symlink"):
        Path(FOLDER).symlink_to("elsewhere")
        assert check() == expected
        assert list(Path("elsewhere").iterdir()) == []
        Path(FOLDER).unlink()
    assert check() == expected
    if hasattr(os, "geteuid"):
        with monkeypatch.context() as patched:
            patched.setattr(os, "geteuid", lambda: -1)
            held = {path: path.read_bytes() for path in entries()}
            write("src/bad.py", NETS["clean.py"])
            assert check() == plain()
            assert {path: path.read_bytes() for path in entries()} == held


def test_an_interruption_leaves_the_old_or_the_new(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each file is replaced atomically, and no temporary file is left."""
    check()
    held = {path: path.read_bytes() for path in entries()}
    write("src/bad.py", NETS["clean.py"])

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", interrupted)
        with pytest.raises(KeyboardInterrupt):
            check()
    assert {path: path.read_bytes() for path in entries()} == held
    assert list(Path(FOLDER).glob("*/*.tmp")) == []
    assert check() == plain()


def test_parallel_runs_do_not_disturb_each_other(here: Path) -> None:
    """Several processes write the same cache at once. Each report is correct, and so is that of the next run."""
    expected = plain()
    code = (
        "import sys; from orderlint import Session, check_paths\n"
        f"r = check_paths(['src'], extend_select=['ORD901'], session=Session(cache={FOLDER!r}))\n"
        "print([(f.code, f.location.path, f.location.line) for f in r])"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    def work(_: int) -> str:
        command = [sys.executable, "-c", code]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(work, range(6)))
    assert found == {f"{[(f.code, f.location.path, f.location.line) for f in expected]}\n"}
    assert check() == expected


def test_it_stays_within_its_bounds(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest entries are deleted when there are too many; a few settings are kept for each file."""
    for number in range(6):
        write(f"src/{number}/net.py", NETS["bad.py"])
    check()
    for age, path in enumerate(sorted(entries())):
        os.utime(path, (time.time() - age, time.time() - age))
    kept = sorted(entries())[:3]
    with monkeypatch.context() as patched:
        patched.setattr(store, "MOST_BYTES", sum(path.stat().st_size for path in kept) + 4000)
        write("src/0/net.py", NETS["clean.py"])
        check()
        assert sum(path.stat().st_size for path in entries()) <= store.MOST_BYTES
    assert check() == plain()
    for number in range(store.MOST_VARIANTS + 4):
        check(extend_select=["ORD901"], roles={f"mine.Layer{number}": "norm"})
    names = [name for path in entries() for name in json.loads(path.read_text()) if name.startswith("book.ipynb")]
    assert len(names) == store.MOST_VARIANTS


# -- the command ----------------------------------------------------------------------------------------------------


def command(*args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run(
        [sys.executable, "-m", "orderlint", *args], check=False, env=variables, capture_output=True, text=True
    )


def test_the_command_keeps_a_cache_in_the_root_of_the_project(here: Path) -> None:
    """It has a `.gitignore` and the cache tag for backup programs; `--no-cache` writes none."""
    write("pyproject.toml", "")
    assert not list(here.glob(".orderlint_cache"))
    command("check", "src", "--no-cache")
    assert not list(here.glob(".orderlint_cache"))
    first = command("check", "src")
    folder = here / ".orderlint_cache"
    assert (folder / ".gitignore").read_text() == "*\n"
    assert (folder / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55")
    again = subprocess.run(
        [sys.executable, "-m", "orderlint", "check", "."],
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=here / "src",
        capture_output=True,
        text=True,
    )
    assert not (here / "src" / ".orderlint_cache").exists()
    # Reasons name files relative to the root; the advice repeats the paths of the command line.
    here_and_there = (text.replace("src/", "").replace("fix src`", "fix`") for text in (first.stdout, again.stdout))
    assert len(set(here_and_there)) == 1
    assert command("check", "src").stdout == first.stdout


def test_the_cache_may_be_elsewhere(here: Path) -> None:
    """By option or environment variable; the option takes precedence."""
    command("check", "src", "--cache-dir", "one")
    assert (here / "one" / "CACHEDIR.TAG").is_file()
    command("check", "src", ORDERLINT_CACHE_DIR="two")
    assert (here / "two" / "CACHEDIR.TAG").is_file()
    command("check", "src", "--cache-dir", "three", ORDERLINT_CACHE_DIR="four")
    assert (here / "three").is_dir()
    assert not (here / "four").exists()
    assert not (here / ".orderlint_cache").exists()


def test_clean_removes_the_cache_and_nothing_else(here: Path) -> None:
    """It reports what it deleted, that there was nothing, or that the folder is not a cache."""
    command("check", "src")
    assert command("clean").stdout.startswith("Removed .orderlint_cache (")
    assert not (here / ".orderlint_cache").exists()
    assert command("clean").stdout == "There is no cache at .orderlint_cache.\n"
    refused = command("clean", "--cache-dir", "src")
    assert refused.returncode == 2
    assert "src: contains no CACHEDIR.TAG" in refused.stderr
    assert (here / "src" / "bad.py").is_file()


def test_a_second_run_imports_neither_parser_nor_interpreter(here: Path) -> None:
    """For a cached file, only it and its dependencies are looked at."""
    code = (
        "import sys; from orderlint.cli import main\n"
        "try: main(['check', 'src', '--format', 'concise'])\n"
        "except SystemExit: pass\n"
        "print(*sorted(sys.modules), file=sys.stderr)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    runs = [
        subprocess.run([sys.executable, "-c", code], check=False, env=environment, capture_output=True, text=True)
        for _ in range(2)
    ]
    assert runs[0].stdout == runs[1].stdout
    loaded = set(runs[1].stderr.split())
    assert "libcst" in runs[0].stderr.split()
    unwanted = {"libcst", "rich", "orderlint.source.analysis", "orderlint.repair", "orderlint.source.state.machine"}
    assert not loaded & unwanted
