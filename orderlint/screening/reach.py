"""The roles that files mention together with the modules that they import."""

from __future__ import annotations

from orderlint.screening.imports import ALL, attributes_in, imports_in, spelled_in, words_in
from orderlint.screening.modules import Links, Modules
from orderlint.screening.needs import is_about_keras, names_layers
from orderlint.text.marks import LONGEST_PLAIN_MODULE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from orderlint.screening.closure import Closure
    from orderlint.screening.imports import Import
    from orderlint.screening.needs import Needs
    from orderlint.screening.spread import Spread

    Imports = tuple[list[Import], list[tuple[str, bool]]]
    More = tuple[int, bool, list[Import], list[tuple[str, bool]]]

__all__ = ["Reach"]

_LOOKED_UP_IN = (b"keras", b"tensorflow", b"layers", b"eval(")
_LOOKS_UP, _NAMES_KERAS = 1 << 8, 1 << 9  # in addition to roles: names are looked up by strings; a module is named
_BY_STRING = _LOOKS_UP | _NAMES_KERAS
_MANY = 50  # files; if there are fewer, no other process is started
# To divide more modules into parts takes longer than to analyze the files themselves.
_MODULES, _MODULES_A_FILE = 100, 10
_SPELLED = 16  # how far the roles that strings spell are shifted to the left of those of names


class Reach:
    """The modules that files import, and the roles that they mention. Each module is read once.

    What files mention is determined in steps, each for fewer files: first whether they can get a rare role (one that
    few files mention) at all, then what the code of the possible sources of such a role mentions, then the same for the
    other files, and finally whether their code reaches what they import.

    Args:
        needs: The roles that are needed.
        read: Returns the bytes of a file.
        known: For files in doubt, the rare roles that each may mention.
        plain: Files that are known not to mention Keras.
        spread: Does the same work on many files, maybe on several cores.
    """

    def __init__(
        self,
        needs: Needs,
        read: Callable[[str], bytes],
        known: Mapping[str, int],
        plain: set[str],
        spread: Spread | None = None,
    ) -> None:
        self._needs = needs
        self._read = read
        self._known = known
        self._plain = plain
        self._spread = spread
        self._imports: dict[str, Imports] = {}  # those that are known, and not yet linked
        self._modules = Modules()
        self._links: dict[str, Links] = {}
        self._onward: dict[str, tuple[str, ...]] = {}
        self._rough: dict[str, int] = {}
        self._words: dict[str, int] = {}
        self._exact: dict[str, int] = {}
        self._with_layers: dict[str, bool] = {}

    @property
    def listed(self) -> Mapping[str, Iterable[str]]:
        """The folders that were searched, with the names in each."""
        return self._modules.listed

    def kept(self, paths: Iterable[str]) -> frozenset[str]:
        """The files, among the given ones, that mention enough for a finding, alone or with what they import."""
        paths = list(paths)
        likely = [path for path in paths if self._suffices(self._at_most(path))]
        self._look_at_each(likely, self._exact_of, self._exact)
        alone = {path for path in likely if self._suffices(self._exact[path])}
        left = [path for path in paths if path not in alone]
        if not alone and not any(self._suffices(self._at_most(path)) or self.brings(path) for path in left):
            return frozenset()  # this is the case for most single files
        from orderlint.screening.closure import Closure

        closure = Closure(left, self.brings)
        rare = self._needs.rare
        left = self._left(closure, left, self._at_most)
        for bits, look, found in (
            (rare, self._exact_of, self._exact),
            (rare << _SPELLED, self._exact_of, self._exact),
            (-1, self._words_of, self._words),
            (self._needs.bits & ~rare, self._exact_of, self._exact),
        ):
            undecided = self._undecided(closure, left)
            self._look_at_each([path for path in undecided if bits == -1 or self._at_most(path) & bits], look, found)
            left = self._left(closure, left, self._at_most)
        left = self._using(closure, left)
        if not left and not alone:
            return frozenset()
        from orderlint.screening.mentions import applies_anything

        return frozenset(path for path in (*alone, *left) if applies_anything(self._text(path)))

    def looked_at(self, path: str, rare: int) -> More:
        """What the bytes of a file in doubt show, for `know`.

        Args:
            path: The file.
            rare: The rare roles that it may mention.

        Returns: The roles that it may mention, whether it names layers, its imports, and the modules that it may import
        by strings.
        """
        data = self._text(path)
        has_layers = names_layers(data, self._needs.vocabulary)
        return rare | self._spelled(data), has_layers, _imports_of(data), _spelled_imports_of(data)

    def know(
        self, path: str, rough: int, has_layers: bool, imports: list[Import], spelled: list[tuple[str, bool]]
    ) -> None:
        """Store what the bytes of a file show."""
        self._rough[path] = rough
        self._with_layers[path] = has_layers
        self._imports[path] = imports, spelled

    def leads_to_layers(self, path: str) -> bool:
        """Whether a file, or a module that it imports, names a layer or something that has or applies layers."""
        if self._names_layers(path):
            return True
        if not self.brings(path):
            return False  # this is the case for most files
        from orderlint.screening.closure import Closure

        return any(self._names_layers(module) for module in Closure([path], self.brings).reached([path]))

    def _names_layers(self, path: str) -> bool:
        found = self._with_layers.get(path)
        if found is None:
            is_plain = path in self._plain
            found = not is_plain and names_layers(self._text(path), self._needs.vocabulary)
            self._with_layers[path] = found
        return found

    def _undecided(self, closure: Closure, left: Iterable[str]) -> Iterable[str]:
        """The modules that matter for the files that do not certainly mention enough."""
        surely = closure.unions(lambda path: self._exact.get(path, 0))
        return [*closure.reached([path for path in left if not self._suffices(surely(path))])]

    def _left(self, closure: Closure, paths: Iterable[str], bits: Callable[[str], int]) -> list[str]:
        """The files, among the given ones, that may mention enough, as far as is known."""
        union = closure.unions(bits)
        return [path for path in paths if self._suffices(union(path))]

    def _using(self, closure: Closure, paths: Sequence[str]) -> list[str]:
        """The files, among the given ones, whose code may reach enough of what they import."""
        if sum(1 for _ in closure.reached(paths)) > _MODULES + len(paths) * _MODULES_A_FILE:
            return [*paths]
        from orderlint.screening.uses import Uses

        uses = Uses(self._needs, self._text)
        return [path for path in paths if uses.suffice(path, closure.reached(self.brings(path)))]

    def _suffices(self, bits: int) -> bool:
        if bits & _BY_STRING == _BY_STRING:
            bits |= bits >> _SPELLED
        return self._needs.possible(bits)

    # -- mentions -----------------------------------------------------------------------------------------------

    def _at_most(self, path: str) -> int:
        """The roles that a file mentions at most, as far as is known."""
        found = self._exact.get(path)
        if found is None:
            found = self._words.get(path)
        return self._roughly(path) | self._needs.bits & ~self._needs.rare | _BY_STRING if found is None else found

    def _words_of(self, path: str) -> int:
        """The roles that a file may mention, by the words in its text, in code or elsewhere."""
        from orderlint.screening.mentions import looks_up_names

        data = self._text(path)
        found = self._roughly(path) | self._needs.vocabulary.roles_by_words(data, self._needs.bits)
        return found | _by_string(data, looks_up=looks_up_names(data))

    def _roughly(self, path: str) -> int:
        """The rare roles that a file may mention, by its bytes."""
        found = self._rough.get(path)
        if found is None:
            found = 0
            if path not in self._plain:
                vocabulary, rare = self._needs.vocabulary, self._needs.rare
                data = self._text(path)
                found = self._known.get(path, -1)
                if found < 0:
                    found = vocabulary.roles_by_marks(data, rare)
                if path in self._known or is_about_keras(data, vocabulary):
                    found |= self._spelled(data)
            self._rough[path] = found
        return found

    def _spelled(self, data: bytes) -> int:
        """The rare roles that strings of a text may spell."""
        from orderlint.screening.mentions import spelled_roles

        return spelled_roles(data, self._needs.vocabulary, self._needs.rare) << _SPELLED

    def _look_at_each(self, paths: Sequence[str], look: Callable[[str], int], found: dict[str, int]) -> None:
        """Determine what some files mention, if it is not found yet."""
        paths = [path for path in paths if path not in found]
        results = None if self._spread is None else self._spread(look, paths, _MANY)
        found.update(zip(paths, map(look, paths) if results is None else results, strict=True))

    def _exact_of(self, path: str) -> int:
        from orderlint.screening.mentions import mentions_of

        data = self._text(path)
        mentions = mentions_of(data, self._needs.vocabulary, self._needs.bits)
        found = mentions.read | mentions.spelled << _SPELLED
        return found | _by_string(data, looks_up=mentions.looks_up)

    def _text(self, path: str) -> bytes:
        """The code of a file as bytes; empty if it cannot be read."""
        if _is_notebook(path):
            from orderlint.screening.notebooks import code_of

            return code_of(path, self._read) or b""
        try:
            return self._read(path)
        except (OSError, ValueError):
            return b""

    # -- imports ------------------------------------------------------------------------------------------------

    def brings(self, path: str) -> tuple[str, ...]:
        """The modules that a file imports, and those in packages whose attributes it reads."""
        found = self._onward.get(path)
        if found is None:
            links = self._linked(path)
            files = set(links.files)
            if links.packages or any(self._linked(module).packages for module in links.files):
                data = self._text(path)
                attributes = attributes_in(data)
                packages = self._packages(links, attributes)
                if packages:
                    from orderlint.screening.mentions import looks_up_names

                    loose = any(ALL in bound for bound in links.packages.values()) or looks_up_names(data)
                    files.update(self._reached(packages, words_in(data) if loose else attributes))
            files.discard(path)
            found = self._onward[path] = tuple(sorted(files))
        return found

    def _packages(self, links: Links, attributes: frozenset[bytes]) -> set[str]:
        """The packages whose attributes a file can read: those that it imports itself or gets from a module."""
        packages = set(links.packages)
        for module in links.files:
            for package, bound in self._linked(module).packages.items():
                if package not in packages and (
                    ALL in links.names or not bound.isdisjoint(links.names) or not bound.isdisjoint(attributes)
                ):
                    packages.add(package)
        return packages

    def _reached(self, packages: set[str], words: frozenset[bytes]) -> Iterator[str]:
        """The modules in packages, and in their subpackages, that some words name."""
        waiting = list(packages)
        seen = set(waiting)
        while waiting:
            children = self._modules.children(waiting.pop())
            for name in words.intersection(children):
                links = Links()
                self._modules.link(links, children[name], name)
                yield from links.files
                waiting += [package for package in links.packages if package not in seen]
                seen.update(links.packages)

    def _linked(self, path: str) -> Links:
        found = self._links.get(path)
        if found is None:
            known = self._imports.pop(path, None)
            imports, spelled = self._imports_in(path) if known is None else known
            found = self._links[path] = self._modules.links(path, imports)
            if spelled:
                self._modules.link_spelled(found, path, spelled)
        return found

    def _imports_in(self, path: str) -> Imports:
        data = self._text(path)
        if path not in self._known and self._is_never_run(path, data):
            return [], []
        return _imports_of(data), _spelled_imports_of(data)

    def _mentions_keras(self, data: bytes) -> bool:
        return is_about_keras(data, self._needs.vocabulary)

    def _is_never_run(self, path: str, data: bytes) -> bool:
        """Whether the analysis would not run a module that is imported."""
        if len(data) <= LONGEST_PLAIN_MODULE or (path not in self._plain and self._mentions_keras(data)):
            return False
        return len(data.decode("utf-8", "replace")) > LONGEST_PLAIN_MODULE


def _by_string(data: bytes, *, looks_up: bool) -> int:
    """Whether a text looks up names by strings, and whether it names a module in which they may be, as bits."""
    names_keras = any(root in data for root in _LOOKED_UP_IN)
    return (_LOOKS_UP if looks_up else 0) | (_NAMES_KERAS if names_keras else 0)


def _imports_of(data: bytes) -> list[Import]:
    return [*imports_in(data, frameworks=False)] if b"import" in data else []


def _spelled_imports_of(data: bytes) -> list[tuple[str, bool]]:
    return [*spelled_in(data)] if b"import_module" in data or b"__import__" in data else []


def _is_notebook(path: str) -> bool:
    return path.lower().endswith(".ipynb")
