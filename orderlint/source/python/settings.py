"""Settings: names of modules that are not visible (`config.DEPTH`), used as data."""

from __future__ import annotations

import sys

from orderlint import catalog
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import External, Value

__all__ = ["as_data", "as_tested", "is_constant", "names_an_activation"]

# The names in these modules are well known: each is a function, a class or a module, unless the interpreter models it.
_LIBRARIES = frozenset(
    {*catalog.KERAS_ROOTS, *sys.stdlib_module_names, "builtins", "jax", "numpy", "six", "tensorflow", "torch"}
)
_FLAGS = ("use_", "is_", "has_", "with_", "enable_")
_OF_SETTINGS = frozenset(
    ("args", "cfg", "conf", "config", "configs", "flags", "hparams", "options", "params", "settings")
)
_FOR_ACTIVATIONS = frozenset(("act", "activation", "activations", "nonlin", "nonlinearity"))


def as_data(m: Machine, value: Value) -> Value:
    """A value in a place for data: an operand of arithmetic or of a comparison with a constant, or an iterable."""
    return _unknown(m, value) if isinstance(value, External) and _is_out_of_view(m, value.name) else value


def as_tested(m: Machine, value: Value) -> Value:
    """A value that is tested for truth or `None`. It may also be a function, which is true.

    A name in capitals is a setting, and so are the name of a flag (`use_bn`), a name in a settings module
    (`config.norm`), and an attribute of an imported object (`cfg.model.depth`).
    """
    if not isinstance(value, External) or not _is_out_of_view(m, value.name):
        return value
    is_named_so = is_constant(value.name) or _is_flag(value.name) or _is_of_settings(value.name)
    is_setting = is_named_so or value.name.count(".") > 1
    return _unknown(m, value) if is_setting else value


def is_constant(name: str) -> bool:
    """Whether the last part of a dotted name looks like a constant (`config.ACTIVATION`)."""
    return name.rpartition(".")[2].isupper()


def _is_flag(name: str) -> bool:
    return name.rpartition(".")[2].startswith(_FLAGS)


def _is_of_settings(name: str) -> bool:
    """Whether the module in a dotted name is named like one with settings (`my_config.norm`)."""
    module = name.rpartition(".")[0].rpartition(".")[2]
    return not _OF_SETTINGS.isdisjoint(module.lower().split("_"))


def names_an_activation(name: str) -> bool:
    """Whether a dotted name ends like a setting that selects an activation (`config.act_fn`), not like one."""
    return not _FOR_ACTIVATIONS.isdisjoint(name.rpartition(".")[2].lower().split("_"))


def _unknown(m: Machine, value: External) -> Value:
    return m.unknown(("external", value.name))


def _is_out_of_view(m: Machine, name: str) -> bool:
    """Whether a name is not described by its library, and does not look like a class or a module."""
    root, _, rest = name.partition(".")
    last = rest.rpartition(".")[2]
    if last == "__version__":
        return True
    is_class = last[:1].isupper() and not last.isupper()
    return bool(rest) and root not in _LIBRARIES and not is_class and m.roles.find(name) is None
