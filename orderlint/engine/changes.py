"""What has changed since a Git revision, line by line. A finding is new if a change touches it.

Git is only run for files with findings. In a notebook, the lines of the cells are compared, not those of the JSON,
where outputs and counters change with every run.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from orderlint.diagnostics import FileWarning, Finding
from orderlint.engine.differences import Changed, of_cells, of_hunks
from orderlint.engine.targets import Target
from orderlint.graph import Location
from orderlint.records import record
from orderlint.text.failures import in_words
from orderlint.text.files import SourceError, source_from_bytes

__all__ = ["Changes", "RevisionError"]

_LONE_CR = re.compile(rb"\r(?!\n)")  # ends a line in Python, but not in Git
_REMOVED = re.compile(rb"^\+\+\+ /dev/null", re.MULTILINE)
"""Git compares with the files of its index, and this one was removed from it (`git rm --cached`)."""
_OF_HOOKS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR")
"""The variables that Git sets for a hook: they name the repository of the hook, whatever folder a command runs in."""
_SHALLOW = (
    "the clone is shallow: run `git fetch --unshallow`, or clone all commits "
    '(GitHub: `fetch-depth: 0`, GitLab: `GIT_DEPTH: "0"`, Azure: `fetchDepth: 0`)'
)
_DIFF = ("diff", "--unified=0", "--inter-hunk-context=0", "--no-color", "--no-ext-diff", "--no-textconv", "--text")


class RevisionError(Exception):
    """Raised if files cannot be compared with a revision. The message is for the user."""


@record(slots=True)
class _Repository:
    """A repository, as it was at a revision.

    Attributes:
        root: Its folder.
        commit: The commit to compare with, where the current state and the revision diverged; `None` if the repository
            did not exist there.
        renamed: The old names of renamed files, by their new names.
    """

    root: str
    commit: str | None
    renamed: Mapping[str, str]

    def had(self, name: str) -> bool:
        """Whether a file existed at the revision."""
        if self.commit is None:
            return False
        try:
            _git(self.root, "cat-file", "-e", f"{self.commit}:{name}")
        except RevisionError:
            return False
        return True


class Changes:
    """What has changed since a revision.

    Args:
        revision: A branch, a tag or a commit, as Git names it.
        targets: The files of the run.

    Attributes:
        warnings: Possible errors of the comparison.

    Raises:
        RevisionError: Git, the repository or the revision does not exist.
    """

    def __init__(self, revision: str, targets: Sequence[Target]) -> None:
        self.revision = revision
        self._targets = {target.shown: target for target in targets}
        self._by_folder: dict[Path, _Repository] = {}
        self._by_root: dict[str, _Repository] = {}
        self._files: dict[str, Changed] = {}
        self.warnings: list[FileWarning] = []
        for folder in dict.fromkeys(Path(target.absolute).parent for target in targets):
            self._repository(folder)

    def touch(self, finding: Finding) -> bool:
        """Whether a change touches a finding: its own location or a related one."""
        places: dict[str, list[Location]] = {}
        for at in (finding.location, *(one.location for one in finding.related)):
            if at.line:
                places.setdefault(at.path, []).append(at)
        return any(self._changed(path).touches(some) for path, some in places.items())

    def _changed(self, shown: str) -> Changed:
        if shown not in self._files:
            self._files[shown] = self._compared(shown)
        return self._files[shown]

    def _compared(self, shown: str) -> Changed:
        """The changes in a file."""
        path = os.path.realpath(shown if shown not in self._targets else self._targets[shown].path)
        try:
            repository = self._repository(Path(path).parent)
        except RevisionError:  # a related place elsewhere, for example in an installed package
            return Changed()
        name = os.path.relpath(path, repository.root).replace(os.sep, "/")
        old = repository.renamed.get(name, name)
        if repository.commit is None or not repository.had(old):
            return Changed(is_new=True)
        target = self._targets.get(shown)
        try:
            data = Path(shown).read_bytes() if target is None else target.bytes()
        except (OSError, SourceError):
            return Changed(is_new=True)
        if not (name.lower().endswith(".ipynb") or (target and target.data is not None) or _LONE_CR.search(data)):
            names = dict.fromkeys((old, name))
            diff = _git(repository.root, *_DIFF, "--find-renames", repository.commit, "--", *names)
            if not _REMOVED.search(diff):
                return of_hunks(diff)
        try:
            before = _git(repository.root, "show", f"{repository.commit}:{old}")
            return of_cells(source_from_bytes(before, shown), source_from_bytes(data, shown))
        except (SourceError, RevisionError):
            return Changed(is_new=True)  # it did not exist, or was not a notebook yet

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
            outer = _superproject(root)
            commit = self._commit(root) if outer is None else self._recorded(root, self._repository(outer))
            self._by_root[root] = _Repository(root, commit, {} if commit is None else _renamed(root, commit))
        return self._by_root[root]

    def _commit(self, root: str) -> str:
        """The commit where the current state and the revision diverged; the revision itself if that is not known."""
        commit = _id(root, f"{self.revision}^{{commit}}")
        if commit is None:
            raise RevisionError(f"unknown revision `{self.revision}` in {root}: {_why_unknown(root)}")
        try:
            return _git(root, "merge-base", commit, "HEAD").decode().strip() or commit
        except RevisionError:  # there is no commit yet, or the clone is shallow, or nothing is in common
            if _is_shallow(root):
                what = f"changes on `{self.revision}` count too, since the commit where this branch left it is missing"
                self.warnings.append(FileWarning(Location(root), f"{what}; {_SHALLOW}"))
            return commit

    def _recorded(self, root: str, outer: _Repository) -> str | None:
        """The commit of a submodule that its superproject had at the revision; `None` if it had no such submodule."""
        name = os.path.relpath(root, outer.root).replace(os.sep, "/")
        commit = None if outer.commit is None else _id(outer.root, f"{outer.commit}:{name}")
        if commit is not None and _id(root, f"{commit}^{{commit}}") is None:
            what = f"the submodule {root} lacks the commit {commit[:12]}, which it had at `{self.revision}`"
            raise RevisionError(f"{what}: fetch more of its history")
        return commit


def _superproject(root: str) -> Path | None:
    """The repository that contains a submodule; `None` if it is not a submodule, or if the run starts in it."""
    here = os.path.realpath(os.curdir)
    if os.path.commonpath([root, here]) == root:
        return None
    outer = os.fsdecode(_git(root, "rev-parse", "--show-superproject-working-tree").rstrip(b"\r\n"))
    return Path(outer) if outer else None


def _renamed(root: str, commit: str) -> dict[str, str]:
    """The old names of files that were renamed since a commit."""
    names = _git(root, "diff", "--name-status", "-z", "--find-renames", "--diff-filter=R", commit).split(b"\0")
    pairs = zip(names[2::3], names[1::3], strict=False)  # for each file: a status, the old name, the new name
    return {os.fsdecode(new): os.fsdecode(old) for new, old in pairs}


def _id(root: str, name: str) -> str | None:
    """The hash of an object with a name in Git; `None` if there is none, or if the name is a range."""
    try:
        found = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", name).decode().strip()
    except RevisionError:
        return None
    return found if found.isalnum() else None  # the result for `^HEAD` is `^` and a hash


def _is_shallow(root: str) -> bool:
    return _git(root, "rev-parse", "--is-shallow-repository").strip() == b"true"


def _why_unknown(root: str) -> str:
    if _is_shallow(root):
        return _SHALLOW
    if _id(root, "HEAD") is None:
        return "nothing has been committed yet"
    return "expected a commit, a tag or a branch; `git fetch` gets those of a remote"


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
    """Run a Git command, and return its output.

    Raises:
        RevisionError: Git is not installed, or the command fails.
    """
    is_marked = (Path(folder) / ".git").exists()
    kept = {key: value for key, value in os.environ.items() if not (is_marked and key in _OF_HOOKS)}
    environment = {**kept, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
    # `core.fsmonitor` may name a program that Git would then run.
    command = ["git", "--literal-pathspecs", "-c", "core.fsmonitor=false", *args]
    try:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    except FileNotFoundError:
        raise RevisionError("Git is not installed, or not on the path") from None
    except OSError as error:
        raise RevisionError(f"Git cannot be run: {in_words(error)}") from None
    if done.returncode:
        raise RevisionError(
            f"Git reports: {done.stderr.decode(errors='replace').strip() or f'status {done.returncode}'}"
        )
    return done.stdout
