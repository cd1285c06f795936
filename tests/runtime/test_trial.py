"""Assigning the weights of one version of a model to another."""

from __future__ import annotations

from orderlint.runtime.trial import Weight, copied

DENSE = (Weight("kernel", (4, 8)), Weight("bias", (8,)))
NORM = (Weight("gamma", (8,)), Weight("beta", (8,)))


def test_the_same_weights_take_their_values() -> None:
    """In order, if all fit."""
    assert copied([*DENSE, *NORM], ["k", "b", "g", "t"], [*DENSE, *NORM]) == ["k", "b", "g", "t"]


def test_a_bias_may_be_gone() -> None:
    """A bias may be missing, in the middle or at the end, since the norm cancels it."""
    assert copied([*DENSE, *NORM, *DENSE], ["k", "b", "g", "t", "l", "c"], [DENSE[0], *NORM, DENSE[0]]) is not None
    assert copied([*DENSE, *NORM], ["k", "b", "g", "t"], [DENSE[0], *NORM]) == ["k", "g", "t"]


def test_other_weights_do_not_fit() -> None:
    """Another shape, an additional weight, another order, a missing weight that is not a bias."""
    assert copied(DENSE, ["k", "b"], [Weight("kernel", (4, 9)), DENSE[1]]) is None
    assert copied(DENSE, ["k", "b"], [*DENSE, *NORM]) is None
    assert copied([*NORM, *DENSE], ["g", "t", "k", "b"], [*DENSE, *NORM]) is None
    assert copied([*DENSE, *NORM], ["k", "b", "g", "t"], DENSE) is None
