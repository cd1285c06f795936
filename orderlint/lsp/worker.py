"""A thread that runs one job at a time, the newest first, so that an old job does not delay a new one.

A job with a key replaces the job with the same key, even if that is running. Any other job that runs for longer than
`PATIENCE` while a newer one waits is interrupted, and starts again later.
"""

from __future__ import annotations

import contextlib
import ctypes
import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future, InvalidStateError
from dataclasses import field
from typing import Any, TypeVar

from orderlint.records import record

__all__ = ["Interrupted", "Worker"]

PATIENCE = 0.1  # seconds; most jobs are done by then, and an interrupted job has to start again
Result = TypeVar("Result")


class Interrupted(BaseException):
    """Raised in the thread to stop a job. No `except Exception` may catch it."""


@record(eq=False, slots=True)
class _Job:
    work: Callable[[], Any]
    key: Hashable
    future: Future[Any] = field(default_factory=Future)
    started: float = 0.0
    can_stop: bool = True


class Worker:
    """The thread and its jobs."""

    def __init__(self) -> None:
        self._waiting: list[_Job] = []
        self._running: _Job | None = None
        self._changed = threading.Condition()
        self._is_closed = False
        self._thread = threading.Thread(target=self._loop, name="orderlint", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def close(self) -> None:
        """Drop all jobs and end the thread."""
        with self._changed:
            self._is_closed = True
            dropped, self._waiting = self._waiting, []
            if self._running is not None:
                dropped.append(self._running)
                self._interrupt()
            self._changed.notify_all()
        for job in dropped:
            job.future.cancel()

    def submit(self, work: Callable[[], Result], key: Hashable = None, *, can_stop: bool = True) -> Future[Result]:
        """Submit a job.

        Args:
            work: The function to run. It may be started several times.
            key: An earlier job with the same key is dropped; `None` drops none.
            can_stop: Whether it may be interrupted.

        Returns: Its result, which is canceled if the job is dropped.
        """
        job = _Job(work, key, can_stop=can_stop)
        with self._changed:
            dropped = [old for old in self._waiting if key is not None and old.key == key]
            self._waiting = [old for old in self._waiting if old not in dropped]
            running = self._running
            if running is not None and running.can_stop:
                if key is not None and running.key == key:
                    dropped.append(running)
                    self._interrupt()
                else:
                    self._interrupt_later(running)
            self._waiting.append(job)
            self._changed.notify_all()
        for old in dropped:
            old.future.cancel()
        return job.future

    def _interrupt_later(self, job: _Job) -> None:
        timer = threading.Timer(max(0.0, PATIENCE - (time.monotonic() - job.started)), self._put_back, [job])
        timer.daemon = True
        timer.start()

    def _put_back(self, job: _Job) -> None:
        """Interrupt a job that still runs, and let it wait for the newer ones."""
        with self._changed:
            if self._running is job and self._waiting and not self._is_closed:
                self._interrupt()
                self._waiting.insert(0, job)
                self._changed.notify_all()

    def _interrupt(self) -> None:
        """Raise `Interrupted` in the thread. The thread notices that its job is no longer `_running`."""
        self._running = None
        raise_in = getattr(ctypes, "pythonapi", None)
        if raise_in is not None and self._thread.ident is not None:
            raise_in.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._thread.ident), ctypes.py_object(Interrupted))

    def _loop(self) -> None:
        while True:
            try:
                job = self._next()
                if job is None:
                    return
                self._do(job)
            except Interrupted:
                continue  # the code that interrupted the job has dropped it or put it back

    def _next(self) -> _Job | None:
        with self._changed:
            while not self._waiting and not self._is_closed:
                self._changed.wait()
            if self._is_closed:
                return None
            self._running = job = self._waiting.pop()
            job.started = time.monotonic()
            return job

    def _do(self, job: _Job) -> None:
        result, error = None, None
        try:
            result = job.work()
        except Exception as failure:  # raised again for the code that waits for the result
            error = failure
        with self._changed:
            is_mine, self._running = self._running is job, None if self._running is job else self._running
        if not is_mine:
            self._await_interruption()
        with contextlib.suppress(InvalidStateError):  # it was canceled
            if error is not None:
                job.future.set_exception(error)
            else:
                job.future.set_result(result)

    def _await_interruption(self) -> None:
        """Wait for the interruption, which was already requested, so that it does not interrupt the next job."""
        until = time.monotonic() + 1.0
        while time.monotonic() < until:
            time.sleep(0.001)
        raise Interrupted
