"""Work in several processes."""

from __future__ import annotations

import os

import pytest

from orderlint.engine.pool import batches_of, in_processes


def work(number: int) -> int:
    if number < 0:
        os._exit(9)  # like a crash in native code, or the out-of-memory killer
    return number * number


def died(number: int) -> str:
    return f"died over {number}"


@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_results_come_in_the_order_of_the_items(jobs: int) -> None:
    """The order does not depend on which process finishes first."""
    assert list(in_processes(work, range(40), jobs, died)) == [n * n for n in range(40)]


@pytest.mark.parametrize("place", [0, 1, 17, 39])
def test_a_process_that_dies_costs_its_item_alone(place: int) -> None:
    """The error names its item, and every other one has a result."""
    items = [-1 if n == place else n for n in range(40)]
    expected = ["died over -1" if n == place else n * n for n in range(40)]
    assert list(in_processes(work, items, 2, died)) == expected


def test_several_processes_may_die() -> None:
    """Each item whose process died is named."""
    items = [-1, 2, -3, 4, *range(20), -5]
    results = list(in_processes(work, items, 2, died))
    assert results == ["died over -1", 4, "died over -3", 16, *(n * n for n in range(20)), "died over -5"]


def pid(number: int) -> int:
    return os.getpid()


def test_what_belongs_together_is_done_by_one_process() -> None:
    """Items of a group go to one process, except at the end, when idle processes help."""
    groups = [number // 6 for number in range(48)]
    pids = list(in_processes(pid, range(48), 2, died, groups=groups))
    assert len(set(pids)) == 2
    assert len(set(zip(pids, groups, strict=True))) <= 8 + 2


def test_what_is_large_comes_first() -> None:
    """Large items come first, and the rest in order, in batches of one group."""
    sizes = [1, 1, 90, 1, 1, 1, 300, 1]
    assert batches_of(sizes, [0, 0, 0, 0, 1, 1, 1, 1], 2) == [(6,), (2,), (0, 1, 3), (4, 5, 7)]


def test_no_items_give_no_results() -> None:
    """No process is started."""
    assert list(in_processes(work, [], 2, died)) == []
