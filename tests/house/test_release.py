"""What checks and releases rest on: workflows that name steps which exist, pinned actions, lowest versions, hooks, templates that can be read."""

from __future__ import annotations

import importlib
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from sor_addressing.testing import sample_letters

ROOT = Path(__file__).parents[2]
CI = ROOT / ".ci"
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
RELEASE = GITHUB / "workflows" / "release.yml"

pytestmark = pytest.mark.skipif(not CI.exists() or not RELEASE.exists(), reason="only where the whole repository lies")


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(CI))
    for name in ("check", "packaging_steps", "running"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return importlib.import_module("check")


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_asks_for_steps_that_exist(check: ModuleType, workflow: Path) -> None:
    asked = set(re.findall(r"check\.py --only (\w+)", workflow.read_text("utf-8")))
    assert asked
    assert asked <= {*check.STEPS, *check.MORE_STEPS}


def test_a_change_is_held_to_every_step_and_a_release_to_what_is_published(check: ModuleType) -> None:
    asked = {path.stem: set(re.findall(r"--only (\w+)", path.read_text("utf-8"))) for path in WORKFLOWS}
    assert asked == {"ci": {*check.STEPS, "build"}, "release": {"tests", "build", "installs", "lowest"}}


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_pinned_by_commit_with_their_version_beside_it(workflow: Path) -> None:
    used = re.findall(r"uses: (.+)", workflow.read_text("utf-8"))
    assert used
    assert [one for one in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one)] == []


def test_an_action_has_one_commit_everywhere() -> None:
    used = {one for path in WORKFLOWS for one in re.findall(r"uses: (.+)", path.read_text("utf-8"))}
    assert len({one.partition("@")[0] for one in used}) == len(used)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_may_read_and_no_more(workflow: Path) -> None:
    told = read(workflow)
    assert told["permissions"] == {"contents": "read"}
    more = {name: job["permissions"] for name, job in told["jobs"].items() if "permissions" in job}
    assert more == ({"publish": {"id-token": "write"}} if workflow == RELEASE else {})


def test_every_python_that_is_promised_is_tried() -> None:
    promised = re.findall(r"Python :: (3\.\d+)", (ROOT / "pyproject.toml").read_text("utf-8"))
    matrix = read(GITHUB / "workflows" / "ci.yml")["jobs"]["tests"]["strategy"]["matrix"]
    assert matrix["python"] == promised
    elsewhere = [(one["os"].partition("-")[0], one["python"]) for one in matrix["include"]]
    assert elsewhere == [(system, one) for system in ("windows", "macos") for one in (promised[0], promised[-1])]


def test_newer_versions_are_proposed_for_actions_and_packages() -> None:
    kinds = [one["package-ecosystem"] for one in read(GITHUB / "dependabot.yml")["updates"]]
    assert kinds == ["github-actions", "pip"]


def test_the_site_is_built_with_the_group_of_the_documentation() -> None:
    told = read(ROOT / ".readthedocs.yaml")
    assert (ROOT / told["sphinx"]["configuration"]).is_file()
    assert told["build"]["jobs"]["install"][-1] == "pip install '.[cli]' --group docs"


def test_the_hooks_of_this_repository_ask_for_steps_that_exist(check: ModuleType) -> None:
    (local,) = read(ROOT / ".pre-commit-config.yaml")["repos"]
    assert local["repo"] == "local"
    asked = [one["entry"] for one in local["hooks"]]
    assert {entry.split()[-1] for entry in asked if "check.py" in entry} <= set(check.STEPS)


def test_the_hook_for_integrators_runs_from_the_installed_package(tmp_path: Path) -> None:
    (hook,) = read(ROOT / ".pre-commit-hooks.yaml")
    name, *arguments = shlex.split(hook["entry"])
    program = shutil.which(name, path=sysconfig.get_path("scripts"))
    if program is None:
        pytest.skip("the package is not installed here")
    letters = sample_letters()
    assert [letter.name for letter in letters if not re.search(hook["files"], letter.name)] == []
    paths = {letter.deliverable: tmp_path / letter.name for letter in letters}
    for letter in letters:
        (tmp_path / letter.name).write_bytes(letter.content)
    ended = [
        subprocess.run([program, *arguments, "--sample", paths[fine]], capture_output=True, check=False).returncode
        for fine in (True, False)
    ]
    assert ended == [0, 1]


def test_a_release_is_published_without_a_token() -> None:
    text = RELEASE.read_text("utf-8")
    assert "id-token: write" in text
    assert "environment: release" in text
    assert not re.search(r"secrets\.|password|api-token", text)


def test_the_guide_names_every_step(check: ModuleType) -> None:
    guide = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert [step for step in {**check.STEPS, **check.MORE_STEPS} if not re.search(rf"\b{step}\b", guide)] == []


def test_every_dependency_says_its_lowest_version(check: ModuleType) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = ("cli", "fetch", "arrow", "excel", "serve")
    lines = [*project["dependencies"], *(line for extra in extras for line in project["optional-dependencies"][extra])]
    assert list(check.packaging_steps._lowest()) == [line.replace(">=", "==") for line in lines]


def test_the_floors_that_are_tested_with_the_lowest_versions_have_tests(check: ModuleType) -> None:
    for name in check.packaging_steps.LOWEST_TESTED:
        assert any((ROOT / "tests" / name).glob("test_*.py")), name


def test_the_pages_for_contributors_link_to_what_is_there() -> None:
    for page in ("CONTRIBUTING.md", "SECURITY.md"):
        links = re.findall(r"\]\(([^)#:]+)\)", (ROOT / page).read_text("utf-8"))
        assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("name", ["wrong_answer.yml", "file_not_read.yml", "wish.yml"])
def test_a_template_asks_for_something_and_for_no_patient(name: str) -> None:
    text = (ROOT / ".github" / "ISSUE_TEMPLATE" / name).read_text("utf-8")
    assert re.search(r"^name: .+\ndescription: .+\nlabels: \[.+\]\nbody:$", text, re.MULTILINE)
    assert "required: true" in text
    assert name == "wish.yml" or "**No patient data, no real letters, no CPR numbers.**" in text
    assert len(yaml.safe_load(text)["body"]) >= 3
