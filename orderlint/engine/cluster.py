"""Spreads the work of a run over a Dask cluster, through the interface of `concurrent.futures`.

Requests are sent as the cluster accepts them, large ones first. The outcomes come in the order of the files. If a
worker is lost, its requests go to other workers. Files with findings are checked again on this machine, because the
possible repairs depend on all files of the project.
"""

from __future__ import annotations

import contextlib
import os
import pkgutil
import re
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from orderlint.diagnostics import FileError
from orderlint.engine.foreseeing import Knowledge
from orderlint.engine.pool import Batch, batches_of
from orderlint.engine.running import size_of
from orderlint.engine.targets import Outcome, Target
from orderlint.engine.worker import Mismatch, Piece, Reply, Request, worked_on
from orderlint.source.queries import Answer, Query, stamp_of
from orderlint.text.files import SourceError
from orderlint.version import __version__

if TYPE_CHECKING:
    from orderlint.engine.session import Session

__all__ = ["ClusterError", "Crew", "crew_at", "spread"]

PATIENCE = 10
"""Seconds to wait for a scheduler to answer."""
_ADDRESS = re.compile(r"(\w+://)?[^\s/]+:\d+/?|inproc://\S+")
_REQUESTS = (
    3  # in progress for each thread of the cluster: no thread waits for work, and files sent again are soon done
)
_ROUNDS = 40  # how often a file is sent again with more answers: no chain of imports is that long


class ClusterError(Exception):
    """Raised if a cluster cannot be used. The message says why, and what to do."""


@contextlib.contextmanager
def crew_at(address: str) -> Iterator[Crew]:
    """The workers of a cluster.

    Args:
        address: The address of its scheduler, such as `tcp://10.0.0.5:8786`.

    Raises:
        ClusterError: The cluster does not exist, or cannot be used.
    """
    if not _ADDRESS.fullmatch(address):  # Dask would wait for half a minute
        raise ClusterError(f"`{address}` is not an address with a port, such as tcp://10.0.0.5:8786")
    try:
        connect: Callable[..., Any] = import_module("distributed").Client
    except ImportError as error:
        message = f"--cluster needs Dask ({error}): pip install 'orderlint[cluster]'"
        raise ClusterError(message) from None
    try:
        client = connect(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        why = str(error).strip().rstrip(".") or type(error).__name__
        raise ClusterError(
            f"no Dask scheduler answers at {address} ({why}); expected an address such as tcp://10.0.0.5:8786"
        ) from None
    try:
        yield Crew(client, address)
    finally:
        with contextlib.suppress(Exception):  # the cluster may be gone
            client.close(timeout=2)


class Crew:
    """The workers of a cluster, all with the same version of orderlint.

    Args:
        client: The Dask client.
        address: The address of the scheduler.

    Raises:
        ClusterError: There are no workers, or one of them would find something else.
    """

    def __init__(self, client: Any, address: str) -> None:
        self._address = address
        found = client.run(pkgutil.resolve_name, "orderlint.version:__version__", on_error="return")
        systems = client.run(pkgutil.resolve_name, "os:name", on_error="return")
        self.num_threads = sum(client.nthreads().values())
        if not found or not self.num_threads:
            raise ClusterError(f"the cluster at {address} has no workers: start some, or omit --cluster")
        for worker, version in found.items():
            _look_at(worker, version, systems.get(worker))
        self._client = client
        self._executor: Any = None

    def send(self, request: Request) -> Future[list[Reply]]:
        """Send a request to a worker."""
        if self._executor is None:
            self._executor = self._client.get_executor(pure=False)
        future: Future[list[Reply]] = self._executor.submit(worked_on, request)
        return future

    def dismiss(self) -> None:
        """Cancel unfinished work."""
        if self._executor is not None:
            self._executor.shutdown(wait=False)
            self._executor = None

    def gone(self) -> ClusterError:
        """The error message if someone else cancelled the work."""
        return ClusterError(f"the connection to the cluster at {self._address} was lost; run again, or omit --cluster")


def _look_at(worker: str, version: object, system: object) -> None:
    if isinstance(version, Exception):
        raise ClusterError(
            f"the worker {worker} has no orderlint ({version}): install orderlint {__version__} where the workers run"
        )
    if version != __version__:
        raise ClusterError(
            f"the worker {worker} has orderlint {version}, expected {__version__}: install the same version there"
        )
    if system != os.name:
        raise ClusterError(f"the worker {worker} runs on another kind of system ({system}), expected {os.name}")


class _Spread:
    """One run over a cluster."""

    def __init__(self, crew: Crew, targets: Sequence[Target], session: Session) -> None:
        self._crew = crew
        self._targets = targets
        self._packages = session.plugins.packages
        self._knowledge = Knowledge(session.project)
        self._overlay = session.texts
        self._flying: dict[Future[list[Reply]], Batch] = {}
        self._more: dict[int, tuple[dict[Query, Answer], dict[str, bytes]]] = {}
        self._rounds: dict[int, int] = {}
        self.done: dict[int, Outcome | None] = {}

    def outcomes(self, batches: list[Batch], here: Callable[[Target], Outcome]) -> Generator[Outcome, None, None]:
        """The outcomes of the targets, in order. `here` checks those that cannot be checked elsewhere."""
        waiting = batches[::-1]
        for number, target in enumerate(self._targets):
            while number not in self.done:
                self._fill(waiting)
                if number not in self.done:
                    self._wait(waiting)
            self._fill(waiting)
            outcome = self.done.pop(number)
            yield here(target) if outcome is None else outcome

    def _fill(self, waiting: list[Batch]) -> None:
        while waiting and len(self._flying) < _REQUESTS * self._crew.num_threads:
            self._send(waiting.pop())

    def _send(self, batch: Batch) -> None:
        pieces: list[Piece] = []
        numbers: list[int] = []
        answers: dict[Query, Answer] = {}
        texts: dict[str, bytes] = {}
        for number in batch:
            target = self._targets[number]
            path = target.absolute
            try:
                data = target.bytes()
            except SourceError:
                self.done[number] = None
                continue
            if number not in self._more:
                self._more[number] = self._knowledge.about(path, data)
            answers.update(self._more[number][0])
            texts.update(self._more[number][1])
            pieces.append(Piece(path, data, target.standards, target.in_full))
            numbers.append(number)
        if pieces:
            request = Request(tuple(pieces), answers, texts, self._packages)
            self._flying[self._crew.send(request)] = tuple(numbers)

    def _wait(self, waiting: list[Batch]) -> None:
        """Wait until something comes back, and store it."""
        for future in wait(self._flying, return_when=FIRST_COMPLETED).done:
            batch = self._flying.pop(future)
            try:
                replies = future.result()
            except CancelledError:
                raise self._crew.gone() from None
            except Mismatch as error:
                raise ClusterError(str(error)) from None
            except Exception as error:
                self._failed(batch, error, waiting)
                continue
            for number, reply in zip(batch, replies, strict=True):
                self._take(number, reply, waiting)

    def _failed(self, batch: Batch, error: Exception, waiting: list[Batch]) -> None:
        """Find the file that ended the workers. All other errors are raised, because a user has to solve them."""
        if type(error).__name__ != "KilledWorker":
            raise ClusterError(f"the cluster failed: {type(error).__name__}: {error}") from None
        if len(batch) > 1:
            waiting += [(number,) for number in reversed(batch)]
            return
        target = self._targets[batch[0]]
        message = (
            "the workers of the cluster that checked it died (out of memory, or a bug in orderlint: please report it)"
        )
        self.done[batch[0]] = Outcome(target.shown, errors=[FileError(target.shown, message)])

    def _take(self, number: int, reply: Reply, waiting: list[Batch]) -> None:
        if reply.missing and self._rounds.get(number, 0) < _ROUNDS:
            self._rounds[number] = self._rounds.get(number, 0) + 1
            for query in sorted(reply.missing):
                self._knowledge.add(query, *self._more[number])
            waiting.append((number,))
            return
        self._more.pop(number, None)
        target = self._targets[number]
        is_enough = not (reply.missing or reply.outcome.findings or reply.outcome.errors)
        self.done[number] = _brought_home(reply.outcome, target) if is_enough else None


def _brought_home(outcome: Outcome, target: Target) -> Outcome:
    """The outcome of a worker, with the stamp and the name that the file has here."""
    stamp = stamp_of(target.path) if target.data is None else None
    basis = None if outcome.basis is None or target.data is not None else replace(outcome.basis, stamp=stamp)
    return replace(outcome, shown=target.shown, basis=basis)


def spread(
    crew: Crew, targets: Sequence[Target], session: Session, here: Callable[[Target], Outcome]
) -> Iterator[Outcome]:
    """Check targets, and return their outcomes in order.

    Args:
        crew: The workers.
        targets: The files.
        session: The state of the run.
        here: Checks a file that cannot be checked elsewhere.

    Raises:
        ClusterError: The cluster failed.
    """
    folders = [target.folder for target in targets]
    batches = batches_of(list(map(size_of, targets)), folders, crew.num_threads)
    run = _Spread(crew, targets, session)
    try:
        yield from run.outcomes(batches, here)
    finally:
        crew.dismiss()
