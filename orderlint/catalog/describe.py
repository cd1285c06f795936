"""Describes one use of a layer, from its entry and its arguments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from orderlint.catalog.activations import activation_name, chain_name
from orderlint.catalog.entries import UNKNOWN, ActivationOf, Description, Entry, Kind, words
from orderlint.catalog.names import find_layer
from orderlint.catalog.roles import DEFAULT, RoleTable
from orderlint.catalog.shapes import keeps_shift, rank_of, shape_of
from orderlint.graph import Role, Step

__all__ = ["DECISIVE", "describe", "wrapped"]

_Arguments = Mapping[str, object]
_Facts = dict[str, object]

DECISIVE: Final = words("""
    activation axis bias bias_axes center data_format function level max_value noise_shape p pool_mode rate
    rate_or_keep_prob shared_axes threshold use_bias
    """)
"""The arguments that `describe` reads, by all names that they have had. It also reads `Entry.before`."""

_COMMUTING: Final = frozenset({"relu", "leaky_relu"})
_ALONG_AXES: Final = frozenset({"glu", "log_softmax", "softmax", "sparsemax"})
_LAYER_ACTIVATIONS: Final = {"ParametricSoftplus": "parametric_softplus"}


def describe(entry: Entry, arguments: Mapping[str, object], *, settings: RoleTable = DEFAULT) -> Description:
    """Describe one use of an entry: its steps and the facts about it.

    Args:
        entry: The layer or function.
        arguments: By parameter name (see `bind`), a literal Python value, `ActivationOf` or `UNKNOWN`. A missing
            parameter has its default. A dropout rate that is a parameter of the user's code must be `UNKNOWN`: only a
            constant rate of 0 switches a dropout off.
        settings: The user's roles.

    Returns: The description. That of a wrapper is a boundary until `wrapped` adds the inner layer.

    >>> from orderlint.catalog import find_layer
    >>> [step.name for step in describe(find_layer("Dense"), {"activation": "relu"}).steps]
    ['Dense', 'ReLU']
    """
    if entry.members:
        return _describe_family(entry, [describe(member, arguments, settings=settings) for member in entry.members])
    entry = settings.of_entry(entry)
    if entry.user_roles:
        return _describe_user(entry, arguments)
    if entry.role is Role.LINEAR:
        return _describe_linear(entry, arguments)
    if entry.role is Role.ACTIVATION:
        return _describe_activation(entry, arguments)
    if entry.name == "Lambda" and isinstance(arguments.get("function"), ActivationOf):
        return _as_activation(entry, arguments["function"])
    if entry.role is Role.DROPOUT:
        return _describe_dropout(entry, arguments)
    if entry.role is Role.PASS:
        return _describe_pass(entry, arguments)
    facts = _norm_facts(entry, arguments) if entry.role is Role.NORM else {}
    return Description(entry.name, (Step(entry.role, entry.chain_name),), facts)


def _describe_family(entry: Entry, each: Sequence[Description]) -> Description:
    """The description of one of several classes: what is true for all of them; a boundary if their roles differ."""
    first = each[0]
    roles = {tuple(step.role for step in one.steps) for one in each}
    if len(roles) > 1:  # the user has given roles to some of them
        return Description(entry.name, (Step(Role.BOUNDARY, entry.name),), {})
    own = entry.members[0].chain_name
    steps = tuple(replace(step, name=step.name.replace(own, entry.name)) for step in first.steps)
    facts = {key: value for key, value in first.facts.items() if all(one.facts.get(key) == value for one in each)}
    return Description(entry.name, steps, facts)


def wrapped(wrapper: Entry, inner: Description) -> Description:
    """Describe a wrapper with its inner layer: as the inner layer, with the name of the wrapper as a fact."""
    if not wrapper.wrapper:
        return describe(wrapper, {})
    facts: _Facts = {**inner.facts, "wrapper": wrapper.name}
    if wrapper.name == "TimeDistributed":
        facts.pop("rank", None)  # its inputs have one more axis
    return replace(inner, facts=facts)


def _describe_linear(entry: Entry, arguments: _Arguments) -> Description:
    facts = _linear_facts(entry, arguments)
    before, _ = _inline(arguments, entry.before) if entry.before else ((), {})
    then = tuple(Step(role, f"{entry.chain_name}[{role.value}]") for role in entry.then)
    inline, more = _inline(arguments)
    if inline and entry.own_activation:
        more |= {"own_activation": entry.own_activation}
    return Description(entry.name, (*before, Step(Role.LINEAR, entry.chain_name), *then, *inline), facts | more)


def _inline(arguments: _Arguments, parameter: str = "activation") -> tuple[tuple[Step, ...], _Facts]:
    """The step and the facts of an inline activation; none if it is `linear` or missing."""
    given = arguments.get(parameter)
    if given is None:
        return (), {}
    if isinstance(given, str):
        given = ActivationOf(activation_name(given))
    if not isinstance(given, ActivationOf):
        return (), {"activation_unknown": True}
    if given.name == "linear":
        return (), {}
    return (Step(Role.ACTIVATION, chain_name(given.name)),), _activation_facts(given)


def _activation_facts(given: ActivationOf) -> _Facts:
    if given.name is None:
        return {}
    facts: _Facts = {"activation": given.name}
    if given.plain and given.name in _COMMUTING:
        facts["commutes"] = True
    if given.name in _ALONG_AXES:
        facts["axes"] = True
    return facts


def _linear_facts(entry: Entry, arguments: _Arguments) -> _Facts:
    facts: _Facts = {}
    rank = rank_of(entry.kin)
    if rank is not None:
        facts["rank"] = rank
    if entry.name == "EinsumDense":
        facts["bias_argument"] = "bias_axes"
        if arguments.get("bias_axes") is not UNKNOWN:
            facts["use_bias"] = arguments.get("bias_axes") is not None
    else:
        facts["bias_argument"] = "bias" if arguments.get("keras1") is True else "use_bias"
        use_bias = arguments.get("use_bias", True)
        if use_bias is not UNKNOWN:
            facts["use_bias"] = bool(use_bias)
    return facts | _data_format(arguments)


def _data_format(arguments: _Arguments) -> _Facts:
    given = arguments.get("data_format")
    return {"channels_first": given == "channels_first"} if isinstance(given, str) else {}


def _describe_dropout(entry: Entry, arguments: _Arguments) -> Description:
    facts = _dropout_facts(entry, arguments)
    if not _is_switched_off(arguments):
        return Description(entry.name, (Step(Role.DROPOUT, entry.chain_name),), facts)
    facts |= {"off": True, "shape": "same", "shift": True}
    return Description(entry.name, (Step(Role.PASS, entry.chain_name),), facts)


def _describe_pass(entry: Entry, arguments: _Arguments) -> Description:
    steps: tuple[Step, ...] = (Step(Role.PASS, entry.chain_name),)
    facts = _pass_facts(entry, arguments)
    if "activation" in entry.parameters:  # pooling layers of a library that end with an activation
        inline, more = _inline(arguments)
        steps += inline
        facts |= more
    return Description(entry.name, steps, facts)


def _describe_activation(entry: Entry, arguments: _Arguments) -> Description:
    if entry.kin == "Activation":
        return _as_activation(entry, arguments.get("activation", UNKNOWN))
    if entry.kind is Kind.FUNCTION:
        # `relu(x, max_value=6)` is the operation `relu6`, and a built model only contains the name of the operation.
        name = "relu6" if entry.name == "relu" and arguments.get("max_value") == 6 else entry.name
    else:
        name = _LAYER_ACTIVATIONS.get(entry.name) or activation_name(entry.chain_name)
    facts = _activation_facts(ActivationOf(name, _is_plain(arguments)))
    if arguments.get("shared_axes") is not None:
        facts["axes"] = True
    return Description(entry.name, (Step(Role.ACTIVATION, chain_name(name)),), facts)


def _is_plain(arguments: _Arguments) -> bool:
    """Whether a ReLU has no maximum and no threshold, so that it commutes with scaling."""
    return arguments.get("max_value") is None and arguments.get("threshold", 0) == 0


def _as_activation(entry: Entry, given: object) -> Description:
    """Describe `Activation(given)`. It is an activation even if the value is unknown, but not if it is `linear`."""
    if given is None:
        given = ActivationOf("linear")
    elif isinstance(given, str):
        given = ActivationOf(activation_name(given))
    elif not isinstance(given, ActivationOf):
        given = ActivationOf(None)
    if given.name == "linear":
        return Description(entry.name, (Step(Role.PASS, entry.chain_name),), {"shape": "same", "shift": True})
    return Description(entry.name, (Step(Role.ACTIVATION, chain_name(given.name)),), _activation_facts(given))


def _norm_facts(entry: Entry, arguments: _Arguments) -> _Facts:
    if entry.kind is Kind.FUNCTION:
        return {}  # its mean and variance are arguments, so it is not known whether it cancels a bias
    facts: _Facts = {}
    center = arguments.get("center", True)
    if center is not UNKNOWN:
        facts["center"] = bool(center)
    axis = arguments.get("axis", -1)
    if isinstance(axis, (int, tuple)):
        facts["axis"] = axis
    elif isinstance(axis, list):
        facts["axis"] = tuple(axis)
    return facts


def _dropout_facts(entry: Entry, arguments: _Arguments) -> _Facts:
    facts: _Facts = {}
    rate = arguments.get("rate")
    if _is_number(rate):
        facts["rate"] = rate
    if arguments.get("noise_shape") is not None:
        facts["noise_shape"] = True
    rank = rank_of(entry.kin)
    if rank is not None:
        facts["rank"] = rank
    return facts


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_switched_off(arguments: _Arguments) -> bool:
    given = arguments.get("rate", arguments.get("rate_or_keep_prob"))
    return _is_number(given) and given == 0


def _pass_facts(entry: Entry, arguments: _Arguments) -> _Facts:
    facts: _Facts = {"shape": shape_of(entry.kin)}
    if keeps_shift(entry.kin):
        facts["shift"] = True
    rank = rank_of(entry.kin)
    if rank is not None:
        facts["rank"] = rank
    pooled = "max" in entry.kin.lower() and "pool" in entry.kin.lower()
    if pooled or (entry.name in ("pool2d", "pool3d") and arguments.get("pool_mode", "max") == "max"):
        facts["max_pooling"] = True
    return facts


def _describe_user(entry: Entry, arguments: _Arguments) -> Description:
    """Describe a name with the user's roles, one step per role. A single linear role keeps its inline activation."""
    if len(entry.user_roles) != 1:
        steps = tuple(Step(role, f"{entry.name}[{role.value}]") for role in entry.user_roles)
        return Description(entry.name, steps, {})
    (role,) = entry.user_roles
    step = Step(role, entry.chain_name)
    known = find_layer(entry.name)
    if role is not Role.LINEAR or (known is not None and known.role is not Role.LINEAR):
        return Description(entry.name, (step,), {})
    inline, facts = _inline(arguments)
    return Description(entry.name, (step, *inline), facts)
