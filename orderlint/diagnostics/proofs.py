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
        inputs: The shape of each input, the batch first as `None`.
        outputs: The shape of each output; `None` if the model could not be run.
        parameters: How many numbers its weights hold; `None` if that is not known.
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
        reason: Why they could not be compared; `None` if they were.
        fits: Whether the old weights fit the new model, as far as that is known.
        equal: Whether they are the same.
        difference: The largest difference of a number.
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
        before: With the source as it is.
        after: With the source repaired; `None` if it cannot be built.
        comparison: Of their outputs.
        loaded: The repaired files that the target imports; the others are not proven.
        num_repaired: How many files are repaired.
        refusal: Why the repair is not to be written; `None` if it is as it should be.
    """

    target: str
    before: Built
    after: Built | None
    comparison: Comparison
    loaded: tuple[Path, ...]
    num_repaired: int
    refusal: str | None
