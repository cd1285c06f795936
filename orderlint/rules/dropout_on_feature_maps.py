"""ORD106."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from orderlint.graph import LayerCall, Role, Site, Unit, UnitStep
from orderlint.judging.moves import changes_shape
from orderlint.judging.order import Order
from orderlint.judging.rule import Example, Fixable, NearMiss, Rule, Violation
from orderlint.judging.wishes import ReplaceLayer, Wish


class DropoutOnFeatureMaps(Rule):
    """A plain dropout is applied to the feature maps of a convolution.

    ## What it does
    Checks for `Dropout` on the output of a convolution that still has its spatial axes, that is, before any `Flatten`,
    `Reshape` or global pooling.

    A map of a single position has no neighboring values, so dropping a value drops the whole map. For that reason,
    convolutions of pooled values are not checked, such as those at the end of MobileNet and in squeeze-and-excitation
    blocks. Their input comes from `GlobalAveragePooling2D(keepdims=True)`, or from a global pooling with a
    `Reshape((1, 1, c))` after it.

    ## Why is this bad?
    Neighboring values in a feature map are strongly correlated. Dropping single values hides little from the next layer
    and mostly acts like a lower learning rate. `SpatialDropout1D`, `SpatialDropout2D` and `SpatialDropout3D` drop whole
    maps.

    ## What a repair changes
    - Training: whole maps are dropped instead of single values.
    - Inference: nothing, because dropout does nothing there.
    - Checkpoints: old weights load and give the same predictions.

    ## Known limits
    - Maps of one position are only recognized after a global pooling layer, up to an upsampling or transposed
      convolution. A pooling by hand (`tf.reduce_mean`) is not recognized.
    - Nothing is reported after a merge, in time-distributed layers, or for `tf.nn.dropout`.
    - A dropout with a `noise_shape` already says which values are dropped together, and is not reported.
    - There is no repair if the same dropout layer is also applied to a tensor of another rank.
    - `SpatialDropout` can be worse before a global average pooling that is followed by a linear layer and a batch
      normalization. Pooling averages out single dropped values, but not whole maps. Measured on real data, the variance
      at that normalization is 68.6 times larger in training than at inference. With a plain `Dropout`, it is 1.30 times
      larger. Measure such a model with `orderlint measure`, or keep the plain dropout there.

    ## Published designs
    Many small image classifiers drop single values after each pooling, including the MNIST and CIFAR-10 examples of
    Keras 1 and 2.

    ## References
    - Tompson et al. 2015, Efficient Object Localization Using Convolutional Networks, arXiv:1411.4280
    - Keras: keras/src/layers/regularization/spatial_dropout.py
    """

    code = "ORD106"
    name = "dropout-on-feature-maps"
    needs = (frozenset({Role.LINEAR, Role.DROPOUT}),)
    fixable = Fixable.SOMETIMES
    why = "Neighboring values in a feature map are similar, so dropping single ones removes little information."
    advice = "use a `SpatialDropout`"
    examples = (
        Example(
            "after a pooling",
            bad="""\
model = Sequential([
    Conv2D(16, 3, activation="relu"),
    MaxPooling2D(),
    Dropout(0.25),  # error: 5
    Conv2D(16, 3, activation="relu"),
])
""",
            good="""\
model = Sequential([
    Conv2D(16, 3, activation="relu"),
    MaxPooling2D(),
    SpatialDropout2D(0.25),
    Conv2D(16, 3, activation="relu"),
])
""",
        ),
    )
    near_misses = (
        NearMiss(
            "the maps are flattened",
            """\
model = Sequential([Conv2D(16, 3, activation="relu"), Flatten(), Dropout(0.5), Dense(10)])
""",
        ),
        NearMiss(
            "the maps are pooled away",
            """\
model = Sequential([Conv2D(16, 3, activation="relu"), GlobalAveragePooling2D(), Dropout(0.5), Dense(10)])
""",
        ),
        NearMiss(
            "the maps have one position, so dropping a value drops a map",
            """\
model = Sequential([
    Conv2D(16, 3, activation="relu"),
    GlobalAveragePooling2D(keepdims=True),
    Conv2D(64, 1, activation="relu"),
    Dropout(0.2),
    Conv2D(10, 1),
    Flatten(),
])
""",
        ),
        NearMiss(
            "a dense layer has no feature maps",
            """\
model = Sequential([Dense(16, activation="relu"), Dropout(0.5), Dense(10)])
""",
        ),
    )

    def check(self, units: Sequence[Unit], order: Order) -> Iterator[Violation]:
        points = _Points(units)
        ranks = _ranks(units, points)
        for unit in units:
            for step, rank in _ranked(unit, points):
                if rank is not None:
                    yield self._violation(unit, step, rank, ranks)

    def _violation(self, unit: Unit, drop: UnitStep, rank: int, ranks: Mapping[Site, set[int | None]]) -> Violation:
        replacement = f"SpatialDropout{rank}D"
        wish: Wish | None = None
        if drop.call.constructed is not None and ranks[drop.call.constructed] == {rank}:
            wish = ReplaceLayer(drop.call, replacement, "same-inference")
        assert unit.head is not None
        return Violation(
            rule=self,
            at=drop.call,
            because=(unit.head.call,),
            because_message="convolution applied here",
            message=f"`{drop.name}` on the feature maps of `{unit.head.name}`, not `{replacement}`",
            unit=unit,
            wish=wish,
            refusal=None if wish else "the same dropout is also used on other shapes",
        )


class _Points:
    """Where feature maps have a single position: behind a global pooling, as long as nothing enlarges them.

    Args:
        units: Those of all graphs.
    """

    def __init__(self, units: Sequence[Unit]) -> None:
        self._before: dict[int, list[Unit]] = {}  # what leads to a call, by its `id`
        for unit in units:
            if unit.follower is not None:
                self._before.setdefault(id(unit.follower), []).append(unit)
        self._known: dict[int, bool] = {}

    def begin(self, unit: Unit) -> bool:
        """Whether the maps have one position behind the head of a unit."""
        return unit.head is not None and _keeps_size(unit.head) and self._are_before(unit.head.call)

    def holds(self, unit: Unit) -> bool:
        """Whether the maps have one position behind a unit."""
        is_point = self.begin(unit)
        for step in unit.steps:
            if step.role is Role.PASS:
                is_point = _shape(step) == "global" or (is_point and not _enlarges(step))
        return is_point

    def _are_before(self, call: LayerCall) -> bool:
        """Whether the inputs of a call are such maps on every path."""
        if id(call) not in self._known:
            self._known[id(call)] = False  # the answer for a call that feeds itself
            before = self._before.get(id(call), [])
            self._known[id(call)] = bool(before) and all(map(self.holds, before))
        return self._known[id(call)]


def _keeps_size(linear: UnitStep) -> bool:
    """Whether a linear layer leaves maps of one position with one position."""
    return isinstance(linear.call.facts.get("rank"), int) and "Transpose" not in linear.call.layer


def _shape(step: UnitStep) -> object:
    """What a `pass` step does to the shape."""
    return step.call.facts.get("shape", "other")


def _enlarges(step: UnitStep) -> bool:
    """Whether a `pass` step makes several positions of one."""
    return _shape(step) == "border" or step.name.startswith("UpSampling")


def _ranked(unit: Unit, points: _Points) -> Iterator[tuple[UnitStep, int | None]]:
    """Each dropout layer of a unit with the rank of the feature maps that it works on.

    The rank is `None` if it is not a plain dropout, or does not work on feature maps with several positions.
    """
    rank = unit.head.call.facts.get("rank") if unit.head is not None else None
    is_point = isinstance(rank, int) and points.begin(unit)
    for step in unit.steps:
        if step.role is Role.DROPOUT and step.call.constructed is not None:
            yield step, rank if isinstance(rank, int) and not is_point and _is_plain(step) else None
        elif changes_shape(step):
            rank = None
        elif step.role is Role.PASS and _enlarges(step):
            is_point = False


def _is_plain(drop: UnitStep) -> bool:
    facts = drop.call.facts
    return drop.name == "Dropout" and "wrapper" not in facts and facts.get("noise_shape") is not True


def _ranks(units: Sequence[Unit], points: _Points) -> Mapping[Site, set[int | None]]:
    """For each place where a dropout is constructed, the ranks of all that it works on."""
    ranks: dict[Site, set[int | None]] = {}
    for unit in units:
        for step, rank in _ranked(unit, points):
            if step.call.constructed is not None:
                ranks.setdefault(step.call.constructed, set()).add(rank)
    return ranks
