"""Checking on a Dask cluster on this machine, and its errors."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from orderlint.diagnostics import Report
from orderlint.engine import cluster as clusters
from orderlint.engine.checking import check
from orderlint.engine.cluster import ClusterError, crew_at, spread
from orderlint.engine.foreseeing import Knowledge
from orderlint.engine.session import Session
from orderlint.engine.targets import Target
from orderlint.engine.worker import Mismatch, Request, worked_on
from tests.judged import standards
from tests.support import ROOT

distributed = pytest.importorskip("distributed", reason="a real cluster needs Dask")

BLOCK = (
    "from keras import layers\n\n\n"
    "def block(x, kind):\n    return layers.BatchNormalization()(layers.Dense(8, kind)(x))\n"
)
USE = 'from keras import Input\nfrom {} import block\n\nmodel = block(Input((8,)), "{}")\n'
REAL = [Path(one) for one in os.environ.get("ORDERLINT_REAL_TREES", "").split(os.pathsep) if one]
"""Folders with models to compare on, where some are given."""


NUM_WORKERS = 3


@pytest.fixture(scope="module")
def started() -> Iterator[Any]:
    """Three workers in separate processes. They are started once, since this takes seconds."""
    how: dict[str, Any] = {"processes": True, "threads_per_worker": 1, "dashboard_address": ":0"}
    with distributed.LocalCluster(n_workers=NUM_WORKERS, **how) as cluster:
        yield cluster


@pytest.fixture
def cluster(started: Any) -> Any:
    """The cluster with all of its workers: one that another test killed takes seconds to restart."""
    with distributed.Client(started.scheduler_address, set_as_default=False) as client:
        client.wait_for_workers(NUM_WORKERS, timeout=300)
    return started


def targets_in(folder: Path) -> list[Target]:
    return [Target(str(path), path.as_posix(), standards()) for path in sorted(folder.rglob("*.py"))]


def on_cluster(cluster: Any, targets: Sequence[Target], session: Session | None = None, **how: Any) -> Report:
    with crew_at(cluster.scheduler_address) as crew:
        return check(targets, session=session, elsewhere=partial(spread, crew), **how)


def killing(cluster: Any, after: int) -> Callable[[int, int, str], None]:
    """A progress function that kills a worker after a number of files."""
    calls: list[int] = []

    def progress(done: int, total: int, under_way: str) -> None:
        calls.append(done)
        if len(calls) == after:
            with distributed.Client(cluster.scheduler_address, set_as_default=False) as client:
                pids = client.run(os.getpid)
            os.kill(pids[min(pids)], signal.SIGKILL)

    return progress


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("folder", [ROOT / "fixtures" / "check" / "ordering", *REAL], ids=lambda folder: folder.name)
def test_the_report_is_that_of_one_process_though_a_worker_is_killed(cluster: Any, folder: Path) -> None:
    """Findings, warnings and counts are equal: none is lost or duplicated.

    This takes seconds: three processes start and import everything, and one of them is restarted.
    """
    targets = targets_in(folder)
    assert len(targets) > 5
    assert on_cluster(cluster, targets, progress=killing(cluster, 2)) == check(targets, jobs=1)


def test_nothing_has_to_be_on_the_disk_of_the_workers(
    cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Modules that exist only in this process are resolved, also through several imports."""
    monkeypatch.chdir(tmp_path)
    texts = {
        "far.py": BLOCK,
        "middle.py": "from far import block\n",
        "near.py": "import middle\nblock = middle.block\n",
    }
    session = Session({str(tmp_path / name): text for name, text in texts.items()})
    uses = [USE.format("near", kind) for kind in ("linear", "relu", "linear")]
    targets = [
        Target(str(tmp_path / f"net{number}.py"), f"net{number}.py", standards(), data=text.encode())
        for number, text in enumerate(uses)
    ]
    far = Target(str(tmp_path / "far.py"), "far.py", standards(), data=BLOCK.encode())
    report = on_cluster(cluster, [far, *targets], session)
    assert report == check([far, *targets], session=session, jobs=1)
    assert [finding.location.path for finding in report.findings] == ["far.py"]


@pytest.mark.parametrize("folder", [ROOT / "fixtures" / "check" / "project", *REAL], ids=lambda folder: folder.name)
@pytest.mark.parametrize("jobs", [1, 2, None], ids=["one process", "two processes", "cluster"])
def test_cache_processes_and_cluster_agree(cluster: Any, tmp_path: Path, jobs: int | None, folder: Path) -> None:
    """With an empty cache, a full one or none, the report is the same."""
    targets = targets_in(folder)
    plain = check(targets, jobs=1)
    for session in (Session(), Session(cache=tmp_path), Session(cache=tmp_path)):
        how = partial(on_cluster, cluster, targets) if jobs is None else partial(check, targets, jobs=jobs)
        assert how(session=session) == plain


def test_a_wrong_guess_of_what_is_asked_changes_nothing(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text that was not sent in advance is requested and sent."""
    monkeypatch.setattr(Knowledge, "about", lambda *_: ({}, {}))
    targets = targets_in(ROOT / "fixtures" / "check" / "project")
    assert on_cluster(cluster, targets) == check(targets, jobs=1)


def test_another_version_is_named(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers with another version of orderlint are refused; the error says what to install."""
    monkeypatch.setattr(clusters, "__version__", "9.9.9")
    with pytest.raises(ClusterError, match=r"worker tcp://.* has orderlint .*, expected 9\.9\.9: install the same"):
        on_cluster(cluster, [])


def test_a_worker_without_orderlint_is_named() -> None:
    """Workers without orderlint are refused, too."""
    with pytest.raises(ClusterError, match="has no orderlint"):
        clusters._look_at("tcp://10.0.0.5:1", ModuleNotFoundError("No module named 'orderlint'"), os.name)


def test_a_late_worker_with_other_packages_is_told_of() -> None:
    """Missing packages of a worker that joined later are reported when it gets a task."""
    with pytest.raises(Mismatch, match=r"expected orderlint .*, lab-rules 1\.2: install the same there"):
        worked_on(Request((), {}, {}, ("lab-rules 1.2",)))


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("tcp://127.0.0.1:9", "no Dask scheduler answers at tcp://127.0.0.1:9"),
        ("nowhere", "`nowhere` is not an address with a port"),
    ],
)
def test_an_address_where_nobody_answers_is_named(address: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error gives the expected form."""
    monkeypatch.setattr(clusters, "PATIENCE", 1)
    with pytest.raises(ClusterError, match=said), crew_at(address):
        pass


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says that Dask is missing."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match=r"pip install 'orderlint\[cluster\]'"), crew_at("tcp://127.0.0.1:9"):
        pass
