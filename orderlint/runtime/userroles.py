"""Finds the user's roles for a class, by any name that it can be imported by."""

from __future__ import annotations

import sys
from typing import Any

from orderlint.catalog import Entry, RoleTable
from orderlint.runtime.roles import is_keras

__all__ = ["user_entry"]


def user_entry(cls: Any, roles: RoleTable) -> Entry | None:
    """The entry with the user's roles for a class, or for its nearest base class outside Keras; `None` without roles.

    The user may give a role to `mylib.ConvBNReLU`, even if the class is defined in `mylib.blocks`. The name is looked
    up in the loaded modules.
    """
    if not roles.user:
        return None
    for ancestor in cls.__mro__:
        if is_keras(ancestor.__module__):
            return None  # `RoleTable.find` handles classes of Keras
        for dotted in (f"{ancestor.__module__}.{ancestor.__qualname__}", *roles.user):
            if roles.roles_of(dotted) is not None and _stands_for(dotted, ancestor):
                return roles.find(dotted)
    return None


def _stands_for(dotted: str, cls: Any) -> bool:
    if dotted == f"{cls.__module__}.{cls.__qualname__}":
        return True
    module, _, name = dotted.rpartition(".")
    return getattr(sys.modules.get(module), name, None) is cls
