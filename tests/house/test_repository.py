"""What lies where, and what is written down."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import tomllib
from pathlib import Path

import pytest

import sor_addressing

ROOT = Path(__file__).parents[2]
TOP_LEVEL = {
    ".ci", ".github", ".gitignore", ".pre-commit-config.yaml", ".pre-commit-hooks.yaml", ".readthedocs.yaml",
    "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md", "SECURITY.md", "docs",
    "examples", "pyproject.toml", "src", "tests",
}  # fmt: skip
BASE_DEPENDENCIES = ["attrs", "lxml", "platformdirs", "rapidfuzz"]

in_a_checkout = pytest.mark.skipif(
    not (ROOT / ".git").exists() or shutil.which("git") is None, reason="a copy without git's knowledge of its files"
)


@in_a_checkout
def test_the_top_level_holds_what_belongs_there() -> None:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]  # what git tracks, or would
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    assert {name.partition("/")[0] for name in names} - TOP_LEVEL == set()


@in_a_checkout
@pytest.mark.skipif(os.name == "nt", reason="Windows has no executable bit")
def test_the_continuous_integration_can_be_started() -> None:
    assert (ROOT / ".ci" / "run").stat().st_mode & stat.S_IXUSR


def test_the_changelog_has_a_place_for_what_comes_next() -> None:
    headings = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert headings[0] == "Unreleased"


def test_the_base_dependencies_are_four() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert [re.split(r"[^\w-]", line)[0] for line in project["dependencies"]] == BASE_DEPENDENCIES


def test_the_package_says_that_it_is_typed() -> None:
    assert (Path(sor_addressing.__file__).parent / "py.typed").is_file()


def test_the_readme_has_both_commands_in_one_line_each() -> None:
    commands = re.findall(
        r"<!-- command: (.+?) -->\n```\w*\n(.+)\n```", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE
    )
    assert [name for name, _ in commands] == ["demo", "tests"]
    assert all(command.startswith("python3 -m venv .venv && .venv/bin/pip install ") for _, command in commands)


def test_what_the_readme_points_to_is_there_and_no_link_leads_nowhere() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    named = re.findall(r"`((?:docs|examples)[\w/.-]*|[A-Z]+\.md)`", text)
    assert len(named) > 8
    assert [name for name in named if not (ROOT / name).exists()] == []
    # On a package page a relative link leads nowhere, and there is no address yet that it could be made of.
    assert re.findall(r"\]\((?!https://)", text) == []


def test_the_metadata_name_no_address_that_does_not_exist() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert "urls" not in project
