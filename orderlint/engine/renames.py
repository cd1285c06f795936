"""Finds the current names of files in a baseline that were renamed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from orderlint.engine.baselines import Baseline
from orderlint.engine.sketches import resemblance, sketch_of
from orderlint.engine.targets import Target
from orderlint.text.files import SourceError
from orderlint.text.regular import exists

__all__ = ["followed", "with_renames"]

_LEAST = 0.5  # the same value as in Git


def with_renames(baselines: Mapping[str, Baseline], targets: Sequence[Target]) -> Mapping[str, Baseline]:
    """The baselines of files, by path, with the new names of renamed files (see `followed`)."""
    made: dict[int, Baseline] = {}
    for baseline in {id(one): one for one in baselines.values()}.values():
        own = [target for target in targets if baselines.get(target.shown) is baseline]
        made[id(baseline)] = followed(baseline, own)
    return {shown: made[id(baseline)] for shown, baseline in baselines.items()}


def followed(baseline: Baseline, targets: Sequence[Target]) -> Baseline:
    """A baseline with the new names of its files.

    A file was renamed if it is gone, and a file without entries has most of its lines. Two files of a baseline never
    get the same new name.

    Args:
        baseline: The known findings.
        targets: The files that are checked.
    """
    gone = [path for path in sorted(baseline.paths & baseline.sketches.keys()) if not exists(baseline.root / path)]
    if not gone:
        return baseline
    renamed: dict[str, str] = {}
    for _, old, new in sorted(_pairs(baseline, gone, targets)):
        if new not in renamed and old not in renamed.values():
            renamed[new] = old
    return replace(baseline, renamed=renamed)


def _pairs(
    baseline: Baseline, gone: Sequence[str], targets: Sequence[Target]
) -> Iterator[tuple[tuple[float, bool], str, str]]:
    """The possible new names of files. The sort key prefers more common lines, and then the same file name."""
    known, endings = baseline.paths, {PurePosixPath(path).suffix for path in gone}
    for target in targets:
        new = baseline.path(target.shown)
        if new in known or PurePosixPath(new).suffix not in endings:
            continue
        try:
            sketch = sketch_of(target.bytes())
        except SourceError:  # the check reports it
            continue
        for old in gone:
            share = resemblance(baseline.sketches[old], sketch)
            if share >= _LEAST:
                yield (-share, PurePosixPath(old).name != PurePosixPath(new).name), old, new
