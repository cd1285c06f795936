"""What has changed since a revision of Git, line by line: a finding belongs to a change if the change touches it.

Git is asked, and only about files in which something was found. In a notebook the lines of its cells are compared, not
those of its JSON, in which outputs and counters change with every run.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path

from orderlint.diagnostics import Finding
from orderlint.engine.targets import Target
from orderlint.graph import Location
from orderlint.records import record
from orderlint.text.decoding import NEWLINE
from orderlint.text.failures import in_words
from orderlint.text.files import SourceError, SourceFile, source_from_bytes

__all__ = ["Changes", "RevisionError"]

_HUNK = re.compile(rb"^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)
Line = tuple[int, int]
"""A cell, 0 outside notebooks, and a line in it."""


class RevisionError(Exception):
    """What keeps files from being compared with a revision; the message is for the user."""


@record(frozen=True, slots=True)
class _Changed:
    """What has changed in a file.

    Attributes:
        is_new: Whether all of it is.
        lines: The lines that are new or other.
        gaps: The lines after which others were taken out.
    """

    is_new: bool = False
    lines: frozenset[Line] = frozenset()
    gaps: frozenset[Line] = frozenset()

    def touches(self, places: Sequence[Location]) -> bool:
        """Whether a line of a place has changed, or lines between the places were taken out."""
        if self.is_new or any((at.cell or 0, line) in self.lines for at in places for line in _lines(at)):
            return True
        if not self.gaps:
            return False
        ends = [(at.cell or 0, line) for at in places for line in (at.line, max(at.line, at.end_line))]
        return any(min(ends) <= gap < max(ends) for gap in self.gaps)


def _lines(at: Location) -> range:
    return range(at.line, max(at.line, at.end_line) + 1)


@record(slots=True)
class _Repository:
    """A repository, as it was at a revision.

    Attributes:
        root: Its folder.
        commit: What is compared with: where the present state and the revision parted.
        renamed: The old names of files with new ones.
    """

    root: str
    commit: str
    renamed: Mapping[str, str]

    def had(self, name: str) -> bool:
        """Whether there was a file of a name."""
        try:
            _git(self.root, "cat-file", "-e", f"{self.commit}:{name}")
        except RevisionError:
            return False
        return True


class Changes:
    """What has changed since a revision.

    Args:
        revision: As Git names it: a branch, a tag, a commit.
        targets: The files of the run.

    Raises:
        RevisionError: There is no Git, no repository, or no such revision.
    """

    def __init__(self, revision: str, targets: Sequence[Target]) -> None:
        self.revision = revision
        self._targets = {target.shown: target for target in targets}
        self._by_folder: dict[Path, _Repository] = {}
        self._by_root: dict[str, _Repository] = {}
        self._files: dict[str, _Changed] = {}
        for folder in dict.fromkeys(Path(target.absolute).parent for target in targets):
            self._repository(folder)

    def touch(self, finding: Finding) -> bool:
        """Whether a finding stands in what has changed: its own place, or a place that belongs to it."""
        places: dict[str, list[Location]] = {}
        for at in (finding.location, *(one.location for one in finding.related)):
            if at.line:
                places.setdefault(at.path, []).append(at)
        return any(self._changed(path).touches(some) for path, some in places.items())

    def _changed(self, shown: str) -> _Changed:
        if shown not in self._files:
            self._files[shown] = self._compared(shown)
        return self._files[shown]

    def _compared(self, shown: str) -> _Changed:
        """What has changed in a file."""
        path = os.path.realpath(shown if shown not in self._targets else self._targets[shown].path)
        try:
            repository = self._repository(Path(path).parent)
        except RevisionError:  # a related place elsewhere, such as in a package that is installed
            return _Changed()
        name = os.path.relpath(path, repository.root).replace(os.sep, "/")
        old = repository.renamed.get(name, name)
        if not repository.had(old):
            return _Changed(is_new=True)
        target = self._targets.get(shown)
        if name.lower().endswith(".ipynb") or (target is not None and target.data is not None):
            return self._by_text(target or shown, repository, old)
        diff = ["diff", "--unified=0", "--no-color", "--no-ext-diff", "--no-textconv", "--text", "--find-renames"]
        return _of_hunks(_git(repository.root, *diff, repository.commit, "--", *dict.fromkeys((old, name))))

    def _by_text(self, target: Target | str, repository: _Repository, old: str) -> _Changed:
        """What has changed in a notebook, or in a text that is in no file."""
        shown = target if isinstance(target, str) else target.shown
        try:
            data = Path(shown).read_bytes() if isinstance(target, str) else target.bytes()
            before = source_from_bytes(_git(repository.root, "show", f"{repository.commit}:{old}"), shown)
            return _of_cells(before, source_from_bytes(data, shown))
        except (OSError, SourceError, RevisionError):
            return _Changed(is_new=True)  # it was not there, or no notebook yet

    # -- repositories ----------------------------------------------------------------------------------------------

    def _repository(self, folder: Path) -> _Repository:
        if folder not in self._by_folder:
            marked = next((one for one in (folder, *folder.parents) if (one / ".git").exists()), folder)
            if marked not in self._by_folder:
                self._by_folder[marked] = self._opened(marked)
            self._by_folder[folder] = self._by_folder[marked]
        return self._by_folder[folder]

    def _opened(self, folder: Path) -> _Repository:
        root = _root(str(folder))
        if root not in self._by_root:
            commit = self._commit(root)
            names = _git(root, "diff", "--name-status", "-z", "--find-renames", "--diff-filter=R", commit).split(b"\0")
            pairs = zip(names[2::3], names[1::3], strict=False)  # each a status, the old name, the new one
            renamed = {os.fsdecode(new): os.fsdecode(old) for new, old in pairs}
            self._by_root[root] = _Repository(root, commit, renamed)
        return self._by_root[root]

    def _commit(self, root: str) -> str:
        """Where the present state and the revision parted; the revision itself where nothing is known of that."""
        try:
            found = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{self.revision}^{{commit}}")
        except RevisionError:
            message = f"unknown revision `{self.revision}` in {root}"
            if _git(root, "rev-parse", "--is-shallow-repository").strip() == b"true":
                message += ": the clone is shallow; fetch more of it (in GitHub's checkout action: `fetch-depth: 0`)"
            else:
                message += ": expected a commit, a tag or a branch; `git fetch` brings those of a remote"
            raise RevisionError(message) from None
        commit = found.decode().strip()
        try:
            return _git(root, "merge-base", commit, "HEAD").decode().strip() or commit
        except RevisionError:  # no commit yet, a shallow clone, or nothing in common
            return commit


def _root(folder: str) -> str:
    try:
        return os.path.realpath(os.fsdecode(_git(folder, "rev-parse", "--show-toplevel").rstrip(b"\r\n")))
    except RevisionError as error:
        if "not a git repository" not in str(error).lower():
            raise
        raise RevisionError(
            f"{folder} is not in a Git repository, so there are no changes to compare; use `--baseline` there"
        ) from None


def _git(folder: str, *args: str) -> bytes:
    """What a command of Git says.

    Raises:
        RevisionError: There is no Git, or the command fails.
    """
    environment = {**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
    try:
        done = subprocess.run(
            ["git", "--literal-pathspecs", *args], cwd=folder, env=environment, capture_output=True, check=False
        )
    except FileNotFoundError:
        raise RevisionError("Git is not installed, or not on the path") from None
    except OSError as error:
        raise RevisionError(f"Git cannot be run: {in_words(error)}") from None
    if done.returncode:
        raise RevisionError(f"Git says: {done.stderr.decode(errors='replace').strip() or f'status {done.returncode}'}")
    return done.stdout


def _of_hunks(diff: bytes) -> _Changed:
    lines: set[Line] = set()
    gaps: set[Line] = set()
    for match in _HUNK.finditer(diff):
        first, count = int(match[1]), int(match[2] or 1)
        lines.update((0, line) for line in range(first, first + count))
        if not count:
            gaps.add((0, first))
    return _Changed(lines=frozenset(lines), gaps=frozenset(gaps))


def _of_cells(before: SourceFile, after: SourceFile) -> _Changed:
    """What has changed in the lines of code, over all cells."""
    old = [line for _, line in _numbered(before)]
    numbered = _numbered(after)
    new = [line for _, line in numbered]
    lines: set[Line] = set()
    gaps: set[Line] = set()
    for what, _, _, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what in ("insert", "replace"):
            lines.update(at for at, _ in numbered[start:end])
        elif what == "delete" and start:
            gaps.add(numbered[start - 1][0])
    return _Changed(lines=frozenset(lines), gaps=frozenset(gaps))


def _numbered(file: SourceFile) -> list[tuple[Line, str]]:
    return [
        ((cell.number or 0, number), line)
        for cell in file.cells
        for number, line in enumerate(NEWLINE.split(cell.raw), 1)
    ]
