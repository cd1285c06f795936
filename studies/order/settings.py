"""The settings that are trained."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

__all__ = ["ORDERS", "QUICK", "RECOMMENDED", "RULES", "Setting", "grid"]

RECOMMENDED: Final = "LBAD"
ORDERS: Final = {
    "LBAD": "recommended",
    "LBDA": "ORD003",
    "LDBA": "ORD002",
    "LADB": "ORD001, ORD002",
    "LABD": "ORD001",
}
"""Each order with the rules that find something in it."""
RULES: Final = {"ORD001": ("LABD",), "ORD002": ("LDBA", "LADB"), "ORD003": ("LBDA",)}
"""The orders that a rule's page quotes."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One configuration, trained once for each seed.

    Attributes:
        data: `digits` (scikit-learn's, 600 for training) or `mnist1d` (1,500 for training).
        order: The letters of one block.
        activation: Its name in Keras.
        rate: The rate of the dropout; 0 for none.
        seeds: How many seeds: each is a split or sample of the data, initial kernels, and an order of batches.
        epochs: The number of epochs.
        width: The number of units or filters.
        depth: The number of blocks.
    """

    data: str
    order: str
    activation: str
    rate: float
    seeds: int = 20
    epochs: int = 30
    width: int = 128
    depth: int = 2


def _setting(data: str, order: str, activation: str, rate: float) -> Setting:
    if data == "digits":
        return Setting(data, order, activation, rate)
    return Setting(data, order, activation, rate, seeds=10, epochs=20, width=32, depth=3)


def _orders(rate: float) -> tuple[str, ...]:
    """Without a dropout three of the orders are one, and the other two as well."""
    return tuple(ORDERS) if rate else ("LBAD", "LABD")


_FIRST: Final = (
    ("digits", ("relu",), (0.3, 0.5, 0.1)),
    ("mnist1d", ("relu",), (0.3, 0.5)),
    ("digits", ("tanh",), (0.3, 0.5, 0.1)),
    ("digits", ("gelu", "elu", "relu"), (0.3, 0.0)),
    ("mnist1d", ("tanh",), (0.3,)),
    ("mnist1d", ("relu",), (0.1, 0.0)),
    ("digits", ("gelu", "elu"), (0.5, 0.1)),
    ("mnist1d", ("gelu", "elu", "tanh"), (0.3, 0.5)),
)
"""Data, activations and rates that tell most for their time."""
_LONG: Final = {"relu": ("LBAD", "LDBA", "LABD"), "elu": ("LBAD", "LABD", "LADB"), "tanh": ("LBAD", "LABD")}
"""Orders of activations that are trained three times as long as well: does what is seen at 20 epochs last?"""
_LONG_RATE: Final = 0.3


def grid() -> Iterator[Setting]:
    """All settings. The most informative ones come first, in case a run is stopped."""
    first = [(data, name, rate) for data, names, rates in _FIRST for rate in rates for name in names]
    rest = itertools.product(("digits", "mnist1d"), ("relu", "tanh", "gelu", "elu"), (0.1, 0.0))
    for data, activation, rate in dict.fromkeys([*first, *rest]):
        for order in _orders(rate):
            yield _setting(data, order, activation, rate)
    for activation, orders in _LONG.items():
        for order in orders:
            yield replace(_setting("mnist1d", order, activation, _LONG_RATE), epochs=60)


QUICK: Final = tuple(Setting("digits", order, "relu", 0.3, seeds=2, epochs=2, width=16) for order in ("LBAD", "LDBA"))
"""A tiny part, for tests."""
