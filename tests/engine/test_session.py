"""A session sees changes, keeps its texts to itself, and shares nothing with other sessions."""

from __future__ import annotations

import os
import pickle
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from orderlint import Report, Session, check_paths, check_source
from tests.support import write_aged as write

IN_ORDER = """\
from keras import layers


def block(x):
    return layers.ReLU()(layers.BatchNormalization()(layers.Dense(8)(x)))
"""
RELU = "from keras import layers\n\n\ndef act(x):\n    return layers.ReLU()(x)\n"
NOTHING = "from keras import layers\n\n\ndef act(x):\n    return layers.Flatten()(x)\n"
USE = """\
import keras
from keras import layers
from helper import act

x = layers.BatchNormalization()(act(layers.Dense(8)(keras.Input((8,)))))
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def codes(report: Report) -> list[str]:
    return [finding.code for finding in report]


@pytest.mark.parametrize("given", [True, False], ids=["one session", "no session"])
def test_a_changed_import_is_seen(given: bool) -> None:
    """A module changes, appears and disappears between calls, and each call uses the current state."""
    session = Session() if given else None
    assert codes(check_source(USE, "use.py", session=session)) == []
    write("helper.py", RELU)
    assert codes(check_source(USE, "use.py", session=session)) == ["ORD001"]
    write("helper.py", NOTHING)
    assert codes(check_source(USE, "use.py", session=session)) == []
    write("helper.py", RELU, age=5.0)
    write("use.py", USE)
    assert codes(check_paths(["use.py"], session=session)) == ["ORD001"]
    Path("helper.py").unlink()
    assert codes(check_paths(["use.py"], session=session)) == []


def test_a_change_of_the_same_size_within_one_tick_is_seen() -> None:
    """Time and size do not identify a text that was just written."""
    session = Session()
    padded = NOTHING.ljust(len(RELU) + 8)
    write("helper.py", padded, age=0.0)
    status = Path("helper.py").stat()
    assert codes(check_source(USE, "use.py", session=session)) == []
    Path("helper.py").write_text(RELU.ljust(len(padded)))
    os.utime("helper.py", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert codes(check_source(USE, "use.py", session=session)) == ["ORD001"]


def test_what_did_not_change_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tree of a module is kept while its content is the same, even if its modification time changes."""
    session = Session()
    path = write("helper.py", RELU)
    with session.run() as project:
        first = project.read(path)
    write("helper.py", RELU, age=7.0)
    with session.run() as project:
        assert project.read(path) is first


def test_a_configuration_is_read_anew_in_each_call() -> None:
    """A long-lived session follows changes of the configuration."""
    session = Session()
    write("net.py", "import keras\nx = keras.layers.BatchNormalization()(keras.layers.Dense(8, 'relu')(y))\n")
    assert codes(check_paths(session=session)) == ["ORD001"]
    write("orderlint.toml", 'ignore = ["ORD001"]\n')
    assert codes(check_paths(session=session)) == []


def test_unsaved_texts_are_read_instead_of_files() -> None:
    """An overlay replaces the file until it is removed, also if the file does not exist yet."""
    session = Session({"helper.py": RELU})
    assert codes(check_source(USE, "use.py", session=session)) == ["ORD001"]
    write("helper.py", RELU)
    session.overlay("helper.py", NOTHING)
    assert codes(check_source(USE, "use.py", session=session)) == []
    session.overlay("helper.py", None)
    assert codes(check_source(USE, "use.py", session=session)) == ["ORD001"]


def test_texts_of_one_run_are_gone_after_it() -> None:
    """Texts that a repair would write are visible in its run only."""
    session = Session({"helper.py": RELU})
    path = Path("helper.py").absolute()
    with session.run({str(path): NOTHING.encode()}) as project:
        source = project.read(path)
        assert source is not None
        assert "Flatten" in source.text
    with session.run() as project:
        source = project.read(path)
        assert source is not None
        assert "ReLU" in source.text


def test_a_session_travels() -> None:
    """Another process gets the rules and the texts, and reads the files itself."""
    session = Session({"helper.py": RELU})
    with session.run() as project:
        project.find("helper", Path("use.py"))
    again = pickle.loads(pickle.dumps(session))
    assert again.registry.rules == session.registry.rules
    assert codes(check_source(USE, "use.py", session=again)) == ["ORD001"]


def test_two_sessions_in_two_threads_never_meet() -> None:
    """Each sees its own texts while the other one works."""
    found: dict[str, list[list[str]]] = {"relu": [], "nothing": []}
    failures: list[BaseException] = []

    def work(name: str, text: str) -> None:
        try:
            session = Session({"helper.py": text})
            for _ in range(8):
                found[name].append(codes(check_source(USE, "use.py", session=session)))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=one) for one in (("relu", RELU), ("nothing", NOTHING))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert found == {"relu": [["ORD001"]] * 8, "nothing": [[]] * 8}


def test_two_threads_may_use_one_session() -> None:
    """The second waits for the first."""
    session = Session({"helper.py": RELU})
    found: list[list[str]] = []
    threads = [
        threading.Thread(target=lambda: found.append(codes(check_source(USE, "use.py", session=session))))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [["ORD001"]] * 4


def test_everything_that_is_asked_of_the_disk_is_recorded() -> None:
    """Files that were found and files that were missing, also if the result was cached for another file."""
    write("helper.py", RELU)
    session = Session()

    def asked(paths: Sequence[str]) -> dict[tuple[str, ...], str | None]:
        with session.run() as project, project.recording() as queries:
            for path in paths:
                project.find("helper", Path(path))
                project.find("nowhere", Path(path))
                project.read(Path("helper.py"))
        return dict(queries)

    here = os.getcwd()
    helper = os.path.join(here, "helper.py")  # noqa: PTH118
    queries = asked(["a.py", "b.py"])
    assert queries[("find", here, "helper")] == helper
    assert queries[("find", here, "nowhere")] is None
    assert queries[("text", helper)] is not None
    assert asked(["b.py"]) == queries
