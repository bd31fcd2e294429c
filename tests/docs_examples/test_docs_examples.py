"""Every example in README, docs and docstrings runs and gives what it shows; every program in examples/ runs."""

from __future__ import annotations

import doctest
import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest
import sybil
from sybil.parsers import myst, rest

import sor_addressing

ROOT = Path(__file__).parents[2]
PACKAGE = Path(sor_addressing.__file__).parent
FLAGS = doctest.ELLIPSIS

IN_MARKDOWN = sybil.Sybil([myst.PythonCodeBlockParser(doctest_optionflags=FLAGS), myst.SkipParser()])
IN_DOCSTRINGS = sybil.Sybil([rest.DocTestParser(optionflags=FLAGS)])

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if ">>> " in path.read_text("utf-8"))
PROGRAMS = sorted((ROOT / "examples").glob("*.py"))


def run_examples(document: sybil.Document) -> None:
    for example in document:
        example.evaluate()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_examples_of_a_page_give_what_they_show(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run_examples(IN_MARKDOWN.parse(page))


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.relative_to(PACKAGE).as_posix())
def test_the_examples_of_a_module_give_what_they_show(
    module: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run_examples(IN_DOCSTRINGS.parse(module))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_an_example_program_runs_without_a_word_on_standard_error(program: Path, tmp_path: Path) -> None:
    for package in re.findall(r"^# needs (\w+)$", program.read_text("utf-8"), re.MULTILINE):
        if importlib.util.find_spec(package) is None:
            pytest.skip(f"{package} is not installed")
    ended = subprocess.run(
        [sys.executable, "-W", "error", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout
