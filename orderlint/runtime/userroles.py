"""The roles that a user gave to a class, under any name by which the class can be imported."""

from __future__ import annotations

import sys
from typing import Any

from orderlint.catalog import Entry, RoleTable
from orderlint.runtime.roles import is_keras

__all__ = ["user_entry"]


def user_entry(cls: Any, roles: RoleTable) -> Entry | None:
    """The entry with a user's roles for a class, or for its nearest ancestor outside Keras; `None` if there is none.

    A role may be given to `mylib.ConvBNReLU` while the class is defined in `mylib.blocks`: what counts is which
    class the name stands for in the modules that are loaded.
    """
    if not roles.user:
        return None
    for ancestor in cls.__mro__:
        if is_keras(ancestor.__module__):
            return None  # the catalog knows it, with the roles the user gave it
        for dotted in (f"{ancestor.__module__}.{ancestor.__qualname__}", *roles.user):
            if roles.roles_of(dotted) is not None and _stands_for(dotted, ancestor):
                return roles.find(dotted)
    return None


def _stands_for(dotted: str, cls: Any) -> bool:
    if dotted == f"{cls.__module__}.{cls.__qualname__}":
        return True
    module, _, name = dotted.rpartition(".")
    return getattr(sys.modules.get(module), name, None) is cls
