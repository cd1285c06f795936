"""The worker does the newest job first, and old jobs do not delay it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError

import pytest

from orderlint.lsp.worker import Worker

LONG = 30  # seconds; far more than any test takes


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker()
    worker.start()
    yield worker
    worker.close()


class Endless:
    """Work that continues until it is interrupted, or allowed to end."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.may_end = False

    def __call__(self) -> str:
        self.begun.release()
        while not self.may_end:
            sum(range(100))
        return "ended"


def test_results_and_errors_reach_who_waits(worker: Worker) -> None:
    """A future has the result of its job, or its exception; the thread continues after an exception."""
    failed = worker.submit(lambda: 1 // 0)
    assert worker.submit(lambda: 2).result(LONG) == 2
    with pytest.raises(ZeroDivisionError):
        failed.result(LONG)


def test_a_newer_job_of_the_same_key_replaces_the_one_that_runs(worker: Worker) -> None:
    """The older job is interrupted, and its future is canceled."""
    endless = Endless()
    old = worker.submit(endless, key="net.py")
    assert endless.begun.acquire(timeout=LONG)
    assert worker.submit(lambda: "new", key="net.py").result(LONG) == "new"
    with pytest.raises(CancelledError):
        old.result(LONG)


def test_another_job_that_takes_long_makes_way_and_is_taken_up_again(worker: Worker) -> None:
    """A newer job does not wait for a long one, which is restarted afterwards and has its result."""
    endless = Endless()
    old = worker.submit(endless, key="slow.py")
    assert endless.begun.acquire(timeout=LONG)
    assert worker.submit(lambda: "new").result(LONG) == "new"
    assert endless.begun.acquire(timeout=LONG)
    endless.may_end = True
    assert old.result(LONG) == "ended"


def test_many_jobs_of_one_key_leave_the_last(worker: Worker) -> None:
    """In any sequence of jobs, the last one has its result, and no other key is interrupted."""
    other = worker.submit(lambda: "other", key="other")
    futures = [worker.submit(lambda number=number: number, key="net.py") for number in range(500)]  # type: ignore[misc]
    assert futures[-1].result(LONG) == 499
    assert other.result(LONG) == "other"
    assert worker.submit(lambda: "after").result(LONG) == "after"


def test_what_must_not_stop_is_not_stopped(worker: Worker) -> None:
    """A job that cannot be restarted is not interrupted."""
    begun, go_on = threading.Event(), threading.Event()

    def work() -> str:
        begun.set()
        go_on.wait(LONG)
        return "whole"

    old = worker.submit(work, key="a", can_stop=False)
    assert begun.wait(LONG)
    new = worker.submit(lambda: "new", key="a")
    go_on.set()
    assert (old.result(LONG), new.result(LONG)) == ("whole", "new")


def test_closing_drops_what_waits(worker: Worker) -> None:
    """When a worker is closed, it interrupts the running job and cancels the waiting ones."""
    endless = Endless()
    running = worker.submit(endless)
    assert endless.begun.acquire(timeout=LONG)
    waiting = worker.submit(lambda: None)
    worker.close()
    for future in (running, waiting):
        with pytest.raises(CancelledError):
            future.result(LONG)
