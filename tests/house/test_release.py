"""What a release rests on: workflows that name steps which exist, bounds that say the lowest version, and templates that can be read."""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
CI = ROOT / ".ci"
RELEASE = ROOT / ".github" / "workflows" / "release.yml"

pytestmark = pytest.mark.skipif(not CI.exists() or not RELEASE.exists(), reason="only where the whole repository lies")


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(CI))
    for name in ("check", "packaging_steps", "running"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return importlib.import_module("check")


def test_the_release_asks_for_steps_that_exist(check: ModuleType) -> None:
    asked = re.findall(r"check\.py --only (\w+)", RELEASE.read_text("utf-8"))
    assert set(asked) == {"build", "wheel", "installs", "lowest"}
    assert set(asked) <= {*check.STEPS, *check.MORE_STEPS}


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
    extras = ("cli", "fetch", "arrow", "excel")
    lines = [*project["dependencies"], *(line for extra in extras for line in project["optional-dependencies"][extra])]
    assert list(check.packaging_steps._lowest()) == [line.replace(">=", "==") for line in lines]


def test_what_the_tests_import_is_in_the_extra_dev(check: ModuleType) -> None:
    assert len(check.packaging_steps._test_requirements()) == len(check.packaging_steps.TEST_PACKAGES)


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
    if importlib.util.find_spec("yaml") is not None:
        import yaml

        assert len(yaml.safe_load(text)["body"]) >= 3
