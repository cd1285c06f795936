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

    __hash__ = object.__hash__  # it is often used as a key, and the method of `Enum` is slower, since it is in Python

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown.UNKNOWN
"""An argument with an unknown value."""


@record(frozen=True, slots=True)
class ActivationOf:
    """An activation argument that was resolved to an activation.

    Attributes:
        name: The canonical lower-case name (`relu`, `leaky_relu`, `linear`); `None` if it is an activation with an
            unknown name.
        plain: Whether it has no arguments of its own (`ReLU(max_value=6)` is not plain).
    """

    name: str | None
    plain: bool = True


@record(frozen=True, slots=True)
class Entry:
    """One Keras name.

    Attributes:
        name: The canonical name, such as `Conv2D` for `Convolution2D`; for a function, its name (`relu`).
        kind: How it is used.
        role: The role of an ordinary use, without regard to its arguments. A function with the role `merge` only
            merges if two or more of its operands are tensors of the network (see `arithmetic`).
        parameters: The positional parameters, as far as rules and repairs need them.
        older: The parameters of older versions. `bind` tries them if the arguments do not fit `parameters`.
        wrapper: Whether it has the role of the layer that it wraps (its first parameter).
        chain: The name in a chain, if it is not `name` (`ReLU` for `relu`).
        arithmetic: Whether its role is `pass` if only one operand is a tensor of the network.
        user_roles: The roles in the configuration.
        like: For a layer of another library, the Keras layer with the same shapes.
        before: The parameter for an activation that is applied to the input, before the weights.
        then: Further roles that act after the first one, before an inline activation.
        own_activation: The layer that has to replace an inline activation, if `Activation` cannot.
        members: The classes of a family, if it is not known which of them it is (see `families`).
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
        """The name of the Keras layer with the same shapes."""
        return self.like or self.name

    @property
    def chain_name(self) -> str:
        """The name in a chain."""
        return self.chain or self.name


@record(frozen=True, slots=True)
class Description:
    """The description of one use of an entry in the graph.

    Attributes:
        layer: The canonical name of the layer, or the name of the function.
        steps: The roles in the order in which they act.
        facts: What rules and repairs need to know about the arguments. `FACTS` lists the keys.
    """

    layer: str
    steps: tuple[Step, ...]
    facts: Mapping[str, object]


FACTS: Final[Mapping[str, str]] = {
    "activation": "canonical name of the activation (`relu`), of an activation layer or an inline argument",
    "activation_unknown": "True: an inline activation is given, but its value is not known",
    "axes": "True: an activation acts along axes of its input (softmax), or has weights for some (`shared_axes`)",
    "axis": "int or tuple: the axis of a norm; absent if not known",
    "bias_argument": "the parameter that decides on the bias: `use_bias`, `bias` (Keras 1), `bias_axes`",
    "center": "bool: whether a norm learns a shift; absent if not known",
    "channels_first": "bool: an explicit `data_format`; absent if not given or not known",
    "commutes": "True: the activation commutes exactly with a dropout mask (plain relu and leaky_relu)",
    "max_pooling": "True: a max pooling, global ones included",
    "noise_shape": "True: a dropout has a noise shape, so that some values are dropped together",
    "off": "True, of `pass` calls: a dropout whose rate is 0",
    "own_activation": "the layer that has to replace an inline activation, if `Activation` does not accept it",
    "per_example": "True, of means and variances: they are those of each example, not of the batch; front ends add it",
    "rank": "int: spatial axes of a convolution, pooling or spatial dropout",
    "rate": "int or float: the constant dropout rate; absent if not known or a keep probability",
    "shape": "of `pass` calls: `same`, `spatial` (rank and channels kept), `global` (channels kept, rank lost), "
    "`border` (values added), `other`",
    "shift": "True, of `pass` calls: adding a constant to each channel before or after it is the same, up to its scale",
    "training": "bool: a constant `training=` in the call of the layer; front ends add it",
    "use_bias": "bool: whether a linear has a bias; absent if not known",
    "wrapper": "the name of the wrapper around the layer (`TimeDistributed`)",
}
"""The facts of a `LayerCall`, and their meaning."""


def words(text: str) -> frozenset[str]:
    """The set of the words in a text. The tables of the catalog are written in this way."""
    return frozenset(text.split())
