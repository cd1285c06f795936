"""The result of `orderlint fix --verify`: the model before and after a repair."""

from __future__ import annotations

from pathlib import Path

from orderlint.records import record

__all__ = ["Built", "Comparison", "Shape", "Verification"]

Shape = tuple["int | None", ...]


@record(frozen=True, slots=True)
class Built:
    """The result of building a model.

    Attributes:
        inputs: The shape of each input. The first dimension, the batch, is `None`.
        outputs: The shape of each output. `None` if the model could not be run.
        parameters: The number of its parameters. `None` if it is not known.
        units: The chain of each unit.
    """

    inputs: tuple[Shape, ...]
    outputs: tuple[Shape, ...] | None
    parameters: int | None
    units: tuple[tuple[str, ...], ...]


@record(frozen=True, slots=True)
class Comparison:
    """The outputs at inference, with the same weights and random input.

    Attributes:
        reason: Why they could not be compared. `None` if they were.
        fits: Whether the old weights fit the new model, as far as that is known.
        equal: Whether the outputs are the same.
        difference: The largest absolute difference of two numbers.
    """

    reason: str | None = None
    fits: bool = True
    equal: bool = False
    difference: float = 0.0


@record(frozen=True, slots=True)
class Verification:
    """A model before and after a repair.

    Attributes:
        target: The function that builds it.
        before: The model of the old source.
        after: The model of the repaired source. `None` if it cannot be built.
        comparison: The comparison of their outputs.
        loaded: The repaired files that the target imports. The others are not verified.
        num_repaired: The number of repaired files.
        refusal: Why the repair must not be written. `None` if it may be.
    """

    target: str
    before: Built
    after: Built | None
    comparison: Comparison
    loaded: tuple[Path, ...]
    num_repaired: int
    refusal: str | None
