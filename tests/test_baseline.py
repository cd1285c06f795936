"""`orderlint baseline` and `check --baseline`: known findings are not reported, new ones are."""

from __future__ import annotations

import json
import shutil

import jsonschema
import pytest

from orderlint.diagnostics import Report
from orderlint.report import formats
from tests.running import Place, git, notebook
from tests.support import ROOT

HEAD = "from keras import layers\n\n\ndef net(x):\n"
DENSE, RELU = '    x = layers.Dense(8, "relu")(x)\n', "    x = layers.ReLU()(x)\n"
NORM, DROP = "    x = layers.BatchNormalization()(x)\n", "    x = layers.Dropout(0.3)(x)\n"
END = "    return x\n"
OLD = HEAD + DENSE + NORM + END
FILE = "orderlint-baseline.json"


@pytest.fixture
def project(place: Place) -> Place:
    """A repository with a baseline of two findings in two files."""
    git(place.folder, "init", "--quiet")
    place.write("net.py", OLD)
    place.write("pkg/deep.py", OLD)
    assert place.run("baseline").status == 0
    return place


def test_what_is_in_the_baseline_does_not_fail(project: Place) -> None:
    """Known findings are counted, but not shown, and do not change the status."""
    status, out, err = project.run("check", "--baseline", FILE)
    assert (status, err) == (0, "")
    assert out == "No new findings in 2 files.\n2 findings in the baseline are not shown.\n"
    assert project.run("check").status == 1


def test_moved_lines_stay_known(project: Place) -> None:
    """A finding stays known after lines are inserted above, its code is reformatted, or the current folder changes."""
    moved = OLD.replace("def net", "# one\n\n\ndef net").replace("Normalization()", "Normalization(\n    )")
    project.write("net.py", moved)
    assert project.codes("--baseline", FILE) == []
    (project.folder / "orderlint.toml").write_text(f'baseline = "{FILE}"\n')
    assert project.codes("pkg") == []


def test_a_second_finding_of_the_same_kind_is_new(project: Place) -> None:
    """Each finding has its own entry, so a copy of a known one is new."""
    project.write("net.py", OLD + "\n\n" + OLD.removeprefix("from keras import layers\n\n\n").replace("net", "copy"))
    assert project.codes("--baseline", FILE) == ["net.py:12 ORD001"]
    assert project.run("check", "--baseline", FILE).status == 1


def test_the_new_one_of_equal_findings_is_told(project: Place) -> None:
    """If code with an equal finding is added above, the added one is new, and `fix` repairs that."""
    other = '    x = layers.Dense(16, "relu")(x)\n'
    project.write("net.py", HEAD + other + NORM + DENSE + NORM + END)
    assert project.codes("--baseline", FILE) == ["net.py:6 ORD001"]
    assert project.run("baseline").out.startswith(f"{FILE}: nothing to change; it has 2 findings.")
    assert project.run("fix", "--baseline", FILE, "net.py").status == 0
    after = project.read("net.py")
    assert DENSE + NORM in after
    assert other not in after
    assert project.codes("--baseline", FILE) == []


def test_a_known_finding_may_get_another_width(project: Place) -> None:
    """The number of units of a layer is not part of the identity."""
    project.write("net.py", OLD.replace("Dense(8", "Dense(32"))
    assert project.codes("--baseline", FILE) == []
    assert project.run("baseline").status == 0
    project.write("net.py", HEAD + DENSE + NORM + DENSE.replace("8", "32") + NORM + END)
    assert project.codes("--baseline", FILE) == ["net.py:6 ORD001"]


def test_adding_keeps_an_entry_for_each_of_equal_findings(project: Place) -> None:
    """Whichever of them was known before, all are known after it."""
    project.write("net.py", HEAD + 3 * (DENSE + NORM) + END)
    assert project.codes("--baseline", FILE) == ["net.py:8 ORD001", "net.py:10 ORD001"]
    assert "2 added" in project.run("baseline", "--add").out
    project.write("net.py", HEAD + DENSE.replace("8", "16") + NORM + 3 * (DENSE + NORM) + END)
    assert project.codes("--baseline", FILE) == ["net.py:6 ORD001"]
    project.write("net.py", HEAD + 2 * (DENSE + NORM) + END)
    assert "1 removed" in project.run("baseline").out
    assert len(json.loads(project.read(FILE))["findings"]["net.py"]) == 2


def test_the_file_is_stable_and_small_to_compare(project: Place) -> None:
    """Writing it again gives the same file. Findings and sketches have one line each, without line numbers."""
    first = project.read(FILE)
    assert project.run("baseline").status == 0
    assert project.read(FILE) == first
    project.write("net.py", HEAD + DENSE + NORM + DENSE + DROP + NORM + END)
    assert project.run("baseline", "--add").status == 0
    lines, more = first.splitlines(), project.read(FILE).splitlines()
    changed = [line for line in lines if line.rstrip(",") not in [one.rstrip(",") for one in more]]
    assert changed == [f'    "net.py": "{json.loads(first)["sketches"]["net.py"]}",']
    assert len(more) == len(lines) + 2
    assert '"line"' not in first


def test_updating_only_takes_out(project: Place) -> None:
    """Obsolete entries are removed; new findings are reported until they are added explicitly."""
    project.write("net.py", HEAD + NORM + RELU + END)
    project.write("new.py", OLD)
    assert "1 entry of the baseline no longer applies" in project.run("check", "--baseline", FILE).out
    status, out, _ = project.run("baseline")
    assert status == 1
    assert "1 removed; it now has 1 finding." in out
    assert "1 new finding is not in it" in out
    assert list(json.loads(project.read(FILE))["findings"]) == ["pkg/deep.py"]
    assert project.run("baseline", "--add").status == 0
    assert list(json.loads(project.read(FILE))["findings"]) == ["new.py", "pkg/deep.py"]


def test_pruning_knows_what_was_checked(project: Place) -> None:
    """Entries of files and rules that were not checked are kept; those of deleted files are removed."""
    before = project.read(FILE)
    assert project.run("baseline", "--prune", "pkg").status == 0
    assert project.run("baseline", "--prune", "--select", "ORD002").status == 0
    assert project.read(FILE) == before
    (project.folder / "net.py").unlink()
    assert "1 entry of the baseline no longer applies" in project.run("check", "--baseline", FILE, "pkg").out
    assert project.run("baseline", "--prune", "pkg").status == 0
    assert list(json.loads(project.read(FILE))["findings"]) == ["pkg/deep.py"]


def test_the_baseline_of_the_configuration(project: Place) -> None:
    """`check`, `baseline` and the Python API use it, relative to the folder of the configuration."""
    import orderlint

    (project.folder / FILE).rename(project.folder / "known.json")
    project.write("orderlint.toml", 'baseline = "known.json"\n')
    assert project.run("check").status == 0
    assert project.run("check", "--isolated").status == 1
    assert orderlint.check_paths(["net.py"]).exit_status == 0
    project.write("new.py", OLD)
    assert project.run("baseline", "--add").status == 0
    assert "new.py" in project.read("known.json")
    assert not (project.folder / FILE).exists()


def test_notebooks_have_entries_too(project: Place) -> None:
    """A finding in a cell stays known if cells are inserted before it."""
    cell = OLD.removesuffix(END)
    project.write("a.ipynb", notebook("import keras\n", cell))
    assert project.run("baseline", "--add").status == 0
    project.write("a.ipynb", notebook("import keras\n", "x = 1\n", cell))
    assert project.codes("--baseline", FILE) == []


MOVE = {"with Git": True, "without Git": False}


@pytest.mark.parametrize("has_git", MOVE.values(), ids=MOVE)
def test_a_renamed_file_stays_known(project: Place, has_git: bool) -> None:
    """Its findings are known under the new name, also to `fix`, even if its imports changed; others are new."""
    git(project.folder, "add", ".")
    git(project.folder, "commit", "--quiet", "-m", "first")
    if has_git:
        git(project.folder, "mv", "net.py", "pkg/model.py")
    else:
        shutil.move(project.folder / "net.py", project.folder / "pkg" / "model.py")
    project.write("pkg/model.py", OLD.replace("import layers", "import layers, ops"))
    assert project.run("check", "--baseline", FILE).out.endswith("2 findings in the baseline are not shown.\n")
    assert "2 findings in the baseline were left alone." in project.run("fix", "--baseline", FILE).out
    project.write("pkg/model.py", OLD + OLD.partition("\n\n\n")[2].replace("net", "copy"))
    assert project.codes("--baseline", FILE) == ["pkg/model.py:10 ORD001"]


def test_updating_follows_a_renamed_file(project: Place) -> None:
    """The entries get the new name; those of repaired findings are removed, and new findings are not added."""
    project.write("net.py", HEAD + DENSE + NORM + "    x = layers.Dense(9)(x)\n" + DROP + NORM + END)
    assert project.run("baseline", "--add").status == 0
    (project.folder / "net.py").rename(project.folder / "other.py")
    status, out, _ = project.run("baseline")
    assert status == 0
    assert "1 renamed file followed; it now has" in out
    data = json.loads(project.read(FILE))
    assert list(data["findings"]) == list(data["sketches"]) == ["other.py", "pkg/deep.py"]
    assert project.run("check", "--baseline", FILE).out.startswith("No new findings")
    assert project.run("baseline").out.startswith(f"{FILE}: nothing to change; it has ")
    (project.folder / "other.py").rename(project.folder / "net.py")
    project.write("net.py", project.read("net.py").replace(DENSE + NORM, NORM + DENSE))
    assert "1 renamed file followed, 1 removed;" in project.run("baseline").out


def test_a_copy_is_new(project: Place) -> None:
    """While the original exists. Of two copies of a deleted file, only the one with the same file name is known."""
    project.write("copy.py", OLD)
    assert project.codes("--baseline", FILE) == ["copy.py:6 ORD001"]
    (project.folder / "net.py").unlink()
    project.write("new/net.py", OLD)
    assert project.codes("--baseline", FILE) == ["copy.py:6 ORD001"]


def test_another_file_is_not_the_one_that_is_gone(project: Place) -> None:
    """A new file with a finding of the same kind has few lines in common with a deleted file."""
    (project.folder / "net.py").unlink()
    other = "import keras\nfrom keras.layers import BatchNormalization, Dense\n\nmodel = keras.Sequential()\n"
    project.write("new.py", other + 'model.add(Dense(8, "relu"))\nmodel.add(BatchNormalization())\n')
    assert project.codes("--baseline", FILE) == ["new.py:6 ORD001"]


def test_a_baseline_of_an_older_orderlint(project: Place) -> None:
    """It is read without renames, and written with the current fields."""
    data = json.loads(project.read(FILE))
    for entries in data["findings"].values():
        del entries[0]["likeness"]
    del data["sketches"]
    project.write(FILE, json.dumps(data))
    assert project.codes("--baseline", FILE) == []
    assert "nothing to change" in project.run("baseline").out
    (project.folder / "net.py").rename(project.folder / "other.py")
    assert project.codes("--baseline", FILE) == []


@pytest.mark.parametrize("sketches", [None, 3, [], {"net.py": 3}, {"net.py": "no number"}, {"net.py": ""}])
def test_damaged_sketches_count_as_none(project: Place, sketches: object) -> None:
    """The findings are known all the same."""
    project.write(FILE, json.dumps({**json.loads(project.read(FILE)), "sketches": sketches}))
    assert project.codes("--baseline", FILE) == []
    (project.folder / "net.py").rename(project.folder / "other.py")
    assert project.codes("--baseline", FILE) == ["other.py:6 ORD001"]


def test_fix_leaves_alone_what_is_known(project: Place) -> None:
    """Only the new finding is repaired, if a known one is above it, below it or in its unit."""
    project.write("net.py", HEAD + DENSE + NORM + DENSE + DROP + NORM + DENSE + NORM + END)
    project.write("pkg/deep.py", OLD)
    assert project.run("baseline", "--add").status == 0
    text = project.read("net.py")
    project.write("net.py", text.replace(END, "    x = layers.Dense(9)(x)\n" + DROP + NORM + END))
    status, out, _ = project.run("fix", "--baseline", FILE)
    assert status == 0
    assert "5 findings in the baseline were left alone." in out
    assert project.read("net.py") == text.replace(END, "    x = layers.Dense(9)(x)\n" + NORM + DROP + END)
    assert project.read("pkg/deep.py") == OLD


def test_a_repair_beside_it_does_not_repair_what_is_known(place: Place) -> None:
    """If a unit has two findings, the known one remains after the repair of the other."""
    git(place.folder, "init", "--quiet")
    place.write("net.py", HEAD + DENSE + NORM + END)
    assert place.run("baseline").status == 0
    old = "    x = layers.BatchNormalization()(x)\n"
    place.write("net.py", HEAD + DENSE + NORM + "    x = layers.Dense(4)(x)\n" + DROP + old + END)
    assert place.run("fix", "--baseline", FILE).status == 0
    assert place.read("net.py") == HEAD + DENSE + NORM + "    x = layers.Dense(4)(x)\n" + old + DROP + END


@pytest.mark.parametrize("known", [0, 1])
def test_check_announces_what_fix_makes_beside_a_baseline(place: Place, known: int) -> None:
    """Of two norms after an activation, one of which is known, `check` reports for the other what `fix` does."""
    git(place.folder, "init", "--quiet")
    place.write("net.py", HEAD + "    x = layers.Dense(8)(x)\n" + RELU + NORM + DROP + NORM + END)
    assert place.run("baseline", "--select", "ORD001").status == 0
    data = json.loads(place.read(FILE))
    data["findings"]["net.py"] = [data["findings"]["net.py"][known]]
    place.write(FILE, json.dumps(data))
    options = ("--baseline", FILE, "--select", "ORD001", "--format", "json")
    found = json.loads(place.run("check", *options).out)["findings"]
    made = json.loads(place.run("fix", "--check", *options).out)["repaired"]
    assert [one["line"] for one in found if one["repair"]["available"]] == [one["finding"]["line"] for one in made]


DAMAGED = {
    "": "not valid JSON",
    "{": "not valid JSON",
    "[]": "not a baseline of orderlint",
    '{"findings": {}}': "not a baseline of orderlint",
    '{"version": 2, "findings": {}}': "version 2",
    '{"version": 1, "findings": []}': "not a table of files",
    '{"version": 1, "findings": {"a.py": 1}}': "an entry of `a.py`",
    '{"version": 1, "findings": {"a.py": [{"code": "ORD001"}]}}': "an entry of `a.py`",
    "{\n<<<<<<< ours\n=======\n>>>>>>> theirs\n}": "merge conflict",
    "[" * 100_000: "nested too deeply",
    '{"version": ' + "1" * 10_000 + ', "findings": {}}': "a number that is too long",
}


@pytest.mark.parametrize("text", DAMAGED, ids=lambda text: text[:20].replace("\n", " ") or "empty")
@pytest.mark.parametrize("command", ["check --baseline", "fix --baseline", "baseline -o"])
def test_a_damaged_baseline_is_refused(project: Place, command: str, text: str) -> None:
    """It is not treated as empty: status 2, with the fault and how to mend it, and the file is unchanged."""
    project.write(FILE, text)
    status, _, err = project.run(*command.split(), FILE)
    assert status == 2
    assert FILE in err
    assert DAMAGED[text] in err
    assert "`orderlint baseline`" in err
    assert project.read(FILE) == text


def test_a_file_that_would_fill_the_memory_is_no_baseline(project: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """JSON of many small values takes sixty times as much memory as its file."""
    monkeypatch.setattr("orderlint.engine.baselines._MOST_VALUES", 1_000)
    project.write(FILE, '{"version": 1, "findings": {"a.py": [' + "[]," * 1_000 + "[]]}}")
    status, _, err = project.run("check", "--baseline", FILE)
    assert status == 2
    assert "contains more than 1,000 values" in err


@pytest.mark.parametrize("text", ["import keras\n", "[]", "{}"])
def test_a_file_of_something_else_is_not_to_be_deleted(project: Place, text: str) -> None:
    """It may be the user's code, so the first advice is to name another file."""
    project.write("other.txt", text)
    err = project.run("check", "--baseline", "other.txt").err
    assert "name the file that `orderlint baseline` wrote; if this is it, delete it" in err


def test_a_baseline_that_is_not_there(place: Place) -> None:
    """It is an error, except for the command that writes it."""
    place.write("net.py", OLD)
    status, _, err = place.run("check", "--baseline", "no.json")
    assert status == 2
    assert "no.json: no such baseline: `orderlint baseline` writes one" in err
    assert place.run("baseline", "--prune").status == 2
    err = place.run("baseline", "-o", "missing/no.json").err
    assert "missing/no.json cannot be written: no such folder: " in err
    place.write("orderlint.toml", 'baseline = "no.json"\n')
    assert place.run("check").status == 2
    assert place.run("baseline").status == 0
    assert place.run("check").status == 0


def test_what_makes_no_sense_is_refused(place: Place) -> None:
    """Contradictory options, standard input, a path that does not exist."""
    assert place.run("baseline", "--prune", "--add").status == 2
    assert place.run("baseline", "-").status == 2
    assert place.run("baseline", "missing.py").status == 2
    assert not (place.folder / FILE).exists()
    place.write("net.py", OLD)
    place.write("orderlint.toml", "baseline = 3\n")
    assert "`baseline` is a number, expected the path of a file" in place.run("check").err


def test_a_newer_baseline_is_not_to_be_deleted_first(project: Place) -> None:
    """Other contributors have written it, so the first advice is not to delete it."""
    project.write(FILE, '{"version": 2, "findings": {}}')
    assert "reads version 1: upgrade orderlint, or delete it" in project.run("check", "--baseline", FILE).err


def test_a_baseline_named_from_a_folder_below(project: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name with `..` refers to the same project."""
    project.write("deep/er/net.py", OLD)
    assert project.run("baseline", "--add").status == 0
    monkeypatch.chdir(project.folder / "deep" / "er")
    assert project.run("check", "--baseline", f"../../{FILE}").status == 0
    assert project.run("check", "--baseline", f"../../{FILE}", "../..").status == 0


def test_a_copy_without_git(project: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The baseline marks the root of the project, in any current folder and with any packages in it."""
    project.write("deep/er/net.py", OLD)
    project.write("deep/pyproject.toml", "")
    (project.folder / FILE).unlink()
    assert project.run("baseline").status == 0
    shutil.rmtree(project.folder / ".git")
    assert project.run("check", "--baseline", FILE).status == 0
    monkeypatch.chdir(project.folder / "deep")
    assert project.run("check", "--baseline", f"../{FILE}").status == 0


def test_a_file_that_does_not_parse_keeps_its_entries(project: Place) -> None:
    """As during a merge: its findings are unknown."""
    project.write("net.py", OLD + "x = (\n")
    result = project.run("check", "--baseline", FILE)
    assert result.status == 1
    assert "no longer appl" not in result.out
    assert "nothing to change" in project.run("baseline").out
    project.write("net.py", OLD)
    assert project.run("check", "--baseline", FILE).status == 0


def test_a_comment_makes_the_entry_stale(project: Place) -> None:
    """A suppressed finding needs no entry."""
    project.write("net.py", OLD.replace("()(x)\n", "()(x)  # orderlint: ignore[ORD001]\n"))
    assert "1 entry of the baseline no longer applies" in project.run("check", "--baseline", FILE).out


@pytest.mark.parametrize("form", [*formats.names()])
def test_every_format_is_about_what_is_new(project: Place, form: str) -> None:
    """No format reports known findings or fails because of them; SARIF includes them with a mark."""
    project.write("new.py", OLD)
    status, out, _ = project.run("check", "--baseline", FILE, "--format", form)
    assert status == 1
    assert "new.py" in out
    assert ("deep.py" in out) == (form == "sarif")


def test_json_and_sarif_tell_of_the_baseline(project: Place) -> None:
    """JSON has their number; in SARIF, each result has a state, and the known ones are suppressed."""
    project.write("new.py", OLD)
    report = json.loads(project.run("check", "--baseline", FILE, "--format", "json").out)
    assert report["baseline"] == {"known": 2, "stale": 0}
    jsonschema.validate(report, json.loads((ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8")))
    log = json.loads(project.run("check", "--baseline", FILE, "--format", "sarif").out)
    told = [(one["baselineState"], one["suppressions"]) for one in log["runs"][0]["results"]]
    assert told == [("new", []), *[("unchanged", [{"kind": "external"}])] * 2]
    assert "baselineState" not in json.loads(project.run("check", "--format", "sarif").out)["runs"][0]["results"][0]


def test_the_api_tells_it_as_a_value(project: Place) -> None:
    """The report has the known findings separately."""
    import orderlint

    project.write("orderlint.toml", f'baseline = "{FILE}"\n')
    report = orderlint.check_paths()
    assert isinstance(report, Report)
    assert (len(report), report.stale, [one.by.value for one in report.suppressed]) == (0, 0, ["baseline"] * 2)


def test_a_repository_in_the_project_has_entries_too(project: Place) -> None:
    """Its files have paths relative to the root of the project, and their entries are kept while others are removed."""
    git(project.folder, "init", "--quiet", "vendor")
    project.write("vendor/net.py", OLD)
    assert project.run("baseline", "--add").status == 0
    text = project.read(FILE)
    assert list(json.loads(text)["findings"]) == ["net.py", "pkg/deep.py", "vendor/net.py"]
    assert project.run("baseline", "pkg").status == 0
    assert project.read(FILE) == text
    assert project.codes("--baseline", FILE) == []


def test_a_baseline_elsewhere(project: Place, tmp_path_factory: pytest.TempPathFactory) -> None:
    """It may be outside the project."""
    file = tmp_path_factory.mktemp("elsewhere") / "known.json"
    assert project.run("baseline", "-o", str(file)).status == 0
    assert project.codes("--baseline", str(file)) == []
    (project.folder / "net.py").unlink()
    assert "1 entry of the baseline no longer applies" in project.run("check", "--baseline", str(file), "pkg").out


def test_the_language_server_knows_the_baseline(project: Place) -> None:
    """The editor shows new findings only, as the command does, and a damaged baseline as a problem."""
    from orderlint.lsp.analysis import Analyst
    from orderlint.lsp.documents import Snapshot

    pytest.importorskip("pygls")
    project.write("orderlint.toml", f'baseline = "{FILE}"\n')
    path = project.folder / "net.py"
    snapshot = Snapshot(path.as_uri(), path, 1, (), f"# moved\n{OLD}")
    analyst = Analyst()
    assert [finding.code for finding in analyst.diagnose(snapshot).findings] == []
    project.write(FILE, "")
    assert "not valid JSON" in analyst.diagnose(snapshot).problems[0]
