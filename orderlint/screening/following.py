"""Follows code through modules: by names, by names that strings may spell, and through registries of decorators."""

from __future__ import annotations

from copy import copy

from orderlint.screening.keeping import Keeping
from orderlint.screening.reached import OPENING, Modules, Reached
from orderlint.screening.spelled import Spelled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from orderlint.screening.keeping import Kept
    from orderlint.screening.parts import Part, Parts

__all__ = ["Following"]


class Following:
    """The code that is reached when some modules are imported.

    Args:
        modules: The modules.
        packages: The names of the modules and their packages.

    Attributes:
        reached: The parts that are reached.
    """

    def __init__(self, modules: Modules, packages: frozenset[bytes]) -> None:
        keeping = Keeping(modules, packages)
        self.reached = Reached(modules)
        self._modules = modules
        self._kept: tuple[Kept, ...] = tuple(keeping.kept)
        self._spelled = Spelled()
        self._num_spelled = 0
        self._manner = (False, False)
        self._own: AbstractSet[bytes] = frozenset()  # the definitions of the module that imports these
        for name, parts in modules.definitions.items():
            if name.startswith(b"__") and name.endswith(b"__"):
                self.reached.use(name)
            # The names in decorators are used. Their strings are the keys of registries.
            for decorating in (part.decorating for part in parts if part.decorating is not None):
                for used in decorating.reads(modules.names):
                    self.reached.use(used)
        self._add((*modules.run, *keeping.always))

    def into(self, module: Parts) -> Reached:
        """The code that is reached by a module that imports these, if all of its definitions are used."""
        new = copy(self)
        new.reached, new._spelled, new._own = self.reached.copy(), self._spelled.copy(), module.definitions.keys()
        new.reached.enter(module)
        new._go_on()
        return new.reached

    def _add(self, parts: Iterable[Part]) -> None:
        for part in parts:
            self.reached.add(part)
        self._go_on()

    def _go_on(self) -> None:
        """Follow everything to its end."""
        reached = self.reached
        reached.go_on()
        if reached.looks_up:
            self._look_up()
        read = [kept for kept in self._kept if any(map(kept.is_read_in, reached.parts))]
        if read:
            self._kept = tuple(kept for kept in self._kept if kept not in read)
            self._add(part for kept in read for part in kept.definitions)

    def _look_up(self) -> None:
        """Follow the names that strings may spell."""
        reached, spelled = self.reached, self._spelled
        while self._num_spelled < len(reached.parts) or self._manner != (reached.evaluates, reached.reverses):
            if self._manner != (reached.evaluates, reached.reverses):
                self._manner, self._num_spelled = (reached.evaluates, reached.reverses), 0
            for part in reached.parts[self._num_spelled :]:
                spelled.add(part.spelled(*self._manner))
            self._num_spelled = len(reached.parts)
            for name in [*self._glued(self._modules.names - reached.names)]:
                reached.use(name)
            reached.go_on()
        if reached.evaluates and spelled.words & OPENING:
            reached.is_open = True

    def _glued(self, names: AbstractSet[bytes]) -> Iterator[bytes]:
        """The names that strings may spell, together with names of definitions: `Net.__name__ + "Head"`."""
        any_case = self.reached.changes_case
        yield from self._spelled.among(names, any_case=any_case)
        if self.reached.names_objects:
            yield from self._spelled.after({*self._modules.definitions, *self._own}, names, any_case=any_case)
