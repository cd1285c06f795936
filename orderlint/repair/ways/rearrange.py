"""Moves layers in the source, by the ways for its idiom.

Every module of this package with `WAYS` is found automatically. `WAYS` lists its ways for each idiom, with their ranks.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from orderlint.repair.net.moves import Move
from orderlint.repair.net.obstacles import Obstacles
from orderlint.repair.text.drafts import Draft, Hopeless, Refused
from orderlint.repair.text.reasons import TOO_TANGLED
from orderlint.repair.text.syntax import Syntax
from orderlint.repair.ways.inline import take_out
from orderlint.repair.ways.places import Kind, kept_nothing
from orderlint.repair.ways.reads import check_readers
from orderlint.repair.ways.task import Idiom, Ranked, Task, Way

__all__ = ["first_way", "rearrange", "ways_of"]


def rearrange(syntax: Syntax, obstacles: Obstacles, move: Move, taken: set[str]) -> Draft:
    """The edits that make a move.

    Args:
        syntax: The file.
        obstacles: The obstacles in its graphs.
        move: The move.
        taken: The names of new layers. Those of this move are added.

    Raises:
        Refused: It cannot be made automatically.
    """
    if move.is_merged:
        return _without_inline(syntax, move)
    task = Task(syntax, obstacles, move, set(taken))
    return first_way(task, ways_of(_idiom(task)), taken)


def first_way(task: Task, ways: Sequence[Way], taken: set[str]) -> Draft:
    """The edits of the first way that can make a move.

    Args:
        task: The move.
        ways: The ways, in the order in which they are tried.
        taken: The names of new layers. Those of this move are added.

    Raises:
        Refused: None can, or one raises `Hopeless`.
    """
    refusals = []
    for way in ways:
        task.taken = set(taken)
        draft = Draft()
        try:
            way(task, draft)
            draft.finished()
        except Hopeless:
            raise
        except Refused as refusal:
            refusals.append(refusal)
            continue
        taken |= task.taken
        return draft
    raise next((refusal for refusal in reversed(refusals) if refusal.reason != TOO_TANGLED), refusals[0])


def _without_inline(syntax: Syntax, move: Move) -> Draft:
    """The edits that remove inline activations, because the same activation follows anyway."""
    draft = Draft()
    for linear in move.linears:
        take_out(draft, syntax, linear)
    return draft


def _idiom(task: Task) -> Idiom:
    """How the layers of a move are written.

    Raises:
        Refused: There are no ways for it.
    """
    if task.is_listed:
        return Idiom.LISTED
    task.check_function()
    check_readers(task)
    kinds = {task.first.kind, task.last.kind}
    if Kind.APPLIED not in kinds:
        task.check_model()
    if Kind.OTHER in kinds:
        if (adding := kept_nothing(task.first) or kept_nothing(task.last)) is not None:
            raise Refused(f"the result of `{adding}`, which returns nothing, is assigned to a name; remove the name")
        raise Refused("a layer is in an expression that cannot be split; write one layer per line")
    if kinds == {Kind.ADDED}:
        return Idiom.ADDED
    if kinds <= {Kind.ADDED, Kind.ELEMENT}:
        return Idiom.MIXED
    if kinds != {Kind.APPLIED}:
        raise Refused("one of the layers is in a list of layers, the other is applied by itself; put both in the list")
    return Idiom.INLINE if task.move.splits and len(task.move.calls) == 1 else Idiom.APPLIED


@cache
def ways_of(idiom: Idiom) -> tuple[Way, ...]:
    """The ways for an idiom, the one that changes least first."""
    package = __name__.rpartition(".")[0]
    ways: dict[int, Way] = {}
    for module in iter_modules(import_module(package).__path__):
        ranked: Ranked = vars(import_module(f"{package}.{module.name}")).get("WAYS", {})
        for rank, way in ranked.get(idiom, ()):
            if ways.setdefault(rank, way) is not way:
                raise ValueError(f"two ways have the rank {rank}: {ways[rank].__name__}, {way.__name__}")
    return tuple(way for _, way in sorted(ways.items()))
