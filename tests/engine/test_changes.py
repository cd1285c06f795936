"""`check --diff-base` reports findings in code that changed since a revision. These tests run Git."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import jsonschema
import pytest

from tests.running import Place, git, notebook
from tests.support import ROOT

HEAD = "from keras import layers\n\n\ndef net(x):\n"
DENSE = '    x = layers.Dense(8, "relu")(x)\n'
NORM, DROP = "    x = layers.BatchNormalization()(x)\n", "    x = layers.Dropout(0.3)(x)\n"
END = "    return x\n"
BAD = HEAD + DENSE + NORM + END


@pytest.fixture
def project(place: Place) -> Place:
    """A repository with two files with a finding each; one of their names has a blank."""
    git(place.folder, "init", "--quiet", "--initial-branch=main")
    place.write("net.py", BAD)
    place.write("my models/a [1].py", BAD)
    git(place.folder, "add", "--all")
    git(place.folder, "commit", "--quiet", "--message", "start")
    return place


def commit(place: Place) -> None:
    git(place.folder, "add", "--all")
    git(place.folder, "commit", "--quiet", "--message", "more")


def test_what_did_not_change_is_not_reported(project: Place) -> None:
    """Moved lines have not changed; the summary counts the findings left out."""
    project.write("net.py", BAD.replace("def net", "# one\n# two\n\n\ndef net"))
    status, out, err = project.run("check", "--diff-base", "HEAD")
    assert (status, err) == (0, "")
    assert out == "No new findings in 2 files.\n2 findings are in lines that have not changed since HEAD.\n"


@pytest.mark.parametrize("is_committed", [False, True])
def test_changed_lines_are_reported(project: Place, is_committed: bool) -> None:
    """Committed or not, staged or not, in files with blanks and brackets in their names."""
    project.write("my models/a [1].py", BAD + "\n\n" + BAD.replace("net", "other").replace("8", "4"))
    git(project.folder, "checkout", "--quiet", "-b", "work")
    if is_committed:
        commit(project)
    assert project.codes("--diff-base", "main") == ["my models/a [1].py:15 ORD001"]


def test_the_other_layer_of_the_pair_counts(project: Place) -> None:
    """A finding is reported if either layer changed, or if code between them was deleted."""
    project.write("net.py", HEAD + DENSE.replace("8", "9") + NORM + END)
    assert project.codes("--diff-base", "HEAD") == ["net.py:6 ORD001"]
    project.write("net.py", HEAD + DENSE + "    x = layers.Dense(4)(x)\n" + NORM + END)
    commit(project)
    project.write("net.py", BAD)
    assert project.codes("--diff-base", "HEAD") == ["net.py:6 ORD001"]


def test_a_changed_helper_counts_where_it_is_used(project: Place) -> None:
    """A related place of a finding may be in another file."""
    project.write("blocks.py", "from keras import layers\n\n\ndef act(x):\n    return layers.ReLU()(x)\n")
    project.write(
        "use.py",
        HEAD.replace("\n\n", "\nfrom blocks import act\n\n", 1)
        + "    x = layers.Dense(8)(x)\n    x = act(x)\n"
        + NORM
        + END,
    )
    commit(project)
    assert project.codes("--diff-base", "HEAD") == []
    project.write("blocks.py", "from keras import layers\n\n\ndef act(x):\n    return layers.ELU()(x)\n")
    assert project.codes("--diff-base", "HEAD") == ["use.py:8 ORD001"]


def test_new_and_renamed_files(project: Place) -> None:
    """An untracked or ignored file is new, a renamed one is not."""
    project.write("new.py", BAD)
    project.write(".gitignore", "ignored.py\n")
    project.write("ignored.py", BAD)
    git(project.folder, "mv", "net.py", "renamed net.py")
    assert project.codes("--diff-base", "HEAD", ".", "ignored.py") == ["ignored.py:6 ORD001", "new.py:6 ORD001"]
    project.write("renamed net.py", BAD.replace('8, "relu"', '9, "relu"'))
    assert "renamed net.py:6 ORD001" in project.codes("--diff-base", "HEAD")


def test_what_others_did_meanwhile_is_not_ours(project: Place) -> None:
    """The comparison is with the merge base, not with the current state of the revision."""
    git(project.folder, "checkout", "--quiet", "-b", "work")
    git(project.folder, "checkout", "--quiet", "main")
    project.write("net.py", HEAD + DENSE.replace("8", "64") + NORM + END)
    commit(project)
    git(project.folder, "checkout", "--quiet", "work")
    assert project.codes("--diff-base", "main") == []


def test_lines_of_cells_count_in_notebooks(project: Place) -> None:
    """Outputs and new cells above do not count; a changed line of a cell does, even if its source is one string."""
    cell = BAD.removesuffix(END)
    project.write("a.ipynb", notebook([cell]))
    commit(project)
    changed = json.loads(notebook("x = 1\n", [cell]))
    changed["cells"][1]["execution_count"] = 7
    project.write("a.ipynb", json.dumps(changed, indent=2))
    assert project.codes("--diff-base", "HEAD") == []
    project.write("a.ipynb", notebook([cell.replace("8", "9")]))
    assert project.codes("--diff-base", "HEAD") == ["a.ipynb:6 ORD001"]
    project.write("net.py", "broken")
    git(project.folder, "mv", "a.ipynb", "b.ipynb")
    assert project.codes("--diff-base", "HEAD") == ["b.ipynb:6 ORD001"]


def test_line_ends_that_git_converts_are_no_change(project: Place) -> None:
    """Git compares after the conversion."""
    git(project.folder, "config", "core.autocrlf", "true")
    project.write("net.py", BAD.replace("\n", "\r\n"))
    assert project.codes("--diff-base", "HEAD") == []


def test_lines_that_end_as_git_knows_no_line_end(project: Place) -> None:
    """For Git, such a file has one line."""
    (project.folder / "old.py").write_bytes(BAD.replace("\n", "\r").encode())
    commit(project)
    assert project.codes("--diff-base", "HEAD") == []
    (project.folder / "old.py").write_bytes(("x = 1\n" + BAD.replace('"relu"', '"elu"')).replace("\n", "\r").encode())
    assert project.codes("--diff-base", "HEAD") == ["old.py:7 ORD001"]


def test_a_file_that_was_removed_from_the_index_only(project: Place) -> None:
    """For Git, the file is deleted, although it exists."""
    git(project.folder, "rm", "--quiet", "--cached", "net.py")
    assert project.codes("--diff-base", "HEAD") == []
    project.write("net.py", HEAD + DENSE.replace("8", "9") + NORM + END)
    assert project.codes("--diff-base", "HEAD") == ["net.py:6 ORD001"]


@pytest.mark.parametrize(
    "setting", ["diff.interHunkContext=9", "diff.context=9", "diff.noprefix=true", "color.ui=always"]
)
def test_settings_of_git_change_nothing(project: Place, setting: str) -> None:
    """They only affect diffs that people read."""
    git(project.folder, "config", *setting.split("="))
    project.write("net.py", "# one\n" + BAD.replace("return x", "return (x)"))
    assert project.codes("--diff-base", "HEAD") == []


@pytest.mark.skipif(os.name == "nt", reason="Windows runs no script by its first line")
@pytest.mark.parametrize("setting", ["core.fsmonitor", "diff.external", "diff.odd.textconv", "diff.odd.command"])
def test_programs_that_a_repository_names_are_not_run(project: Place, setting: str, tmp_path: Path) -> None:
    """A repository that was unpacked, not cloned, may have a configuration that names programs."""
    marker, program = tmp_path / "marker", tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {marker}\n", encoding="utf-8")
    program.chmod(0o755)
    git(project.folder, "config", setting, str(program))
    project.write(".gitattributes", "*.py diff=odd\n")
    project.write("net.py", "# one\n" + BAD.replace("return x", "return (x)"))
    assert project.codes("--diff-base", "HEAD") == []
    assert not marker.exists()


def test_submodules_are_compared_with_what_the_revision_had_of_them(
    project: Place, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The revision is one of the outer repository, unless the run starts in a submodule."""
    inner = other_repository(tmp_path_factory)
    git(project.folder, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "mod")
    assert project.codes("--diff-base", "main") == ["mod/lib.py:6 ORD001"]
    commit(project)
    git(project.folder, "checkout", "--quiet", "-b", "work")
    project.write("mod/lib.py", BAD.replace("8", "9"))
    git(project.folder / "mod", "commit", "--quiet", "--all", "--message", "more")
    assert project.codes("--diff-base", "main") == ["mod/lib.py:6 ORD001"]
    commit(project)
    assert project.codes("--diff-base", "HEAD") == []
    monkeypatch.chdir(project.folder / "mod")
    assert project.codes("--diff-base", "HEAD") == []
    assert project.codes("--diff-base", "HEAD~1") == ["lib.py:6 ORD001"]


def test_a_hook_of_another_repository(
    project: Place, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git sets environment variables for its hooks; the checked files may be in another repository."""
    monkeypatch.chdir(other_repository(tmp_path_factory))
    monkeypatch.setenv("GIT_DIR", str(project.folder / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(project.folder / ".git" / "index"))
    assert project.codes("--diff-base", "HEAD") == []


def other_repository(folders: pytest.TempPathFactory) -> Path:
    """Another repository with a finding in `lib.py`."""
    folder = folders.mktemp("other")
    (folder / "lib.py").write_text(BAD)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "start")
    return folder


def test_an_unknown_revision(project: Place) -> None:
    """The error names it. A revision that looks like an option is not passed to Git as one."""
    for revision in ("nowhere", "--help", "HEAD~9", "HEAD:net.py", "^HEAD"):
        status, out, err = project.run("check", f"--diff-base={revision}")
        assert (status, out) == (2, "")
        assert f"unknown revision `{revision}`" in err
        assert "expected a commit, a tag or a branch; `git fetch` gets" in err


def test_a_repository_without_commits(place: Place) -> None:
    """It has no revisions."""
    git(place.folder, "init", "--quiet")
    place.write("net.py", BAD)
    assert "unknown revision `HEAD`" in (err := place.run("check", "--diff-base", "HEAD").err)
    assert "nothing has been committed yet" in err


def test_a_shallow_clone(project: Place, tmp_path_factory: pytest.TempPathFactory) -> None:
    """If the revision is missing, the error says how to fetch it; if the merge base is missing, there is a warning."""
    folder = tmp_path_factory.mktemp("clones") / "shallow"
    first = git(project.folder, "rev-parse", "HEAD").strip()
    project.write("net.py", BAD + "# more\n")
    commit(project)
    git(project.folder, "clone", "--quiet", "--depth", "1", project.folder.as_uri(), str(folder))
    os.chdir(folder)
    assert "`git fetch --unshallow`" in (err := project.run("check", "--diff-base", first).err)
    assert "fetch-depth: 0" in err
    assert project.run("check", "--diff-base", "origin/main").err == ""
    project.write("net.py", BAD + "# more still\n")
    commit(project)
    git(folder, "fetch", "--quiet", "--depth", "1", "origin", "main:elsewhere")
    status, _, err = project.run("check", "--diff-base", "elsewhere")
    assert status == 0
    assert err.count("warning:") == 1
    assert "changes on `elsewhere` count too" in err


def test_no_repository(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an error, since nothing can be compared."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(place.folder.parent))
    place.write("net.py", BAD)
    status, out, err = place.run("check", "--diff-base", "HEAD")
    assert (status, out) == (2, "")
    assert "is not in a Git repository" in err


def test_no_git(project: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says that Git is missing."""
    monkeypatch.setenv("PATH", str(project.folder))
    assert shutil.which("git") is None
    assert "Git is not installed" in project.run("check", "--diff-base", "HEAD").err


def test_a_repository_in_a_repository(project: Place) -> None:
    """Each file is compared in its own repository."""
    inner = project.folder / "inner"
    inner.mkdir()
    git(inner, "init", "--quiet")
    project.write("inner/net.py", BAD)
    git(inner, "add", "--all")
    git(inner, "commit", "--quiet", "--message", "inner")
    assert project.codes("--diff-base", "HEAD") == []
    project.write("inner/net.py", BAD.replace("8", "9"))
    assert project.codes("--diff-base", "HEAD") == ["inner/net.py:6 ORD001"]


def test_formats_tell_what_was_asked(project: Place) -> None:
    """JSON counts the findings left out, SARIF includes them as unchanged, and other formats omit them."""
    project.write("new.py", BAD)
    report = json.loads(project.run("check", "--diff-base", "HEAD", "--format", "json").out)
    assert report["changes"] == {"since": "HEAD", "unchanged": 2}
    jsonschema.validate(report, json.loads((ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8")))
    log = json.loads(project.run("check", "--diff-base", "HEAD", "--format", "sarif").out)
    assert [one["baselineState"] for one in log["runs"][0]["results"]] == ["new", "unchanged", "unchanged"]
    out = project.run("check", "--diff-base", "HEAD", "--format", "github").out
    assert out.count("::error") == 1


def test_together_with_a_baseline_and_comments(project: Place) -> None:
    """Each of them removes findings; `--add-ignores` adds comments for the rest."""
    assert project.run("baseline").status == 0
    project.write("new.py", BAD)
    project.write("net.py", BAD.replace("8", "9"))
    args = ["--diff-base", "HEAD", "--baseline", "orderlint-baseline.json"]
    assert project.codes(*args) == ["new.py:6 ORD001"]
    assert project.run("check", "--add-ignores", *args).status == 0
    assert "orderlint: ignore" in project.read("new.py")
    assert "orderlint: ignore" not in project.read("my models/a [1].py")
