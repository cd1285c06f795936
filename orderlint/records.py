"""Records: dataclasses that are cheap to define and to create.

A run of the command defines more than a hundred of them. `dataclasses` generates and compiles up to eight methods for
each, which took a third of the time to check one file. The constructor of a record is compiled when it is first called,
and all other methods are shared code. For the type checker, a record is a dataclass. Only the type checker enforces
`frozen`: at run time, this would double the time to create an object, and the analysis creates millions.

The results of the Python API (`Finding`, `Report`, measurements) are dataclasses that enforce it at run time.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from operator import attrgetter
from reprlib import recursive_repr

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass as record
    from typing import Any
else:

    def record(
        cls: type | None = None, /, *, frozen: bool = False, slots: bool = False, eq: bool = True
    ) -> Callable[[type], type] | type:
        """Convert a class to a dataclass, like `dataclasses.dataclass`.

        Args:
            cls: The class.
            frozen: Whether its objects are never changed, so that they are hashable.
            slots: Whether its objects have no attributes other than its fields.
            eq: Whether objects with equal fields are equal.
        """
        if cls is None:
            return lambda cls: record(cls, frozen=frozen, slots=slots, eq=eq)
        made = dataclass(init=False, eq=False, repr=False, slots=slots)(cls)
        defer_constructor(made)
        every = fields(made)
        _add(made, "__repr__", _text([field.name for field in every if field.repr]))
        if eq:
            compared = [field for field in every if field.compare]
            _add(made, "__eq__", _equality([field.name for field in compared]))
            hashed = [field.name for field in compared if field.hash is not False]
            _add(made, "__hash__", _hash(hashed) if frozen else None)
        return made


__all__ = ["defer_constructor", "record"]


def defer_constructor(cls: type) -> None:
    """Give a dataclass a constructor that is compiled when the first object is created.

    A short run creates objects of a third of the classes that it defines, and compiling takes most of the time to
    define a class. The class may be copied afterward, which is necessary for slots.

    Args:
        cls: The dataclass, with `init=False`. It has no `InitVar` and no keyword-only fields.
    """

    def __init__(self: object, *values: object, **by_name: object) -> None:  # noqa: N807
        owner: Any = next(one for one in type(self).__mro__ if one.__dict__.get("__init__") is __init__)
        owner.__init__ = _constructor(owner)
        owner.__init__(self, *values, **by_name)

    _add(cls, "__init__", __init__)


def _constructor(cls: type) -> Callable[..., None]:
    """The constructor of a dataclass, as `dataclasses` would generate it."""
    parameters, lines = ["self"], []
    scope: dict[str, Any] = {}
    for field in fields(cls):
        name, default = field.name, f"_default_of_{field.name}"
        is_made = field.default_factory is not MISSING
        scope[default] = field.default_factory if is_made else field.default
        has_default = scope[default] is not MISSING
        if field.init:
            parameters.append(f"{name}={default}" if has_default else name)
            lines.append(f"self.{name} = " + (f"{default}() if {name} is {default} else {name}" if is_made else name))
        elif has_default:
            lines.append(f"self.{name} = {default}{'()' if is_made else ''}")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    exec("\n ".join((f"def __init__({', '.join(parameters)}):", *lines, "pass")), scope)
    made: Callable[..., None] = scope["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    return made


def _add(cls: type, name: str, method: object) -> None:
    """Add a method to a class, unless it defines the method itself."""
    if name not in cls.__dict__:
        setattr(cls, name, method)


def _values(names: list[str]) -> Callable[[object], Any]:
    """A function that returns the values of some fields as a tuple, in which identical values are equal."""
    if len(names) > 1:
        return attrgetter(*names)
    if not names:
        return lambda one: ()
    only = attrgetter(names[0])
    return lambda one: (only(one),)


def _equality(names: list[str]) -> Callable[[object, object], bool]:
    values = _values(names)

    def __eq__(self: object, other: object) -> bool:  # noqa: N807  # named as in tracebacks of dataclasses
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    return __eq__


def _hash(names: list[str]) -> Callable[[object], int]:
    values = _values(names)

    def __hash__(self: object) -> int:  # noqa: N807
        return hash(values(self))

    return __hash__


def _text(names: list[str]) -> Callable[[object], str]:
    @recursive_repr("...")  # values of the analysis may contain each other
    def __repr__(self: object) -> str:  # noqa: N807
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    return __repr__
