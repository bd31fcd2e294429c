"""The pages that show the command line show what the commands print."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "command-line.md").read_text("utf-8")
PAGES = "\n".join(path.read_text("utf-8") for path in sorted(DOCS.rglob("*.md")))
EXAMPLES = re.findall(r"^```console\n\$ sor-addressing (.+)\n((?:(?!```).*\n)*)```$", PAGES, re.MULTILINE)


@pytest.mark.parametrize(("command", "shown"), EXAMPLES, ids=[command for command, _ in EXAMPLES])
def test_an_example_prints_what_the_page_shows(command: str, shown: str, run) -> None:
    ran = run(*shlex.split(command))
    assert doctest.OutputChecker().check_output(shown, ran.out, doctest.ELLIPSIS), ran.out
    assert ran.err == ""


def test_every_console_block_is_run() -> None:
    assert len(EXAMPLES) == PAGES.count("```console") > 0


def test_every_option_is_on_the_page(run) -> None:
    for command in (
        "resolve",
        "validate",
        "validate-file",
        "search",
        "find",
        "review",
        "audit",
        "names",
        "conversions",
        "what-if",
        "export",
        "watch",
        "show",
        "compare",
        "history",
        "info",
        "columns",
        "sample",
        "demo",
        "compile",
        "update",
    ):
        options = re.findall(r"^  (?:-h, )?(--[a-z-]+)", run(command, "--help").out, re.MULTILINE)
        assert {"--lang", "--help"} < set(options)
        assert [option for option in options if option not in PAGE] == []
