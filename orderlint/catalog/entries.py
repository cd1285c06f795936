"""The records of the catalog: an entry for each Keras name, and the description of one use."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final

from orderlint.graph import Role, Step
from orderlint.records import record

__all__ = ["FACTS", "UNKNOWN", "ActivationOf", "Description", "Entry", "Kind", "Unknown", "words"]


class Kind(Enum):
    """How a name is used."""

    LAYER = "layer"  # constructed, then applied
    FUNCTION = "function"  # called on tensors


class Unknown(Enum):
    """The type of `UNKNOWN`."""

    UNKNOWN = "unknown"

    __hash__ = object.__hash__  # a key all the time: that of `Enum` is written in Python

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown.UNKNOWN
"""An argument that is given and whose value is not known."""


@record(frozen=True, slots=True)
class ActivationOf:
    """An activation argument that was resolved to an activation.

    Attributes:
        name: The canonical lower-case name (`relu`, `leaky_relu`, `linear`); `None` where it certainly is an
            activation and its name is not known.
        plain: Whether it was given no arguments of its own (`ReLU(max_value=6)` is not plain).
    """

    name: str | None
    plain: bool = True


@record(frozen=True, slots=True)
class Entry:
    """One Keras name.

    Attributes:
        name: The canonical name: `Conv2D` for `Convolution2D`; for functions the function's name (`relu`).
        kind: How it is used.
        role: The role of an ordinary use, before its arguments are looked at. The functions of role `merge`
            merge only where two or more of their operands are tensors of the network (see `arithmetic`).
        parameters: The positional parameters, as far as rules and repairs need them.
        older: Parameters of older versions, tried by `bind` where the arguments do not fit `parameters`.
        wrapper: Whether it has the role of the layer it wraps (its first parameter).
        chain: The name in a chain, where it is not `name` (`ReLU` for `relu`).
        arithmetic: Whether it is `pass` where only one operand is a tensor of the network.
        user_roles: The roles given to it in the configuration.
        like: The layer of Keras whose shapes it has, for layers of other libraries.
        before: The parameter for an activation that acts on the input, before what the layer multiplies.
        then: Further roles that act after the first, before an inline activation.
        own_activation: The layer that an inline activation would have to become, if `Activation` will not do.
        members: The classes of which it is one, where no more is known (see `families`).
    """

    name: str
    kind: Kind
    role: Role
    parameters: tuple[str, ...] = ()
    older: tuple[tuple[str, ...], ...] = ()
    wrapper: bool = False
    chain: str = ""
    arithmetic: bool = False
    user_roles: tuple[Role, ...] = ()
    like: str = ""
    before: str = ""
    then: tuple[Role, ...] = ()
    own_activation: str = ""
    members: tuple[Entry, ...] = ()

    @property
    def kin(self) -> str:
        """The layer of Keras that it is like in shapes, or itself."""
        return self.like or self.name

    @property
    def chain_name(self) -> str:
        """The name a step has in a chain."""
        return self.chain or self.name


@record(frozen=True, slots=True)
class Description:
    """The description of one use of an entry in the graph.

    Attributes:
        layer: The canonical layer name, or the function's name.
        steps: The roles in the order in which they act.
        facts: What rules and repairs need of the arguments: the keys of `FACTS`.
    """

    layer: str
    steps: tuple[Step, ...]
    facts: Mapping[str, object]


FACTS: Final[Mapping[str, str]] = {
    "activation": "canonical name of the activation (`relu`), of an activation layer or an inline argument",
    "activation_unknown": "True: an inline activation is given and nothing is known of it",
    "axes": "True: an activation works along axes of its input (softmax), or has weights for some (`shared_axes`)",
    "axis": "int or tuple: the axis of a norm; absent if not known",
    "bias_argument": "the parameter that decides on the bias: `use_bias`, `bias` (Keras 1), `bias_axes`",
    "center": "bool: whether a norm learns a shift; absent if not known",
    "channels_first": "bool: an explicit `data_format`; absent if not given or not known",
    "commutes": "True: the activation commutes exactly with a dropout mask (plain relu and leaky_relu)",
    "max_pooling": "True: a max pooling, global ones included",
    "noise_shape": "True: a dropout has one, which says which values are dropped together",
    "off": "True, of `pass` calls: a dropout whose rate is 0",
    "own_activation": "the layer an inline activation would have to become, where `Activation` does not take it",
    "per_example": "True, of means and variances: those of each example, not of the batch; front ends add it",
    "rank": "int: spatial axes of a convolution, pooling or spatial dropout",
    "rate": "int or float: the constant dropout rate; absent if not known or a keep probability",
    "shape": "of `pass` calls: `same`, `spatial` (rank and channels kept), `global` (channels kept, rank lost), "
    "`border` (values added), `other`",
    "shift": "True, of `pass` calls: adding a constant per channel before or after it is the same, up to its scale",
    "training": "bool: a constant `training=` where the layer is applied; front ends add it, `describe` cannot see it",
    "use_bias": "bool: whether a linear has a bias; absent if not known",
    "wrapper": "the name of the wrapper the layer was given to (`TimeDistributed`)",
}
"""The facts a `LayerCall` may carry, and their meaning."""


def words(text: str) -> frozenset[str]:
    """The set of the words of a text: how the tables of the catalog are written down."""
    return frozenset(text.split())
