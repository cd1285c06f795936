"""File discovery in folders; ignore rules are compared with Git."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderlint.diagnostics import FileError
from orderlint.discovery import PatternList, discover, shown_path
from orderlint.discovery.ignoring import IgnoreRules
from tests.support import ROOT

NO_PYTHON = "no Python files or notebooks in this folder that are not excluded or ignored"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def plant(folder: Path, files: dict[str, str] | str) -> None:
    """Write files, given with their text, or as names of empty files."""
    texts = dict.fromkeys(files.split(), "") if isinstance(files, str) else files
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def shown(*paths: str | Path) -> list[str]:
    found = discover(paths)
    assert found.errors == ()
    return [file.shown for file in found.files]


def test_python_files_and_notebooks_are_found(here: Path) -> None:
    """In all folders below, sorted by path."""
    plant(here, "b.py a/z.ipynb a/b/c.pyw a.py README.md a/x.pyi a/data.json a/B.PY Makefile")
    assert shown(".") == ["a.py", "a/B.PY", "a/b/c.pyw", "a/z.ipynb", "b.py"]


@pytest.mark.parametrize(
    "path",
    [
        ".venv/x.py",
        "venv/lib/x.py",
        "env/pyvenv.cfg",
        "conda/conda-meta/x.json",
        "lib/site-packages/keras/x.py",
        "node_modules/a/x.py",
        ".ipynb_checkpoints/x-checkpoint.ipynb",
        "__pycache__/x.py",
        ".git/hooks/x.py",
        "build/lib/x.py",
        "src/dist/x.py",
        ".tox/x.py",
    ],
)
def test_environments_caches_and_products_are_left_out(here: Path, path: str) -> None:
    """They are recognized by name, and environments also by `pyvenv.cfg`."""
    plant(here, f"net.py {path} {Path(path).parent}/other.py")
    assert shown(".") == ["net.py"]


def test_a_folder_that_is_named_is_searched(here: Path) -> None:
    """Whatever its name is, and whether or not Git ignores it; in its subfolders, the rules apply again."""
    plant(
        here, {".gitignore": "out/\n*.gen.py\n", "out/x.py": "", "out/y.gen.py": "", "out/build/z.py": "", "a.py": ""}
    )
    (here / ".git").mkdir()
    assert shown(".") == ["a.py"]
    assert shown("out") == ["out/x.py", "out/y.gen.py"]
    assert shown("out/build") == ["out/build/z.py"]


def test_a_file_that_is_named_is_checked(here: Path) -> None:
    """Whatever its name and folder are; it is listed once, under the given name."""
    plant(here, {".gitignore": "*", "build/x.py": "", "script": "", "a.py": ""})
    found = discover(["build/x.py", "script", "./a.py", ".", "a.py"], lambda path, is_folder, below: True)
    assert [(file.shown, file.is_named) for file in found.files] == [
        ("a.py", True),
        ("build/x.py", True),
        ("script", True),
    ]


def test_named_files_can_be_excluded_by_force(here: Path) -> None:
    """pre-commit names each file, so exclusions can be applied to named files; Git's rules are not."""
    plant(here, {".gitignore": "b.py", "build/x.py": "", "a.py": "", "b.py": "", "c.py": ""})

    def excludes(path: str, is_folder: bool, below: str) -> bool:
        return path.endswith("a.py")

    named = ["build/x.py", "a.py", "b.py", "c.py"]
    assert [file.shown for file in discover(named, excludes, True).files] == ["b.py", "c.py"]
    forced = discover(named, excludes, lambda path: path.endswith("x.py"))
    assert [file.shown for file in forced.files] == ["a.py", "b.py", "c.py"]


def test_an_excluded_folder_that_is_named_is_searched(here: Path) -> None:
    """Like a named file, unless exclusions are forced; excluded entries inside it are left out."""
    plant(here, {"gen/a.py": "", "gen/old/b.py": "", "gen/in/c.py": "", "gen/in/x_pb.py": ""})
    patterns = PatternList(["gen", "old", "*_pb.py"])

    def excludes(path: str, is_folder: bool, below: str) -> bool:
        return patterns.excludes(shown_path(path), is_folder=is_folder, below=shown_path(below) if below else None)

    assert [file.shown for file in discover(["gen"], excludes).files] == ["gen/a.py", "gen/in/c.py"]
    assert [file.shown for file in discover(["gen/in"], excludes).files] == ["gen/in/c.py"]
    forced = discover(["gen", "gen/in"], excludes, True)
    assert not forced.files
    assert not forced.errors
    assert discover(["."], excludes).errors


def test_what_is_excluded_is_not_entered(here: Path) -> None:
    """Nothing in an excluded folder is found."""
    plant(here, "a/b/x.py a/y.py c/x.py")
    asked: list[str] = []

    def excludes(path: str, is_folder: bool, below: str) -> bool:
        asked.append(shown_path(path))
        return is_folder and path.endswith("b")

    assert [file.shown for file in discover(["."], excludes).files] == ["a/y.py", "c/x.py"]
    assert "a/b/x.py" not in asked


def test_a_path_that_does_not_exist_is_an_error(here: Path) -> None:
    """Also a broken link, a folder without Python files, and one with excluded files only; the others are found."""
    plant(here, {"a.py": "", "docs/x.md": "", "gen/x.py": "", "gen/.gitignore": "*.py"})
    (here / "link.py").symlink_to("nowhere.py")
    found = discover(["missing", "docs", "gen", "link.py", "a.py"])
    assert [file.shown for file in found.files] == ["a.py"]
    assert found.errors == (
        FileError("docs", NO_PYTHON),
        FileError("gen", NO_PYTHON),
        FileError("link.py", "a broken symbolic link"),
        FileError("missing", "no such file or folder"),
    )


def test_links_make_no_loops_and_no_doubles(here: Path) -> None:
    """A link to a folder is followed only if it is named; a link to a file that is also found is not listed."""
    plant(here, "a/x.py outside/y.py")
    (here / "a" / "loop").symlink_to(here, target_is_directory=True)
    (here / "a" / "again.py").symlink_to("x.py")
    (here / "a" / "elsewhere.py").symlink_to(here / "outside" / "y.py")
    (here / "a" / "dead.py").symlink_to("nothing.py")
    (here / "linked").symlink_to(here / "outside", target_is_directory=True)
    assert shown("a") == ["a/elsewhere.py", "a/x.py"]
    assert shown(".") == ["a/x.py", "outside/y.py"]
    assert shown("linked") == ["linked/y.py"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_only_regular_files_are_found(here: Path) -> None:
    """A folder with the name of a file is a folder, and reading a FIFO would wait forever."""
    plant(here, "net.py x.py/y.py")
    os.mkfifo(here / "pipe.py")
    assert shown(".") == ["net.py", "x.py/y.py"]


def test_a_folder_that_cannot_be_read_is_an_error_among_others() -> None:
    """The search continues elsewhere. The test runs as another user, since the superuser can read every folder."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plant(folder, "a.py closed/b.py")
        (folder / "closed").chmod(0)
        folder.chmod(0o755)
        script = (
            "import os, sys\n"
            "sys.path.insert(0, sys.argv[2])\n"
            "from orderlint.discovery import discover\n"
            "if os.geteuid() == 0: os.setuid(65534)\n"
            "os.chdir(sys.argv[1])\n"
            "found = discover(['.'])\n"
            "print([file.shown for file in found.files], [(error.path, error.message) for error in found.errors])\n"
        )
        result = subprocess.run(
            [sys.executable, "-c", script, name, str(ROOT)], capture_output=True, text=True, check=False
        )
        (folder / "closed").chmod(0o755)
    assert result.stdout == "['a.py'] [('closed', 'permission denied')]\n", result.stderr


def test_paths_are_shown_relative_to_the_current_folder(here: Path) -> None:
    """With forward slashes; paths elsewhere are absolute."""
    plant(here, "sub/a.py b.py")
    os.chdir("sub")
    assert shown(".", "../b.py") == [(here / "b.py").as_posix(), "a.py"]
    assert shown_path(here) == here.as_posix()


def test_ignore_files_count_without_a_repository(here: Path) -> None:
    """Those below the searched folder: an unpacked archive has them, too."""
    plant(
        here,
        {".gitignore": "a.py", "sub/.gitignore": "!a.py\nb.py", "sub/a.py": "", "sub/b.py": "", "a.py": "", "c.py": ""},
    )
    assert shown(".") == ["c.py", "sub/a.py"]
    assert shown("sub") == ["sub/a.py"]


def test_ignore_files_count_up_to_the_root_of_the_repository(here: Path) -> None:
    """Also `.git/info/exclude`, with less precedence than ignore files; nothing above the repository."""
    plant(
        here,
        {
            ".gitignore": "*.py\n",
            "repo/.git/info/exclude": "x.py\ny.py\n",
            "repo/.gitignore": "!y.py\n/top.py\n",
            "repo/a/b/x.py": "",
            "repo/a/b/y.py": "",
            "repo/a/b/top.py": "",
            "repo/top.py": "",
        },
    )
    assert shown("repo/a/b") == ["repo/a/b/top.py", "repo/a/b/y.py"]
    assert shown("repo") == ["repo/a/b/top.py", "repo/a/b/y.py"]


def test_the_exclude_file_of_a_worktree_is_found(here: Path) -> None:
    """Its `.git` is a file that points to a folder, which names the common one."""
    plant(
        here,
        {
            "main/.git/info/exclude": "x.py\n",
            "main/.git/worktrees/w/commondir": "../..\n",
            "w/.git": f"gitdir: {here}/main/.git/worktrees/w\n",
            "w/x.py": "",
            "w/y.py": "",
        },
    )
    assert shown("w") == ["w/y.py"]


@pytest.mark.parametrize(
    ("patterns", "out", "kept"),
    [
        (["build/"], ["build/"], ["build"]),
        (["*.py", "!keep.py"], ["a.py", "d/a.py"], ["keep.py", "d/keep.py"]),
        (["/a.py"], ["a.py"], ["d/a.py"]),
        (["d/a.py"], ["d/a.py"], ["e/d/a.py"]),
        (["**/d/a.py"], ["d/a.py", "e/f/d/a.py"], ["d/b.py"]),
        (["d/**/a.py"], ["d/a.py", "d/e/f/a.py"], ["a.py"]),
        (["d/**"], ["d/a.py", "d/e/a.py"], ["d/"]),
        (["*_pb2.py", "test_?.py", "[!ab].py"], ["x_pb2.py", "test_1.py", "c.py"], ["test_10.py", "a.py"]),
        (["\\!a.py", "\\#b.py", "# c.py", ""], ["!a.py", "#b.py"], ["a.py", "c.py"]),
        (["a.py   ", "b\\ "], ["a.py", "b "], ["a.py   ", "b"]),
        (["*", "!*/", "!*.py"], ["a.txt", "d/a.txt"], ["d/", "d/a.py"]),
        (["[", "a[", "a\\", "!", "/", "[b-a]"], [], ["[", "a[", "a", "a\\"]),
        (["[[:digit:]]*", "[]x].py", "[a-c^].py"], ["1.py", "].py", "^.py", "b.py"], ["x1.py"]),
    ],
)
def test_patterns_mean_what_they_mean_to_git(patterns: list[str], out: list[str], kept: list[str]) -> None:
    """For one entry; a trailing slash marks a folder."""
    listed = PatternList(patterns)

    def is_out(entry: str) -> bool:
        return bool(listed.verdict(entry.rstrip("/"), is_folder=entry.endswith("/")))

    assert [entry for entry in [*out, *kept] if is_out(entry)] == out


def test_a_path_is_out_with_a_folder_above_it() -> None:
    """For named files, the folders above them are tested, too."""
    assert PatternList(["legacy/"]).excludes("src/legacy/v1/net.py", is_folder=False)
    assert not PatternList(["legacy/"]).excludes("src/legacy.py", is_folder=False)


def test_many_stars_take_no_time() -> None:
    """A regular expression would take exponential time for this pattern."""
    listed = PatternList(["*a" * 40 + "b", "**/a" * 40])
    assert listed.verdict("a" * 200, is_folder=False) is None
    assert listed.verdict("a/" * 100 + "b", is_folder=False) is None


@pytest.mark.parametrize("number", [99, 100, 150, 20_000])
def test_any_number_of_stars_is_a_pattern(number: int) -> None:
    """A regular expression refers to groups by number, and reads numbers from 100 as characters."""
    listed = PatternList(["*a" * number])
    assert listed.verdict("a" * 240, is_folder=False) is (True if number <= 240 else None)
    assert listed.verdict("a" * 240 + "b", is_folder=False) is None


NAMES = ["a", "b", "ab", "foo", "x.py", "y.py", "a.txt", ".hid", "a b", " c", "[z]", "!n", "#h"]
GLOBS = ["*", "**", "?", "*.py", "[ab]", "[!a]", "a*", "*b", "***", "\\*", "[a", "[]a]", "[a-c]*", "\\!n", "a\\ ", ".*"]
GLOBS += ["[[:alpha:]]*", "\\[z\\]", "[^.]*", "?.py", "a\\", *NAMES]
PATTERNS = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "", "!"]),
    st.sampled_from(["", "", "", "/"]),
    st.lists(st.sampled_from(GLOBS), min_size=1, max_size=3).map("/".join),
    st.sampled_from(["", "", "/", " "]),
)
PATHS = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3).map("/".join)


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(PATHS, min_size=3, max_size=20),
    st.dictionaries(st.sampled_from(["", "a/", "foo/"]), st.lists(PATTERNS, min_size=1, max_size=5), min_size=1),
)
def test_git_ignores_the_same_files(paths: list[str], ignores: dict[str, list[str]]) -> None:
    """In random trees with ignore files, the result is that of `git ls-files`."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for path in paths:
            if not any(parent.is_file() for parent in (root / path).parents) and not (root / path).is_dir():
                plant(root, {path: ""})
        for folder, patterns in ignores.items():
            if not (root / folder).is_file():
                plant(root, {f"{folder}.gitignore": "\n".join(patterns) + "\n"})
        subprocess.run(["git", "init", "-q", name], check=True)
        listed = subprocess.run(
            ["git", "-C", name, "-c", "core.excludesFile=/dev/null", "ls-files", "-z", "-o", "--exclude-standard"],
            capture_output=True,
            text=True,
            check=True,
        )
        assert kept(root, IgnoreRules.above(root), root) == {path for path in listed.stdout.split("\0") if path}


def kept(folder: Path, rules: IgnoreRules, root: Path) -> set[str]:
    """The files below a folder that are not ignored, relative to the root."""
    rules = rules.entered(folder)
    found: set[str] = set()
    for path in folder.iterdir():
        if path.name != ".git" and not rules.ignores(str(path), is_folder=path.is_dir()):
            found |= kept(path, rules, root) if path.is_dir() else {path.relative_to(root).as_posix()}
    return found


@pytest.mark.parametrize(
    "pattern", ["*a" * 40 + "b", "**/" * 30 + "b", "a*" * 25 + "/" + "*b" * 25, "[ab]*" * 30 + "c"]
)
def test_no_pattern_takes_long(pattern: str) -> None:
    """A backtracking matcher would take exponential time for each of these patterns."""
    patterns = PatternList([pattern])
    assert patterns.verdict("/".join(["a" * 120] * 40), is_folder=False) is None
    assert patterns.verdict("a" * 4_000, is_folder=False) is None


def test_stars_take_the_shortest_text_that_does() -> None:
    """The text after a star is found at any position, and the end has to match."""
    patterns = PatternList(["*ab*ab", "x/**/*y*z/w", "v/**"])
    assert patterns.verdict("abcabab", is_folder=False)
    assert patterns.verdict("ab", is_folder=False) is None
    assert patterns.verdict("x/w/ayyz/w", is_folder=False)
    assert patterns.verdict("x/a/b/yz/w", is_folder=False)
    assert patterns.verdict("x/a/b/y/w", is_folder=False) is None
    assert patterns.verdict("v", is_folder=True) is None
    assert patterns.verdict("v/a/b", is_folder=False)
