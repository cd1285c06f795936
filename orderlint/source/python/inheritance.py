"""The bases of a class, and what it has from them."""

from __future__ import annotations

from orderlint.source.state.frames import ClassObject
from orderlint.source.state.machine import Machine
from orderlint.source.state.values import (
    MISSING,
    External,
    Value,
)

__all__ = ["class_attribute", "has_only_own_bases", "mro"]


def mro(m: Machine, cls: ClassObject) -> list[Value]:
    """The class and its bases, each before its own bases: depth first, a base shared by two at its last place."""
    order: list[Value] = []

    def visit(one: Value, depth: int) -> None:
        order.append(one)
        if isinstance(one, ClassObject) and depth < 20:
            for base in one.bases:
                visit(base, depth + 1)

    visit(cls, 0)
    last = {base: i for i, base in enumerate(order)}
    return [base for i, base in enumerate(order) if last[base] == i]


def class_attribute(m: Machine, cls: ClassObject, name: str) -> Value:
    """An attribute of a class or of its bases in the analysed code; `MISSING` if there is none."""
    for base in mro(m, cls):
        if isinstance(base, ClassObject):
            value = m.read(base.uid, name)
            if value is not MISSING:
                return value
    return MISSING


def has_only_own_bases(m: Machine, cls: ClassObject) -> bool:
    """Whether every base of a class is analysed code."""
    return all(isinstance(base, ClassObject) or base == External("builtins.object") for base in mro(m, cls))
