"""Screens targets: decides which are worth analyzing for the rules that apply to them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

from orderlint.catalog import LAYERS, RoleTable
from orderlint.engine.spreading import spread_over
from orderlint.graph import Role
from orderlint.judging import Standards, Subject
from orderlint.records import record
from orderlint.screening.needs import Needs
from orderlint.screening.screen import CLEAN, KEPT, PASSED_OVER, Screen
from orderlint.screening.vocabulary import BITS, DEFAULT, OTHER, Vocabulary

if TYPE_CHECKING:
    from orderlint.engine.session import Session
    from orderlint.text.files import SourceFile

__all__ = ["Screened", "leads_to_layers", "needs_of", "screen_of", "screened", "vocabulary_of"]

Item = TypeVar("Item")


class _Target(Protocol):
    @property
    def absolute(self) -> str: ...
    @property
    def standards(self) -> Standards: ...
    @property
    def is_named(self) -> bool: ...
    @property
    def data(self) -> bytes | None: ...


@record(frozen=True, slots=True)
class Screened:
    """The result of a screening.

    Attributes:
        verdicts: The verdict of each target.
    """

    verdicts: tuple[int, ...]

    def kept(self, targets: Sequence[Item]) -> list[Item]:
        """The targets that may have a finding."""
        return self._of(KEPT, targets)

    def clean(self, targets: Sequence[Item]) -> list[Item]:
        """The targets with Keras layers that cannot have a finding."""
        return self._of(CLEAN, targets)

    def passed_over(self, targets: Sequence[Item]) -> list[Item]:
        """The targets without Keras layers."""
        return self._of(PASSED_OVER, targets)

    def _of(self, wanted: int, targets: Sequence[Item]) -> list[Item]:
        return [target for target, verdict in zip(targets, self.verdicts, strict=True) if verdict == wanted]


def screened(targets: Sequence[_Target], session: Session, jobs: int | None = 1) -> Screened:
    """Screen targets, by their texts for those in memory. A text that may import other unsaved texts is kept.

    Args:
        targets: The targets to screen.
        session: The state of the run.
        jobs: The most processes to use; `None` for one per processor.
    """
    verdicts = [KEPT] * len(targets)
    texts = {target.absolute: target.data for target in targets if target.data is not None}
    for standards, indices in _alike(targets, with_texts=not session.texts):
        needs = needs_of(standards)
        files = [(targets[index].absolute, targets[index].is_named) for index in indices]
        for index, verdict in zip(indices, _verdicts(files, needs, session, texts, jobs), strict=True):
            verdicts[index] = verdict
    return Screened(tuple(verdicts))


def screen_of(session: Session) -> Screen:
    """The screen that knows where imports lead: the one that screened the files, if it used their contents."""
    if session.screen is not None and not session.texts:
        return session.screen
    return Screen(Needs(None), session.texts)


def leads_to_layers(file: SourceFile, standards: Standards, session: Session) -> bool:
    """Whether a file that has been read, or a module that it imports, names layers. Such files count as checked."""
    path = os.path.abspath(file.path)
    texts = {**session.texts, path: file.text.encode("utf-8", "surrogatepass")}
    return Screen(needs_of(standards), texts).leads_to_layers(path)


def _verdicts(
    files: list[tuple[str, bool]], needs: Needs, session: Session, texts: Mapping[str, bytes], jobs: int | None
) -> list[int]:
    seen = session.seen
    texts = {**session.texts, **texts}
    if seen is not None and not texts and needs.is_usual and all(path in seen for path, _ in files):
        return [seen[path] for path, _ in files]
    return Screen(needs, texts, spread_over(jobs)).screen(files)


def _alike(targets: Sequence[_Target], *, with_texts: bool) -> Iterable[tuple[Standards, list[int]]]:
    """The indices of the targets, grouped by standards."""
    groups: dict[tuple[tuple[str, ...], int], tuple[Standards, list[int]]] = {}
    for index, target in enumerate(targets):
        if with_texts or target.data is None:
            standards = target.standards
            groups.setdefault((standards.codes, id(standards.roles)), (standards, []))[1].append(index)
    return groups.values()


def needs_of(standards: Standards) -> Needs:
    """The roles that the rules need."""
    sets: set[int] | None = set()
    for rule in standards.rules:
        sets = None if sets is None or rule.needs is None else sets | {_bits(need) for need in rule.needs}
    return Needs(
        None if sets is None else tuple(sorted(sets)),
        comments=any(standards.about(Subject.COMMENTS)),
        letters=tuple(sorted({code.rstrip("0123456789").lower().encode() for code in standards.codes})),
        vocabulary=vocabulary_of(standards.roles),
    )


def vocabulary_of(roles: RoleTable) -> Vocabulary:
    """The names of the catalog, and those to which a user or a package gave roles."""
    if not roles.user:
        return DEFAULT
    added: dict[str, int] = {}
    for dotted, given in roles.user.items():
        last = dotted.rpartition(".")[2]
        entry = LAYERS.get(last)
        others = [name for name, other in LAYERS.items() if entry is not None and other.name == entry.name]
        for name in (last, *others):
            added[name] = added.get(name, 0) | _bits(given)
    return Vocabulary(added)


def _bits(roles: Iterable[Role]) -> int:
    bits = 0
    for role in roles:
        bits |= BITS.get(role.value, OTHER)
    return bits
